"""Organizations, the people in them, and how they sign in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel, UniqueConstraint

from infrazen.db.columns import Document, Id, Word, utc_now
from infrazen.db.tables.base import Identified, Owned
from infrazen.domain.people import OrganizationKind
from infrazen.domain.roles import Role


class OrganizationRow(Identified, table=True):
    """A tenant; an MSP's clients name it as their parent."""

    __tablename__ = "organization"

    name: str = Field(max_length=200)
    slug: str = Field(max_length=63, unique=True)
    time_zone: str = Field(default="Europe/Moscow", max_length=64)
    currency: str = Field(default="RUB", max_length=3)
    parent_id: UUID | None = Field(
        default=None, foreign_key="organization.id", ondelete="RESTRICT", index=True, sa_type=Id
    )
    audit_head: str = Field(default="", max_length=64)
    kind: OrganizationKind = Field(
        default=OrganizationKind.REGULAR,
        sa_type=Word(OrganizationKind),
        sa_column_kwargs={"server_default": OrganizationKind.REGULAR.value},
    )


class UserRow(Identified, table=True):
    """A person. ``email`` is lower case; no password means single sign-on only."""

    __tablename__ = "user_account"

    email: str = Field(max_length=320, unique=True)
    name: str = Field(max_length=200)
    password_hash: str | None = None
    language: str = Field(default="ru", max_length=2)
    is_disabled: bool = False
    password_changed_at: datetime | None = None
    last_sign_in_at: datetime | None = None


class MembershipRow(Owned, table=True):
    """A person's place in an organization."""

    __tablename__ = "membership"

    organization_id: UUID = Field(
        foreign_key="organization.id", ondelete="CASCADE", primary_key=True, sa_type=Id
    )
    user_id: UUID = Field(
        foreign_key="user_account.id",
        ondelete="CASCADE",
        primary_key=True,
        index=True,
        sa_type=Id,
    )
    role: Role = Field(sa_type=Word(Role))
    created_at: datetime = Field(default_factory=utc_now)


class AuthSessionRow(SQLModel, table=True):
    """A sign-in, known by the SHA-256 of its cookie."""

    __tablename__ = "auth_session"

    digest: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE", index=True, sa_type=Id)
    organization_id: UUID = Field(foreign_key="organization.id", ondelete="CASCADE", sa_type=Id)
    created_at: datetime = Field(default_factory=utc_now)
    expires_at: datetime = Field(index=True)
    seen_at: datetime = Field(default_factory=utc_now)
    address: str = Field(default="", max_length=64)
    agent: str = Field(default="", max_length=300)


class DemoVisitRow(SQLModel, table=True):
    """A browser that looks at the demo, known by the SHA-256 of its cookie; it is nobody's.

    ``key`` counts the visits of one network and keeps no address.
    """

    __tablename__ = "demo_visit"
    __table_args__ = (Index("ix_demo_visit_key_created_at", "key", "created_at"),)

    digest: str = Field(primary_key=True, max_length=64)
    key: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=utc_now)
    expires_at: datetime = Field(index=True)


class ApiTokenRow(Identified, Owned, table=True):
    """A token for the API, known by its SHA-256; acts as its user, within its scopes."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_owner", "organization_id", "user_id"),)

    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE", sa_type=Id)
    name: str = Field(max_length=100)
    prefix: str = Field(max_length=16)
    digest: str = Field(max_length=64, unique=True)
    scopes: list[str] = Field(sa_column=Column(Document, nullable=False))
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None


class LoginAttemptRow(SQLModel, table=True):
    """A failed sign-in; too many from one address or for one name close the door a while."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_key_at", "key", "at"),
        CheckConstraint("length(key) > 0", name="key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=400)
    at: datetime = Field(default_factory=utc_now)


class AuditEventRow(Identified, Owned, table=True):
    """Who did what; each row's hash covers the one before it, so a gap shows.

    ``sequence`` counts from 1 within the organization.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("organization_id", "sequence"),
        Index("ix_audit_event_at", "organization_id", "created_at"),
    )

    sequence: int
    actor: str = Field(max_length=400)
    actor_kind: str = Field(max_length=16)
    action: str = Field(max_length=64)
    target: str = Field(default="", max_length=400)
    outcome: str = Field(max_length=16)
    address: str = Field(default="", max_length=64)
    details: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class InstanceRow(SQLModel, table=True):
    """Facts of this installation by name, such as the digest of the one-time setup code."""

    __tablename__ = "instance"

    name: str = Field(primary_key=True, max_length=64)
    value: str = Field(max_length=1000)
