"""Which account a connection reads, as its credentials told: connections of one are recognised"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cloud_connection', sa.Column('account_mark', sa.String(length=400), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('cloud_connection', 'account_mark')
