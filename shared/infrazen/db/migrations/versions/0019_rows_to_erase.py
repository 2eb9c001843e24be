"""How far a connection is erased: how many rows there were when that began, and how many are gone"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('cloud_connection', sa.Column('rows_to_erase', sa.BigInteger(), nullable=True))
    op.add_column('cloud_connection', sa.Column('rows_erased', sa.BigInteger(), nullable=False, server_default='0'))


def downgrade() -> None:
    op.drop_column('cloud_connection', 'rows_erased')
    op.drop_column('cloud_connection', 'rows_to_erase')
