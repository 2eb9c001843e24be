"""The log of resources: each operation once, in the provider's word. Nothing wrote it before"""

import sqlalchemy as sa
from alembic import op

from infrazen.db import columns

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table('resource_log')
    op.create_table('resource_log',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('resource_id', columns.Id(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('operation', sa.String(length=64), nullable=False),
    sa.Column('failed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_resource_log_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('resource_id', 'at', 'operation', name=op.f('pk_resource_log'))
    )


def downgrade() -> None:
    op.drop_table('resource_log')
    op.create_table('resource_log',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('id', columns.Id(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resource_id', columns.Id(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('level', sa.String(length=16), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('details', columns.Document, nullable=False),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_resource_log_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_log'))
    )
    op.create_index('ix_resource_log_at', 'resource_log', ['resource_id', 'at'])
