"""What the visitor does with their own account."""

from infrazen.domain.people import SignIn
from infrazen.services import me
from infrazen_ui.backend.browsers import HasRouter, cookie_of
from infrazen_ui.backend.calls import Refused, call, current_visitor
from infrazen_ui.backend.visitors import visitors


async def remember_language(state: HasRouter, language: str) -> Refused | None:
    """Keep the language with the account; a stranger's stays in the browser alone.

    So does the language of whoever looks at the demo.
    """
    visitor = await current_visitor(state)
    if visitor is None or visitor.is_visitor:
        return None
    refused = await call(state, me.update_profile, language=language)
    forget_me(state)
    return refused


async def rename_me(state: HasRouter, name: str) -> Refused | None:
    """Give oneself another name."""
    refused = await call(state, me.update_profile, name=name)
    forget_me(state)
    return refused


async def my_sign_ins(state: HasRouter) -> list[SignIn] | Refused:
    """Where the visitor is signed in; the sign-in of this browser is marked."""
    return await call(state, me.list_sign_ins, cookie=cookie_of(state))


async def end_sign_in(state: HasRouter, sign_in_id: str) -> Refused | None:
    """End one of the visitor's sign-ins."""
    refused = await call(state, me.end_sign_in, sign_in_id=sign_in_id)
    visitors().forget()
    return refused


async def end_other_sign_ins(state: HasRouter) -> Refused | None:
    """End all of the visitor's sign-ins but this browser's."""
    refused = await call(state, me.end_other_sign_ins, cookie=cookie_of(state))
    visitors().forget()
    return refused


def forget_me(state: HasRouter) -> None:
    """Look up anew who sits at this browser: something about them has changed."""
    visitors().forget(cookie_of(state))
