"""How a rule is set."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import reflex as rx

from infrazen_ui.backend import recommendations as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present.figures import number
from infrazen_ui.present.rules import ParameterField, parameter_fields
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.recommendations import RecommendationsState


class RulesState(rx.State):
    """The form of the rule ``rule``; ``wrong`` names the field that makes no sense.

    ``saved`` tells of what was saved last, which can be taken back.
    """

    is_open: bool = False
    rule: str = ""
    title: str = ""
    why: str = ""
    is_enabled: bool = True
    fields: list[ParameterField] = []
    wrong: str = ""
    error: str = ""
    saved: str = ""
    is_checking: bool = False

    _before: tuple[str, bool, dict[str, float]] = ("", True, {})

    @rx.event
    async def ask(self, rule: str) -> Any:
        """Open the form of a rule."""
        language = (await eyes_of(self)).language
        found = await backend.find_rule(self, rule if isinstance(rule, str) else "")
        if isinstance(found, Refused):
            return notify_refused(found, language)
        if found is None:
            return None
        self._forget_form()
        self.rule, self.title = found.id, found.title[language]
        self.why, self.is_enabled = found.why[language], found.is_enabled
        self.fields = parameter_fields(found, language=language)
        self.is_open = True
        return None

    @rx.event
    def set_open(self, is_open: bool) -> None:  # noqa: FBT001
        """Close it."""
        if is_open is not True:
            self._forget_form()

    @rx.event
    def toggle(self) -> None:
        """Switch the rule on or off, once saved."""
        self.is_enabled = not self.is_enabled

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Keep what was entered; it holds from the next evaluation on."""
        language = (await eyes_of(self)).language
        entered = form if isinstance(form, dict) else {}
        values: dict[str, float] = {}
        for field in self.fields:
            value = _number(entered.get(field["name"]))
            if value is None or not float(field["minimum"]) <= value <= float(field["maximum"]):
                self.wrong = field["name"]
                self.error = text(
                    "recommendations.rules.wrong",
                    language,
                    minimum=field["minimum"],
                    maximum=field["maximum"],
                )
                return
            values[field["name"]] = int(value) if value == int(value) else value
        async for event in self._set(is_enabled=self.is_enabled, parameters=values):
            yield event

    @rx.event
    async def restore(self) -> AsyncIterator[Any]:
        """Give every parameter its default."""
        defaults = dict.fromkeys((field["name"] for field in self.fields), None)
        async for event in self._set(is_enabled=self.is_enabled, parameters=defaults):
            yield event

    @rx.event
    async def undo(self) -> AsyncIterator[Any]:
        """Set the rule as it was before it was last saved."""
        rule, is_enabled, values = self._before
        self.saved, self._before = "", ("", True, {})
        if not rule:
            return
        refusal = await backend.set_rule(self, rule, is_enabled=is_enabled, parameters=values)
        if isinstance(refusal, Refused):
            yield notify_refused(refusal, (await eyes_of(self)).language)
        yield RecommendationsState.load

    @rx.event
    async def check(self) -> AsyncIterator[Any]:
        """Ask every rule about every connection now."""
        language = (await eyes_of(self)).language
        self.is_checking = True
        yield
        found = await backend.check_now(self)
        self.is_checking = False
        if isinstance(found, Refused):
            yield notify_refused(found, language)
            return
        self.saved = ""
        note = text(
            "recommendations.rules.checked_note",
            language,
            opened=number(found.opened, language=language),
            closed=number(found.closed, language=language),
        )
        yield notify(text("recommendations.rules.checked", language), note)
        yield RecommendationsState.load

    def _forget_form(self) -> None:
        """Close the form; what was saved can still be taken back."""
        saved, before = self.saved, self._before
        self.reset()
        self.saved, self._before = saved, before

    async def _set(
        self, *, is_enabled: bool, parameters: Mapping[str, float | None]
    ) -> AsyncIterator[Any]:
        language = (await eyes_of(self)).language
        known = await backend.find_rule(self, self.rule)
        if known is None:
            return
        if isinstance(known, Refused):
            yield notify_refused(known, language)
            return
        refusal = await backend.set_rule(
            self, known.id, is_enabled=is_enabled, parameters=parameters
        )
        if isinstance(refusal, Refused):
            yield notify_refused(refusal, language)
            return
        values = {one.name: one.value for one in known.parameters}
        self.reset()
        self._before = (known.id, known.is_enabled, values)
        self.saved = text("recommendations.rules.saved_one", language, rule=known.title[language])
        yield RecommendationsState.load


def _number(entered: object) -> float | None:
    if not isinstance(entered, str) or len(entered) > 32:
        return None
    try:
        value = float(entered.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 10**9 else None
