"""The recommendations: what the page's address means, and what people decide.

The address is the truth: a filter leads to another one, and ``load`` shows what it says.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen.domain.periods import local_day
from infrazen.domain.recommendations import State
from infrazen_ui.backend import recommendation_query as queries
from infrazen_ui.backend import recommendations as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.connections import id_of
from infrazen_ui.backend.recommendation_query import RecommendationQuery
from infrazen_ui.backend.recommendations import Advice
from infrazen_ui.backend.resources import Nothing, why_nothing
from infrazen_ui.locales import Language, text
from infrazen_ui.present import recommendations as shown
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.figures import counted
from infrazen_ui.present.narrowing import Chip, Choice, shown_rows
from infrazen_ui.present.recommendations import NO_FIGURES, Advised, Figures, SavedChart
from infrazen_ui.present.rules import RuleLine, rule_lines
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import word
from infrazen_ui.states.notices import notify_refused
from infrazen_ui.states.refusals import page_words_of, phase_of

WAIT_SECONDS = 3.0
SNOOZE_DAYS = {"week": 7, "month": 30, "quarter": 90}


class RecommendationsState(rx.State):
    """What the page shows.

    ``phase`` is loading, ready, failed or forbidden, or why there is nothing: nothing (found
    by the filter), empty (shelf), newcomer (no connection), unread or unconfigured (no rule).
    ``decided`` tells of the last decision, which can be taken back.
    """

    phase: str = "loading"
    is_busy: bool = False
    query: str = ""
    shelf: str = "active"
    look: str = "cards"
    items: list[Advised] = []
    figures: Figures = NO_FIGURES
    count: str = ""
    shown: str = ""
    has_previous: bool = False
    has_next: bool = False
    chips: list[Chip] = []
    categories: list[Choice] = []
    rule_options: list[Choice] = []
    connections: list[Choice] = []
    rules: list[RuleLine] = []
    saved: list[SavedChart] = []
    export_href: str = queries.EXPORT
    decided: str = ""
    failure_title: str = ""
    failure_action: str = ""
    dismissing: str = ""
    dismiss_error: str = ""

    _undo: tuple[str, str, str] = ("", "", "")

    @rx.event
    async def load(self) -> AsyncIterator[Any]:
        """Show what the address says."""
        self.is_busy = True
        yield
        try:
            await self._load()
        finally:
            self.is_busy = False
        if self.phase == Nothing.FIRST_SYNC:
            yield RecommendationsState.wait

    @rx.event(background=True)
    async def wait(self) -> AsyncIterator[Any]:
        """Let time pass and ask the browser whether it still waits; a tab that is gone does not."""
        await asyncio.sleep(WAIT_SECONDS)
        there = "(() => location.pathname)"
        yield rx.call_function(there, callback=RecommendationsState.look_again)

    @rx.event
    def look_again(self, path: str) -> Any:
        """See whether the first sync has ended."""
        is_there = word(path).rstrip("/") == queries.PATH
        is_waiting = self.phase == Nothing.FIRST_SYNC
        return RecommendationsState.load if is_there and is_waiting else None

    @rx.event
    def search(self, words: str) -> Any:
        """Look for words."""
        asked = _asked(self)
        wanted = queries.parse(queries.address(replace(asked, text=word(words))).partition("?")[2])
        return None if wanted == asked else _lead(replace(wanted, page=1), replaces=True)

    @rx.event
    def toggle(self, facet: str, value: str) -> Any:
        """Choose something, or take the choice back."""
        return _lead(queries.toggled(_asked(self), word(facet), word(value)))

    @rx.event
    def choose_shelf(self, shelf: str) -> Any:
        """Show those that wait, or others."""
        found = queries.parse(f"show={word(shelf)}")
        self.decided = ""
        return _lead(replace(_asked(self), shelf=found.shelf, page=1, chosen=None))

    @rx.event
    def choose_look(self, look: str) -> Any:
        """Cards or a table."""
        found = queries.parse(f"view={word(look)}")
        return _lead(replace(_asked(self), look=found.look, chosen=None), replaces=True)

    @rx.event
    def clear(self) -> Any:
        """Take every choice back."""
        asked = _asked(self)
        return _lead(RecommendationQuery(shelf=asked.shelf, look=asked.look))

    @rx.event
    def go(self, step: int) -> Any:
        """One page on, or back."""
        asked = _asked(self)
        return _lead(replace(asked, page=max(1, asked.page + (1 if step == 1 else -1))))

    @rx.event
    async def decide(self, recommendation: str, wanted: str) -> AsyncIterator[Any]:
        """Accept, begin, finish or open again."""
        if wanted not in (State.ACCEPTED, State.IN_PROGRESS, State.DONE, State.OPEN):
            return
        async for event in self._decide(recommendation, State(wanted)):
            yield event

    @rx.event
    async def snooze(self, recommendation: str, term: str) -> AsyncIterator[Any]:
        """Let it sleep for a while."""
        days = SNOOZE_DAYS.get(word(term))
        if days is None:
            return
        eyes = await eyes_of(self)
        until = local_day(eyes.now, str(eyes.zone)) + timedelta(days=days)
        async for event in self._decide(recommendation, State.SNOOZED, until=until):
            yield event

    @rx.event
    def ask_dismiss(self, recommendation: str) -> None:
        """Ask why."""
        self.dismissing, self.dismiss_error = word(recommendation), ""

    @rx.event
    def set_dismissing(self, is_open: bool) -> None:  # noqa: FBT001
        """Close the question."""
        if is_open is not True:
            self.dismissing, self.dismiss_error = "", ""

    @rx.event
    async def dismiss(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Dismiss it, with the reason."""
        reason = " ".join(word(form.get("reason")).split()) if isinstance(form, dict) else ""
        if not reason:
            eyes = await eyes_of(self)
            self.dismiss_error = text("recommendations.dismiss.empty", eyes.language)
            return
        wanted, self.dismissing = self.dismissing, ""
        async for event in self._decide(wanted, State.DISMISSED, reason=reason[:1000]):
            yield event

    @rx.event
    async def undo(self) -> AsyncIterator[Any]:
        """Take the last decision back."""
        recommendation, state, until = self._undo
        self._undo, self.decided = ("", "", ""), ""
        if not recommendation:
            return
        wanted = State(state)
        day = date.fromisoformat(until) if until else None
        if wanted is State.DISMISSED or (wanted is State.SNOOZED and day is None):
            wanted = State.OPEN
        refusal = await backend.decide(self, UUID(recommendation), wanted, snoozed_until=day)
        if isinstance(refusal, Refused):
            yield notify_refused(refusal, (await eyes_of(self)).language)
        await self._load()

    async def _decide(
        self, recommendation: str, wanted: State, *, reason: str = "", until: date | None = None
    ) -> AsyncIterator[Any]:
        eyes = await eyes_of(self)
        chosen = id_of(recommendation)
        if chosen is None:
            return
        was = await backend.find_one(self, chosen)
        if isinstance(was, Refused):
            yield notify_refused(was, eyes.language)
            return
        refusal = await backend.decide(self, chosen, wanted, reason=reason, snoozed_until=until)
        if isinstance(refusal, Refused):
            yield notify_refused(refusal, eyes.language)
            return
        day = was.snoozed_until.isoformat() if was.snoozed_until else ""
        self._undo = (str(chosen), was.state.value, day)
        self.decided = text(
            "recommendations.decided",
            eyes.language,
            state=text(f"recommendations.state.{wanted}", eyes.language),
            resource=was.resource or text("recommendations.account", eyes.language),
        )
        asked = _asked(self)
        if asked.chosen is not None:
            yield _lead(replace(asked, chosen=None))
        else:
            await self._load()

    async def _load(self) -> None:
        query = _asked(self)
        eyes = await eyes_of(self)
        found = await backend.find_advice(self, query)
        if isinstance(found, Refused):
            words = page_words_of(found, eyes.language)
            self.failure_title, self.failure_action = words.title, words.action
            self.phase, self.items = phase_of(found), []
            return
        self._show_query(query, found, eyes.language)
        self._show_found(query, found, eyes)
        if self.phase == Nothing.UNREAD and await why_nothing(self) is Nothing.FIRST_SYNC:
            self.phase = Nothing.FIRST_SYNC.value

    def _show_query(self, query: RecommendationQuery, found: Advice, language: Language) -> None:
        self.query, self.shelf, self.look = query.text, query.shelf.value, query.look.value
        choices = shown.options(query, found.rules, found.sources, language=language)
        self.categories, self.rule_options = choices["category"], choices["rule"]
        self.connections = choices["connection"]
        self.chips = shown.chips(choices, language=language)
        self.export_href = queries.export_address(query)

    def _show_found(self, query: RecommendationQuery, found: Advice, eyes: Eyes) -> None:
        page, language = found.found, eyes.language
        self.items = shown.advised(page.lines, eyes=eyes)
        self.figures = shown.figures(page.standing, language=language)
        self.rules = rule_lines(found.rules, language=language)
        self.saved = shown.saved_charts(found.saved, language=language)
        self.count = counted("recommendations.count", page.count, language=language)
        rows = len(page.lines)
        self.shown = shown_rows(offset=query.offset, rows=rows, count=page.count, language=language)
        self.has_previous, self.has_next = query.page > 1, query.offset + rows < page.count
        self.phase = "ready"
        if not page.lines:
            self.phase = shown.why_empty(query, found.rules, found.sources)


def _asked(state: rx.State) -> RecommendationQuery:
    return queries.parse(state.router.url.query)


def _lead(query: RecommendationQuery, *, replaces: bool = False) -> rx.event.EventSpec:
    return rx.redirect(queries.address(query), replace=replaces)
