"""How many resources there are of each sort and what they cost, kept rather than counted.

A list of 100,000 takes 50 ms to count, its totals take one. Whoever writes resources
refreshes the totals of their connection in the same transaction, which holds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, insert, select
from sqlmodel import Session, col

from infrazen.db.columns import Micro
from infrazen.db.queries import overrides
from infrazen.db.queries.scope import chunks
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import ResourceRow, ResourceTotalRow
from infrazen.domain.money import to_micro

_SORTS = (
    "organization_id",
    "connection_id",
    "is_active",
    "type",
    "service",
    "status",
    "region",
    "in_account_rate",
)
WRITTEN = ("owner", "environment", "project")
"""What people write on resources and lists are filtered by."""


def hold(session: Session, resource_ids: Iterable[UUID]) -> list[UUID]:
    """The connections of these resources, which nobody else counts until this ends.

    To be called before any of the resources is written: a sync holds its connection too,
    and two that count at once would each leave out, or count twice, what the other did.
    """
    connections: set[UUID] = set()
    for some in chunks(resource_ids):
        connection = select(col(ResourceRow.connection_id)).distinct()
        connections.update(session.scalars(connection.where(col(ResourceRow.id).in_(some))))
    held = sorted(connections)
    for one in held:
        overrides.hold(session, one)
    return held


def refresh(session: Session, connection_id: UUID) -> None:
    """Count a connection's resources anew."""
    session.execute(
        delete(ResourceTotalRow).where(col(ResourceTotalRow.connection_id) == connection_id)
    )
    names = [*_SORTS, "currency", *WRITTEN, "resources", "daily_cost", "monthly_cost"]
    session.execute(insert(ResourceTotalRow).from_select(names, counted(connection_id)))


def counted(connection_id: UUID) -> Select[Any]:
    """A connection's resources of each sort: how many there are and what they cost."""
    sorts = [col(getattr(ResourceRow, name)) for name in _SORTS]
    maybe = [func.coalesce(col(getattr(ResourceRow, name)), "") for name in ("currency", *WRITTEN)]
    return (
        select(
            *sorts,
            *maybe,
            func.count(),
            func.coalesce(func.sum(col(ResourceRow.daily_cost), type_=Micro), 0),
            func.coalesce(func.sum(col(ResourceRow.monthly_cost), type_=Micro), 0),
        )
        .where(*_theirs(connection_id))
        .group_by(*sorts, *maybe)
    )


def _theirs(connection_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """A connection's resources, in the words of the list's index, which has all that is counted."""
    organization = (
        select(col(CloudConnectionRow.organization_id))
        .where(col(CloudConnectionRow.id) == connection_id)
        .scalar_subquery()
    )
    return (
        col(ResourceRow.organization_id) == organization,
        col(ResourceRow.is_active).in_([True, False]),
        col(ResourceRow.connection_id) == connection_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many active resources a connection has, by type and by status."""

    by_type: dict[str, int]
    by_status: dict[str, int]


def totals(session: Session, connection_id: UUID) -> Totals:
    """Count a connection's active resources."""
    rows = session.execute(
        select(
            col(ResourceTotalRow.type),
            col(ResourceTotalRow.status),
            col(ResourceTotalRow.resources),
        ).where(
            col(ResourceTotalRow.connection_id) == connection_id, col(ResourceTotalRow.is_active)
        )
    ).all()
    by_type: dict[str, int] = {}
    by_status: dict[str, int] = {}
    for type_, status, count in rows:
        by_type[type_] = by_type.get(type_, 0) + count
        by_status[status] = by_status.get(status, 0) + count
    return Totals(by_type=by_type, by_status=by_status)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSum:
    """What the active resources of one kind of pricing come to, in millionths."""

    currency: str
    in_account_rate: bool
    daily_micro: int
    monthly_micro: int


def price_sums(session: Session, connection_id: UUID) -> list[PriceSum]:
    """Sum a connection's active prices by currency, inside and beside the account rate."""
    kinds = (col(ResourceTotalRow.currency), col(ResourceTotalRow.in_account_rate))
    rows = session.execute(
        select(
            *kinds,
            func.sum(col(ResourceTotalRow.daily_cost), type_=Micro),
            func.sum(col(ResourceTotalRow.monthly_cost), type_=Micro),
        )
        .where(
            col(ResourceTotalRow.connection_id) == connection_id,
            col(ResourceTotalRow.is_active),
            col(ResourceTotalRow.currency) != "",
        )
        .group_by(*kinds)
    ).all()
    return [
        PriceSum(
            currency=currency,
            in_account_rate=inside,
            daily_micro=to_micro(a_day),
            monthly_micro=to_micro(a_month),
        )
        for currency, inside, a_day, a_month in rows
    ]
