"""Who may do what."""

from enum import StrEnum


class Role(StrEnum):
    """A person's place in an organization, from most to least."""

    OWNER = "owner"
    ADMIN = "admin"
    FINOPS = "finops"
    FINANCE = "finance"
    VIEWER = "viewer"


class Permission(StrEnum):
    """One thing that a use case needs; also the scopes of API tokens (see ``SCOPES``)."""

    SELF = "self"
    COST_READ = "cost:read"
    RESOURCE_READ = "resource:read"
    RESOURCE_WRITE = "resource:write"
    CONNECTION_READ = "connection:read"
    CONNECTION_WRITE = "connection:write"
    CONNECTION_SYNC = "connection:sync"
    SECRET_REVEAL = "secret:reveal"  # noqa: S105 (a permission's name)
    EXPORT = "export"
    USER_READ = "user:read"
    USER_WRITE = "user:write"
    TOKEN_WRITE = "token:write"  # noqa: S105 (a permission's name)
    ORGANIZATION_WRITE = "organization:write"
    AUDIT_READ = "audit:read"


_VIEW = frozenset(
    {
        Permission.SELF,
        Permission.COST_READ,
        Permission.RESOURCE_READ,
        Permission.CONNECTION_READ,
    }
)
_FINANCE = _VIEW | {Permission.EXPORT, Permission.TOKEN_WRITE}
_FINOPS = _FINANCE | {Permission.RESOURCE_WRITE, Permission.CONNECTION_SYNC}
_ADMIN = _FINOPS | {
    Permission.CONNECTION_WRITE,
    Permission.SECRET_REVEAL,
    Permission.USER_READ,
    Permission.USER_WRITE,
    Permission.AUDIT_READ,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEW,
    Role.FINANCE: _FINANCE,
    Role.FINOPS: _FINOPS,
    Role.ADMIN: _ADMIN,
    Role.OWNER: frozenset(Permission),
}
"""What each role may do."""

PERSONAL = frozenset({Permission.SELF, Permission.TOKEN_WRITE})
"""What only people do: their own profile, password and tokens."""

SCOPES = frozenset(Permission) - PERSONAL
"""What an API token may be given."""
