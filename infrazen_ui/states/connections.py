"""The connections on the screen: all of them, or the one whose page is open."""

from typing import Any

import reflex as rx

from infrazen_ui.backend import connections as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present.connections import CardView, card_view
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.refusals import page_words_of, phase_of


class ConnectionsState(rx.State):
    """``shown`` is the connection whose page is open, empty for the list.

    ``phase`` is loading, ready, forbidden, gone or failed; ``problem`` and ``advice`` explain
    the last.
    """

    phase: str = "loading"
    shown: str = ""
    problem: str = ""
    advice: str = ""
    cards: list[CardView] = []

    @rx.event
    async def load(self) -> None:
        """Show every connection."""
        self._turn_to("")
        found = await backend.every_connection(self)
        await self._show(found)

    @rx.event
    async def load_one(self) -> None:
        """Show the connection whose id is in the page's address."""
        wanted = last_of_path(self)
        self._turn_to(wanted)
        found = await backend.one_connection(self, wanted)
        await self._show(found if isinstance(found, Refused) else [found])

    @rx.event
    async def retry(self) -> None:
        """Try again what failed."""
        await (self.load_one if self.shown else self.load)()

    @rx.event
    async def look_again(self) -> None:
        """Show what has become of the connections; a failure leaves them as they are."""
        found = await backend.every_connection(self)
        if isinstance(found, Refused) or self.phase != "ready":
            return
        shown = {known["id"] for known in self.cards}
        await self._show(
            [card for card in found if not self.shown or str(card.connection.id) in shown]
        )

    @rx.event
    async def set_suspended(self, connection_id: str, suspended: bool) -> Any:  # noqa: FBT001
        """Stop a connection's schedule, or let it go on."""
        language = await spoken(self)
        found = await backend.suspend(self, connection_id, suspended=suspended is True)
        if isinstance(found, Refused):
            return notify_refused(found, language)
        await self._put(found)
        name = found.connection.display_name
        if found.connection.is_suspended:
            return notify(text("connections.notice.suspended", language, name=name))
        return notify(text("connections.notice.resumed", language, name=name))

    def _turn_to(self, wanted: str) -> None:
        if self.shown != wanted or not self.cards:
            self.cards, self.phase, self.shown = [], "loading", wanted

    async def _show(self, found: list[Any] | Refused) -> None:
        eyes = await eyes_of(self)
        if isinstance(found, Refused):
            words = page_words_of(found, eyes.language)
            self.problem, self.advice = words.title, words.action
            self.phase = phase_of(found)
            self.cards = []
            return
        self.cards = [_shown(card, eyes) for card in found]
        self.phase = "ready"

    async def _put(self, card: Any) -> None:
        """Show a connection as it is now; a new one at the end."""
        view = _shown(card, await eyes_of(self))
        if any(known["id"] == view["id"] for known in self.cards):
            self.cards = [view if known["id"] == view["id"] else known for known in self.cards]
        elif not self.shown:
            self.cards = [*self.cards, view]

    def _drop(self, connection_id: str) -> None:
        self.cards = [known for known in self.cards if known["id"] != connection_id]


def _shown(card: Any, eyes: Eyes) -> CardView:
    return card_view(card, now=eyes.now, zone=eyes.zone, language=eyes.language)


def last_of_path(state: rx.State) -> str:
    """The last step of the page's address: the id on a detail page."""
    return str(state.router.url.path).rstrip("/").rpartition("/")[2]
