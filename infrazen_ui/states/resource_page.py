"""One resource: all that its page shows."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen_ui.backend.calls import Refused, current_visitor
from infrazen_ui.backend.resources import ResourceView, find_readings, find_resource
from infrazen_ui.locales import Language
from infrazen_ui.present import resource_detail as shown
from infrazen_ui.present import resource_overrides as overrides
from infrazen_ui.present.configuration import Fact, configuration
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.metrics import MetricCard, metric_cards, reach_of, series_of
from infrazen_ui.present.resource_detail import Face, Note, Part, SecretMark, TagMark
from infrazen_ui.present.resource_overrides import NOTHING_SAID, Said, Word
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.notices import notify_refused
from infrazen_ui.states.refusals import page_words_of, phase_of

REACHES = ("window", "day", "week", "month")
_CHIEFS = frozenset({"owner", "admin"})


class ResourceState(rx.State):
    """What the page of one resource shows.

    ``phase`` is loading, ready, gone, forbidden or failed; ``version`` grows with what
    people write, so that forms begin anew with it.
    """

    phase: str = "loading"
    face: Face = shown.NO_FACE
    identity: list[Fact] = []
    configuration: list[Fact] = []
    metrics: list[MetricCard] = []
    reach: str = REACHES[0]
    tags: list[TagMark] = []
    components: list[Part] = []
    notes: list[Note] = []
    secrets: list[SecretMark] = []
    said: Said = NOTHING_SAID
    words: list[Word] = []
    belongs: dict[str, str] = dict.fromkeys(shown.CONTEXT_FIELDS, "")
    version: int = 0
    is_charting: bool = False
    failure_title: str = ""
    failure_action: str = ""

    _shown: str = ""

    @rx.event
    async def load(self) -> AsyncIterator[Any]:
        """Show the resource that the address names."""
        eyes = await eyes_of(self)
        chosen = chosen_resource(self)
        if chosen is None:
            self.phase = "gone"
            return
        if self._shown != str(chosen):
            self.reset()
            self._shown = str(chosen)
            yield
        found = await find_resource(self, chosen)
        if isinstance(found, Refused):
            self._fail(found, eyes.language)
            return
        await self._show(found, eyes)
        await self._show_written(found, eyes)
        self.metrics = metric_cards(found.usage, {}, eyes=eyes)
        self.phase, self.is_charting = "ready", True
        yield
        refusal = await self._chart(found, eyes)
        self.is_charting = False
        if refusal:
            yield notify_refused(refusal, eyes.language)

    @rx.event
    async def choose_reach(self, reach: str) -> AsyncIterator[Any]:
        """Show metrics as far back as this."""
        chosen = chosen_resource(self)
        if chosen is None or reach not in REACHES:
            return
        self.reach, self.is_charting = reach, True
        yield
        eyes = await eyes_of(self)
        found = await find_resource(self, chosen)
        refusal = found if isinstance(found, Refused) else await self._chart(found, eyes)
        self.is_charting = False
        if refusal:
            yield notify_refused(refusal, eyes.language)

    async def _refresh(self) -> Refused | None:
        """Show anew what people write on the resource."""
        chosen = chosen_resource(self)
        if chosen is None:
            return None
        found = await find_resource(self, chosen)
        if isinstance(found, Refused):
            return found
        await self._show_written(found, await eyes_of(self))
        return None

    async def _show_anew(self) -> Refused | None:
        """Show anew what the resource is called and costs."""
        chosen = chosen_resource(self)
        if chosen is None:
            return None
        found = await find_resource(self, chosen)
        if isinstance(found, Refused):
            return found
        await self._show(found, await eyes_of(self))
        return None

    async def _show(self, found: ResourceView, eyes: Eyes) -> None:
        view, language = found, eyes.language
        visitor = await current_visitor(self)
        main = visitor.currency if visitor else ""
        self.said = overrides.said(view.resource, view.overrides, main=main, language=language)
        self.words = overrides.said_before(view.overrides, eyes=eyes)
        self.face = shown.face(view.resource, view.connection, eyes=eyes)
        self.identity = shown.identity(view.resource, eyes=eyes)
        self.configuration = configuration(view.resource.provider_config, language=language)
        self.components = shown.parts(view.components, language=language)
        self.secrets = shown.secrets(view.secrets, eyes=eyes)

    async def _show_written(self, found: ResourceView, eyes: Eyes) -> None:
        visitor = await current_visitor(self)
        self.tags = shown.tags(found.tags)
        self.belongs = shown.context(found.resource)
        self.notes = shown.notes(
            found.annotations,
            reader=visitor.actor.user_id if visitor else None,
            may_remove_all=visitor is not None and visitor.role.value in _CHIEFS,
            is_visitor=visitor is not None and visitor.is_visitor,
            eyes=eyes,
        )
        self.version += 1

    async def _chart(self, found: ResourceView, eyes: Eyes) -> Refused | None:
        usage = found.usage
        readings = await find_readings(
            self,
            found.resource.id,
            series_of(usage),
            reach=reach_of(self.reach, usage, now=eyes.now),
        )
        if isinstance(readings, Refused):
            return readings
        self.metrics = metric_cards(usage, readings, eyes=eyes)
        return None

    def _fail(self, refusal: Refused, language: Language) -> None:
        words = page_words_of(refusal, language)
        self.failure_title, self.failure_action = words.title, words.action
        self.phase = phase_of(refusal)


def chosen_resource(state: rx.State) -> UUID | None:
    """The id in the address of the browser of ``state``; None where it is none."""
    try:
        return UUID(state.router.url.path.rstrip("/").rpartition("/")[2])
    except ValueError:
        return None
