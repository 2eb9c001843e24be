"""What people say of resources in the provider's place: now, before, and what it moves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlmodel import Session, col

from infrazen.db.columns import new_id
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import ResourceOverrideRow, ResourceRow
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.money import from_micro
from infrazen.domain.overrides import ManualPrice, OverrideField, Overrides, Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One thing that a person said of a resource, when, why, and until when it held.

    Of ``name`` and ``price`` one is set; ``ended_at`` is None while it holds.
    """

    id: UUID
    field: OverrideField
    name: str | None
    price: ManualPrice | None
    reason: str
    author: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str


def hold(session: Session, connection_id: UUID) -> None:
    """Let nobody else write a connection's resources or overrides until this transaction ends.

    A sync and a person would else overwrite what the other has just written.
    """
    session.execute(
        select(col(CloudConnectionRow.id))
        .where(col(CloudConnectionRow.id) == connection_id)
        .with_for_update(key_share=True)
    )


def of_connection(session: Session, connection_id: UUID) -> dict[UUID, Overrides]:
    """What holds of each resource of a connection, of those of which anything does."""
    return _current(session, col(ResourceOverrideRow.connection_id) == connection_id)


def of_resource(session: Session, resource_id: UUID) -> Overrides:
    """What holds of one resource."""
    found = _current(session, col(ResourceOverrideRow.resource_id) == resource_id)
    return found.get(resource_id, Overrides())


def _current(session: Session, whose: Any) -> dict[UUID, Overrides]:
    rows = session.execute(
        select(
            col(ResourceOverrideRow.resource_id),
            col(ResourceOverrideRow.field),
            col(ResourceOverrideRow.value),
        ).where(whose, col(ResourceOverrideRow.ended_at).is_(None))
    )
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for resource_id, field, value in rows:
        found[resource_id][field.value] = _value(field, value)
    return {resource_id: Overrides(**values) for resource_id, values in found.items()}


def history(session: Session, resource_id: UUID) -> list[Override]:
    """All that people ever said of a resource, latest first."""
    rows = session.scalars(
        select(ResourceOverrideRow)
        .where(col(ResourceOverrideRow.resource_id) == resource_id)
        .order_by(col(ResourceOverrideRow.created_at).desc(), col(ResourceOverrideRow.id))
    )
    return [_override(row) for row in rows]


def _override(row: ResourceOverrideRow) -> Override:
    value = _value(row.field, row.value)
    return Override(
        id=row.id,
        field=row.field,
        name=value if isinstance(value, str) else None,
        price=value if isinstance(value, ManualPrice) else None,
        reason=row.reason,
        author=row.author,
        created_at=row.created_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def _value(field: OverrideField, value: dict[str, Any]) -> str | ManualPrice:
    if field is OverrideField.NAME:
        return str(value["name"])
    return msgspec.convert(value, ManualPrice, strict=False)


def put(
    session: Session,
    *,
    organization_id: UUID,
    connection_id: UUID,
    resource_id: UUID,
    value: str | ManualPrice,
    reason: str,
    author_id: UUID | None,
    author: str,
    at: datetime,
) -> None:
    """Say something of a resource in the place of what was said before."""
    field = OverrideField.NAME if isinstance(value, str) else OverrideField.PRICE
    end(session, resource_id, field=field, at=at, by=author)
    session.add(
        ResourceOverrideRow(
            id=new_id(),
            created_at=at,
            organization_id=organization_id,
            connection_id=connection_id,
            resource_id=resource_id,
            field=field,
            value={"name": value} if isinstance(value, str) else msgspec.to_builtins(value),
            reason=reason,
            author_id=author_id,
            author=author,
        )
    )
    session.flush()


def end(
    session: Session, resource_id: UUID, *, field: OverrideField, at: datetime, by: str
) -> None:
    """Let the provider's word count again."""
    session.execute(
        update(ResourceOverrideRow)
        .where(
            col(ResourceOverrideRow.resource_id) == resource_id,
            col(ResourceOverrideRow.field) == field,
            col(ResourceOverrideRow.ended_at).is_(None),
        )
        .values(ended_at=at, ended_by=by)
    )


def corrections(session: Session, connection_id: UUID) -> dict[str, Rate]:
    """By how much manual prices raise what is inside the account's rate, by currency."""
    rows = session.execute(
        select(
            col(ResourceRow.currency),
            col(ResourceRow.daily_cost),
            col(ResourceRow.monthly_cost),
            col(ResourceRow.stated),
        )
        .join(ResourceOverrideRow, col(ResourceOverrideRow.resource_id) == col(ResourceRow.id))
        .where(
            col(ResourceOverrideRow.connection_id) == connection_id,
            col(ResourceOverrideRow.field) == OverrideField.PRICE,
            col(ResourceOverrideRow.ended_at).is_(None),
            col(ResourceRow.is_active),
            col(ResourceRow.in_account_rate),
        )
    )
    return _added(
        (currency, Rate(a_day, a_month), known) for currency, a_day, a_month, known in rows
    )


def _added(found: Iterable[tuple[str, Rate, dict[str, Any]]]) -> dict[str, Rate]:
    moved: dict[str, Rate] = {}
    for currency, shown, document in found:
        provided = stated_of(document).price
        if provided is not None:
            was = Rate(from_micro(provided.daily_micro), from_micro(provided.monthly_micro))
            moved[currency] = moved.get(currency, ZERO_RATE) + shown - was
    return moved


def stated_of(document: dict[str, Any]) -> Stated:
    """What the provider says, from what is stored of it."""
    return msgspec.convert(document, Stated, strict=False)
