"""What the visitor does with their own account."""

from infrazen.services.me import update_profile
from infrazen_ui.backend.browsers import HasRouter, cookie_of
from infrazen_ui.backend.calls import Refused, call, current_visitor
from infrazen_ui.backend.visitors import visitors


async def remember_language(state: HasRouter, language: str) -> Refused | None:
    """Keep the language with the account; a stranger's stays in the browser alone."""
    if await current_visitor(state) is None:
        return None
    refused = await call(state, update_profile, language=language)
    visitors().forget(cookie_of(state))
    return refused
