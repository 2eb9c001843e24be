"""Sign-ins and API tokens, known by the digests of their secrets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from infrazen.db.tables.people import (
    ApiTokenRow,
    AuthSessionRow,
    MembershipRow,
    OrganizationRow,
    UserRow,
)
from infrazen.domain.people import ApiToken, SignIn
from infrazen.domain.roles import Permission, Role

_ID_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who stands behind a valid session or token right now, and in which organization."""

    user_id: UUID
    email: str
    name: str
    language: str
    role: Role
    organization_id: UUID
    organization_name: str
    organization_slug: str
    time_zone: str
    currency: str
    expires_at: datetime
    seen_at: datetime | None
    token_name: str = ""
    scopes: frozenset[Permission] | None = None


def add_session(
    session: Session,
    *,
    digest: str,
    user_id: UUID,
    organization_id: UUID,
    at: datetime,
    expires_at: datetime,
    address: str,
    agent: str,
) -> None:
    """A new sign-in."""
    session.add(
        AuthSessionRow(
            digest=digest,
            user_id=user_id,
            organization_id=organization_id,
            created_at=at,
            seen_at=at,
            expires_at=expires_at,
            address=address,
            agent=agent,
        )
    )


def session_holder(session: Session, digest: str, *, now: datetime) -> Holder | None:
    """Who is signed in by ``digest``; None where it ended or its person or place is gone."""
    return _holder(session, _SESSION_HOLDER, digest, now)


def touch_session(session: Session, digest: str, *, at: datetime) -> None:
    """Remember that a sign-in was used."""
    _set(session, AuthSessionRow, col(AuthSessionRow.digest) == digest, seen_at=at)


def move_session(session: Session, digest: str, *, user_id: UUID, organization_id: UUID) -> bool:
    """Let a person's sign-in act in another organization; False where there is none."""
    row = session.get(AuthSessionRow, digest)
    if row is None or row.user_id != user_id:
        return False
    row.organization_id = organization_id
    session.add(row)
    return True


def end_session(session: Session, digest: str) -> None:
    """End one sign-in."""
    session.exec(delete(AuthSessionRow).where(col(AuthSessionRow.digest) == digest))


def end_session_called(session: Session, user_id: UUID, sign_in_id: str) -> bool:
    """End a person's sign-in by the id that ``sign_ins`` shows; False where there is none."""
    rows = session.exec(select(AuthSessionRow).where(AuthSessionRow.user_id == user_id)).all()
    row = next((row for row in rows if row.digest[:_ID_LENGTH] == sign_in_id), None)
    if row is None:
        return False
    session.delete(row)
    return True


def end_sessions(
    session: Session,
    user_id: UUID,
    *,
    except_digest: str = "",
    organization_id: UUID | None = None,
) -> None:
    """End all sign-ins of a person (in one organization), but for one."""
    statement = delete(AuthSessionRow).where(
        col(AuthSessionRow.user_id) == user_id, col(AuthSessionRow.digest) != except_digest
    )
    if organization_id is not None:
        statement = statement.where(col(AuthSessionRow.organization_id) == organization_id)
    session.exec(statement)


def drop_ended_sessions(session: Session, *, now: datetime) -> None:
    """Forget sign-ins whose time is over."""
    session.exec(delete(AuthSessionRow).where(col(AuthSessionRow.expires_at) <= now))


def sign_ins(
    session: Session, user_id: UUID, *, now: datetime, current_digest: str = ""
) -> list[SignIn]:
    """A person's sign-ins that are still good, last used first."""
    rows = session.exec(
        select(AuthSessionRow)
        .where(AuthSessionRow.user_id == user_id, AuthSessionRow.expires_at > now)
        .order_by(col(AuthSessionRow.seen_at).desc())
    )
    return [
        SignIn(
            id=row.digest[:_ID_LENGTH],
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
            address=row.address,
            agent=row.agent,
            is_current=row.digest == current_digest,
        )
        for row in rows
    ]


