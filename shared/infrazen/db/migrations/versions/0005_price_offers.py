"""What providers ask for what could be had"""

import sqlalchemy as sa
from alembic import op
from infrazen.db import columns

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('price_offer',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('connection_id', columns.Id(), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('listing', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('measure', sa.String(length=64), nullable=False),
    sa.Column('sku', sa.String(length=200), nullable=True),
    sa.Column('family', sa.String(length=100), nullable=False),
    sa.Column('region', sa.String(length=64), nullable=False),
    sa.Column('cpu', sa.Integer(), nullable=True),
    sa.Column('memory_mb', sa.Integer(), nullable=True),
    sa.Column('disk_mb', sa.Integer(), nullable=True),
    sa.Column('instead_of', sa.String(length=200), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount', columns.Exact(), nullable=False),
    sa.Column('period', sa.String(length=64), nullable=False),
    sa.Column('cost_source', sa.String(length=64), nullable=False),
    sa.Column('daily_cost', sa.BigInteger(), nullable=False),
    sa.Column('monthly_cost', sa.BigInteger(), nullable=False),
    sa.Column('in_account_rate', sa.Boolean(), nullable=False),
    sa.Column('stated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'connection_id'], ['cloud_connection.organization_id', 'cloud_connection.id'], name=op.f('fk_price_offer_organization_id_connection_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('connection_id', 'key', name=op.f('pk_price_offer'))
    )


def downgrade() -> None:
    op.drop_table('price_offer')
