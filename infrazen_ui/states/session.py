"""Who is signed in, as far as the screen shows it. Rights are checked in the services."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.backend.calls import current_visitor
from infrazen_ui.locales import text
from infrazen_ui.present.people import initials
from infrazen_ui.states.demo import DemoState
from infrazen_ui.states.language import LanguageState, spoken


class SessionState(rx.State):
    """The visitor's name and place. ``may`` lists permissions, to hide what is of no use.

    Whoever looks at the demo (``is_demo``) is nobody: language and theme are their browser's.

    ``turn`` is the last action of the tab that reached us and ``wire`` counts its connections:
    from both the page knows what a lost connection has taken with it (``layout.trouble``).

    ``_bound`` is the digest of the session that this browser tab's state belongs to,
    ``_is_back`` says that the page was open already when its connection came, and
    ``_process`` names the process that served it last.
    """

    is_ready: bool = False
    name: str = ""
    email: str = ""
    initials: str = ""
    organization: str = ""
    role: str = ""
    may: list[str] = []
    is_demo: bool = False
    turn: int = 0
    wire: int = 0

    _bound: str = ""
    _is_back: bool = False
    _process: str = ""

    @rx.event
    async def load(self) -> Any:
        """Show who is signed in, in the language of their account."""
        visitor = await current_visitor(self)
        if visitor is None:
            return None
        self.is_demo = visitor.is_visitor
        guest = text("demo.guest", await spoken(self))
        self.name, self.email = guest if self.is_demo else visitor.name, visitor.email
        self.initials = initials(self.name)
        self.organization, self.role = visitor.organization_name, visitor.role.value
        self.may = [one.value for one in Permission if visitor.actor.may(one)]
        if not self.is_ready and not self.is_demo:
            (await self.get_state(LanguageState)).language = visitor.language
        self.is_ready = True
        return DemoState.rest if self.is_demo else None


async def is_back(state: rx.State) -> bool:
    """Whether the page only got its connection back.

    What was open on it is open still, so nothing that people have begun may be reset.
    """
    return (await state.get_state(SessionState))._is_back  # noqa: SLF001 (hidden from browsers)
