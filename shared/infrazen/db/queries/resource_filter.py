"""Which resources are meant: a filter as the screens have it, and as a statement."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import col

from infrazen.db.queries.resource_totals import WRITTEN
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import ResourceRow, ResourceTagRow, ResourceTotalRow
from infrazen.db.words import Contains
from infrazen.domain.resources import ResourceStatus


class Presence(StrEnum):
    """Whether deleted resources are meant."""

    ACTIVE = "active"
    DELETED = "deleted"
    ALL = "all"


class SortKey(StrEnum):
    """What the table can be sorted by."""

    COST = "cost"
    NAME = "name"
    TYPE = "type"
    STATUS = "status"
    REGION = "region"
    SERVICE = "service"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFilter:
    """Which resources; empty means any. ``tags`` are key → value, an empty value any.

    An empty text among owners, environments and projects means that nobody wrote one.
    """

    text: str = ""
    connections: tuple[UUID, ...] = ()
    providers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[ResourceStatus, ...] = ()
    regions: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    presence: Presence = Presence.ACTIVE

    @property
    def needs_rows(self) -> bool:
        """Whether it asks for texts or tags, which totals do not know."""
        return bool(self.text.split() or self.tags)


def found(
    organization_id: UUID,
    wanted: ResourceFilter,
    *columns: Any,
    row: type[ResourceRow] | type[ResourceTotalRow] = ResourceRow,
) -> Select[Any]:
    """``columns`` of what ``wanted`` finds."""
    statement = select(*columns).where(
        col(row.organization_id) == organization_id,
        *_facts(organization_id, wanted, row),
        *_texts(wanted),
    )
    return _tagged(statement, organization_id, wanted.tags) if wanted.tags else statement


def _facts(
    organization_id: UUID,
    wanted: ResourceFilter,
    row: type[ResourceRow] | type[ResourceTotalRow],
) -> Iterator[ColumnElement[bool]]:
    match wanted.presence:
        case Presence.ACTIVE:
            yield col(row.is_active).is_(True)
        case Presence.DELETED:
            yield col(row.is_active).is_(False)
        case Presence.ALL:
            yield col(row.is_active).in_([True, False])
    choices: list[tuple[Any, Sequence[Any]]] = [
        (row.connection_id, wanted.connections),
        (row.type, wanted.types),
        (row.service, wanted.services),
        (row.status, wanted.statuses),
        (row.region, wanted.regions),
    ]
    yield from (col(column).in_(values) for column, values in choices if values)
    written = zip(WRITTEN, (wanted.owners, wanted.environments, wanted.projects), strict=True)
    yield from (_says(row, name, values) for name, values in written if values)
    if wanted.providers:
        theirs = select(col(CloudConnectionRow.id)).where(
            col(CloudConnectionRow.organization_id) == organization_id,
            col(CloudConnectionRow.provider).in_(wanted.providers),
        )
        yield col(row.connection_id).in_(theirs)


def _says(
    row: type[ResourceRow] | type[ResourceTotalRow], name: str, values: Sequence[str]
) -> ColumnElement[bool]:
    """Whether one of ``values`` is written there; totals have an empty text for nothing."""
    column = col(getattr(row, name))
    if row is ResourceTotalRow or "" not in values:
        return column.in_(values)
    return or_(column.in_(values), column.is_(None))


def _texts(wanted: ResourceFilter) -> Iterator[ColumnElement[bool]]:
    for word in wanted.text.lower().split():
        yield Contains(col(ResourceRow.search), word)


def _tagged(statement: Select[Any], organization_id: UUID, tags: Mapping[str, str]) -> Select[Any]:
    """``statement`` about the resources that have all of ``tags``.

    It begins with those that have the first one: each is then found by its id, which takes a
    third of the time of asking every resource whether it is among them.
    """
    (first, value), *others = tags.items()
    ids = (
        select(col(ResourceTagRow.resource_id))
        .distinct()
        .where(*_tag(organization_id, first, value))
    )
    these = ids.subquery("tagged")
    statement = statement.select_from(ResourceRow).join(
        these, these.c.resource_id == col(ResourceRow.id)
    )
    for key, value in others:
        more = select(col(ResourceTagRow.resource_id)).where(*_tag(organization_id, key, value))
        statement = statement.where(col(ResourceRow.id).in_(more))
    return statement


def _tag(organization_id: UUID, key: str, value: str) -> list[ColumnElement[bool]]:
    conditions = [
        col(ResourceTagRow.organization_id) == organization_id,
        col(ResourceTagRow.key) == key,
    ]
    if value:
        conditions.append(col(ResourceTagRow.value) == value)
    return conditions
