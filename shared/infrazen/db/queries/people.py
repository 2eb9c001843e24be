"""People and their places in organizations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from infrazen.db.queries.organizations import organization_of
from infrazen.db.tables.people import MembershipRow, OrganizationRow, UserRow
from infrazen.domain.people import Member, Membership, Person
from infrazen.domain.roles import Role


def anybody(session: Session) -> bool:
    """Whether there is any person at all."""
    return session.exec(select(UserRow.id).limit(1)).first() is not None


def person(session: Session, user_id: UUID) -> Person | None:
    """The person with this id."""
    row = session.get(UserRow, user_id)
    return None if row is None else _person(row)


def person_called(session: Session, email: str) -> Person | None:
    """The person with this (lower-case) e-mail address."""
    row = session.exec(select(UserRow).where(UserRow.email == email)).one_or_none()
    return None if row is None else _person(row)


def add_person(
    session: Session, *, email: str, name: str, password_hash: str | None, at: datetime
) -> UUID:
    """A new person without a place anywhere; returns the id."""
    row = UserRow(email=email, name=name, password_hash=password_hash, password_changed_at=at)
    session.add(row)
    session.flush()
    return row.id


def set_profile(
    session: Session, user_id: UUID, *, name: str | None = None, language: str | None = None
) -> None:
    """Change a person's name or language, whichever is not None."""
    row = session.get_one(UserRow, user_id)
    row.name = name or row.name
    row.language = language or row.language
    session.add(row)


def set_email(session: Session, user_id: UUID, *, email: str) -> None:
    """Give a person another (lower-case) address to sign in with; it must be free."""
    row = session.get_one(UserRow, user_id)
    row.email = email
    session.add(row)


def set_password(session: Session, user_id: UUID, *, password_hash: str, at: datetime) -> None:
    """Give a person another password."""
    row = session.get_one(UserRow, user_id)
    row.password_hash, row.password_changed_at = password_hash, at
    session.add(row)


def rehash_password(session: Session, user_id: UUID, *, old: str, new: str) -> None:
    """Keep the same password under better parameters, unless it changed meanwhile."""
    row = session.get_one(UserRow, user_id)
    if row.password_hash == old:
        row.password_hash = new
        session.add(row)


def set_disabled(session: Session, user_id: UUID, *, disabled: bool) -> None:
    """Close or open a person's account."""
    row = session.get_one(UserRow, user_id)
    row.is_disabled = disabled
    session.add(row)


def saw_sign_in(session: Session, user_id: UUID, *, at: datetime) -> None:
    """Remember when a person last signed in."""
    row = session.get_one(UserRow, user_id)
    row.last_sign_in_at = at
    session.add(row)


def delete_person(session: Session, user_id: UUID) -> None:
    """Forget a person with all sign-ins and tokens."""
    session.exec(delete(UserRow).where(col(UserRow.id) == user_id))


def memberships(session: Session, user_id: UUID) -> list[Membership]:
    """The organizations of a person, oldest place first."""
    rows = session.exec(
        select(MembershipRow, OrganizationRow)
        .join(OrganizationRow, col(OrganizationRow.id) == MembershipRow.organization_id)
        .where(MembershipRow.user_id == user_id)
        .order_by(col(MembershipRow.created_at), col(OrganizationRow.slug))
    )
    return [
        Membership(organization=organization_of(owner), role=place.role) for place, owner in rows
    ]


def members(session: Session, organization_id: UUID) -> list[Member]:
    """Everybody in an organization, by name."""
    rows = session.exec(
        _members()
        .where(MembershipRow.organization_id == organization_id)
        .order_by(func.lower(UserRow.name), col(UserRow.email))
    )
    return [_member(place, who) for place, who in rows]


def member(session: Session, organization_id: UUID, user_id: UUID) -> Member | None:
    """One person's place in an organization."""
    found = session.exec(
        _members().where(
            MembershipRow.organization_id == organization_id, MembershipRow.user_id == user_id
        )
    ).one_or_none()
    return None if found is None else _member(*found)


def add_member(session: Session, organization_id: UUID, user_id: UUID, role: Role) -> None:
    """Give a person a place in an organization."""
    session.add(MembershipRow(organization_id=organization_id, user_id=user_id, role=role))
    session.flush()


def set_role(session: Session, organization_id: UUID, user_id: UUID, role: Role) -> None:
    """Change what a person is in an organization."""
    row = session.get_one(MembershipRow, (organization_id, user_id))
    row.role = role
    session.add(row)


def remove_member(session: Session, organization_id: UUID, user_id: UUID) -> None:
    """Take a person's place in an organization away."""
    session.exec(
        delete(MembershipRow).where(
            col(MembershipRow.organization_id) == organization_id,
            col(MembershipRow.user_id) == user_id,
        )
    )


def enabled_owners(session: Session, organization_id: UUID) -> int:
    """How many owners of an organization can sign in."""
    return session.exec(
        select(func.count())
        .select_from(MembershipRow)
        .join(UserRow, col(UserRow.id) == MembershipRow.user_id)
        .where(
            MembershipRow.organization_id == organization_id,
            MembershipRow.role == Role.OWNER,
            col(UserRow.is_disabled).is_(False),
        )
    ).one()


def belongs_elsewhere(session: Session, user_id: UUID, organization_id: UUID) -> bool:
    """Whether a person has a place outside this organization and its clients."""
    outside = (
        select(MembershipRow.user_id)
        .join(OrganizationRow, col(OrganizationRow.id) == MembershipRow.organization_id)
        .where(
            MembershipRow.user_id == user_id,
            MembershipRow.organization_id != organization_id,
            col(OrganizationRow.parent_id).is_distinct_from(organization_id),
        )
    )
    return session.exec(outside.limit(1)).first() is not None


def _members() -> Any:
    return select(MembershipRow, UserRow).join(UserRow, col(UserRow.id) == MembershipRow.user_id)


def _person(row: UserRow) -> Person:
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        is_disabled=row.is_disabled,
        password_hash=row.password_hash,
    )


def _member(place: MembershipRow, who: UserRow) -> Member:
    return Member(
        user_id=who.id,
        email=who.email,
        name=who.name,
        role=place.role,
        is_disabled=who.is_disabled,
        since=place.created_at,
        last_sign_in_at=who.last_sign_in_at,
    )
