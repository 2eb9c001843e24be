"""Which columns the resource table shows: in the address, and remembered by the browser."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import reflex as rx

from infrazen.domain import resource_columns as columns
from infrazen_ui.backend.resource_query import ResourceQuery
from infrazen_ui.locales import Language
from infrazen_ui.present.resource_columns import ColumnChoice, chosen, left
from infrazen_ui.states.forms import entry, word
from infrazen_ui.states.language import spoken
from infrazen_ui.states.resource_address import asked, lead

STORAGE_NAME = "infrazen_columns"
_LONGEST = 6_000


class ResourceColumnsState(rx.State):
    """The chooser: columns that show, in their order, and those that could.

    ``remembered`` comes from the browser's storage and holds where the address says nothing.
    """

    shown: list[ColumnChoice] = []
    others: list[ColumnChoice] = []
    is_usual: bool = True
    is_full: bool = False
    remembered: str = rx.LocalStorage("", name=STORAGE_NAME)

    _has_default: bool = False

    @rx.event
    async def toggle(self, column: str) -> Any:
        """Show a column, or hide it; one at least stays."""
        return await self._choose(
            lambda now: columns.toggled(now, columns.column_of(word(column))), follow=word(column)
        )

    @rx.event
    async def move(self, column: str, step: int) -> Any:
        """Put a column a place further on, or back."""
        by = step if isinstance(step, int) and not isinstance(step, bool) else 0
        return await self._choose(
            lambda now: columns.moved(now, word(column), by),
            follow=f"{word(column)}-{'on' if by > 0 else 'back'}",
        )

    @rx.event
    async def add_tag(self, form: dict[str, Any]) -> Any:
        """Give a tag a column of its own."""
        name = f"{columns.TAG}{word(entry(form, 'key'))}"
        return await self._choose(
            lambda now: now if name in now else columns.toggled(now, columns.column_of(name))
        )

    @rx.event
    async def reset_columns(self) -> Any:
        """Show what shows where nobody has chosen."""
        self.remembered = ""
        self._show((), await spoken(self))
        return lead(replace(asked(self), columns=()), has_default=self._has_default)

    async def _choose(self, choice: Any, *, follow: str = "") -> Any:
        query = asked(self)
        now = self._of(query)
        try:
            after = choice(now)
        except ValueError:
            return None
        if after == now:
            return None
        self.remembered = "" if after == columns.USUAL else json.dumps(after, ensure_ascii=False)
        self._show(after, await spoken(self))
        said = () if after == columns.USUAL else after
        place = json.dumps(f"column-{follow}")
        keeps_focus = rx.call_function(f"(() => window.infrazen.follow({place}))")
        there = lead(replace(query, columns=said), replaces=True, has_default=self._has_default)
        return [there, *([keeps_focus] * bool(follow))]

    def _see(
        self, query: ResourceQuery, *, has_default: bool, language: Language
    ) -> tuple[str, ...]:
        """The table is at ``query``: the columns that it shows."""
        found = self._of(query)
        self._has_default = has_default
        self._show(found, language)
        return found

    def _of(self, query: ResourceQuery) -> tuple[str, ...]:
        return query.columns or remembered(self.remembered) or columns.USUAL

    def _show(self, names: Sequence[str], language: Language) -> None:
        shown = names or columns.USUAL
        self.shown = chosen(shown, language=language)
        self.others = left(shown, language=language)
        self.is_usual = tuple(shown) == columns.USUAL
        self.is_full = len(shown) >= columns.MOST_COLUMNS


def remembered(kept: object) -> tuple[str, ...]:
    """The columns that a browser kept; none where it kept something else."""
    if not isinstance(kept, str) or not 0 < len(kept) <= _LONGEST:
        return ()
    try:
        names = json.loads(kept)
    except ValueError:
        return ()
    return columns.columns_of(names) if isinstance(names, list) else ()
