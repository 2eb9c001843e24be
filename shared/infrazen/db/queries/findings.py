"""What an evaluation reads and writes of recommendations: set by set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.columns import new_id
from infrazen.db.queries.scope import Scope, chunks
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.costs import ChargeRow, CostRecordRow, ReconciliationRow
from infrazen.db.tables.recommendations import (
    OptimizationRecommendationRow,
    RecommendationEventRow,
)
from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.recommendations import Action, Category, Confidence, State


class Finding(msgspec.Struct, gc=False, kw_only=True):
    """A recommendation as evaluations keep it; money in millionths, a month's or a day's."""

    id: UUID
    created_at: datetime
    resource_id: UUID | None
    subject: str
    rule: str
    category: Category
    action: Action
    monthly_saving: int
    own_saving: int
    currency: str
    confidence: Confidence
    evidence: dict[str, Any]
    change: dict[str, Any]
    state: State
    state_reason: str
    state_by: str
    state_at: datetime
    snoozed_until: date | None
    misses: int
    updated_at: datetime
    agreed_at: datetime | None
    promised_monthly: int | None
    baseline_daily: int | None
    realised: int | None
    realised_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A recommendation that went from one state to another."""

    recommendation_id: UUID
    before: State | None
    after: State
    reason: str
    actor: str = ""


_COLUMNS = Finding.__struct_fields__
_MONEY = frozenset(
    {"monthly_saving", "own_saving", "promised_monthly", "baseline_daily", "realised"}
)


def lock(session: Session, connection_id: UUID) -> None:
    """Let one evaluation of a connection wait for another (SQLite has one writer anyway)."""
    session.execute(
        select(col(CloudConnectionRow.id))
        .where(col(CloudConnectionRow.id) == connection_id)
        .with_for_update()
    )


def stored(session: Session, connection_id: UUID) -> list[Finding]:
    """Every recommendation of a connection, closed ones too."""
    row = OptimizationRecommendationRow.__table__.c  # type: ignore[attr-defined]
    rows = session.execute(
        select(*(row[name] for name in _COLUMNS)).where(row.connection_id == connection_id)
    )
    return [_finding(values) for values in rows]


def of_resources(
    session: Session, organization_id: UUID, resource_ids: Iterable[UUID]
) -> list[Finding]:
    """Every recommendation about these resources of an organization."""
    row = OptimizationRecommendationRow
    rows = session.execute(
        select(*(col(getattr(row, name)) for name in _COLUMNS)).where(
            col(row.organization_id) == organization_id,
            col(row.resource_id).in_(list(resource_ids)),
        )
    )
    return [_finding(values) for values in rows]


def _finding(values: Sequence[Any]) -> Finding:
    facts = dict(zip(_COLUMNS, values, strict=True))
    for name in _MONEY:
        amount: Decimal | None = facts[name]
        facts[name] = None if amount is None else int(amount.scaleb(6))
    return Finding(**facts)


def write(session: Session, scope: Scope, findings: Iterable[Finding]) -> None:
    """Write findings, new ones and those that changed."""
    rows = [[getattr(one, name) for name in _COLUMNS] for one in findings]
    if not rows:
        return
    bulk.insert(
        session,
        OptimizationRecommendationRow,
        _COLUMNS,
        rows,
        constants={
            "organization_id": scope.organization_id,
            "connection_id": scope.connection_id,
        },
        on_conflict=bulk.replace(("id",), _COLUMNS),
    )


def write_moves(
    session: Session, *, organization_id: UUID, moves: Iterable[Move], now: datetime
) -> None:
    """Append to the history of recommendations."""
    rows = [
        (new_id(), one.recommendation_id, one.before, one.after, one.reason, one.actor)
        for one in moves
    ]
    if not rows:
        return
    bulk.insert(
        session,
        RecommendationEventRow,
        ("id", "recommendation_id", "before", "after", "reason", "actor"),
        rows,
        constants={"organization_id": organization_id, "created_at": now},
    )


def recorded_days(
    session: Session, organization_id: UUID, connection_id: UUID, *, since: date
) -> list[date]:
    """Days from ``since`` on whose costs are recorded, in order."""
    row = ReconciliationRow
    return list(
        session.scalars(
            select(col(row.day))
            .where(
                col(row.organization_id) == organization_id,
                col(row.connection_id) == connection_id,
                col(row.day) >= since,
            )
            .distinct()
            .order_by(col(row.day))
        )
    )


def priced_until(
    session: Session, organization_id: UUID, resource_ids: Iterable[UUID]
) -> dict[UUID, datetime | None]:
    """When those of them that have a price above nothing were gone; None where they are there."""
    row = ResourceRow
    found: dict[UUID, datetime | None] = {}
    for some in chunks(resource_ids):
        rows = session.execute(
            select(col(row.id), col(row.deleted_at)).where(
                col(row.organization_id) == organization_id,
                col(row.id).in_(some),
                col(row.daily_cost) > Decimal(0),
            )
        )
        found.update((id_, deleted_at) for id_, deleted_at in rows)
    return found


def costs_by_day(
    session: Session,
    organization_id: UUID,
    connection_id: UUID,
    resource_ids: Iterable[UUID],
    *,
    since: date,
) -> dict[tuple[UUID, date], dict[str, int]]:
    """What resources cost on each recorded day from ``since`` on, in millionths by currency."""
    found: dict[tuple[UUID, date], dict[str, int]] = {}
    for some in chunks(resource_ids):
        rows = session.execute(
            select(
                col(ChargeRow.resource_ref),
                col(CostRecordRow.day),
                col(ChargeRow.billing_currency),
                col(CostRecordRow.effective_cost),
            )
            .join(CostRecordRow, col(CostRecordRow.charge_id) == col(ChargeRow.id))
            .where(
                col(ChargeRow.organization_id) == organization_id,
                col(ChargeRow.connection_id) == connection_id,
                col(ChargeRow.resource_ref).in_(some),
                col(CostRecordRow.organization_id) == organization_id,
                col(CostRecordRow.connection_id) == connection_id,
                col(CostRecordRow.day) >= since,
            )
        )
        for resource_id, day, currency, amount in rows:
            amounts = found.setdefault((resource_id, day), {})
            amounts[currency] = amounts.get(currency, 0) + int(amount.scaleb(6))
    return found
