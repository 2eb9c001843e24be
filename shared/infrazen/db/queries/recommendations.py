"""Recommendations as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.recommendations import (
    OptimizationRecommendationRow,
    RecommendationEventRow,
)
from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.money import DAYS_A_MONTH, MICRO
from infrazen.domain.recommendations import (
    Action,
    Category,
    Confidence,
    State,
)
from infrazen.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which recommendations; empty means any. ``text`` is looked for in resources' names."""

    states: tuple[State, ...] = ()
    categories: tuple[Category, ...] = ()
    rules: tuple[str, ...] = ()
    confidences: tuple[Confidence, ...] = ()
    connections: tuple[UUID, ...] = ()
    resources: tuple[UUID, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page ended: the last one's saving and id."""

    saving: Decimal
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A recommendation with what it is about. Money is a month's, ``daily_cost`` a day's.

    ``monthly_saving`` is what it counts for in sums, ``own_saving`` what it would save
    alone. Without a resource it is about the account.
    """

    id: UUID
    created_at: datetime
    connection_id: UUID
    connection: str
    provider: str
    resource_id: UUID | None
    resource: str
    resource_type: str
    external_id: str
    region: str
    rule: str
    category: Category
    action: Action
    monthly_saving: Decimal
    own_saving: Decimal
    currency: str
    confidence: Confidence
    evidence: dict[str, Any]
    change: dict[str, Any]
    state: State
    state_reason: str
    state_by: str
    state_at: datetime
    snoozed_until: date | None
    agreed_at: datetime | None
    promised_monthly: Decimal | None
    realised: Decimal | None
    realised_days: int
    daily_cost: Decimal | None
    monthly_cost: Decimal | None

    @property
    def promised_so_far(self) -> Decimal | None:
        """What the promise comes to over the days that were measured."""
        if self.promised_monthly is None:
            return None
        return (self.promised_monthly * self.realised_days / DAYS_A_MONTH).quantize(MICRO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A recommendation went from ``before`` (None: it was found) to ``after``."""

    id: UUID
    at: datetime
    before: State | None
    after: State
    actor: str
    reason: str


_ROW = OptimizationRecommendationRow
_OWN = (
    "id",
    "created_at",
    "connection_id",
    "resource_id",
    "rule",
    "category",
    "action",
    "monthly_saving",
    "own_saving",
    "currency",
    "confidence",
    "evidence",
    "change",
    "state",
    "state_reason",
    "state_by",
    "state_at",
    "snoozed_until",
    "agreed_at",
    "promised_monthly",
    "realised",
    "realised_days",
)
_OTHERS = (
    "connection",
    "provider",
    "resource",
    "resource_type",
    "external_id",
    "region",
    "daily_cost",
    "monthly_cost",
)


def _selected() -> Any:
    own = [col(getattr(_ROW, name)) for name in _OWN]
    resource = ResourceRow
    return (
        select(
            *own,
            col(CloudConnectionRow.display_name),
            col(CloudConnectionRow.provider),
            func.coalesce(col(resource.name), ""),
            func.coalesce(col(resource.type), ""),
            func.coalesce(col(resource.external_id), ""),
            func.coalesce(col(resource.region), ""),
            col(resource.daily_cost),
            col(resource.monthly_cost),
        )
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == col(_ROW.connection_id))
        .outerjoin(resource, col(resource.id) == col(_ROW.resource_id))
    )


def _read(values: Sequence[Any]) -> Recommendation:
    return Recommendation(**dict(zip((*_OWN, *_OTHERS), values, strict=True)))


def _conditions(organization_id: UUID, wanted: Wanted) -> list[Any]:
    found: list[Any] = [
        col(_ROW.organization_id) == organization_id,
        col(CloudConnectionRow.removed_at).is_(None),
    ]
    choices = (
        (_ROW.state, wanted.states),
        (_ROW.category, wanted.categories),
        (_ROW.rule, wanted.rules),
        (_ROW.confidence, wanted.confidences),
        (_ROW.connection_id, wanted.connections),
        (_ROW.resource_id, wanted.resources),
    )
    found += [col(column).in_(list(chosen)) for column, chosen in choices if chosen]
    found += [
        col(ResourceRow.search).contains(word, autoescape=True)
        for word in wanted.text.lower().split()
    ]
    return found


def page(
    session: Session,
    organization_id: UUID,
    wanted: Wanted,
    *,
    after: Place | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[Recommendation]:
    """What ``wanted`` finds, the largest savings first, from the beginning or ``after``."""
    saving, id_ = col(_ROW.monthly_saving), col(_ROW.id)
    statement = (
        _selected()
        .where(*_conditions(organization_id, wanted))
        .order_by(saving.desc(), id_)
        .offset(offset)
        .limit(limit)
    )
    if after is not None:
        beyond = and_(saving == after.saving, id_ > after.id)
        statement = statement.where(or_(saving < after.saving, beyond))
    return [_read(values) for values in session.execute(statement)]


def count(session: Session, organization_id: UUID, wanted: Wanted) -> int:
    """How many ``wanted`` finds."""
    statement = (
        select(func.count())
        .select_from(_ROW)
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == col(_ROW.connection_id))
        .outerjoin(ResourceRow, col(ResourceRow.id) == col(_ROW.resource_id))
        .where(*_conditions(organization_id, wanted))
    )
    return session.scalar(statement) or 0


def get(session: Session, *, organization_id: UUID, recommendation_id: UUID) -> Recommendation:
    """One recommendation of the organization, or ``NotFound``."""
    values = session.execute(
        _selected().where(
            col(_ROW.organization_id) == organization_id, col(_ROW.id) == recommendation_id
        )
    ).first()
    if values is None:
        raise NotFound("no such recommendation in this organization")
    return _read(values)


def history(session: Session, *, recommendation_id: UUID) -> list[Event]:
    """What became of a recommendation, oldest first."""
    row = RecommendationEventRow
    rows = session.scalars(
        select(row)
        .where(col(row.recommendation_id) == recommendation_id)
        .order_by(col(row.created_at), col(row.id))
    )
    return [
        Event(
            id=one.id,
            at=one.created_at,
            before=one.before,
            after=one.after,
            actor=one.actor,
            reason=one.reason,
        )
        for one in rows
    ]
