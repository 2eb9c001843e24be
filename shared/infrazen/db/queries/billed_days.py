"""Writing bills, a month of an endpoint's days at a time, and asking which were read."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.columns import Micro
from infrazen.db.queries import cost_months, cost_slices
from infrazen.db.queries.cost_slices import Slice
from infrazen.db.queries.scope import Scope, chunks
from infrazen.db.tables.costs import BilledDayRow, ChargeRow, CostRecordRow, ReconciliationRow
from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.billing import BilledDay
from infrazen.domain.costs import Charge
from infrazen.domain.money import CostSource
from infrazen.domain.periods import Days, month_of

FEW_DAYS = 2
_RECORD = (
    "day",
    "charge_id",
    "billed_cost",
    "effective_cost",
    "list_cost",
    "contracted_cost",
    "pricing_quantity",
    "consumed_quantity",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledRecord:
    """What a charge came to on a day, in millionths."""

    day: date
    charge_id: UUID
    amount: int
    listed: int
    quantity: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    """What a bill of a day came to in one currency (millionths), and its fingerprint."""

    day: date
    currency: str
    amount: int
    is_whole: bool
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfBills:
    """What an endpoint said of days of one month, to replace what it said of them before.

    ``over`` are those of ``days`` that were over, on which prices of what the bill
    ``covers`` (types of resources; None for everything) give way.
    """

    listing: str
    days: Sequence[date]
    over: Sequence[date]
    covers: Collection[str] | None
    charges: Sequence[tuple[UUID, Charge]]
    records: Sequence[BilledRecord]
    totals: Sequence[DayTotal]


def write_month(session: Session, scope: Scope, month: MonthOfBills) -> None:
    """Replace days of an endpoint's bill, and refresh the pre-aggregates with them."""
    cost_slices.ensure_partition(session, month.days[0])
    _delete_records(session, scope, month.days, col(ChargeRow.listing) == month.listing)
    if month.over:
        _delete_records(session, scope, month.over, *_given_way(month.covers))
    session.execute(
        delete(BilledDayRow).where(
            col(BilledDayRow.organization_id) == scope.organization_id,
            col(BilledDayRow.connection_id) == scope.connection_id,
            col(BilledDayRow.listing) == month.listing,
            col(BilledDayRow.day).in_(month.days),
        )
    )
    _insert(session, scope, month)
    _refresh(session, scope, month.days)


def _given_way(covers: Collection[str] | None) -> tuple[ColumnElement[bool], ...]:
    priced = col(ChargeRow.cost_source) != CostSource.BILLED
    if covers is None:
        return (priced,)
    return priced, col(ChargeRow.resource_type).in_(list(covers))


def _delete_records(
    session: Session, scope: Scope, days: Sequence[date], *which: ColumnElement[bool]
) -> None:
    charges = select(col(ChargeRow.id)).where(
        col(ChargeRow.organization_id) == scope.organization_id,
        col(ChargeRow.connection_id) == scope.connection_id,
        *which,
    )
    session.execute(
        delete(CostRecordRow).where(
            col(CostRecordRow.organization_id) == scope.organization_id,
            col(CostRecordRow.connection_id) == scope.connection_id,
            col(CostRecordRow.day).in_(days),
            col(CostRecordRow.charge_id).in_(charges),
        )
    )


def _insert(session: Session, scope: Scope, month: MonthOfBills) -> None:
    common = {"organization_id": scope.organization_id, "connection_id": scope.connection_id}
    cost_slices.insert_charges(
        session,
        organization_id=scope.organization_id,
        connection_id=scope.connection_id,
        charges=month.charges,
    )
    bulk.insert(
        session,
        CostRecordRow,
        _RECORD,
        (
            (r.day, r.charge_id, r.amount, r.amount, r.listed, r.listed, r.quantity, r.quantity)
            for r in month.records
        ),
        constants=common,
    )
    bulk.insert(
        session,
        BilledDayRow,
        ("day", "currency", "amount", "is_whole", "fingerprint"),
        ((t.day, t.currency, t.amount, t.is_whole, t.fingerprint) for t in month.totals),
        constants={**common, "listing": month.listing, "snapshot_id": scope.snapshot_id},
    )


def _refresh(session: Session, scope: Scope, days: Sequence[date]) -> None:
    where = {"organization_id": scope.organization_id, "connection_id": scope.connection_id}
    if len(days) > FEW_DAYS:
        cost_months.refresh_month(session, **where, month=month_of(days[0]))
        return
    for day in days:
        cost_slices.refresh_trend(session, Slice(**where, day=day))


