"""The resource list's index knows the orders by cost and by change too"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_NAME = 'ix_resource_list'
_FRONT = ['organization_id', 'is_active', 'connection_id', 'type', 'service', 'status', 'region', 'currency', 'daily_cost', 'monthly_cost', 'in_account_rate']
_BACK = ['search', 'id']


def upgrade() -> None:
    op.drop_index(_NAME, table_name='resource')
    op.create_index(_NAME, 'resource', [*_FRONT, 'cost_rank', 'changed_at', *_BACK])


def downgrade() -> None:
    op.drop_index(_NAME, table_name='resource')
    op.create_index(_NAME, 'resource', [*_FRONT, *_BACK])
