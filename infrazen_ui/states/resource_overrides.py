"""Saying what a resource is called and costs, where its provider says otherwise."""

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from infrazen.domain.money import Period
from infrazen.domain.overrides import OverrideField
from infrazen_ui.backend import resource_overrides as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.connection_input import inputs_of, text_of
from infrazen_ui.locales import Language, text
from infrazen_ui.present.resource_overrides import amount_of
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.resource_lifecycle import ResourceLifecycleState
from infrazen_ui.states.resource_page import ResourceState, chosen_resource
from infrazen_ui.states.session import is_back

NAME_FORM, PRICE_FORM = "name-form", "price-form"
_SHORTEST_REASON = 3


class ResourceOverridesState(rx.State):
    """``asked`` is the open form: name, price or none; ``errors`` are by its fields."""

    asked: str = ""
    is_saving: bool = False
    errors: dict[str, str] = {"name": "", "amount": "", "reason": ""}

    @rx.event
    async def forget(self) -> None:
        """Begin anew with another resource."""
        if not await is_back(self):
            self.reset()

    @rx.event
    def ask(self, field: str) -> None:
        """Open a form."""
        if _is_field(field):
            self.reset()
            self.asked = field

    @rx.event
    def set_open(self, is_open: bool) -> None:  # noqa: FBT001
        """Close the form."""
        if is_open is not True:
            self.reset()

    @rx.event
    async def save_name(self, inputs: dict[str, Any]) -> AsyncIterator[Any]:
        """Call the resource otherwise than its provider does."""
        entered, language = inputs_of(inputs), await spoken(self)
        chosen, name = chosen_resource(self), text_of(entered, "name").strip()
        if chosen is None or self.is_saving:
            return
        if not name:
            self._wrong("name", "name_missing", language)
            return
        self.is_saving = True
        yield
        refusal = await backend.set_name(
            self, chosen, name=name, reason=text_of(entered, "reason").strip()
        )
        yield await self._told(refusal, "name_saved")

    @rx.event
    async def save_price(self, inputs: dict[str, Any]) -> AsyncIterator[Any]:
        """Say what the resource costs in truth."""
        entered, language = inputs_of(inputs), await spoken(self)
        chosen, reason = chosen_resource(self), text_of(entered, "reason").strip()
        amount, period = amount_of(text_of(entered, "amount")), text_of(entered, "period")
        if chosen is None or self.is_saving or period not in (Period.DAY, Period.MONTH):
            return
        if amount is None:
            self._wrong("amount", "amount_wrong", language)
            return
        if len(reason) < _SHORTEST_REASON:
            self._wrong("reason", "reason_missing", language)
            return
        self.is_saving = True
        yield
        refusal = await backend.set_price(
            self, chosen, amount=amount, period=Period(period), reason=reason
        )
        yield await self._told(refusal, "price_saved")

    @rx.event
    async def take_back(self, field: str) -> AsyncIterator[Any]:
        """Let the provider's word count again."""
        chosen = chosen_resource(self)
        if chosen is None or self.is_saving or not _is_field(field):
            return
        self.is_saving = True
        yield
        refusal = await backend.reset(self, chosen, OverrideField(field))
        yield await self._told(refusal, f"{field}_reset")

    def _wrong(self, field: str, what: str, language: Language) -> None:
        fresh = dict.fromkeys(self.errors, "")
        self.errors = fresh | {field: text(f"overrides.wrong.{what}", language)}

    async def _told(self, refusal: Refused | None, said: str) -> Any:
        """Show what holds now, and a notice of how it went."""
        language = await spoken(self)
        self.is_saving = False
        if refusal is None:
            page = await self.get_state(ResourceState)
            refusal = await page._show_anew()  # noqa: SLF001 (the same screen)
            self.reset()
        if refusal is not None:
            return notify_refused(refusal, language)
        told = notify(text(f"overrides.said.{said}", language))
        return [told, ResourceLifecycleState.load]


def _is_field(value: object) -> bool:
    return isinstance(value, str) and value in set(OverrideField)
