"""What syncs changed is found in an index; one that use totals made idle goes"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_NEWS = 'ix_sync_snapshot_news'
_CHANGED = sa.text('created + updated + deleted > 0')
_USAGE = 'ix_resource_usage_summary_metric'


def upgrade() -> None:
    op.create_index(_NEWS, 'sync_snapshot', ['organization_id', 'started_at'], sqlite_where=_CHANGED, postgresql_where=_CHANGED)
    op.drop_index(_USAGE, table_name='resource_usage_summary')


def downgrade() -> None:
    op.create_index(_USAGE, 'resource_usage_summary', ['organization_id', 'metric'])
    op.drop_index(_NEWS, table_name='sync_snapshot', sqlite_where=_CHANGED, postgresql_where=_CHANGED)
