"""Of one resource's page: what happened to it and what it cost meanwhile."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.resource_lifecycle import (
    LONGEST_PAGE,
    Lifecycle,
    Told,
    find_lifecycle,
    find_told,
)
from infrazen_ui.present.lifecycle import Event, events
from infrazen_ui.present.lifecycle_chart import (
    NO_COST_CHART,
    CostChart,
    cost_chart,
    currencies_of,
)
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.notices import notify_refused
from infrazen_ui.states.refusals import page_words_of
from infrazen_ui.states.resource_page import chosen_resource

DAYS = ("30", "90", "365")
MANY = 12
"""How many entries are shown at once."""


class ResourceLifecycleState(rx.State):
    """``phase`` is loading, ready or failed; ``entries`` are the latest ones first."""

    phase: str = "loading"
    days: str = DAYS[0]
    currency: str = ""
    currencies: list[str] = []
    chart: CostChart = NO_COST_CHART
    entries: list[Event] = []
    has_more: bool = False
    is_cut: bool = False
    is_busy: bool = False
    failure_title: str = ""
    failure_action: str = ""

    _shown: str = ""
    _last: str = ""

    @rx.event
    async def load(self) -> AsyncIterator[Any]:
        """Show what happened to the resource that the address names."""
        chosen = chosen_resource(self)
        if chosen is None:
            return
        if self._shown != str(chosen):
            self.reset()
            self._shown = str(chosen)
            yield
        found = await self._find(chosen)
        if found is not None:
            self._list(found.told[: max(MANY, len(self.entries))], await eyes_of(self))
            self.has_more = len(found.told) > len(self.entries)

    @rx.event
    async def choose_days(self, days: str) -> AsyncIterator[Any]:
        """Show the costs of so many days."""
        chosen = chosen_resource(self)
        if chosen is None or days not in DAYS:
            return
        self.days, self.is_busy = days, True
        yield
        await self._find(chosen)

    @rx.event
    async def choose_currency(self, currency: str) -> AsyncIterator[Any]:
        """Show costs in this currency; never two in one chart."""
        chosen = chosen_resource(self)
        if chosen is None or currency not in self.currencies:
            return
        self.currency, self.is_busy = currency, True
        yield
        await self._find(chosen)

    @rx.event
    async def show_more(self) -> AsyncIterator[Any]:
        """Show what happened before that."""
        chosen, before = chosen_resource(self), _place(self._last)
        if chosen is None or before is None or self.is_busy:
            return
        self.is_busy = True
        yield
        found = await find_told(self, chosen, before=before, limit=MANY + 1)
        self.is_busy = False
        eyes = await eyes_of(self)
        if isinstance(found, Refused):
            yield notify_refused(found, eyes.language)
            return
        known = self.entries
        self._list(found[:MANY], eyes)
        self.entries = [*known, *self.entries]
        self.has_more = len(found) > MANY

    @rx.event
    async def go_to(self, place: int) -> AsyncIterator[Any]:
        """Lead to the entry that a mark is about, which may not be shown yet."""
        chosen = chosen_resource(self)
        if chosen is None or type(place) is not int or not 0 <= place < LONGEST_PAGE:
            return
        if place >= len(self.entries):
            most = min(place + MANY, LONGEST_PAGE)
            found = await find_told(self, chosen, limit=most)
            eyes = await eyes_of(self)
            if isinstance(found, Refused):
                yield notify_refused(found, eyes.language)
                return
            self._list(found, eyes)
            self.has_more = len(found) == most
            yield
        if place < len(self.entries):
            anchor = self.entries[place]["anchor"]
            yield rx.call_script(f"window.infrazen.goTo('{anchor}')")

    async def _find(self, chosen: UUID) -> Lifecycle | None:
        """What there is, drawn; None where it was refused, and then that is shown."""
        eyes = await eyes_of(self)
        found = await find_lifecycle(self, chosen, days=int(self.days))
        self.is_busy = False
        if isinstance(found, Refused):
            words = page_words_of(found, eyes.language)
            self.failure_title, self.failure_action = words.title, words.action
            self.phase = "failed"
            return None
        self.currencies = currencies_of(found.costs)
        if self.currency not in self.currencies:
            self.currency = found.costs[-1].currency if found.costs else ""
        self.chart = cost_chart(
            found.costs, found.told, currency=self.currency, days=int(self.days), eyes=eyes
        )
        self.is_cut = len(found.told) == LONGEST_PAGE
        self.phase = "ready"
        return found

    def _list(self, told: tuple[Told, ...], eyes: Any) -> None:
        self.entries = events(told, eyes=eyes)
        if told:
            one = told[-1].entry.happening
            self._last = f"{one.at.isoformat()} {one.id}"


def _place(last: str) -> tuple[datetime, UUID] | None:
    if not last:
        return None
    at, _, id_ = last.partition(" ")
    return datetime.fromisoformat(at), UUID(id_)
