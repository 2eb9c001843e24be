"""Writing costs: a slice (connection, day) at a time, facts and pre-aggregate together.

A slice is deleted and written again in one transaction, so repeating a sync never
doubles anything. ``cost_trend`` is recomputed from the facts of the same days before the
transaction ends, and ``cost_total`` from it, so the three cannot differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Date, TextClause, bindparam, delete, func, select, text, update
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.columns import Id, Micro
from infrazen.db.tables.costs import BilledDayRow, ChargeRow, CostRecordRow, ReconciliationRow
from infrazen.domain.costs import Charge, Rate, Reconciliation
from infrazen.domain.periods import month_of, next_month

DIMENSIONS = {
    "billing_currency": "c.billing_currency",
    "cost_source": "c.cost_source",
    "charge_category": "c.charge_category",
    "service_category": "c.service_category",
    "service_name": "c.service_name",
    "resource_type": "coalesce(c.resource_type, '')",
    "region_id": "coalesce(c.region_id, '')",
    "sub_account_id": "coalesce(c.sub_account_id, '')",
}
MEASURES = {"effective": "effective_cost", "billed": "billed_cost", "list": "list_cost"}
_HERE = "organization_id = :organization AND connection_id = :connection"
_SLICE = f"{_HERE} AND day = :day"
_MONTH = f"{_HERE} AND month = :month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One connection's day, in the provider's billing time zone."""

    organization_id: UUID
    connection_id: UUID
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """What one charge came to on a day."""

    charge_id: UUID
    amount: Decimal


def insert_charges(
    session: Session,
    *,
    organization_id: UUID,
    connection_id: UUID,
    charges: Iterable[tuple[UUID, Charge]],
    are_new: bool = False,
) -> None:
    """Write charges; those that are there already stay, unless all ``are_new``."""
    bulk.insert(
        session,
        ChargeRow,
        ("id", *Charge.__struct_fields__),
        ((id_, *msgspec.structs.astuple(charge)) for id_, charge in charges),
        constants={"organization_id": organization_id, "connection_id": connection_id},
        on_conflict="" if are_new else bulk.ignore(),
    )


def write_priced_day(
    session: Session,
    where: Slice,
    *,
    extra: Iterable[CostLine] = (),
    keeps_bills: bool = False,
) -> None:
    """Replace a day by the prices of the connection's active resources, plus ``extra``.

    What bills said of it goes too, until they are written again; with ``keeps_bills`` only
    what they said of resources that have a price now.
    """
    _clear(session, where, keeps_bills=keeps_bills)
    run(
        session,
        "INSERT INTO cost_record (organization_id, connection_id, day, charge_id, billed_cost,"
        " effective_cost, list_cost, contracted_cost, pricing_quantity, consumed_quantity)"
        " SELECT organization_id, connection_id, :day, charge_id, effective_daily_cost,"
        f" effective_daily_cost, daily_cost, daily_cost, {_one(session)}, {_one(session)}"
        " FROM resource WHERE organization_id = :organization AND connection_id = :connection"
        f" AND is_active = {_true(session)} AND charge_id IS NOT NULL",
        where,
    )
    for line in extra:
        session.add(
            CostRecordRow(
                organization_id=where.organization_id,
                connection_id=where.connection_id,
                day=where.day,
                charge_id=line.charge_id,
                billed_cost=line.amount,
                effective_cost=line.amount,
                list_cost=line.amount,
                contracted_cost=line.amount,
            )
        )
    session.flush()
    refresh_trend(session, where)


def _clear(session: Session, where: Slice, *, keeps_bills: bool) -> None:
    ensure_partition(session, where.day)
    if keeps_bills:
        run(
            session,
            f"DELETE FROM cost_record WHERE {_SLICE} AND charge_id IN (SELECT id FROM charge"
            f" WHERE {_HERE} AND (cost_source <> 'billed' OR resource_ref IN (SELECT id"
            f" FROM resource WHERE {_HERE} AND is_active = {_true(session)}"
            " AND charge_id IS NOT NULL)))",
            where,
        )
        _recount_bills(session, where)
        return
    for table in ("cost_record", "billed_day"):
        run(session, f"DELETE FROM {table} WHERE {_SLICE}", where)


def _recount_bills(session: Session, where: Slice) -> None:
    """Let the day's bills be what is left of them, and be written again when they are read."""
    row, record, charge = BilledDayRow, CostRecordRow, ChargeRow
    left = (
        select(func.coalesce(func.sum(col(record.billed_cost), type_=Micro), 0))
        .join(charge, col(charge.id) == col(record.charge_id))
        .where(
            col(record.organization_id) == where.organization_id,
            col(record.connection_id) == where.connection_id,
            col(record.day) == where.day,
            col(charge.listing) == col(row.listing),
            col(charge.billing_currency) == col(row.currency),
        )
    )
    session.execute(
        update(row)
        .where(
            col(row.organization_id) == where.organization_id,
            col(row.connection_id) == where.connection_id,
            col(row.day) == where.day,
        )
        .values(amount=left.scalar_subquery(), fingerprint=b"")
        .execution_options(synchronize_session=False)
    )


