"""Which resource of a name manages a connection: names may be used again, and in other clusters"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cloud_connection', sa.Column('managed_uid', sa.String(length=64), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('cloud_connection', 'managed_uid')
