"""The dashboard on the screen."""

import asyncio
from typing import Any

import reflex as rx

from infrazen_ui.backend import dashboard as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import Language, text
from infrazen_ui.present.dashboard import sections
from infrazen_ui.present.dashboard.alerts import Alert
from infrazen_ui.present.dashboard.alerts import with_cluster as with_cluster_alerts
from infrazen_ui.present.dashboard.chart import NO_CHART, Chart
from infrazen_ui.present.dashboard.clouds import (
    NO_PROGRESS,
    Cloud,
    Freshness,
    Progress,
    progress,
    with_cluster,
)
from infrazen_ui.present.dashboard.inventory import (
    MOST_ROWS,
    Row,
    TypeChip,
    more,
    resources_href,
    rows,
)
from infrazen_ui.present.dashboard.kpis import NO_KPIS, Kpis
from infrazen_ui.present.dashboard.ledger import Equation, Ledger
from infrazen_ui.present.dashboard.news import NewsItem
from infrazen_ui.present.dashboard.utilisation import Used
from infrazen_ui.present.figures import counted
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.refusals import is_lasting, page_words_of, phase_of

LOOK_EVERY = 1.5
"""Seconds between two looks at a running sync."""
_UNKNOWN = frozenset({"something"})
LOOKS = 400
"""After so many the page stops looking by itself: ten minutes."""


class DashboardState(rx.State):
    """Every section as it is shown.

    ``view`` is loading, ready, newcomer, first, unread, forbidden or failed. ``_watch``
    numbers the watchers of this tab: only the latest goes on. ``_said`` is what the cluster
    said last of managed connections; the plain ones are as they are without that.
    """

    view: str = "loading"
    title: str = ""
    action: str = ""

    days: str = str(backend.USUAL_PERIOD)
    currency: str = ""
    currencies: list[str] = []
    fresh: str = ""
    fresh_each: list[Freshness] = []
    is_busy: bool = False
    progress: Progress = NO_PROGRESS
    alerts: list[Alert] = []
    kpis: Kpis = NO_KPIS
    chart: Chart = NO_CHART
    usage: list[Used] = []
    equations: list[Equation] = []
    has_twice: bool = False
    ledgers: list[Ledger] = []
    clouds: list[Cloud] = []
    news: list[NewsItem] = []
    is_same: bool = False
    types: list[TypeChip] = []
    rows: list[Row] = []
    more: str = ""
    query: str = ""
    all_href: str = resources_href()

    _watch: int = 0
    _is_managed: bool = False
    _said: Any = None
    _plain_alerts: list[Alert] = []
    _plain_clouds: list[Cloud] = []

    @rx.event
    async def load(self) -> Any:
        """Show the period that the address names, and watch syncs that go on."""
        self.days = str(backend.period(self.router.url.query_parameters.get("days")))
        await self._fill()
        return self._follow()

    @rx.event(background=True)
    async def look_into_cluster(self) -> None:
        """Add what the cluster says, when it answers: nothing waits for it."""
        said = await backend.cluster_said(self)
        if isinstance(said, Refused) or not said.managed:
            return
        async with self:
            self._said = said
            await self._add_cluster()

    @rx.event
    async def refresh(self) -> Any:
        """Ask for everything anew."""
        await self._fill()
        return self._follow()

    @rx.event
    async def sync_all(self) -> Any:
        """Put every connection's sync into the queue, and watch them."""
        asked = await backend.sync_all(self)
        language = await spoken(self)
        if isinstance(asked, Refused):
            return notify_refused(asked, language)
        await self._fill()
        return [_asked(asked, language), self._watching()]

    @rx.event
    async def choose_currency(self, currency: str) -> None:
        """Draw the chart in another currency."""
        if currency in self.currencies:
            self.currency = currency
            await self._fill()

    @rx.event
    async def search(self, words: str) -> Any:
        """List what ``words`` find."""
        self.query = words[: backend.LONGEST_SEARCH] if isinstance(words, str) else ""
        return await self._list()

    @rx.event
    def leave(self) -> None:
        """The page is gone: stop watching."""
        self._watch += 1

    @rx.event(background=True)
    async def watch(self) -> Any:
        """Show how syncs go on, and what they brought as soon as one ends."""
        async with self:
            self._watch += 1
            mine = self._watch
        before: frozenset[str] | None = None
        for _ in range(LOOKS):
            async with self:
                if self._watch != mine:
                    return None
                busy = await self._look(before)
                if busy is None:
                    return None
                if busy != before and not (before is None and busy):
                    await self._fill()
                if not busy:
                    language = await spoken(self)
                    return notify(text("dashboard.notice.done", language))
            before = busy
            await asyncio.sleep(LOOK_EVERY)
        async with self:
            language = await spoken(self)
        title = text("dashboard.notice.slow", language)
        return notify(title, text("dashboard.notice.slow_note", language), tone="info")

    async def _look(self, before: frozenset[str] | None) -> frozenset[str] | None:
        """Which connections are busy; None where nobody may know any more.

        A database that is away for a moment leaves things as they were ``before``.
        """
        found = await backend.activity(self)
        if isinstance(found, Refused):
            if not is_lasting(found):
                return before or _UNKNOWN
            self.is_busy = False
            return None
        self.progress = progress(found, await spoken(self))
        running = {f"{one} runs" for one in found.running}
        return frozenset(running | {f"{one} waits" for one in found.waiting})

    async def _fill(self) -> None:
        language = await spoken(self)
        found = await backend.dashboard(self, days=int(self.days))
        if isinstance(found, Refused):
            self._explain(found, language)
            return
        shown = sections.of(found, language, currency=self.currency)
        for name, value in shown.items():
            setattr(self, name, value)
        self._is_managed = any(card.is_managed for card in found.connections)
        self._plain_alerts, self._plain_clouds = self.alerts, self.clouds
        await self._add_cluster()
        if self.query:
            await self._list()

    async def _add_cluster(self) -> None:
        if self._said is not None:
            language = await spoken(self)
            self.alerts = with_cluster_alerts(self._plain_alerts, self._said, language)
            self.clouds = with_cluster(self._plain_clouds, self._said, language)

    async def _list(self) -> Any:
        """The resources that the search finds, or the dearest of all."""
        language = await spoken(self)
        found = await backend.find_resources(self, self.query, limit=MOST_ROWS)
        if isinstance(found, Refused):
            return notify_refused(found, language)
        self.rows = rows(found.lines, language)
        self.more = more(found.summary.count, language)
        self.all_href = resources_href(q=self.query)
        return None

    def _explain(self, refusal: Refused, language: Language) -> None:
        words = page_words_of(refusal, language)
        self.title, self.action = words.title, words.action
        self.view = phase_of(refusal)

    def _follow(self) -> list[Any]:
        """What goes on after the page is filled."""
        asks = [DashboardState.look_into_cluster] if self._is_managed else []
        return [*asks, *filter(None, [self._watching()])]

    def _watching(self) -> Any:
        return DashboardState.watch if self.is_busy else None


def _asked(count: int, language: Language) -> rx.event.EventSpec:
    if count:
        return notify(counted("dashboard.notice.asked", count, language=language), tone="info")
    title = text("dashboard.notice.nothing_to_sync", language)
    return notify(title, text("dashboard.notice.nothing_to_sync_note", language), tone="info")
