"""What people decide about costs: allocation, policies, budgets, reports."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index
from sqlmodel import Field, UniqueConstraint

from infrazen.db.columns import Document, Id, Micro, utc_now
from infrazen.db.tables.base import Identified, Owned, Within, of_connection, of_resource


class AllocationRuleRow(Identified, Owned, table=True):
    """Which costs go to whom: ``conditions`` choose, ``split`` shares; first match wins."""

    __tablename__ = "allocation_rule"
    __table_args__ = (UniqueConstraint("organization_id", "id"),)

    name: str = Field(max_length=200)
    position: int
    conditions: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    split: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    effective_from: date
    is_enabled: bool = True


class CostAllocationRow(Identified, Within, table=True):
    """What part of a charge's day belongs to which target, and by which rule."""

    __tablename__ = "cost_allocation"
    __table_args__ = (
        ForeignKeyConstraint(["charge_id"], ["charge.id"], ondelete="CASCADE"),
        of_connection(),
        ForeignKeyConstraint(
            ["organization_id", "rule_id"],
            ["allocation_rule.organization_id", "allocation_rule.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("charge_id", "day", "rule_id", "dimension", "target"),
        Index("ix_cost_allocation_target", "organization_id", "dimension", "target", "day"),
    )

    connection_id: UUID = Field(sa_type=Id)
    charge_id: UUID = Field(sa_type=Id)
    rule_id: UUID = Field(sa_type=Id)
    day: date
    dimension: str = Field(max_length=32)
    target: str = Field(max_length=200)
    amount: Decimal = Field(sa_type=Micro)
    currency: str = Field(max_length=3)


class PolicyRow(Identified, Owned, table=True):
    """A guardrail: what must hold, and how bad it is where it doesn't."""

    __tablename__ = "policy"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "name"),
    )

    name: str = Field(max_length=200)
    definition: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    severity: str = Field(max_length=16)
    is_enabled: bool = True


class PolicyViolationRow(Identified, Within, table=True):
    """A resource that breaks a policy, from when to when."""

    __tablename__ = "policy_violation"
    __table_args__ = (
        of_resource(),
        ForeignKeyConstraint(
            ["organization_id", "policy_id"],
            ["policy.organization_id", "policy.id"],
            ondelete="CASCADE",
        ),
        Index("ix_policy_violation_open", "organization_id", "policy_id", "resolved_at"),
    )

    policy_id: UUID = Field(sa_type=Id)
    resource_id: UUID = Field(sa_type=Id)
    evidence: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    resolved_at: datetime | None = None


class BudgetRow(Identified, Owned, table=True):
    """An amount for a scope and a period, with thresholds in percent."""

    __tablename__ = "budget"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    name: str = Field(max_length=200)
    scope: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    period: str = Field(max_length=16)
    starts_on: date
    amount: Decimal = Field(sa_type=Micro)
    currency: str = Field(max_length=3)
    thresholds: list[dict[str, Any]] = Field(sa_column=Column(Document, nullable=False))


class ReportRow(Identified, Owned, table=True):
    """A report's definition and when it is sent."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "name"),
    )

    name: str = Field(max_length=200)
    definition: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    schedule: str = Field(default="", max_length=100)
    recipients: list[str] = Field(sa_column=Column(Document, nullable=False))


class ReportDeliveryRow(Identified, Within, table=True):
    """One delivery of a report, archived."""

    __tablename__ = "report_delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "report_id"],
            ["report.organization_id", "report.id"],
            ondelete="CASCADE",
        ),
        Index("ix_report_delivery_report", "organization_id", "report_id"),
    )

    report_id: UUID = Field(sa_type=Id)
    delivered_at: datetime = Field(default_factory=utc_now)
    outcome: str = Field(max_length=16)
    format: str = Field(max_length=8)
    content: bytes
