"""What one resource cost day by day, and how an account reconciles now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from infrazen.db.columns import Micro
from infrazen.db.queries.cost_slices import reconciliation
from infrazen.db.tables.costs import ChargeRow, CostRecordRow, ReconciliationRow
from infrazen.domain.costs import Reconciliation
from infrazen.domain.money import CostSource

_LESS_AND_LESS_SURE = (
    CostSource.BILLED,
    CostSource.PRICED,
    CostSource.MANUAL,
    CostSource.ESTIMATED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDay:
    """What one resource cost on one day, in one currency.

    ``source`` is where that comes from: of several sources the least sure.
    """

    connection_id: UUID
    currency: str
    day: date
    amount: Decimal
    source: CostSource


def resource_costs(
    session: Session,
    *,
    organization_id: UUID,
    connection_id: UUID,
    resource_id: UUID,
    days: Iterable[date],
) -> list[ResourceDay]:
    """What a resource cost per day and currency; days without a record are left out.

    Asks for every day by the key of the fact table, so that it finds each row at once.
    """
    charges = session.execute(
        select(
            col(ChargeRow.id), col(ChargeRow.billing_currency), col(ChargeRow.cost_source)
        ).where(
            col(ChargeRow.organization_id) == organization_id,
            col(ChargeRow.connection_id) == connection_id,
            col(ChargeRow.resource_ref) == resource_id,
        )
    )
    known = {id_: (currency, source) for id_, currency, source in charges}
    rows = session.execute(
        select(
            col(CostRecordRow.day),
            col(CostRecordRow.charge_id),
            func.sum(col(CostRecordRow.effective_cost), type_=Micro),
        )
        .where(
            col(CostRecordRow.organization_id) == organization_id,
            col(CostRecordRow.connection_id) == connection_id,
            col(CostRecordRow.day).in_(list(days)),
            col(CostRecordRow.charge_id).in_(list(known)),
        )
        .group_by(col(CostRecordRow.day), col(CostRecordRow.charge_id))
        .order_by(col(CostRecordRow.day), col(CostRecordRow.charge_id))
    )
    added: dict[tuple[date, str], tuple[Decimal, CostSource]] = {}
    for day, charge, amount in rows:
        currency, source = known[charge]
        before, so_far = added.get((day, currency), (Decimal(0), source))
        least_sure = max(so_far, source, key=_LESS_AND_LESS_SURE.index)
        added[day, currency] = (before + amount, least_sure)
    return [
        ResourceDay(
            connection_id=connection_id, currency=currency, day=day, amount=amount, source=source
        )
        for (day, currency), (amount, source) in added.items()
    ]


def latest_reconciliations(
    session: Session, *, organization_id: UUID
) -> dict[UUID, list[Reconciliation]]:
    """How each connection's account and resources added up on its last recorded day."""
    last = (
        select(
            col(ReconciliationRow.connection_id).label("connection"),
            func.max(col(ReconciliationRow.day)).label("day"),
        )
        .where(col(ReconciliationRow.organization_id) == organization_id)
        .group_by(col(ReconciliationRow.connection_id))
        .subquery()
    )
    rows = session.scalars(
        select(ReconciliationRow)
        .join(
            last,
            (last.c.connection == col(ReconciliationRow.connection_id))
            & (last.c.day == col(ReconciliationRow.day)),
        )
        .where(col(ReconciliationRow.organization_id) == organization_id)
        .order_by(col(ReconciliationRow.currency))
    )
    found: dict[UUID, list[Reconciliation]] = {}
    for row in rows:
        found.setdefault(row.connection_id, []).append(reconciliation(row))
    return found


def latest_reconciliation(
    session: Session, connection_id: UUID, *, organization_id: UUID, currency: str
) -> Reconciliation | None:
    """How a connection added up in ``currency`` on its last recorded day."""
    row = session.scalars(
        select(ReconciliationRow)
        .where(
            col(ReconciliationRow.organization_id) == organization_id,
            col(ReconciliationRow.connection_id) == connection_id,
            col(ReconciliationRow.currency) == currency,
        )
        .order_by(col(ReconciliationRow.day).desc())
        .limit(1)
    ).first()
    return None if row is None else reconciliation(row)
