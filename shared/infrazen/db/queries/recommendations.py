"""Recommendations: what the open ones would save."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from infrazen.db.columns import Micro
from infrazen.db.tables.recommendations import OptimizationRecommendationRow
from infrazen.domain.money import Money

OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSavings:
    """How many recommendations are open, and what they save a month, by currency."""

    count: int
    monthly: tuple[Money, ...]


def open_savings(session: Session, organization_id: UUID) -> OpenSavings:
    """Count and add up the open recommendations of an organization."""
    row = OptimizationRecommendationRow
    found = session.execute(
        select(col(row.currency), func.count(), func.sum(col(row.monthly_saving), type_=Micro))
        .where(col(row.organization_id) == organization_id, col(row.state) == OPEN)
        .group_by(col(row.currency))
        .order_by(col(row.currency))
    ).all()
    return OpenSavings(
        count=sum(count for _, count, _ in found),
        monthly=tuple(Money(amount, currency) for currency, _, amount in found),
    )
