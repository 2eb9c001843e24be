"""The published demo, and the browsers that look at it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from infrazen.db.queries import instance, organizations
from infrazen.db.tables.people import DemoVisitRow
from infrazen.domain.people import Organization, OrganizationKind

_PUBLISHED = "demo_organization"


def published(session: Session) -> Organization | None:
    """The demo that visitors see, if there is one and it still exists."""
    kept = instance.fact(session, _PUBLISHED)
    return None if kept is None else demo(session, UUID(kept))


def publish(session: Session, organization_id: UUID) -> None:
    """Let visitors see this organization."""
    instance.put(session, _PUBLISHED, str(organization_id))


def demo(session: Session, organization_id: UUID) -> Organization | None:
    """The organization with this id, if it was made as a demo."""
    found = organizations.organization(session, organization_id)
    return found if found is not None and found.kind is OrganizationKind.DEMO else None


def add_visit(
    session: Session, *, digest: str, key: str, at: datetime, expires_at: datetime
) -> None:
    """A browser that was let in; ``key`` says from which network."""
    session.add(DemoVisitRow(digest=digest, key=key, created_at=at, expires_at=expires_at))


def visit_end(session: Session, digest: str, *, now: datetime) -> datetime | None:
    """When the visit of this browser ends; None where it has, or there is none."""
    return session.exec(
        select(DemoVisitRow.expires_at).where(
            DemoVisitRow.digest == digest, DemoVisitRow.expires_at > now
        )
    ).one_or_none()


def end_visit(session: Session, digest: str) -> None:
    """Forget one browser."""
    session.exec(delete(DemoVisitRow).where(col(DemoVisitRow.digest) == digest))


def drop_ended_visits(session: Session, *, now: datetime) -> None:
    """Forget the browsers whose time is over."""
    session.exec(delete(DemoVisitRow).where(col(DemoVisitRow.expires_at) <= now))


def nth_latest_visit(session: Session, key: str, number: int) -> datetime | None:
    """When the ``number``-th latest visit from ``key`` that is known began."""
    return session.exec(
        select(DemoVisitRow.created_at)
        .where(DemoVisitRow.key == key)
        .order_by(col(DemoVisitRow.created_at).desc())
        .offset(number - 1)
        .limit(1)
    ).one_or_none()


def visits(session: Session) -> int:
    """How many browsers are known."""
    return session.exec(select(func.count()).select_from(DemoVisitRow)).one()
