"""The organization's name, time zone and main currency."""

from asyncio import to_thread
from typing import Any

import reflex as rx

from infrazen.domain.money import CURRENCIES
from infrazen.domain.people import Organization
from infrazen_ui.backend import organization as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import Language, text
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.places import (
    Named,
    currency_choices,
    currency_name,
    zone_choices,
    zone_name,
)
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import entry
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.refusals import page_words_of
from infrazen_ui.states.session import SessionState, is_back

_FIELDS = ("name", "time_zone", "currency")


class OrganizationState(rx.State):
    """``phase`` is loading, ready or failed; ``version`` grows, so that the form begins anew.

    ``zones`` are sent with the page only to those who may choose one.
    """

    phase: str = "loading"
    name: str = ""
    slug: str = ""
    zone: str = ""
    currency: str = ""
    zone_name: str = ""
    currency_name: str = ""
    zones: list[Named] = []
    currencies: list[Named] = []
    errors: dict[str, str] = {}
    is_undoable: bool = False
    problem: str = ""
    advice: str = ""
    version: int = 0

    _before: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Show the organization."""
        if await is_back(self) and self.phase == "ready":
            return  # what is entered stays
        self.errors, self.is_undoable = {}, False
        found = await backend.my_organization(self)
        if isinstance(found, Refused):
            words = page_words_of(found, await spoken(self))
            self.phase, self.problem, self.advice = "failed", words.title, words.action
            return
        eyes = await eyes_of(self)
        self._show(found, eyes)
        may = (await self.get_state(SessionState)).may
        self.zones = self.currencies = []
        if "organization:write" in may:
            how: dict[str, Any] = {"now": eyes.now, "language": eyes.language}
            zones = backend.time_zones()
            self.zones = await to_thread(zone_choices, zones, chosen=self.zone, **how)
            self.currencies = currency_choices(CURRENCIES, eyes.language)
        self.phase = "ready"

    @rx.event
    async def save(self, form: dict[str, Any]) -> Any:
        """Write what the form says."""
        wanted = {name: entry(form, name) for name in _FIELDS}
        before = self._now()
        if wanted == before:
            return None
        return await self._write(wanted, before=before, said="saved")

    @rx.event
    async def undo(self) -> Any:
        """Write what was there before the last save."""
        if not self.is_undoable:
            return None
        return await self._write(self._before, before={}, said="undone")

    async def _write(self, wanted: dict[str, str], *, before: dict[str, str], said: str) -> Any:
        language = await spoken(self)
        found = await backend.change(
            self,
            name=wanted["name"],
            time_zone=wanted["time_zone"],
            currency=wanted["currency"],
        )
        self.errors = {}
        if isinstance(found, Refused) and found.field in _FIELDS:
            self.errors = {found.field: _wrong(language)[found.field]}
            return None
        if isinstance(found, Refused):
            return notify_refused(found, language)
        self._show(found, await eyes_of(self))
        self._before, self.is_undoable = before, bool(before)
        return [SessionState.load, notify(text(f"settings.said.{said}", language))]

    def _show(self, found: Organization, eyes: Eyes) -> None:
        self.name, self.slug = found.name, found.slug
        self.zone, self.currency = found.time_zone, found.currency
        self.zone_name = zone_name(found.time_zone, now=eyes.now, language=eyes.language)
        self.currency_name = currency_name(found.currency, eyes.language)
        self.version += 1

    def _now(self) -> dict[str, str]:
        return {"name": self.name, "time_zone": self.zone, "currency": self.currency}


def _wrong(language: Language) -> dict[str, str]:
    return {
        "name": text("organization.name_error", language),
        "time_zone": text("organization.zone_error", language),
        "currency": text("organization.currency_error", language),
    }
