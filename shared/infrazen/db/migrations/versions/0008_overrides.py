"""What people say of a resource in the provider's place, and what that moves"""

import sqlalchemy as sa
from alembic import op

from infrazen.db import columns

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

_OPEN = sa.text('ended_at IS NULL')
_OFFSETS = ('offset_daily', 'offset_monthly')


def upgrade() -> None:
    op.create_table('resource_override',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('id', columns.Id(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('connection_id', columns.Id(), nullable=False),
    sa.Column('resource_id', columns.Id(), nullable=False),
    sa.Column('field', sa.String(length=64), nullable=False),
    sa.Column('value', columns.Document, nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('author_id', columns.Id(), nullable=True),
    sa.Column('author', sa.String(length=400), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_resource_override_author_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organization_id', 'connection_id'], ['cloud_connection.organization_id', 'cloud_connection.id'], name=op.f('fk_resource_override_organization_id_connection_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_resource_override_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resource_override'))
    )
    op.create_index('uq_resource_override_open', 'resource_override', ['resource_id', 'field'], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index('ix_resource_override_resource', 'resource_override', ['resource_id'])
    op.create_index('ix_resource_override_connection', 'resource_override', ['connection_id'])
    op.add_column('resource', sa.Column('stated', columns.Document, nullable=True))
    for name in _OFFSETS:
        op.add_column('reconciliation', sa.Column(name, columns.Micro(), nullable=False, server_default='0'))


def downgrade() -> None:
    for name in _OFFSETS:
        op.drop_column('reconciliation', name)
    op.drop_column('resource', 'stated')
    op.drop_table('resource_override')
