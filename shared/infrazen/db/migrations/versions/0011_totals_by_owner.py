"""Totals know owner, environment and project, which lists are filtered by"""

import sqlalchemy as sa
from alembic import op

from infrazen.db import columns

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_WRITTEN = ('owner', 'environment', 'project')
_LIST = 'ix_resource_list'
_FRONT = ['organization_id', 'is_active', 'connection_id', 'type', 'service', 'status', 'region', 'currency', 'daily_cost', 'monthly_cost', 'in_account_rate', 'cost_rank', 'changed_at']
_BACK = ['search', 'id']
_SORTS = ('organization_id', 'connection_id', 'is_active', 'type', 'service', 'status', 'region', 'in_account_rate')


def upgrade() -> None:
    _make(sa.Column('owner', sa.String(length=320), nullable=False),
    sa.Column('environment', sa.String(length=64), nullable=False),
    sa.Column('project', sa.String(length=200), nullable=False),
    written=_WRITTEN)
    op.drop_index(_LIST, table_name='resource')
    op.create_index(_LIST, 'resource', [*_FRONT, *_WRITTEN, *_BACK])
    for name in _WRITTEN:
        there = sa.text(f'{name} IS NOT NULL')
        op.create_index(f'ix_resource_{name}', 'resource', ['organization_id', name], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    for name in _WRITTEN:
        op.drop_index(f'ix_resource_{name}', table_name='resource')
    op.drop_index(_LIST, table_name='resource')
    op.create_index(_LIST, 'resource', [*_FRONT, *_BACK])
    _make(written=())


def _make(*more: sa.Column[str], written: tuple[str, ...]) -> None:
    """Make the totals anew from the resources that they count."""
    op.drop_table('resource_total')
    op.create_table('resource_total',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('connection_id', columns.Id(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('type', sa.String(length=64), nullable=False),
    sa.Column('service', sa.String(length=100), nullable=False),
    sa.Column('status', sa.String(length=64), nullable=False),
    sa.Column('region', sa.String(length=64), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('in_account_rate', sa.Boolean(), nullable=False),
    *more,
    sa.Column('resources', sa.Integer(), nullable=False),
    sa.Column('daily_cost', sa.BigInteger(), nullable=False),
    sa.Column('monthly_cost', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'connection_id'], ['cloud_connection.organization_id', 'cloud_connection.id'], name=op.f('fk_resource_total_organization_id_connection_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'connection_id', 'is_active', 'type', 'service', 'status', 'region', 'currency', 'in_account_rate', *written, name=op.f('pk_resource_total')),
    sqlite_with_rowid=False
    )
    sorts = [*_SORTS, *(f"coalesce({name}, '')" for name in ('currency', *written))]
    names = [*_SORTS, 'currency', *written]
    op.execute(
        f"INSERT INTO resource_total ({', '.join(names)}, resources, daily_cost, monthly_cost)"
        f" SELECT {', '.join(sorts)}, count(*), coalesce(sum(daily_cost), 0),"
        f" coalesce(sum(monthly_cost), 0) FROM resource"
        f" GROUP BY {', '.join(str(n + 1) for n in range(len(sorts)))}"
    )