def fingerprints(
    session: Session, scope: Scope, *, listing: str, days: Sequence[date]
) -> dict[date, bytes]:
    """The fingerprint of what is stored of an endpoint's bill, by day."""
    rows = session.execute(
        select(col(BilledDayRow.day), col(BilledDayRow.fingerprint)).where(
            col(BilledDayRow.organization_id) == scope.organization_id,
            col(BilledDayRow.connection_id) == scope.connection_id,
            col(BilledDayRow.listing) == listing,
            col(BilledDayRow.day).in_(days),
        )
    )
    return {day: bytes(fingerprint) for day, fingerprint in rows}


def billed_by(session: Session, scope: Scope, day: date) -> set[str]:
    """The endpoints whose bills of ``day`` are stored."""
    return set(
        session.scalars(
            select(col(BilledDayRow.listing)).where(
                col(BilledDayRow.organization_id) == scope.organization_id,
                col(BilledDayRow.connection_id) == scope.connection_id,
                col(BilledDayRow.day) == day,
            )
        )
    )


def whole_days(
    session: Session, *, organization_id: UUID, connection_id: UUID, days: Days
) -> dict[str, set[date]]:
    """Which of ``days`` each endpoint's bill was read of after they were over."""
    rows = session.execute(
        select(col(BilledDayRow.listing), col(BilledDayRow.day)).where(
            col(BilledDayRow.organization_id) == organization_id,
            col(BilledDayRow.connection_id) == connection_id,
            col(BilledDayRow.day) >= days.since,
            col(BilledDayRow.day) < days.until,
            col(BilledDayRow.is_whole).is_(True),
        )
    )
    found: dict[str, set[date]] = {}
    for listing, day in rows:
        found.setdefault(listing, set()).add(day)
    return found


def priced_resources(session: Session, scope: Scope, ids: Iterable[UUID]) -> set[UUID]:
    """Those of ``ids`` that are active and have a price."""
    found: set[UUID] = set()
    for some in chunks(ids):
        rows = session.scalars(
            select(col(ResourceRow.id)).where(
                col(ResourceRow.organization_id) == scope.organization_id,
                col(ResourceRow.id).in_(some),
                col(ResourceRow.is_active).is_(True),
                col(ResourceRow.charge_id).is_not(None),
            )
        )
        found.update(rows)
    return found


def billed_totals(session: Session, *, organization_id: UUID, days: Days) -> dict[str, Decimal]:
    """What the bills of ``days`` come to over all connections, by currency."""
    rows = session.execute(
        select(col(BilledDayRow.currency), func.sum(col(BilledDayRow.amount), type_=Micro))
        .where(
            col(BilledDayRow.organization_id) == organization_id,
            col(BilledDayRow.day) >= days.since,
            col(BilledDayRow.day) < days.until,
        )
        .group_by(col(BilledDayRow.currency))
    )
    return dict(rows.all())


def latest_billed_days(session: Session, *, organization_id: UUID) -> dict[UUID, list[BilledDay]]:
    """The last whole day that each connection's bills told of, one entry a currency."""
    last = (
        select(
            col(BilledDayRow.connection_id).label("connection"),
            func.max(col(BilledDayRow.day)).label("day"),
        )
        .where(
            col(BilledDayRow.organization_id) == organization_id,
            col(BilledDayRow.is_whole).is_(True),
        )
        .group_by(col(BilledDayRow.connection_id))
        .subquery()
    )
    rows = session.execute(
        select(
            col(BilledDayRow.connection_id),
            col(BilledDayRow.day),
            col(BilledDayRow.currency),
            func.sum(col(BilledDayRow.amount), type_=Micro),
            func.max(col(ReconciliationRow.payable_daily), type_=Micro),
        )
        .join(
            last,
            (last.c.connection == col(BilledDayRow.connection_id))
            & (last.c.day == col(BilledDayRow.day)),
        )
        .outerjoin(
            ReconciliationRow,
            (col(ReconciliationRow.organization_id) == col(BilledDayRow.organization_id))
            & (col(ReconciliationRow.connection_id) == col(BilledDayRow.connection_id))
            & (col(ReconciliationRow.day) == col(BilledDayRow.day))
            & (col(ReconciliationRow.currency) == col(BilledDayRow.currency)),
        )
        .where(col(BilledDayRow.organization_id) == organization_id)
        .group_by(
            col(BilledDayRow.connection_id), col(BilledDayRow.day), col(BilledDayRow.currency)
        )
        .order_by(col(BilledDayRow.currency))
    )
    found: dict[UUID, list[BilledDay]] = {}
    for connection_id, day, currency, billed, priced in rows:
        one = BilledDay(day=day, currency=currency, billed=billed, priced=priced)
        found.setdefault(connection_id, []).append(one)
    return found
