"""What one change did to many resources, so that it can be taken back"""

import sqlalchemy as sa
from alembic import op

from infrazen.db import columns

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('resource_bulk_change',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('id', columns.Id(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('author', sa.String(length=400), nullable=False),
    sa.Column('changes', columns.Document, nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_resource_bulk_change_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_bulk_change'))
    )
    op.create_index('ix_resource_bulk_change_age', 'resource_bulk_change', ['organization_id', 'created_at'])


def downgrade() -> None:
    op.drop_table('resource_bulk_change')
