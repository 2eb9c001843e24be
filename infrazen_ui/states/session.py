"""Who is signed in, as far as the screen shows it. Rights are checked in the services."""

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.backend.calls import current_visitor
from infrazen_ui.present.people import initials
from infrazen_ui.states.language import LanguageState


class SessionState(rx.State):
    """The visitor's name and place. ``may`` lists permissions, to hide what is of no use.

    ``_bound`` is the digest of the session that this browser tab's state belongs to.
    """

    is_ready: bool = False
    name: str = ""
    email: str = ""
    initials: str = ""
    organization: str = ""
    role: str = ""
    may: list[str] = []

    _bound: str = ""

    @rx.event
    async def load(self) -> None:
        """Show who is signed in, in the language of their account."""
        visitor = await current_visitor(self)
        if visitor is None:
            return
        self.name, self.email = visitor.name, visitor.email
        self.initials = initials(visitor.name)
        self.organization, self.role = visitor.organization_name, visitor.role.value
        self.may = [one.value for one in Permission if visitor.actor.may(one)]
        if not self.is_ready:
            (await self.get_state(LanguageState)).language = visitor.language
        self.is_ready = True
