"""Signing in and the one-time setup: the browser asks the API, this explains a refusal.

Passwords never come here: the form goes straight to the API.
"""

from typing import Any

import reflex as rx

from infrazen_ui.backend import demo
from infrazen_ui.backend.demo import Door
from infrazen_ui.backend.installation import needs_setup
from infrazen_ui.present.failures import explain
from infrazen_ui.states.forms import seconds, word
from infrazen_ui.states.language import spoken

FORMS = ("sign-in", "setup")
FIELDS = frozenset({"email", "password", "name", "organization_name", "code"})


class EntryState(rx.State):
    """What the sign-in or setup form has to say."""

    is_new: bool = False
    has_demo: bool = False
    title: str = ""
    action: str = ""
    field: str = ""

    @rx.event
    async def look(self) -> None:
        """Find out whether the installation waits for its first owner."""
        self.reset()
        self.is_new = await needs_setup()
        self.has_demo = await demo.door(self) is not Door.CLOSED

    @rx.event
    def begin(self) -> None:
        """Forget what an earlier attempt said."""
        self.title = self.action = self.field = ""

    @rx.event
    async def answered(self, answer: dict[str, Any]) -> None:
        """Explain why the API said no; after a yes the browser has left the page."""
        if not isinstance(answer, dict) or answer.get("ok") is True:
            return
        words = explain(
            str(answer.get("reason")),
            language=await spoken(self),
            retry_after=seconds(answer.get("retry_after")),
            place=answer["form"] if answer.get("form") in FORMS else None,
        )
        self.title, self.action = words.title, words.action
        field = word(answer.get("field"))
        self.field = field if field in FIELDS else ""
