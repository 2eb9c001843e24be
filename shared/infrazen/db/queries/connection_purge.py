"""Erasing a connection in steps short enough for everybody else to go on working."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, select, tuple_, update
from sqlmodel import Session, SQLModel, col

from infrazen.db.tables.connections import CloudConnectionRow, SyncRequestRow
from infrazen.db.tables.costs import (
    ChargeRow,
    CostRecordRow,
    CostTotalRow,
    CostTrendRow,
    ReconciliationRow,
)
from infrazen.db.tables.prices import PriceOfferRow
from infrazen.db.tables.recommendations import (
    OptimizationRecommendationRow,
    RuleOutcomeRow,
    UsageDayRow,
)
from infrazen.db.tables.resources import (
    ResourceComponentRow,
    ResourceLogRow,
    ResourceMetricRow,
    ResourceRow,
    ResourceSecretRow,
    ResourceTotalRow,
    ResourceUsageSummaryRow,
    UsageTotalRow,
)
from infrazen.db.tables.snapshots import (
    QuarantinedRecordRow,
    ResourceStateRow,
    SyncSnapshotRow,
)

_SHOWN = (
    CostTrendRow,
    CostTotalRow,
    ResourceTotalRow,
    UsageTotalRow,
    ReconciliationRow,
    OptimizationRecommendationRow,
    RuleOutcomeRow,
    ResourceSecretRow,
    SyncRequestRow,
)
"""What screens add up, and what must not outlast the wish: it goes first, at once."""
_OF_CONNECTION = (
    UsageDayRow,
    ResourceUsageSummaryRow,
    ResourceComponentRow,
    PriceOfferRow,
    QuarantinedRecordRow,
)
_A_RESOURCE_TAKES = 20
"""Rows that go with a resource, as a guess: tags, notes, overrides."""


NOT_BEGUN: Mapping[str, Any] = MappingProxyType({"rows_to_erase": None, "rows_erased": 0})
"""What a connection's row has as long as nobody erases it, and again once it is in use again."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of a connection are erased, of how many that there were."""

    rows: int
    of: int


def begin(session: Session, connection_id: UUID) -> Erased:
    """Take a connection out of every sum and every queue; what it brought is there still.

    Its rows are counted, this one time.
    """
    for model in _SHOWN:
        session.execute(delete(_table(model)).where(_of(model, connection_id)))
    of = _remaining(session, connection_id)
    session.execute(
        update(CloudConnectionRow)
        .where(col(CloudConnectionRow.id) == connection_id)
        .values(is_suspended=True, next_sync_at=None, rows_to_erase=of, rows_erased=0)
    )
    return Erased(0, of)


def erased(session: Session, connection_id: UUID) -> Erased | None:
    """How far a connection is erased; None where that has not begun."""
    row = CloudConnectionRow
    known = session.execute(
        select(col(row.rows_erased), col(row.rows_to_erase)).where(
            col(row.id) == connection_id, col(row.rows_to_erase).is_not(None)
        )
    ).one_or_none()
    return None if known is None else Erased(*known)


def erase(session: Session, connection_id: UUID, *, limit: int) -> int:
    """Erase at most ``limit`` rows, facts before what they refer to; how many it were."""
    for table, whose in _steps(connection_id):
        most = limit // _A_RESOURCE_TAKES if table.name == ResourceRow.__tablename__ else limit
        key = tuple(table.primary_key.columns)
        some = select(*key).where(whose).limit(max(1, most))
        gone: Any = session.execute(delete(table).where(tuple_(*key).in_(some)))
        if gone.rowcount:
            _note(session, connection_id, rows=int(gone.rowcount))
            return int(gone.rowcount)
    return 0


def _remaining(session: Session, connection_id: UUID) -> int:
    return sum(
        session.scalar(select(func.count()).select_from(table).where(whose)) or 0
        for table, whose in _steps(connection_id)
    )


def _note(session: Session, connection_id: UUID, *, rows: int) -> None:
    row = CloudConnectionRow
    session.execute(
        update(row)
        .where(col(row.id) == connection_id)
        .values(rows_erased=col(row.rows_erased) + rows)
    )


def _steps(connection_id: UUID) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """What may be too much for one transaction: the table, and which of its rows."""
    owner = select(col(CloudConnectionRow.organization_id)).where(
        col(CloudConnectionRow.id) == connection_id
    )
    records = _table(CostRecordRow)
    within = records.c.organization_id == owner.scalar_subquery()
    yield records, within & (records.c.connection_id == connection_id)
    states, snapshots = _table(ResourceStateRow), _table(SyncSnapshotRow)
    syncs = select(snapshots.c.id).where(snapshots.c.connection_id == connection_id)
    yield states, states.c.snapshot_id.in_(syncs)
    resources = select(col(ResourceRow.id)).where(col(ResourceRow.connection_id) == connection_id)
    for table in (_table(ResourceMetricRow), _table(ResourceLogRow)):
        yield table, table.c.resource_id.in_(resources)
    for model in _OF_CONNECTION:
        yield _table(model), _of(model, connection_id)
    charges = _table(ChargeRow)
    of_owner = charges.c.organization_id == owner.scalar_subquery()
    yield charges, of_owner & _of(ChargeRow, connection_id)
    yield _table(ResourceRow), _of(ResourceRow, connection_id)


def _of(model: type[SQLModel], connection_id: UUID) -> ColumnElement[bool]:
    return _table(model).c.connection_id == connection_id


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
