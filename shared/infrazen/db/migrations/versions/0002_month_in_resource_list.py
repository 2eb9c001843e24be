"""The resource list's index sums months too, and knows what an account's charge contains"""

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_NAME = 'ix_resource_list'
_FRONT = ['organization_id', 'is_active', 'connection_id', 'type', 'service', 'status', 'region', 'currency', 'daily_cost']
_BACK = ['search', 'id']


def upgrade() -> None:
    op.drop_index(_NAME, table_name='resource')
    op.create_index(_NAME, 'resource', [*_FRONT, 'monthly_cost', 'in_account_rate', *_BACK])


def downgrade() -> None:
    op.drop_index(_NAME, table_name='resource')
    op.create_index(_NAME, 'resource', [*_FRONT, *_BACK])
