"""Rows that tests need before they can begin."""

from uuid import UUID

from sqlmodel import Session

from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.people import OrganizationRow


def add_organization(session: Session, slug: str, *, parent_id: UUID | None = None) -> UUID:
    """An organization called like its slug; returns its id."""
    row = OrganizationRow(name=slug.title(), slug=slug, parent_id=parent_id)
    session.add(row)
    session.flush()
    return row.id


def add_connection(session: Session, organization_id: UUID, name: str) -> UUID:
    """A Beget connection without secrets; returns its id."""
    row = CloudConnectionRow(
        organization_id=organization_id,
        name=name,
        display_name=name.title(),
        provider="beget",
        credentials={},
        settings={},
    )
    session.add(row)
    session.flush()
    return row.id
