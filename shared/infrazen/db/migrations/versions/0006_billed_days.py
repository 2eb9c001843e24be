"""Charges say which bill told of them, and days which bills were read of them"""

import sqlalchemy as sa
from alembic import op

from infrazen.db.columns import Id, Micro

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('charge', sa.Column('listing', sa.String(length=100), nullable=True))
    op.create_table(
        'billed_day',
        sa.Column('organization_id', Id(length=16), nullable=False),
        sa.Column('connection_id', Id(length=16), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('listing', sa.String(length=100), nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('amount', Micro(), nullable=False),
        sa.Column('is_whole', sa.Boolean(), nullable=False),
        sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
        sa.Column('snapshot_id', Id(length=16), nullable=True),
        sa.ForeignKeyConstraint(['organization_id', 'connection_id'], ['cloud_connection.organization_id', 'cloud_connection.id'], name=op.f('fk_billed_day_organization_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('organization_id', 'connection_id', 'day', 'listing', 'currency', name=op.f('pk_billed_day')),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table('billed_day')
    op.drop_column('charge', 'listing')
