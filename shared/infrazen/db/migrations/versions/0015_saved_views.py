"""Views of the resource table that people saved, and which one opens first"""

import sqlalchemy as sa
from alembic import op

from infrazen.db import columns

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('saved_view',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('id', columns.Id(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('keeper', sa.String(length=64), nullable=False),
    sa.Column('author', sa.String(length=400), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('is_shared', sa.Boolean(), nullable=False),
    sa.Column('definition', columns.Document, nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_saved_view_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_saved_view_organization_id_id'))
    )
    op.create_index('ix_saved_view_keeper', 'saved_view', ['organization_id', 'keeper'])
    op.create_table('default_view',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('keeper', sa.String(length=64), nullable=False),
    sa.Column('view_id', columns.Id(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'view_id'], ['saved_view.organization_id', 'saved_view.id'], name=op.f('fk_default_view_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'keeper', name=op.f('pk_default_view'))
    )
    op.create_index('ix_default_view_view', 'default_view', ['organization_id', 'view_id'])


def downgrade() -> None:
    op.drop_table('default_view')
    op.drop_table('saved_view')
