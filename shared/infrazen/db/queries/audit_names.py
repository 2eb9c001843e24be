"""What people call that which the audit log names by handles and ids."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import ResourceAnnotationRow, ResourceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedConnection:
    """A connection, removed ones too."""

    id: UUID
    handle: str
    display_name: str
    removed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedResource:
    """A resource, deleted ones too."""

    id: UUID
    type: str
    external_id: str
    name: str


def named_connections(
    session: Session, *, organization_id: UUID, handles: Collection[str], ids: Collection[UUID]
) -> list[NamedConnection]:
    """The organization's connections that have, or had, one of ``handles`` or ``ids``."""
    if not handles and not ids:
        return []
    row = CloudConnectionRow
    rows = session.execute(
        select(col(row.id), col(row.name), col(row.display_name), col(row.removed_at)).where(
            col(row.organization_id) == organization_id,
            or_(col(row.name).in_(handles), col(row.id).in_(ids)),
        )
    )
    return [
        NamedConnection(id=id_, handle=handle, display_name=display_name, removed_at=removed_at)
        for id_, handle, display_name, removed_at in rows
    ]


def named_resources(
    session: Session, *, organization_id: UUID, ids: Collection[UUID]
) -> list[NamedResource]:
    """The organization's resources among ``ids``."""
    return _resources(session, organization_id, col(ResourceRow.id).in_(ids)) if ids else []


def provided_resources(
    session: Session, *, organization_id: UUID, known_as: Collection[tuple[str, str]]
) -> list[NamedResource]:
    """The organization's resources whose type and external id are among ``known_as``."""
    if not known_as:
        return []
    row, connection = ResourceRow, CloudConnectionRow
    theirs = select(col(connection.id)).where(col(connection.organization_id) == organization_id)
    found = _resources(
        session,
        organization_id,
        col(row.connection_id).in_(theirs),
        col(row.type).in_({type_ for type_, _ in known_as}),
        col(row.external_id).in_({external_id for _, external_id in known_as}),
    )
    return [one for one in found if (one.type, one.external_id) in known_as]


def annotated_resource(
    session: Session, *, organization_id: UUID, annotation_id: UUID
) -> list[NamedResource]:
    """The resource that a note is about; none where there is no such note."""
    note = ResourceAnnotationRow
    about = select(col(note.resource_id)).where(col(note.id) == annotation_id)
    return _resources(session, organization_id, col(ResourceRow.id).in_(about))


def _resources(session: Session, organization_id: UUID, *conditions: Any) -> list[NamedResource]:
    row = ResourceRow
    rows = session.execute(
        select(col(row.id), col(row.type), col(row.external_id), col(row.name)).where(
            col(row.organization_id) == organization_id, *conditions
        )
    )
    return [
        NamedResource(id=id_, type=type_, external_id=external_id, name=name)
        for id_, type_, external_id, name in rows
    ]
