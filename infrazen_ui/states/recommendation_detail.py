"""One recommendation: why, what to change, and what became of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import reflex as rx

from infrazen_ui.backend import recommendation_query as queries
from infrazen_ui.backend import recommendations as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present import recommendation_detail as shown
from infrazen_ui.present.metrics import MetricCard, metric_cards, with_limit
from infrazen_ui.present.recommendation_detail import NO_DETAIL, Detail, Past
from infrazen_ui.present.recommendation_words import Fact, facts
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.notices import notify, notify_refused


class RecommendationDetailState(rx.State):
    """What the panel of the chosen recommendation shows."""

    is_open: bool = False
    detail: Detail = NO_DETAIL
    facts: list[Fact] = []
    charts: list[MetricCard] = []
    history: list[Past] = []
    others: list[Fact] = []

    @rx.event
    async def load(self) -> AsyncIterator[Any]:
        """Open the one that the address names; close where it names none."""
        query = queries.parse(self.router.url.query)
        if query.chosen is None:
            self.is_open = False
            return
        eyes = await eyes_of(self)
        found = await backend.find_evidence(self, query.chosen)
        if isinstance(found, Refused):
            self.is_open = False
            if found.reason == "NotFound":
                yield notify(text("recommendations.gone", eyes.language), tone="warning")
            else:
                yield notify_refused(found, eyes.language)
            yield rx.redirect(queries.address(replace(query, chosen=None)), replace=True)
            return
        one = found.view.recommendation
        self.detail = shown.detail(one, eyes=eyes)
        self.facts = facts(one, eyes=eyes)
        self.history = shown.history(found.view.history, eyes=eyes)
        self.others = shown.others(found.view.beside, eyes=eyes)
        cards = metric_cards(found.usage, found.readings, eyes=eyes)
        limit = one.evidence.get("threshold_percent")
        if isinstance(limit, int | float):
            cards = with_limit(cards, found.usage, limit, language=eyes.language)
        self.charts = cards
        self.is_open = True

    @rx.event
    def set_open(self, is_open: bool) -> Any:  # noqa: FBT001
        """Close it."""
        if is_open is True:
            return None
        query = queries.parse(self.router.url.query)
        return rx.redirect(queries.address(replace(query, chosen=None)))
