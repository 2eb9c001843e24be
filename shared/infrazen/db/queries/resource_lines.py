"""Rows of the resource table, read by their ids."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from infrazen.db.queries.overrides import stated_of
from infrazen.db.queries.resource_detail import USER_TAG
from infrazen.db.queries.scope import chunks
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import ResourceRow, ResourceTagRow
from infrazen.domain.money import CostSource
from infrazen.domain.overrides import Stated
from infrazen.domain.resources import ResourceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLine:
    """A row of the table. Costs are per day and per month as stated, in ``currency``.

    ``in_account_rate`` says that the account's own charge contains the cost already.
    ``stated`` is what the provider says where people say otherwise of name or price.
    ``last_seen_at`` is the last good sync of its connection, or when it was found gone.
    """

    id: UUID
    connection_id: UUID
    connection: str
    provider: str
    external_id: str
    type: str
    name: str
    service: str
    region: str
    status: ResourceStatus
    daily_cost: Decimal | None
    monthly_cost: Decimal | None
    currency: str | None
    cost_source: CostSource | None
    environment: str | None
    owner: str | None
    changed_at: datetime
    is_active: bool
    in_account_rate: bool
    stated: Stated | None
    zone: str
    project: str | None
    business_unit: str | None
    feature_tag: str | None
    cost_center: str | None
    provider_created_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime | None


def lines(session: Session, ids: Sequence[UUID]) -> list[ResourceLine]:
    """The rows with ``ids``, in their order."""
    rows = session.execute(
        select(
            col(ResourceRow.id),
            col(ResourceRow.connection_id),
            col(CloudConnectionRow.display_name),
            col(ResourceRow.provider),
            col(ResourceRow.external_id),
            col(ResourceRow.type),
            col(ResourceRow.name),
            col(ResourceRow.service),
            col(ResourceRow.region),
            col(ResourceRow.status),
            col(ResourceRow.daily_cost),
            col(ResourceRow.monthly_cost),
            col(ResourceRow.currency),
            col(ResourceRow.cost_source),
            col(ResourceRow.environment),
            col(ResourceRow.owner),
            col(ResourceRow.changed_at),
            col(ResourceRow.is_active),
            col(ResourceRow.in_account_rate),
            col(ResourceRow.stated),
            col(ResourceRow.zone),
            col(ResourceRow.project),
            col(ResourceRow.business_unit),
            col(ResourceRow.feature_tag),
            col(ResourceRow.cost_center),
            col(ResourceRow.provider_created_at),
            col(ResourceRow.first_seen_at),
            func.coalesce(col(ResourceRow.deleted_at), col(CloudConnectionRow.last_success_at)),
        )
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == col(ResourceRow.connection_id))
        .where(col(ResourceRow.id).in_(ids))
    )
    names = [one.name for one in fields(ResourceLine)]
    known = {row[0]: _line(dict(zip(names, row, strict=True))) for row in rows}
    return [known[id_] for id_ in ids if id_ in known]


def _line(values: dict[str, Any]) -> ResourceLine:
    document = values.pop("stated")
    return ResourceLine(**values, stated=None if document is None else stated_of(document))


def tags_of(
    session: Session, ids: Sequence[UUID], keys: Sequence[str]
) -> dict[UUID, dict[str, str]]:
    """The values of the tags ``keys`` on the resources with ``ids``; people's word wins."""
    found: dict[UUID, dict[str, str]] = {}
    if not keys:
        return found
    for some in chunks(ids):
        rows = session.execute(
            select(
                col(ResourceTagRow.resource_id), col(ResourceTagRow.key), col(ResourceTagRow.value)
            )
            .where(col(ResourceTagRow.resource_id).in_(some), col(ResourceTagRow.key).in_(keys))
            .order_by(col(ResourceTagRow.source) == USER_TAG)
        )
        for id_, key, value in rows:
            found.setdefault(id_, {})[key] = value
    return found
