"""Organizations, people, and how they are signed in, as services and screens see them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from infrazen.domain.roles import Permission, Role

LANGUAGES = ("ru", "en")


class OrganizationKind(StrEnum):
    """What an organization is for: somebody's own clouds, or to be looked at by anybody."""

    REGULAR = "regular"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A tenant; ``parent_id`` is the MSP whose client it is."""

    id: UUID
    name: str
    slug: str
    time_zone: str
    currency: str
    parent_id: UUID | None = None
    kind: OrganizationKind = OrganizationKind.REGULAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may sign in; without a password by single sign-on only."""

    id: UUID
    email: str
    name: str
    language: str
    is_disabled: bool
    password_hash: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person's place in one organization; times are UTC."""

    user_id: UUID
    email: str
    name: str
    role: Role
    is_disabled: bool
    since: datetime
    last_sign_in_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """An organization that a person belongs to, and as what."""

    organization: Organization
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One sign-in of a person; ``id`` names it and opens nothing."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """An API token without its secret; ``prefix`` is how people recognise it."""

    id: UUID
    user_id: UUID
    owner: str
    name: str
    prefix: str
    scopes: frozenset[Permission]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
