"""What the screens ask about the people of the organization, and do with them."""

from dataclasses import dataclass
from uuid import UUID

from infrazen.domain.people import Member
from infrazen.domain.roles import Role
from infrazen.services import people
from infrazen.services.people import NewPassword
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call, current_actor
from infrazen_ui.backend.visitors import visitors


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody, which roles the visitor may hand out, and which of them the visitor is."""

    members: list[Member]
    roles: tuple[Role, ...]
    me: UUID | None


async def everybody(state: HasRouter) -> People | Refused:
    """The people of the organization."""
    found = await call(state, people.list_people)
    if isinstance(found, Refused):
        return found
    actor = await current_actor(state)
    roles = tuple(role for role in Role if actor is not None and actor.covers(role))
    return People(members=found, roles=roles, me=actor.user_id if actor else None)


async def add(state: HasRouter, *, email: str, name: str, role: Role) -> NewPassword | Refused:
    """Add a person; the password that comes back is shown once. Never keep it in a State."""
    return await call(state, people.add_person, email=email, name=name, role=role)


async def reset_password(state: HasRouter, user_id: UUID) -> NewPassword | Refused:
    """Make up another password; it is shown once. Never keep it in a State."""
    found = await call(state, people.reset_password, user_id=user_id)
    visitors().forget()
    return found


async def change_role(state: HasRouter, user_id: UUID, role: Role) -> Member | Refused:
    """Give a person another role, in force with their next click."""
    found = await call(state, people.change_role, user_id=user_id, role=role)
    visitors().forget()
    return found


async def set_enabled(state: HasRouter, user_id: UUID, *, enabled: bool) -> Member | Refused:
    """Close a person's account, or open it again."""
    found = await call(state, people.set_enabled, user_id=user_id, enabled=enabled)
    visitors().forget()
    return found


async def remove(state: HasRouter, user_id: UUID) -> Refused | None:
    """Take a person out of the organization."""
    found = await call(state, people.remove_person, user_id=user_id)
    visitors().forget()
    return found
