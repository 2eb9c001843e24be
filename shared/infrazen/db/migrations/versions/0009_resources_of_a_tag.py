"""The resources of a tag are found in its index alone"""

from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

_TABLE = 'resource_tag'
_OLD, _NEW = 'ix_resource_tag_value', 'ix_resource_tag_resources'
_VALUE = ['organization_id', 'key', 'value']


def upgrade() -> None:
    op.drop_index(_OLD, table_name=_TABLE)
    op.create_index(_NEW, _TABLE, [*_VALUE, 'resource_id'])


def downgrade() -> None:
    op.drop_index(_NEW, table_name=_TABLE)
    op.create_index(_OLD, _TABLE, _VALUE)
