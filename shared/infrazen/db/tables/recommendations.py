"""Recommendations, what became of them, and how rules are set."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index
from sqlmodel import Field, UniqueConstraint

from infrazen.db.columns import Document, Id, Micro, Word, utc_now
from infrazen.db.tables.base import Identified, KeyedWithin, Within, of_connection, of_resource
from infrazen.domain.recommendations import Action, Category, Confidence, State


class OptimizationRecommendationRow(Identified, Within, table=True):
    """Something worth changing: what, how much it saves a month, how sure, and why.

    Without a resource it is about the account. ``subject`` is the resource's id in
    hexadecimal, or empty, so that a rule finds one thing once. ``own_saving`` is what it
    would save alone, ``monthly_saving`` what it counts for beside others on the same
    resource. ``misses`` counts evaluations in a row that no longer found it. From the
    moment somebody agrees, ``promised_monthly`` and ``baseline_daily`` stand still, and
    ``realised`` is what ``realised_days`` later days have cost less.
    """

    __tablename__ = "optimization_recommendation"
    __table_args__ = (
        of_connection(),
        of_resource(),
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("connection_id", "rule", "subject"),
        Index(
            "ix_optimization_recommendation_state",
            "organization_id",
            "state",
            "monthly_saving",
            "id",
        ),
        Index("ix_optimization_recommendation_resource", "resource_id"),
    )

    connection_id: UUID = Field(sa_type=Id)
    resource_id: UUID | None = Field(default=None, sa_type=Id)
    subject: str = Field(max_length=32)
    rule: str = Field(max_length=64)
    category: Category = Field(sa_type=Word(Category))
    action: Action = Field(sa_type=Word(Action))
    monthly_saving: Decimal = Field(sa_type=Micro)
    own_saving: Decimal = Field(sa_type=Micro)
    currency: str = Field(max_length=3)
    confidence: Confidence = Field(sa_type=Word(Confidence))
    evidence: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    change: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    state: State = Field(sa_type=Word(State))
    state_reason: str = Field(default="", max_length=1000)
    state_by: str = Field(default="", max_length=400)
    state_at: datetime = Field(default_factory=utc_now)
    snoozed_until: date | None = None
    misses: int = 0
    updated_at: datetime = Field(default_factory=utc_now)
    # What was promised, and what came of it.
    agreed_at: datetime | None = None
    promised_monthly: Decimal | None = Field(default=None, sa_type=Micro)
    baseline_daily: Decimal | None = Field(default=None, sa_type=Micro)
    realised: Decimal | None = Field(default=None, sa_type=Micro)
    realised_days: int = 0


class RecommendationEventRow(Identified, Within, table=True):
    """A recommendation went from one state to another: who, why, when (``created_at``)."""

    __tablename__ = "recommendation_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "recommendation_id"],
            ["optimization_recommendation.organization_id", "optimization_recommendation.id"],
            ondelete="CASCADE",
        ),
        Index("ix_recommendation_event_history", "recommendation_id", "created_at"),
    )

    recommendation_id: UUID = Field(sa_type=Id)
    before: State | None = Field(default=None, sa_type=Word(State))
    after: State = Field(sa_type=Word(State))
    actor: str = Field(default="", max_length=400)
    reason: str = Field(default="", max_length=1000)


class RuleSettingRow(KeyedWithin, table=True):
    """How an organization wants a rule: only what differs from the rule's own defaults."""

    __tablename__ = "rule_setting"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
    )

    rule: str = Field(primary_key=True, max_length=64)
    is_enabled: bool = True
    parameters: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    updated_at: datetime = Field(default_factory=utc_now)


class RuleOutcomeRow(Within, table=True):
    """Of how many resources of a connection a rule said what, when it was last asked.

    ``outcome`` is ``hit``, ``miss``, or why the rule could not tell; ``changed_at`` is when
    it last said something else.
    """

    __tablename__ = "rule_outcome"
    __table_args__ = (
        of_connection(),
        Index("ix_rule_outcome_organization", "organization_id", "rule"),
    )

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    rule: str = Field(primary_key=True, max_length=64)
    outcome: str = Field(primary_key=True, max_length=32)
    resources: int
    changed_at: datetime


class UsageDayRow(Within, table=True):
    """A metric of a resource on one day (UTC), gathered from every sync that read of it.

    ``total`` is the sum of ``points`` readings; ``p95`` the highest 95th percentile that
    one sync brought; ``hours`` has a bit for every hour with a reading, ``hour_count`` is how
    many those are; readings up to ``last_at`` are in.
    """

    __tablename__ = "usage_day"
    __table_args__ = (of_connection(), {"sqlite_with_rowid": False})

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    resource_id: UUID = Field(primary_key=True, sa_type=Id)
    metric: str = Field(primary_key=True, max_length=64)
    day: date = Field(primary_key=True)
    unit: str = Field(max_length=16)
    capacity: float | None = None
    points: int
    total: float
    maximum: float
    p95: float
    hours: int
    hour_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    last_at: datetime