def refresh_trend(session: Session, where: Slice) -> None:
    """Recompute a day of both pre-aggregates from the day's facts."""
    column = f"d{where.day.day:02d}"
    for table in ("cost_trend", "cost_total"):
        run(
            session,
            f"UPDATE {table} SET total = total - {column}, {column} = NULL"
            f" WHERE {_MONTH} AND {column} IS NOT NULL",
            where,
        )
    names = ", ".join(DIMENSIONS)
    parts = " UNION ALL ".join(
        f"SELECT :organization, :month, :connection, '{measure}', {names}, {fact}, {fact}"
        " FROM today WHERE true"
        for measure, fact in MEASURES.items()
    )
    run(
        session,
        "WITH today AS (SELECT "
        + ", ".join(f"{value} AS {name}" for name, value in DIMENSIONS.items())
        + ", "
        + ", ".join(f"sum(r.{fact}) AS {fact}" for fact in MEASURES.values())
        + " FROM cost_record r JOIN charge c ON c.id = r.charge_id"
        " WHERE r.organization_id = :organization AND r.connection_id = :connection"
        " AND r.day = :day GROUP BY "
        + ", ".join(str(position + 1) for position in range(len(DIMENSIONS)))
        + f") INSERT INTO cost_trend (organization_id, month, connection_id, measure, {names},"
        f" total, {column}) {parts}"
        f" ON CONFLICT (organization_id, month, connection_id, measure, {names})"
        f" DO UPDATE SET total = cost_trend.total + excluded.total, {column} = excluded.{column}",
        where,
    )
    _add_up(session, where, column)


def _add_up(session: Session, where: Slice, column: str) -> None:
    names = "organization_id, month, connection_id, measure, billing_currency"
    run(
        session,
        f"INSERT INTO cost_total ({names}, total, {column})"
        f" SELECT {names}, sum({column}), sum({column}) FROM cost_trend"
        f" WHERE {_MONTH} AND {column} IS NOT NULL GROUP BY {names} ON CONFLICT ({names})"
        f" DO UPDATE SET total = cost_total.total + excluded.total, {column} = excluded.{column}",
        where,
    )


def ensure_partition(session: Session, day: date) -> None:
    """Make the partitions of the month and, ahead of time, of the next, on PostgreSQL."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for month in (month_of(day), next_month(day)):
        _make_partition(session, month)


def _make_partition(session: Session, month: date) -> None:
    """Make a partition; those that make any at once take turns, so that none wait in a ring."""
    name = f"cost_record_{month:%Y_%m}"
    if session.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar() is not None:
        return
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('cost_record'))"))
    session.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF cost_record"
            f" FOR VALUES FROM ('{month}') TO ('{next_month(month)}')"
        )
    )


def reconciliations(session: Session, where: Slice) -> list[Reconciliation]:
    """How the account and its resources added up that day, by currency."""
    rows = session.scalars(
        select(ReconciliationRow)
        .where(
            col(ReconciliationRow.organization_id) == where.organization_id,
            col(ReconciliationRow.connection_id) == where.connection_id,
            col(ReconciliationRow.day) == where.day,
        )
        .order_by(col(ReconciliationRow.currency))
    )
    return [reconciliation(row) for row in rows]


def reconciliation(row: ReconciliationRow) -> Reconciliation:
    """A stored reconciliation as a value."""
    account = None
    if row.account_daily is not None and row.account_monthly is not None:
        account = Rate(row.account_daily, row.account_monthly)
    return Reconciliation(
        currency=row.currency,
        account=account,
        explained=Rate(row.explained_daily, row.explained_monthly),
        separate=Rate(row.separate_daily, row.separate_monthly),
        residual=Rate(row.residual_daily, row.residual_monthly),
        excess=Rate(row.excess_daily, row.excess_monthly),
        offset=Rate(row.offset_daily, row.offset_monthly),
        listed=Rate(row.listed_daily, row.listed_monthly),
        payable=Rate(row.payable_daily, row.payable_monthly),
    )


def write_reconciliations(
    session: Session, where: Slice, found: Iterable[Reconciliation], *, snapshot_id: UUID
) -> None:
    """Replace how the account and its resources added up that day."""
    key: dict[str, Any] = {
        "organization_id": where.organization_id,
        "connection_id": where.connection_id,
        "day": where.day,
    }
    session.execute(delete(ReconciliationRow).filter_by(**key))
    for one in found:
        row = ReconciliationRow(
            **key, currency=one.currency, snapshot_id=snapshot_id, **_rates(one)
        )
        session.add(row)
    session.flush()


def _rates(one: Reconciliation) -> dict[str, Any]:
    kinds = ("explained", "separate", "residual", "excess", "offset", "listed", "payable")
    rates: dict[str, Rate | None] = {kind: getattr(one, kind) for kind in kinds}
    rates["account"] = one.account
    return {
        f"{kind}_{period}": getattr(rate, period) if rate else None
        for kind, rate in rates.items()
        for period in ("daily", "monthly")
    }


def run(session: Session, sql: str, where: Slice) -> None:
    """Run ``sql`` with the names that it has of organization, connection, day and month."""
    statement = _bound(sql)
    known = {
        "organization": where.organization_id,
        "connection": where.connection_id,
        "day": where.day,
        "month": month_of(where.day),
    }
    session.execute(statement, {name: value for name, value in known.items() if f":{name}" in sql})


def _bound(sql: str) -> TextClause:
    types: dict[str, TypeEngine[Any]] = {
        "organization": Id(),
        "connection": Id(),
        "day": Date(),
        "month": Date(),
    }
    return text(sql).bindparams(
        *(bindparam(name, type_=kind) for name, kind in types.items() if f":{name}" in sql)
    )


def _one(session: Session) -> str:
    return "1" if session.get_bind().dialect.name == "postgresql" else "'1'"


def _true(session: Session) -> str:
    return "true" if session.get_bind().dialect.name == "postgresql" else "1"
