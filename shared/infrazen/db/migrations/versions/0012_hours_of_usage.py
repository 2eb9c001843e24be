"""How many hours of a day were seen stands beside which, so that the database can add it up"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

_COUNTED = ' + '.join(f'((hours >> {hour}) & 1)' for hour in range(24))


def upgrade() -> None:
    op.add_column('usage_day', sa.Column('hour_count', sa.Integer(), nullable=False, server_default='0'))
    op.execute(f'UPDATE usage_day SET hour_count = {_COUNTED}')


def downgrade() -> None:
    op.drop_column('usage_day', 'hour_count')
