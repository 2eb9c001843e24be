"""What rules look at: a connection's resources, set by set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, func, or_, select, tuple_, type_coerce
from sqlmodel import Session, col

from infrazen.db.queries.connections import Connection
from infrazen.db.queries.cost_history import latest_reconciliation
from infrazen.db.tables.recommendations import OptimizationRecommendationRow
from infrazen.db.tables.resources import ResourceRow, ResourceTotalRow
from infrazen.domain.accounts import AccountInfo
from infrazen.domain.facts import (
    AccountFacts,
    Facts,
    Sort,
    is_attached,
    source_exists,
    whole,
)
from infrazen.domain.kinds import Kind
from infrazen.domain.prices import family_of
from infrazen.domain.recommendations import State
from infrazen.domain.resources import ResourceStatus

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Resources that rules look at one by one: of some types and statuses, or with findings.

    ``findings`` are the states of those that count.
    """

    kinds: Sequence[tuple[str, ResourceStatus]]
    findings: AbstractSet[State]

    def condition(self, connection_id: UUID) -> ColumnElement[bool]:
        """Whether a resource is one of them."""
        finding = OptimizationRecommendationRow
        found = select(col(finding.resource_id)).where(
            col(finding.connection_id) == connection_id,
            col(finding.resource_id).is_not(None),
            col(finding.state).in_(self.findings),
        )
        of_kind = tuple_(col(ResourceRow.type), col(ResourceRow.status)).in_(self.kinds)
        return or_(of_kind, col(ResourceRow.id).in_(found))


def sorts(
    session: Session, connection_id: UUID, kinds: Mapping[str, Kind], *, besides: Apart
) -> Iterator[tuple[Sort, int]]:
    """How many active resources there are of each sort whose type is in ``kinds``."""
    row = ResourceRow
    each = (
        select(
            col(row.type).label("type"),
            col(row.status).label("status"),
            col(row.provider_config)["cpu"].label("cpu"),
            col(row.provider_config)["memory_mb"].label("memory_mb"),
        )
        .where(*_wanted(connection_id, kinds), ~besides.condition(connection_id))
        .subquery()
    )
    facts = (each.c.type, each.c.status, each.c.cpu, each.c.memory_mb)
    for type_, status, cpu, memory, count in session.execute(
        select(*facts, func.count()).group_by(*facts)
    ):
        yield (
            Sort(
                type=type_,
                kind=kinds[type_],
                status=status,
                cpu=whole(cpu),
                memory_mb=whole(memory),
            ),
            count,
        )


def statuses(
    session: Session, connection_id: UUID, kinds: Iterable[str]
) -> list[tuple[str, ResourceStatus]]:
    """In which statuses there are active resources of each type."""
    total = ResourceTotalRow
    rows = session.execute(
        select(col(total.type), col(total.status))
        .distinct()
        .where(
            col(total.connection_id) == connection_id,
            col(total.is_active),
            col(total.type).in_(list(kinds)),
        )
    )
    return [(type_, status) for type_, status in rows]


def resources(
    session: Session,
    connection_id: UUID,
    kinds: Mapping[str, Kind],
    *,
    only: Apart | None = None,
) -> Iterator[Facts]:
    """The active resources whose type is in ``kinds``, or ``only`` those of them."""
    disks = _external_ids(session, connection_id, [t for t, k in kinds.items() if k is Kind.DISK])
    asked = _facts(connection_id, kinds, only)
    for (
        id_,
        type_,
        name,
        status,
        region,
        sku,
        currency,
        daily,
        monthly,
        made,
        changed,
        config,
    ) in session.execute(asked.execution_options(yield_per=AT_ONCE)):
        kind = kinds[type_]
        yield Facts(
            id=id_,
            kind=kind,
            type=type_,
            name=name,
            status=status,
            region=region,
            family=family_of(config),
            sku=sku,
            currency=currency or "",
            daily_micro=daily,
            monthly_micro=monthly,
            created_at=made,
            changed_at=changed,
            config=config,
            cpu=whole(config.get("cpu")),
            memory_mb=whole(config.get("memory_mb")),
            disk_mb=whole(config.get("disk_mb")),
            attached=is_attached(kind, status, config),
            source_exists=source_exists(config, disks),
        )


def _facts(connection_id: UUID, kinds: Iterable[str], only: Apart | None) -> Select[Any]:
    table = ResourceRow.__table__.c  # type: ignore[attr-defined]
    # Columns of the table: the ORM would handle each row once more.
    return select(
        table.id,
        table.type,
        table.name,
        table.status,
        table.region,
        table.sku,
        table.currency,
        type_coerce(table.daily_cost, BigInteger),
        type_coerce(table.monthly_cost, BigInteger),
        table.provider_created_at,
        table.changed_at,
        table.provider_config,
    ).where(
        *_wanted(connection_id, kinds),
        *([] if only is None else [only.condition(connection_id)]),
    )


def _wanted(connection_id: UUID, kinds: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    row = ResourceRow
    return (
        col(row.connection_id) == connection_id,
        col(row.is_active).is_(True),
        col(row.type).in_(list(kinds)),
    )


def _external_ids(session: Session, connection_id: UUID, types: list[str]) -> frozenset[str]:
    if not types:
        return frozenset()
    row = ResourceRow
    return frozenset(
        session.scalars(
            select(col(row.external_id)).where(
                col(row.connection_id) == connection_id,
                col(row.is_active),
                col(row.type).in_(types),
            )
        )
    )


def account(session: Session, connection: Connection, *, currency: str) -> AccountFacts:
    """What is known of the account; ``payable_daily`` is the last recorded day's.

    All in the account's own currency, which is ``currency`` where it says nothing.
    """
    info = None
    if connection.account is not None:
        info = msgspec.convert(connection.account, AccountInfo, strict=False)
    charge = info.charge if info else None
    if info is not None:
        currency = (charge.currency if charge else info.currency) or currency
    payable = latest_reconciliation(
        session,
        connection.id,
        organization_id=connection.organization_id,
        currency=currency,
    )
    return AccountFacts(
        known=info is not None,
        currency=currency,
        balance=info.balance if info else None,
        daily=charge.daily if charge else None,
        monthly=charge.monthly if charge else None,
        yearly=charge.yearly if charge else None,
        is_yearly=charge.is_yearly if charge else False,
        days_to_block=info.days_to_block if info else None,
        payable_daily=payable.payable.daily if payable else None,
        payable_monthly=payable.payable.monthly if payable else None,
    )
