"""Organizations."""

from uuid import UUID

from sqlmodel import Session, col, select

from infrazen.db.tables.people import OrganizationRow
from infrazen.domain.people import Organization, OrganizationKind


def organization(session: Session, organization_id: UUID) -> Organization | None:
    """The organization with this id."""
    row = session.get(OrganizationRow, organization_id)
    return None if row is None else organization_of(row)


def by_slug(session: Session, slug: str) -> Organization | None:
    """The organization called ``slug``."""
    row = session.exec(select(OrganizationRow).where(OrganizationRow.slug == slug)).one_or_none()
    return None if row is None else organization_of(row)


def all_organizations(
    session: Session,
    *,
    kind: OrganizationKind = OrganizationKind.REGULAR,
    limit: int | None = None,
) -> list[Organization]:
    """Every organization of ``kind``, by slug: a demo is never taken for somebody's own."""
    statement = (
        select(OrganizationRow)
        .where(OrganizationRow.kind == kind)
        .order_by(col(OrganizationRow.slug))
        .limit(limit)
    )
    return [organization_of(row) for row in session.exec(statement)]


def add(
    session: Session,
    *,
    name: str,
    slug: str,
    kind: OrganizationKind = OrganizationKind.REGULAR,
) -> Organization:
    """A new organization; the slug must be free."""
    row = OrganizationRow(name=name, slug=slug, kind=kind)
    session.add(row)
    session.flush()
    return organization_of(row)


def change(
    session: Session,
    organization_id: UUID,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    currency: str | None = None,
) -> None:
    """Change what is not None."""
    row = session.get_one(OrganizationRow, organization_id)
    row.name = name or row.name
    row.time_zone = time_zone or row.time_zone
    row.currency = currency or row.currency
    session.add(row)


def lock(session: Session, organization_id: UUID) -> None:
    """Let nobody else change this organization's people until the transaction ends."""
    statement = select(OrganizationRow.id).where(OrganizationRow.id == organization_id)
    session.exec(statement.with_for_update()).one()


def organization_of(row: OrganizationRow) -> Organization:
    """``row`` as the rest of InfraZen sees it."""
    return Organization(
        id=row.id,
        name=row.name,
        slug=row.slug,
        time_zone=row.time_zone,
        currency=row.currency,
        parent_id=row.parent_id,
        kind=row.kind,
    )
