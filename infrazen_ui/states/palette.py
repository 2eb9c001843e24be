"""The command palette: one field that finds pages, connections, resources and actions."""

from typing import Any

import reflex as rx

from infrazen_ui.backend import palette as backend
from infrazen_ui.locales import Language, text
from infrazen_ui.present import palette as shown
from infrazen_ui.present.figures import counted
from infrazen_ui.present.palette import Group
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.language import LanguageState, spoken
from infrazen_ui.states.session import SessionState


class PaletteState(rx.State):
    """What the palette offers; ``said`` tells screen readers how much that is.

    ``is_vain`` is whether something was looked for and nothing found.
    """

    groups: list[Group] = []
    is_vain: bool = False
    said: str = ""

    @rx.event
    async def begin(self) -> None:
        """Offer pages and actions; nothing was typed yet."""
        await self._offer("")

    @rx.event
    async def search(self, words: str) -> None:
        """Offer what has the words in its name."""
        await self._offer(backend.plain(words))

    @rx.event
    async def act(self, name: str) -> Any:
        """Do what is no page to go to."""
        if name == "sync_all":
            return [rx.redirect("/connections"), ConnectionSyncState.ask_all]
        if name == "switch_language":
            other = Language.RU if await spoken(self) is Language.EN else Language.EN
            return LanguageState.choose(other.value)
        return None

    async def _offer(self, words: str) -> None:
        language = await spoken(self)
        found = await backend.find(self, words)
        may = (await self.get_state(SessionState)).may
        self.groups = shown.groups(
            (
                (text("palette.pages", language), shown.places(words, language=language)),
                (
                    text("palette.views", language),
                    shown.view_entries(found.views, language=language),
                ),
                (
                    text("palette.connections", language),
                    shown.connection_entries(found.connections),
                ),
                (
                    text("palette.resources", language),
                    shown.resource_entries(found.resources, language=language),
                ),
                (
                    text("palette.actions", language),
                    shown.actions(words, may=may, language=language),
                ),
            )
        )
        self.is_vain = not self.groups
        count = sum(len(group["entries"]) for group in self.groups)
        self.said = counted("palette.count", count, language=language)
