"""A few resources side by side, as the page's address names them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen_ui.backend import comparison as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present.comparison import (
    Head,
    Section,
    different_words,
    heads,
    missing_words,
    sections,
)
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import word
from infrazen_ui.states.refusals import page_words_of, phase_of


class ComparisonState(rx.State):
    """``phase`` is loading, ready, few (nothing to compare yet), gone, failed or forbidden.

    ``missing`` says how many of those asked for are not there, ``odd`` that the address says
    more than there is place for.
    """

    phase: str = "loading"
    heads: list[Head] = []
    sections: list[Section] = []
    only: bool = False
    differences: str = ""
    missing: str = ""
    odd: str = ""
    failure_title: str = ""
    failure_action: str = ""

    @rx.event
    async def load(self) -> AsyncIterator[Any]:
        """Show what the address says."""
        if self.phase not in ("ready", "loading"):
            self.phase = "loading"
            yield
        await self._load()

    @rx.event
    def switch_only(self) -> Any:
        """Show only what differs, or everything again."""
        query = self._asked()
        return rx.redirect(backend.address(replace(query, only=not query.only)), replace=True)

    @rx.event
    def drop(self, resource: str) -> Any:
        """Go on without one of them."""
        try:
            dropped = UUID(word(resource))
        except ValueError:
            return None
        return rx.redirect(backend.without(self._asked(), dropped))

    async def _load(self) -> None:
        query, is_odd = backend.parse(self.router.url.query)
        eyes = await eyes_of(self)
        language = eyes.language
        self.only = query.only
        self.odd = text("compare.odd", language) if is_odd else ""
        self.heads, self.sections, self.missing = [], [], ""
        if not query.ids:
            self.phase = "few"
            return
        found = await backend.compare(self, query)
        if isinstance(found, Refused):
            explained = page_words_of(found, language)
            self.failure_title, self.failure_action = explained.title, explained.action
            self.phase = phase_of(found)
            return
        everything = sections(found.found, only=False, eyes=eyes)
        self.heads = heads(found.found, language=language)
        self.sections = sections(found.found, only=True, eyes=eyes) if query.only else everything
        self.differences = different_words(everything, language=language)
        self.missing = missing_words(len(found.missing), language=language)
        self.phase = "ready"

    def _asked(self) -> backend.ComparisonQuery:
        found, _ = backend.parse(self.router.url.query)
        return found
