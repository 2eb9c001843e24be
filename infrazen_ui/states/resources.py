"""The resource table: what the page's address means, and how it changes.

The address is the truth. A handler only leads to another one; ``load`` shows what it says.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import reflex as rx

from infrazen.domain.resource_columns import USUAL
from infrazen_ui.backend import resource_moves as moves
from infrazen_ui.backend import resource_query as queries
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.resource_query import ResourceQuery
from infrazen_ui.backend.resource_views import (
    SavedView,
    find_views,
    may_have_default,
    query_of,
    vanished,
)
from infrazen_ui.backend.resources import Nothing, ResourceTable, find_resources, why_nothing
from infrazen_ui.locales import Language, text
from infrazen_ui.present import resource_table as shown
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.narrowing import Chip, Choice, shown_rows
from infrazen_ui.present.resource_columns import Order, ShownColumn, shown_columns, shown_orders
from infrazen_ui.present.resource_rows import ResourceRow
from infrazen_ui.present.resource_rows import rows as shown_table_rows
from infrazen_ui.present.resource_table import Total
from infrazen_ui.present.resource_views import vanished_words
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import word
from infrazen_ui.states.refusals import page_words_of, phase_of
from infrazen_ui.states.resource_address import asked, lead
from infrazen_ui.states.resource_columns import ResourceColumnsState
from infrazen_ui.states.resource_selection import ResourceSelectionState
from infrazen_ui.states.resource_views import ResourceViewsState

WAIT_SECONDS = 2.0


class ResourcesState(rx.State):
    """What the table shows.

    ``phase`` is loading, ready, nothing (found), one of ``Nothing`` (in the inventory), failed
    or forbidden; ``odd`` names what made no sense in the address.
    """

    phase: str = "loading"
    is_busy: bool = False
    query: str = ""
    presence: str = "active"
    sort: str = "cost"
    direction: str = "desc"
    orders: list[Order] = []
    size: str = "50"
    columns: list[ShownColumn] = []
    is_usual: bool = True
    rows: list[ResourceRow] = []
    totals: list[Total] = []
    count: str = ""
    shown: str = ""
    has_previous: bool = False
    has_next: bool = False
    chips: list[Chip] = []
    connections: list[Choice] = []
    providers: list[Choice] = []
    types: list[Choice] = []
    statuses: list[Choice] = []
    regions: list[Choice] = []
    owners: list[Choice] = []
    environments: list[Choice] = []
    projects: list[Choice] = []
    export_href: str = queries.EXPORT
    is_narrowed: bool = False
    odd: str = ""
    failure_title: str = ""
    failure_action: str = ""

    _has_default: bool = False

    @rx.event
    async def load(self) -> AsyncIterator[Any]:
        """Show what the address says."""
        self.is_busy = True
        yield
        try:
            if leads_elsewhere := await self._load():
                yield leads_elsewhere
        finally:
            self.is_busy = False
        if self.phase == Nothing.FIRST_SYNC:
            yield ResourcesState.wait

    @rx.event(background=True)
    async def wait(self) -> AsyncIterator[Any]:
        """Let time pass and ask the browser whether it still waits; a tab that is gone does not."""
        await asyncio.sleep(WAIT_SECONDS)
        yield rx.call_function("(() => location.pathname)", callback=ResourcesState.look_again)

    @rx.event
    def look_again(self, path: str) -> Any:
        """See whether the first resources are there."""
        is_there = word(path).rstrip("/") == queries.PATH
        return ResourcesState.load if is_there and self.phase == Nothing.FIRST_SYNC else None

    @rx.event
    def search(self, words: str) -> Any:
        """Look for words."""
        query = asked(self)
        wanted = moves.narrowed(query, text=word(words))
        return None if wanted == query else self._lead(wanted, replaces=True)

    @rx.event
    def toggle(self, facet: str, value: str) -> Any:
        """Choose something, or take the choice back."""
        return self._lead(moves.toggled(asked(self), word(facet), word(value)))

    @rx.event
    def add_tag(self, form: dict[str, Any]) -> Any:
        """Keep to what has a tag, ``key`` or ``key=value``."""
        tag = word(form.get("tag")) if isinstance(form, dict) else ""
        return self._lead(moves.toggled(asked(self), "tag", tag)) if tag else None

    @rx.event
    def choose_presence(self, presence: str) -> Any:
        """Show active ones, deleted ones, or both."""
        found, _ = queries.parse(f"presence={word(presence)}")
        return self._lead(moves.narrowed(asked(self), presence=found.wanted.presence))

    @rx.event
    def clear(self) -> Any:
        """Take every choice back; the order stays."""
        return self._lead(replace(asked(self), wanted=ResourceQuery().wanted, page=1))

    @rx.event
    def sort_by(self, key: str) -> Any:
        """Put them in another order."""
        return self._lead(moves.sorted_by(asked(self), word(key)))

    @rx.event
    def go(self, step: int) -> Any:
        """One page on, or back."""
        query = asked(self)
        forward = step == 1
        return self._lead(replace(query, page=max(1, query.page + (1 if forward else -1))))

    @rx.event
    def choose_size(self, size: str) -> Any:
        """Show so many on a page, from the first one."""
        found, _ = queries.parse(f"size={word(size)}")
        return self._lead(replace(asked(self), size=found.size, page=1))

    async def _load(self) -> Any:
        query, wrong = queries.parse(self.router.url.query)
        eyes = await eyes_of(self)
        views = await find_views(self)
        default = next((view for view in views if view.is_default), None)
        self._has_default = default is not None
        if elsewhere := _view_to_open(query, views, default, is_plain=not self.router.url.query):
            return lead(elsewhere, replaces=True)
        chooser = await self.get_state(ResourceColumnsState)
        columns = chooser._see(  # noqa: SLF001 (the same screen)
            query, has_default=self._has_default, language=eyes.language
        )
        found = await find_resources(self, query, columns)
        if isinstance(found, Refused):
            self._fail(found, eyes.language)
            return None
        last = max(1, -(-found.summary.count // query.size))
        if query.page > last:
            return self._lead(replace(query, page=last), replaces=True)
        self._show_query(query, wrong, found, eyes.language)
        self._show_columns(query, columns, eyes.language)
        self._show_rows(query, found, columns, eyes)
        await self._show_view(query, columns, views, found=found, language=eyes.language)
        chosen = await self.get_state(ResourceSelectionState)
        chosen._see(  # noqa: SLF001 (the same screen)
            query,
            [row["id"] for row in self.rows],
            found=found.summary.count,
            language=eyes.language,
        )
        self.phase = await self._phase(query, found)
        return None

    async def _show_view(
        self,
        query: ResourceQuery,
        columns: Sequence[str],
        views: Sequence[SavedView],
        *,
        found: ResourceTable,
        language: Language,
    ) -> None:
        menu = await self.get_state(ResourceViewsState)
        opened = menu._see(query, columns, views, language=language)  # noqa: SLF001
        menu.may_have_default = await may_have_default(self)
        menu.vanished = ""
        if opened is not None and self.chips:
            gone = await vanished(self, query.wanted, found.sources)
            menu.vanished = vanished_words(self.chips, gone, language=language)
        if opened is None and query.view not in ("", queries.ALL):
            self.odd = text("views.gone", language)

    async def _phase(self, query: ResourceQuery, found: ResourceTable) -> str:
        if found.summary.count:
            return "ready"
        if query.is_narrowed:
            return "nothing"
        return (await why_nothing(self)).value

    def _show_query(
        self,
        query: ResourceQuery,
        wrong: Sequence[str],
        found: ResourceTable,
        language: Language,
    ) -> None:
        wanted = query.wanted
        names = ", ".join(wrong[:5])
        self.odd = text("resources.odd", language, names=names) if wrong else ""
        self.query, self.presence = wanted.text, wanted.presence.value
        self.sort, self.size = query.sort.value, str(query.size)
        self.direction = "desc" if query.descending else "asc"
        self.orders = shown_orders(queries.ORDERS, language=language)
        self.chips = shown.chips(wanted, found.sources, language=language)
        self.is_narrowed = query.is_narrowed
        choices = shown.choices(found.facets, wanted, found.sources, language=language)
        self.connections, self.providers = choices["connection"], choices["provider"]
        self.types, self.statuses = choices["type"], choices["status"]
        self.regions, self.owners = choices["region"], choices["owner"]
        self.environments, self.projects = choices["environment"], choices["project"]

    def _show_columns(
        self, query: ResourceQuery, columns: Sequence[str], language: Language
    ) -> None:
        self.columns = shown_columns(columns, language=language)
        self.is_usual = tuple(columns) == USUAL
        self.export_href = queries.export_address(query, () if self.is_usual else columns)

    def _show_rows(
        self, query: ResourceQuery, found: ResourceTable, columns: Sequence[str], eyes: Eyes
    ) -> None:
        self.rows = shown_table_rows(found.lines, columns, found.tags, eyes=eyes)
        self.totals = shown.totals(found.summary, found.running, language=eyes.language)
        self.count = shown.count_words(found.summary, language=eyes.language)
        self.shown = shown_rows(
            offset=query.offset,
            rows=len(found.lines),
            count=found.summary.count,
            language=eyes.language,
        )
        self.has_previous = query.page > 1
        self.has_next = query.offset + len(found.lines) < found.summary.count

    def _fail(self, refusal: Refused, language: Language) -> None:
        words = page_words_of(refusal, language)
        self.failure_title, self.failure_action = words.title, words.action
        self.phase = phase_of(refusal)
        self.rows = []

    def _lead(self, query: ResourceQuery, *, replaces: bool = False) -> rx.event.EventSpec:
        return lead(query, replaces=replaces, has_default=self._has_default)


def _view_to_open(
    query: ResourceQuery,
    views: Sequence[SavedView],
    default: SavedView | None,
    *,
    is_plain: bool,
) -> ResourceQuery | None:
    """Where the table begins, if an address names no more than a view, or nothing at all."""
    if query.opens:
        named = next((view for view in views if str(view.id) == query.view), None)
        return None if named is None else query_of(named)
    return query_of(default) if is_plain and default is not None else None
