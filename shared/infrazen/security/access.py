"""Who is asking, and the one place that says yes or no."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from infrazen.domain.roles import GRANTS, PERSONAL, Permission, Role
from infrazen.errors import ClosedInDemo, Forbidden, Unauthenticated


class ActorKind(StrEnum):
    """By which door somebody came."""

    USER = "user"
    TOKEN = "token"  # noqa: S105 (a kind of actor)
    SYSTEM = "system"
    DEMO = "demo"


DEMO_SCOPES = frozenset(
    {
        Permission.COST_READ,
        Permission.RESOURCE_READ,
        Permission.RESOURCE_WRITE,
        Permission.CONNECTION_READ,
        Permission.CONNECTION_SYNC,
        Permission.EXPORT,
    }
)
"""What whoever looks at the demo may do in it: look, and play with what it holds."""
DEMO_READS = frozenset({Permission.COST_READ, Permission.RESOURCE_READ, Permission.CONNECTION_READ})
"""What its figures are read with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody acting in one organization.

    ``scopes`` narrows what the role grants (API tokens, the demo); None means all of it.
    The system actor is whoever has the shell: it can read database and keys anyway. The
    demo's is anybody at all, and no person: it has no ``user_id``.
    """

    organization_id: UUID
    role: Role
    kind: ActorKind
    name: str
    user_id: UUID | None = None
    scopes: frozenset[Permission] | None = None
    address: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether role and scopes allow ``permission``."""
        return permission in GRANTS[self.role] and (
            self.scopes is None or permission in self.scopes
        )

    def covers(self, role: Role) -> bool:
        """Whether the actor may do all that ``role`` may: nobody hands out more than that."""
        return all(self.may(permission) for permission in GRANTS[role] - PERSONAL)


def system_actor(organization_id: UUID, *, name: str = "local operator") -> Actor:
    """The actor of the command line and the scheduler."""
    return Actor(organization_id=organization_id, role=Role.OWNER, kind=ActorKind.SYSTEM, name=name)


def demo_actor(organization_id: UUID, *, address: str = "") -> Actor:
    """Whoever looks at the demo."""
    return Actor(
        organization_id=organization_id,
        role=Role.FINOPS,
        kind=ActorKind.DEMO,
        name="demo",
        scopes=DEMO_SCOPES,
        address=address,
    )


def demo_reader(organization_id: UUID, *, address: str = "") -> Actor:
    """Whoever reads the demo's figures and can change nothing, not even there."""
    return replace(demo_actor(organization_id, address=address), scopes=DEMO_READS)


def authorize(actor: Actor | None, permission: Permission) -> Actor:
    """Return ``actor``, or raise ``Unauthenticated`` or ``Forbidden``."""
    if actor is None:
        raise Unauthenticated("sign in first")
    if not actor.may(permission):
        if actor.kind is ActorKind.DEMO:
            raise ClosedInDemo(f"the demo is closed to this ({permission})")
        if actor.scopes is not None and permission in GRANTS[actor.role]:
            raise Forbidden(f"this token lacks the scope {permission}")
        raise Forbidden(f"the role {actor.role} may not do this ({permission})")
    return actor
