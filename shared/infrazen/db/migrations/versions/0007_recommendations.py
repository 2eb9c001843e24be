"""Recommendations with states and history, how rules are set, and usage by the day"""

import sqlalchemy as sa
from alembic import op
from infrazen.db import columns

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_OF_CONNECTION = (['organization_id', 'connection_id'], ['cloud_connection.organization_id', 'cloud_connection.id'])


def upgrade() -> None:
    # Nothing has written recommendations yet.
    op.drop_index('ix_optimization_recommendation_state', table_name='optimization_recommendation')
    op.drop_table('optimization_recommendation')
    op.create_table('optimization_recommendation',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('id', columns.Id(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('connection_id', columns.Id(), nullable=False),
    sa.Column('resource_id', columns.Id(), nullable=True),
    sa.Column('subject', sa.String(length=32), nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('category', sa.String(length=64), nullable=False),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('monthly_saving', sa.BigInteger(), nullable=False),
    sa.Column('own_saving', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('confidence', sa.String(length=64), nullable=False),
    sa.Column('evidence', columns.Document, nullable=False),
    sa.Column('change', columns.Document, nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('state_reason', sa.String(length=1000), nullable=False),
    sa.Column('state_by', sa.String(length=400), nullable=False),
    sa.Column('state_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('snoozed_until', sa.Date(), nullable=True),
    sa.Column('misses', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('promised_monthly', sa.BigInteger(), nullable=True),
    sa.Column('baseline_daily', sa.BigInteger(), nullable=True),
    sa.Column('realised', sa.BigInteger(), nullable=True),
    sa.Column('realised_days', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(*_OF_CONNECTION, name=op.f('fk_optimization_recommendation_organization_id_connection_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_optimization_recommendation_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_optimization_recommendation')),
    sa.UniqueConstraint('organization_id', 'id', name=op.f('uq_optimization_recommendation_organization_id_id')),
    sa.UniqueConstraint('connection_id', 'rule', 'subject', name=op.f('uq_optimization_recommendation_connection_id_rule_subject'))
    )
    op.create_index('ix_optimization_recommendation_state', 'optimization_recommendation', ['organization_id', 'state', 'monthly_saving', 'id'])
    op.create_index('ix_optimization_recommendation_resource', 'optimization_recommendation', ['resource_id'])
    op.create_table('recommendation_event',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('id', columns.Id(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recommendation_id', columns.Id(), nullable=False),
    sa.Column('before', sa.String(length=64), nullable=True),
    sa.Column('after', sa.String(length=64), nullable=False),
    sa.Column('actor', sa.String(length=400), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'recommendation_id'], ['optimization_recommendation.organization_id', 'optimization_recommendation.id'], name=op.f('fk_recommendation_event_organization_id_recommendation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation_event'))
    )
    op.create_index('ix_recommendation_event_history', 'recommendation_event', ['recommendation_id', 'created_at'])
    op.create_table('rule_setting',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('parameters', columns.Document, nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_rule_setting_organization_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id', 'rule', name=op.f('pk_rule_setting'))
    )
    op.create_table('rule_outcome',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('connection_id', columns.Id(), nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('resources', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(*_OF_CONNECTION, name=op.f('fk_rule_outcome_organization_id_connection_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('connection_id', 'rule', 'outcome', name=op.f('pk_rule_outcome'))
    )
    op.create_index('ix_rule_outcome_organization', 'rule_outcome', ['organization_id', 'rule'])
    op.create_table('usage_day',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('connection_id', columns.Id(), nullable=False),
    sa.Column('resource_id', columns.Id(), nullable=False),
    sa.Column('metric', sa.String(length=64), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('unit', sa.String(length=16), nullable=False),
    sa.Column('capacity', sa.Float(), nullable=True),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('total', sa.Float(), nullable=False),
    sa.Column('maximum', sa.Float(), nullable=False),
    sa.Column('p95', sa.Float(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(*_OF_CONNECTION, name=op.f('fk_usage_day_organization_id_connection_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('connection_id', 'resource_id', 'metric', 'day', name=op.f('pk_usage_day')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('usage_day')
    op.drop_table('rule_outcome')
    op.drop_table('rule_setting')
    op.drop_table('recommendation_event')
    op.drop_table('optimization_recommendation')
    op.create_table('optimization_recommendation',
    sa.Column('organization_id', columns.Id(), nullable=False),
    sa.Column('id', columns.Id(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resource_id', columns.Id(), nullable=False),
    sa.Column('rule', sa.String(length=64), nullable=False),
    sa.Column('category', sa.String(length=32), nullable=False),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('monthly_saving', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('confidence', sa.String(length=16), nullable=False),
    sa.Column('evidence', columns.Document, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('state_reason', sa.String(length=1000), nullable=False),
    sa.Column('snoozed_until', sa.Date(), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['resource_id'], ['resource.id'], name=op.f('fk_optimization_recommendation_resource_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_optimization_recommendation')),
    sa.UniqueConstraint('resource_id', 'rule', name=op.f('uq_optimization_recommendation_resource_id_rule'))
    )
    op.create_index('ix_optimization_recommendation_state', 'optimization_recommendation', ['organization_id', 'state'])
