"""Organizations that are a demo, and the browsers that look at it"""

import sqlalchemy as sa
from alembic import op

from infrazen.db import columns
from infrazen.domain.people import OrganizationKind

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('organization', sa.Column('kind', columns.Word(OrganizationKind), nullable=False, server_default='regular'))
    op.create_table('demo_visit',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_demo_visit'))
    )
    op.create_index('ix_demo_visit_key_created_at', 'demo_visit', ['key', 'created_at'])
    op.create_index(op.f('ix_demo_visit_expires_at'), 'demo_visit', ['expires_at'])


def downgrade() -> None:
    op.drop_table('demo_visit')
    op.drop_column('organization', 'kind')