def add_token(
    session: Session,
    *,
    organization_id: UUID,
    user_id: UUID,
    name: str,
    prefix: str,
    digest: str,
    scopes: frozenset[Permission],
    expires_at: datetime,
) -> UUID:
    """A new API token; returns its id."""
    row = ApiTokenRow(
        organization_id=organization_id,
        user_id=user_id,
        name=name,
        prefix=prefix,
        digest=digest,
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row.id


def token_holder(session: Session, digest: str, *, now: datetime) -> Holder | None:
    """Who acts by this API token; None where it ended or its person or place is gone."""
    return _holder(session, _TOKEN_HOLDER, digest, now)


def touch_token(session: Session, digest: str, *, at: datetime) -> None:
    """Remember that a token was used."""
    _set(session, ApiTokenRow, col(ApiTokenRow.digest) == digest, used_at=at)


def tokens(
    session: Session, organization_id: UUID, *, user_id: UUID | None = None
) -> list[ApiToken]:
    """The tokens of an organization, or of one person in it, newest first."""
    statement = (
        select(ApiTokenRow, UserRow.email)
        .join(UserRow, col(UserRow.id) == ApiTokenRow.user_id)
        .where(ApiTokenRow.organization_id == organization_id)
        .order_by(col(ApiTokenRow.created_at).desc(), col(ApiTokenRow.id))
    )
    if user_id is not None:
        statement = statement.where(ApiTokenRow.user_id == user_id)
    return [_token(row, email) for row, email in session.exec(statement)]


def token(session: Session, organization_id: UUID, token_id: UUID) -> ApiToken | None:
    """One token of an organization."""
    found = session.exec(
        select(ApiTokenRow, UserRow.email)
        .join(UserRow, col(UserRow.id) == ApiTokenRow.user_id)
        .where(ApiTokenRow.organization_id == organization_id, ApiTokenRow.id == token_id)
    ).one_or_none()
    return None if found is None else _token(*found)


def revoke_token(session: Session, token_id: UUID, *, at: datetime) -> None:
    """Make a token useless from now on."""
    _set(session, ApiTokenRow, col(ApiTokenRow.id) == token_id, revoked_at=at)


def drop_tokens(session: Session, organization_id: UUID, user_id: UUID) -> None:
    """Forget the tokens of a person in an organization."""
    session.exec(
        delete(ApiTokenRow).where(
            col(ApiTokenRow.organization_id) == organization_id, col(ApiTokenRow.user_id) == user_id
        )
    )


def _set(session: Session, table: type[Any], where: Any, **values: Any) -> None:
    session.exec(update(table).where(where).values(**values))


def _scopes(words: Iterable[str]) -> frozenset[Permission]:
    """The scopes that still exist; one that was abolished grants nothing."""
    return frozenset(Permission(word) for word in words if word in set(Permission))


def _token(row: ApiTokenRow, owner: str) -> ApiToken:
    return ApiToken(
        id=row.id,
        user_id=row.user_id,
        owner=owner,
        name=row.name,
        prefix=row.prefix,
        scopes=_scopes(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


def _holder(session: Session, statement: Any, digest: str, now: datetime) -> Holder | None:
    asked = {"wanted": digest, "now": now}
    found = session.connection().execute(statement, asked).mappings().one_or_none()
    if found is None:
        return None
    facts = dict(found)
    if facts.get("scopes") is not None:
        facts["scopes"] = _scopes(facts["scopes"])
    return Holder(**facts)


def _held(table: type[AuthSessionRow] | type[ApiTokenRow], *more: Any) -> Any:
    """What ``Holder`` wants to know of ``table``'s row ``wanted``, if it is good ``now``."""
    same_place = (col(MembershipRow.user_id) == col(table.user_id)) & (
        col(MembershipRow.organization_id) == col(table.organization_id)
    )
    return (
        sa_select(
            col(UserRow.id).label("user_id"),
            col(UserRow.email).label("email"),
            col(UserRow.name).label("name"),
            col(UserRow.language).label("language"),
            col(MembershipRow.role).label("role"),
            col(OrganizationRow.id).label("organization_id"),
            col(OrganizationRow.name).label("organization_name"),
            col(OrganizationRow.slug).label("organization_slug"),
            col(OrganizationRow.time_zone).label("time_zone"),
            col(OrganizationRow.currency).label("currency"),
            col(table.expires_at).label("expires_at"),
            *more,
        )
        .select_from(table)
        .join(UserRow, col(UserRow.id) == col(table.user_id))
        .join(OrganizationRow, col(OrganizationRow.id) == col(table.organization_id))
        .join(MembershipRow, same_place)
        .where(
            col(table.digest) == bindparam("wanted"),
            col(table.expires_at) > bindparam("now"),
            col(UserRow.is_disabled).is_(False),
        )
    )


# Every request asks one of these: building the statement costs twice as much as running it.
_SESSION_HOLDER = _held(AuthSessionRow, col(AuthSessionRow.seen_at).label("seen_at"))
_TOKEN_HOLDER = _held(
    ApiTokenRow,
    col(ApiTokenRow.used_at).label("seen_at"),
    col(ApiTokenRow.name).label("token_name"),
    col(ApiTokenRow.scopes).label("scopes"),
).where(col(ApiTokenRow.revoked_at).is_(None))
