"""What a sync reads and writes of components: software, sites, mailboxes."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.scope import Scope, chunks, resource_id
from infrazen.db.tables.resources import ResourceComponentRow
from infrazen.domain.resources import SeenComponent


def component_id(connection_id: UUID, component: SeenComponent) -> UUID:
    """The id that follows from everything a component says."""
    facts = repr(
        (
            component.listing,
            component.resource,
            component.kind,
            component.name,
            component.version,
            component.status,
            component.address,
            sorted(component.details.items()),
        )
    )
    return resource_id(connection_id, facts)


def component_ids(
    session: Session, scope: Scope, listings: Iterable[str], *, besides: AbstractSet[UUID]
) -> set[UUID]:
    """Ids of the stored components that ``listings`` told of, but for resources ``besides``.

    Those are left out here and not in the statement: there may be more than one has places for.
    """
    row = ResourceComponentRow
    rows = session.execute(
        select(col(row.id), col(row.resource_id)).where(
            col(row.connection_id) == scope.connection_id, col(row.listing).in_(list(listings))
        )
    )
    return {id_ for id_, resource in rows if resource not in besides}


def component_details(
    session: Session, *, organization_id: UUID, kinds: Iterable[str]
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    """What is known of the organization's accounts' components of these kinds, by connection."""
    row = ResourceComponentRow
    rows = session.execute(
        select(col(row.connection_id), col(row.details)).where(
            col(row.organization_id) == organization_id,
            col(row.resource_id).is_(None),
            col(row.kind).in_(list(kinds)),
        )
    )
    return ((connection_id, details) for connection_id, details in rows)


def known_components(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Those of ``ids`` that are stored, whichever listing told of them."""
    known: set[UUID] = set()
    for some in chunks(ids):
        statement = select(col(ResourceComponentRow.id)).where(
            col(ResourceComponentRow.id).in_(some)
        )
        known.update(session.scalars(statement))
    return known


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredComponent:
    """A component that is about to go, and whose it was."""

    resource_id: UUID | None
    name: str
    version: str | None


def remove_components(session: Session, ids: Iterable[UUID]) -> list[StoredComponent]:
    """Erase components and return what they were."""
    gone = []
    for some in chunks(ids):
        rows = session.execute(
            select(
                col(ResourceComponentRow.resource_id),
                col(ResourceComponentRow.name),
                col(ResourceComponentRow.version),
            ).where(col(ResourceComponentRow.id).in_(some))
        )
        gone += [StoredComponent(resource_id=r, name=n, version=v) for r, n, v in rows]
        session.execute(delete(ResourceComponentRow).where(col(ResourceComponentRow.id).in_(some)))
    return gone


def insert_components(
    session: Session, scope: Scope, components: Iterable[tuple[UUID, SeenComponent]]
) -> None:
    """Write components with their ids."""
    rows = (
        (
            id_,
            scope.id_of(seen.resource) if seen.resource else None,
            seen.listing,
            seen.kind,
            seen.name,
            seen.version,
            seen.status,
            seen.address,
            seen.details,
        )
        for id_, seen in components
    )
    columns = (
        "id",
        "resource_id",
        "listing",
        "kind",
        "name",
        "version",
        "status",
        "address",
        "details",
    )
    common = {
        "organization_id": scope.organization_id,
        "connection_id": scope.connection_id,
        "created_at": scope.now,
    }
    bulk.insert(session, ResourceComponentRow, columns, rows, constants=common)
