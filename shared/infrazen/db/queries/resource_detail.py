"""One resource with all that hangs on it, and what people write on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from infrazen.db.columns import new_id
from infrazen.db.queries import inventory, resource_totals
from infrazen.db.tables.resources import (
    ResourceAnnotationRow,
    ResourceComponentRow,
    ResourceMetricRow,
    ResourceRow,
    ResourceTagRow,
    ResourceUsageSummaryRow,
)
from infrazen.db.upsert import insert_or_replace
from infrazen.domain.money import CostSource, Period
from infrazen.domain.overrides import Stated
from infrazen.domain.resources import MetricPoint, ResourceStatus, ServiceCategory
from infrazen.domain.usage import Tier, UsageSummary
from infrazen.errors import NotFound

USER_TAG = "user"
BUSINESS_FIELDS = (
    "business_unit",
    "project",
    "feature_tag",
    "cost_center",
    "environment",
    "owner",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource as stored; money per day and month in ``currency``, times UTC.

    Name and money are what people say where they do; ``original_cost`` per ``cost_period``
    is what was stated of it, and ``provided`` what the provider says.
    """

    id: UUID
    connection_id: UUID
    provider: str
    external_id: str
    type: str
    name: str
    service: str
    category: ServiceCategory
    region: str
    zone: str
    sub_account: str
    status: ResourceStatus
    provider_status: str
    is_active: bool
    pricing_model: str
    currency: str | None
    original_cost: Decimal | None
    cost_period: Period | None
    cost_source: CostSource | None
    daily_cost: Decimal | None
    monthly_cost: Decimal | None
    in_account_rate: bool
    sku: str | None
    business_unit: str | None
    project: str | None
    feature_tag: str | None
    cost_center: str | None
    environment: str | None
    owner: str | None
    provider_config: dict[str, Any]
    provider_created_at: datetime | None
    first_seen_at: datetime
    changed_at: datetime
    deleted_at: datetime | None
    listing: str
    provided: Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag; ``source`` is ``provider`` or ``user``."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Something inside a resource or an account."""

    kind: str
    name: str
    version: str | None
    status: str | None
    address: str | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A note that a person left; ``author_id`` is None where they have no account any more."""

    id: UUID
    author_id: UUID | None
    author: str
    text: str
    created_at: datetime


def get(session: Session, *, organization_id: UUID, resource_id: UUID) -> Resource:
    """One resource of the organization, or ``NotFound``."""
    row = _row(session, organization_id, resource_id)
    stored = [one.name for one in fields(Resource) if one.name != "provided"]
    return Resource(
        **{name: getattr(row, name) for name in stored}, provided=inventory.provided(row)
    )


def tags(session: Session, resource_id: UUID) -> list[Tag]:
    """A resource's tags by key; where provider and user both set one, the user's."""
    rows = session.scalars(
        select(ResourceTagRow)
        .where(col(ResourceTagRow.resource_id) == resource_id)
        .order_by(col(ResourceTagRow.key), col(ResourceTagRow.source))
    )
    found = {row.key: Tag(key=row.key, value=row.value, source=row.source) for row in rows}
    return list(found.values())


def components(session: Session, resource_id: UUID) -> list[Component]:
    """What is inside a resource, by kind and name."""
    return _components(session, col(ResourceComponentRow.resource_id) == resource_id)


def account_components(session: Session, connection_id: UUID) -> list[Component]:
    """What belongs to an account but to none of its resources."""
    return _components(
        session,
        col(ResourceComponentRow.connection_id) == connection_id,
        col(ResourceComponentRow.resource_id).is_(None),
    )


def _components(session: Session, *conditions: Any) -> list[Component]:
    rows = session.scalars(
        select(ResourceComponentRow)
        .where(*conditions)
        .order_by(col(ResourceComponentRow.kind), col(ResourceComponentRow.name))
    )
    return [
        Component(**{one.name: getattr(row, one.name) for one in fields(Component)}) for row in rows
    ]


def usage(session: Session, resource_id: UUID) -> list[UsageSummary]:
    """The usage summaries of a resource, by metric."""
    rows = session.scalars(
        select(ResourceUsageSummaryRow)
        .where(col(ResourceUsageSummaryRow.resource_id) == resource_id)
        .order_by(col(ResourceUsageSummaryRow.metric))
    )
    return [usage_summary(row) for row in rows]


def usage_summary(row: ResourceUsageSummaryRow) -> UsageSummary:
    """A stored summary as a value."""
    values = {one.name: getattr(row, one.name) for one in fields(UsageSummary)}
    return UsageSummary(**{**values, "tier": Tier(row.tier)})


def readings(
    session: Session,
    *,
    resource_id: UUID,
    metric: str,
    since: datetime,
    until: datetime,
    after: datetime | None = None,
    limit: int | None = None,
) -> list[MetricPoint]:
    """A metric's readings in ``since <= at < until``, oldest first; ``after`` goes on."""
    at = col(ResourceMetricRow.at)
    statement = (
        select(at, col(ResourceMetricRow.value))
        .where(
            col(ResourceMetricRow.resource_id) == resource_id,
            col(ResourceMetricRow.metric) == metric,
            at >= since,
            at < until,
        )
        .order_by(at)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(at > after)
    return [MetricPoint(moment, value) for moment, value in session.execute(statement)]


def annotations(session: Session, resource_id: UUID) -> list[Annotation]:
    """The notes on a resource, latest first."""
    rows = session.scalars(
        select(ResourceAnnotationRow)
        .where(col(ResourceAnnotationRow.resource_id) == resource_id)
        .order_by(col(ResourceAnnotationRow.created_at).desc(), col(ResourceAnnotationRow.id))
    )
    return [
        Annotation(
            id=row.id,
            author_id=row.author_id,
            author=row.author,
            text=row.text,
            created_at=row.created_at,
        )
        for row in rows
    ]


def annotate(
    session: Session,
    *,
    organization_id: UUID,
    resource_id: UUID,
    author_id: UUID | None,
    author: str,
    text: str,
) -> UUID:
    """Leave a note on a resource of the organization and return its id."""
    _row(session, organization_id, resource_id)
    note = ResourceAnnotationRow(
        id=new_id(),
        organization_id=organization_id,
        resource_id=resource_id,
        author_id=author_id,
        author=author,
        text=text,
    )
    session.add(note)
    return note.id


def remove_annotation(
    session: Session, *, organization_id: UUID, annotation_id: UUID
) -> UUID | None:
    """Take a note away and return whose it was; ``NotFound`` where there is none.

    None where nobody with an account left it, or nobody who still has one.
    """
    note = session.get(ResourceAnnotationRow, annotation_id)
    if note is None or note.organization_id != organization_id:
        raise NotFound("no such note in this organization")
    session.delete(note)
    return note.author_id


def set_business_context(
    session: Session,
    *,
    organization_id: UUID,
    resource_ids: list[UUID],
    values: Mapping[str, str | None],
) -> None:
    """Write business fields (``BUSINESS_FIELDS``) of resources, or ``NotFound``."""
    _check_all(session, organization_id, resource_ids)
    written = {name: values[name] or None for name in BUSINESS_FIELDS if name in values}
    if written:
        held = resource_totals.hold(session, resource_ids)
        session.execute(
            update(ResourceRow).where(col(ResourceRow.id).in_(resource_ids)).values(written)
        )
        for connection_id in held:
            resource_totals.refresh(session, connection_id)


def set_user_tags(
    session: Session,
    *,
    organization_id: UUID,
    resource_ids: list[UUID],
    put: Mapping[str, str],
    remove: list[str],
) -> None:
    """Write and take away tags that people set; a provider's own tags stay."""
    _check_all(session, organization_id, resource_ids)
    session.execute(
        delete(ResourceTagRow).where(
            col(ResourceTagRow.resource_id).in_(resource_ids),
            col(ResourceTagRow.source) == USER_TAG,
            col(ResourceTagRow.key).in_(remove),
        )
    )
    rows = [
        {
            "organization_id": organization_id,
            "resource_id": resource_id,
            "key": key,
            "source": USER_TAG,
            "value": value,
        }
        for resource_id in resource_ids
        for key, value in put.items()
    ]
    insert_or_replace(session, ResourceTagRow, rows)


def _check_all(session: Session, organization_id: UUID, resource_ids: Sequence[UUID]) -> None:
    """Raise ``NotFound`` unless each is a resource of the organization."""
    found = session.scalar(
        select(func.count()).where(
            col(ResourceRow.organization_id) == organization_id,
            col(ResourceRow.id).in_(resource_ids),
        )
    )
    if found != len(set(resource_ids)):
        raise NotFound("no such resource in this organization")


def _row(session: Session, organization_id: UUID, resource_id: UUID) -> ResourceRow:
    row = session.get(ResourceRow, resource_id)
    if row is None or row.organization_id != organization_id:
        raise NotFound("no such resource in this organization")
    return row
