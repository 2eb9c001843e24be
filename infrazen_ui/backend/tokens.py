"""What the screens ask about API tokens, and do with them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from infrazen.domain.people import ApiToken
from infrazen.domain.roles import SCOPES, Permission
from infrazen.services import tokens
from infrazen.services.tokens import CreatedToken
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call, current_actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens that the visitor sees, and the scopes that they may give to one."""

    tokens: list[ApiToken]
    scopes: tuple[Permission, ...]
    me: UUID | None


async def every_token(state: HasRouter) -> Tokens | Refused:
    """One's own tokens; everybody's for who manages people."""
    found = await call(state, tokens.list_tokens)
    if isinstance(found, Refused):
        return found
    actor = await current_actor(state)
    scopes = tuple(
        scope for scope in Permission if scope in SCOPES and actor is not None and actor.may(scope)
    )
    return Tokens(tokens=found, scopes=scopes, me=actor.user_id if actor else None)


async def create(
    state: HasRouter, *, name: str, scopes: Collection[Permission], days: int
) -> CreatedToken | Refused:
    """Make a token; its secret is shown once. Never keep it in a State."""
    return await call(state, tokens.create_token, name=name, scopes=scopes, days=days)


async def revoke(state: HasRouter, token_id: UUID) -> ApiToken | Refused:
    """Make a token useless."""
    return await call(state, tokens.revoke_token, token_id=token_id)
