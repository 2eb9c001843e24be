"""How a rule is set."""

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from infrazen_ui.backend import recommendations as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present.rules import ParameterField, parameter_fields
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.recommendations import RecommendationsState


class RulesState(rx.State):
    """The form of the rule ``rule``; ``wrong`` names the field that makes no sense."""

    is_open: bool = False
    rule: str = ""
    title: str = ""
    why: str = ""
    is_enabled: bool = True
    fields: list[ParameterField] = []
    wrong: str = ""
    error: str = ""

    @rx.event
    async def ask(self, rule: str) -> Any:
        """Open the form of a rule."""
        language = (await eyes_of(self)).language
        found = await backend.find_rule(self, rule if isinstance(rule, str) else "")
        if isinstance(found, Refused):
            return notify_refused(found, language)
        if found is None:
            return None
        self.reset()
        self.rule, self.title = found.id, found.title[language]
        self.why, self.is_enabled = found.why[language], found.is_enabled
        self.fields = parameter_fields(found, language=language)
        self.is_open = True
        return None

    @rx.event
    def set_open(self, is_open: bool) -> None:  # noqa: FBT001
        """Close it."""
        if is_open is not True:
            self.reset()

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
        refusal = await backend.set_rule(
            self, self.rule, is_enabled=self.is_enabled, parameters=values
        )
        if isinstance(refusal, Refused):
            yield notify_refused(refusal, language)
            return
        self.reset()
        yield notify(text("recommendations.rule_saved", language))
        yield RecommendationsState.load


def _number(entered: object) -> float | None:
    if not isinstance(entered, str) or len(entered) > 32:
        return None
    try:
        value = float(entered.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 10**9 else None
