"""What the visitor does with their own account."""

from infrazen.services.me import update_profile
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call, current_visitor


async def remember_language(state: HasRouter, language: str) -> Refused | None:
    """Keep the language with the account; a stranger's stays in the browser alone."""
    if await current_visitor(state) is None:
        return None
    return await call(state, update_profile, language=language)
