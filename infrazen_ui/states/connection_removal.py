"""The question before a connection is removed, and what to do with its history."""

from typing import Any

import reflex as rx

from infrazen_ui.backend import connections as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.connection_input import inputs_of, text_of
from infrazen_ui.locales import text
from infrazen_ui.states.connections import ConnectionsState
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused

FORM = "removal-form"
KEEP, ERASE = "keep", "erase"


class ConnectionRemovalState(rx.State):
    """``wanted`` is the connection in question; erasing asks for its name to be typed."""

    is_open: bool = False
    wanted: str = ""
    name: str = ""
    error: str = ""
    is_removing: bool = False

    @rx.event
    async def ask(self, connection_id: str) -> Any:
        """Ask whether to remove a connection."""
        card = await backend.one_connection(self, connection_id)
        if isinstance(card, Refused):
            return notify_refused(card, await spoken(self))
        self.reset()
        self.wanted, self.name = str(card.connection.id), card.connection.display_name
        self.is_open = True
        return None

    @rx.event
    def set_open(self, is_open: bool) -> None:  # noqa: FBT001
        """Close the question."""
        if is_open is not True:
            self.reset()

    @rx.event
    async def remove(self, inputs: dict[str, Any]) -> Any:
        """Remove it, and keep its history or erase that too."""
        if self.is_removing or not self.wanted:
            return
        entered, language = inputs_of(inputs), await spoken(self)
        history = text_of(entered, "history")
        if history not in (KEEP, ERASE):
            return
        if history == ERASE and text_of(entered, "confirmation") != self.name.strip():
            self.error = text("connections.remove.wrong_name", language)
            return
        self.is_removing, self.error = True, ""
        yield
        refusal = await backend.remove(self, self.wanted, keep_history=history == KEEP)
        self.is_removing = False
        if isinstance(refusal, Refused):
            yield notify_refused(refusal, language)
            return
        shown = await self.get_state(ConnectionsState)
        shown._drop(self.wanted)  # noqa: SLF001 (a sibling's; public ones are doors)
        name = self.name
        self.reset()
        yield notify(text("connections.notice.removed", language, name=name))
        if shown.shown:
            yield rx.redirect("/connections")
