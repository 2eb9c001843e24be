"""What recommendations come to: how many, what they save, whose savings are measured."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlmodel import Session, col

from infrazen.db.columns import Micro
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.recommendations import OptimizationRecommendationRow
from infrazen.domain.money import DAYS_A_MONTH, Money, from_micro
from infrazen.domain.recommendations import AGREED, LIVE, Category, State

_ROW = OptimizationRecommendationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How many recommendations share a state, category and currency, and their savings."""

    state: State
    category: Category
    currency: str
    count: int
    monthly: Decimal
    promised: Decimal
    realised: Decimal
    promised_so_far: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSavings:
    """How many recommendations wait for somebody, and what they save a month, by currency.

    Risks save nothing and are not among them.
    """

    count: int
    monthly: tuple[Money, ...]


def agreed_connections(session: Session, organization_id: UUID) -> list[tuple[UUID, str]]:
    """The connections in use, with their providers, whose agreed savings are measured."""
    rows = session.execute(
        select(col(_ROW.connection_id), col(CloudConnectionRow.provider))
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == col(_ROW.connection_id))
        .where(
            col(_ROW.organization_id) == organization_id,
            col(_ROW.state).in_(list(AGREED)),
            col(CloudConnectionRow.removed_at).is_(None),
        )
        .distinct()
    )
    return [(connection_id, provider) for connection_id, provider in rows]


def groups(session: Session, organization_id: UUID) -> list[Group]:
    """All recommendations by state, category and currency.

    ``promised_so_far`` is what the promise comes to over the days that were measured.
    """
    so_far = type_coerce(col(_ROW.promised_monthly), BigInteger) * col(_ROW.realised_days)
    rows = session.execute(
        select(
            col(_ROW.state),
            col(_ROW.category),
            col(_ROW.currency),
            func.count(),
            func.sum(col(_ROW.monthly_saving), type_=Micro),
            func.coalesce(func.sum(col(_ROW.promised_monthly)), 0, type_=Micro),
            func.coalesce(func.sum(col(_ROW.realised)), 0, type_=Micro),
            func.coalesce(func.sum(so_far), 0, type_=BigInteger),
        )
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == col(_ROW.connection_id))
        .where(
            col(_ROW.organization_id) == organization_id,
            col(CloudConnectionRow.removed_at).is_(None),
        )
        .group_by(col(_ROW.state), col(_ROW.category), col(_ROW.currency))
        .order_by(col(_ROW.state), col(_ROW.category), col(_ROW.currency))
    )
    return [
        Group(
            state=state,
            category=category,
            currency=currency,
            count=number,
            monthly=monthly,
            promised=promised,
            realised=realised,
            promised_so_far=from_micro(int(promised_days) // int(DAYS_A_MONTH)),
        )
        for state, category, currency, number, monthly, promised, realised, promised_days in rows
    ]


def open_savings(session: Session, organization_id: UUID) -> OpenSavings:
    """Count and add up what waits for somebody, risks aside."""
    live = [
        one
        for one in groups(session, organization_id)
        if one.state in LIVE and one.category is not Category.RISK
    ]
    monthly: dict[str, Decimal] = {}
    for one in live:
        monthly[one.currency] = monthly.get(one.currency, Decimal(0)) + one.monthly
    return OpenSavings(
        count=sum(one.count for one in live),
        monthly=tuple(Money(amount, currency) for currency, amount in sorted(monthly.items())),
    )
