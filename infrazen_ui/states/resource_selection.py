"""Which resources of the table are chosen, to do the same with all of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen_ui.backend import comparison
from infrazen_ui.backend import resource_query as queries
from infrazen_ui.backend.resource_changes import MOST_FOUND, Which
from infrazen_ui.backend.resource_query import ResourceQuery
from infrazen_ui.locales import Language
from infrazen_ui.present.resource_changes import chosen_words, most_words

MOST_CHOSEN = 500


class ResourceSelectionState(rx.State):
    """What is chosen: some by their boxes, over all pages, or everything that is found.

    ``marked`` are the chosen ones of this page; ``is_whole_page`` whether all of it is.
    ``offer`` is how many more could be chosen at once, in words; empty where none.
    ``may_compare`` is whether so many fit side by side.
    """

    marked: list[str] = []
    count: int = 0
    label: str = ""
    offer: str = ""
    note: str = ""
    is_whole_page: bool = False
    is_everything: bool = False
    may_compare: bool = False

    _chosen: list[str] = []
    _page: list[str] = []
    _found: int = 0
    _around: str = ""
    _last: str = ""
    _language: Language = Language.RU

    @rx.event
    def tick(self, resource: str, click: dict[str, Any]) -> None:
        """Choose a row or let go of it; with Shift all rows from the last one to it."""
        if resource not in self._page:
            return
        some = [resource]
        is_range = isinstance(click, dict) and click.get("shift_key") is True
        if is_range and self._last in self._page:
            first, last = sorted((self._page.index(self._last), self._page.index(resource)))
            some = self._page[first : last + 1]
        self._choose(some, is_chosen=resource not in self.marked)
        self._last = resource

    @rx.event
    def tick_page(self) -> None:
        """Choose the whole page, or let go of it."""
        self._choose(self._page, is_chosen=not self.is_whole_page)

    @rx.event
    def choose_everything(self) -> None:
        """Choose all that the filter finds, on every page."""
        if 0 < self._found <= MOST_FOUND:
            self.is_everything = True
            self._show()

    @rx.event
    def compare(self) -> Any:
        """Put the chosen ones side by side."""
        ids = self._chosen or self._page
        return rx.redirect(comparison.of(UUID(one) for one in ids)) if self.may_compare else None

    @rx.event
    def clear(self) -> None:
        """Let go of everything."""
        self._let_go()

    def _let_go(self) -> None:
        self._chosen, self.is_everything, self._last = [], False, ""
        self._show()

    def _see(
        self, query: ResourceQuery, page: Sequence[str], *, found: int, language: Language
    ) -> None:
        """Another page of the table is shown; of another filter nothing is chosen."""
        around = queries.around(query)
        if around != self._around:
            self._chosen, self.is_everything = [], False
        self._around, self._page, self._found = around, list(page), found
        self._last, self._language = "", language
        self._show()

    def _which(self) -> Which:
        """What is chosen, as services take it."""
        if self.is_everything:
            return Which(wanted=queries.parse(self._around)[0].wanted)
        return Which(ids=[UUID(one) for one in self._chosen])

    def _choose(self, some: Sequence[str], *, is_chosen: bool) -> None:
        if self.is_everything:
            self.is_everything, self._chosen = False, list(self._page)
        kept = [one for one in self._chosen if one not in some]
        self._chosen = [*kept, *some][:MOST_CHOSEN] if is_chosen else kept
        self._show()

    def _show(self) -> None:
        chosen = set(self._page if self.is_everything else self._chosen)
        self.marked = [one for one in self._page if one in chosen]
        self.is_whole_page = bool(self._page) and len(self.marked) == len(self._page)
        self.count = self._found if self.is_everything else len(self._chosen)
        self.may_compare = comparison.LEAST <= self.count <= comparison.MOST_COMPARED
        self.label = chosen_words(self.count, language=self._language)
        more = not self.is_everything and self.is_whole_page and self._found > self.count
        self.offer = self.note = ""
        if more and self._found <= MOST_FOUND:
            self.offer = most_words("everything", self._found, language=self._language)
        elif more:
            self.note = most_words("too_many", MOST_FOUND, language=self._language)
