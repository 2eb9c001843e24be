"""The form that adds or changes a connection.

What people enter comes as an argument, goes to the service and is dropped: no var of a
state ever holds a secret.
"""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from infrazen.errors import (
    CredentialsRefused,
    EndpointNotAllowed,
    Invalid,
)
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.forms import secret_fields
from infrazen.providers import all_providers
from infrazen_ui.backend import connection_input as input_
from infrazen_ui.backend import connections as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.connection_input import DEFAULT_SCHEDULE
from infrazen_ui.locales import text
from infrazen_ui.present.connection_accounts import FactView
from infrazen_ui.present.connection_forms import (
    CheckedPart,
    FormValues,
    blank_values,
    field_error,
    found_view,
    refused_words,
    stored_values,
    upcoming_words,
)
from infrazen_ui.present.failures import explain
from infrazen_ui.states.connection_sync import ConnectionSyncState
from infrazen_ui.states.connections import ConnectionsState
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import DROP_QUERY
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.session import is_back

FORM = "connection-form"
_TO_THE_ANSWER = rx.call_function(f"(() => window.infrazen.toAnswer('{FORM}'))")


class ConnectionFormState(rx.State):
    """``editing`` is the connection that is changed, empty for a new one.

    ``texts`` and ``boxes`` fill the form in, ``kept`` has a note on each secret that is
    set; ``errors`` stand at their inputs, ``problem`` and ``advice`` above them.
    """

    is_open: bool = False
    provider: str = ""
    editing: str = ""
    title: str = ""
    texts: dict[str, str] = {}
    upcoming: str = ""
    boxes: dict[str, bool] = {}
    kept: dict[str, str] = {}
    has_trial: bool = False

    errors: dict[str, str] = {}
    problem: str = ""
    advice: str = ""
    is_saving: bool = False
    is_testing: bool = False
    is_tested: bool = False
    is_partly_open: bool = False
    found_facts: list[FactView] = []
    found_parts: list[CheckedPart] = []

    _since: str = ""
    _attempt: int = 0

    @rx.event
    async def open_from_address(self) -> Any:
        """Open the form where the page's address asks for it (``?add=beget``)."""
        if await is_back(self):
            return None
        asked = self.router.url.query_parameters.get("add")
        if asked is not None:
            return await self._begin(asked)
        self._clear()  # what an earlier load of the page has left
        return None

    @rx.event
    async def add(self, slug: str) -> Any:
        """Open the form for a new connection; with no provider the choice of one."""
        return await self._begin(slug)

    @rx.event
    async def edit(self, connection_id: str) -> Any:
        """Open the form of a connection, filled in."""
        card = await backend.one_connection(self, connection_id)
        eyes = await eyes_of(self)
        if isinstance(card, Refused):
            return notify_refused(card, eyes.language)
        spec = all_providers()[card.connection.provider]
        self._clear()
        self._fill(stored_values(card, spec, zone=eyes.zone, language=eyes.language))
        self.editing, self.title = str(card.connection.id), card.connection.display_name
        self._since = card.connection.updated_at.isoformat()
        await self._look_ahead(card.connection.schedule, card.connection.time_zone)
        await self._offer_trial(spec)
        self.provider, self.is_open = spec.slug, True
        return None

    @rx.event
    async def look_ahead(self, inputs: dict[str, Any]) -> None:
        """Show when the schedule that is entered would be due next."""
        entered = input_.inputs_of(inputs)
        await self._look_ahead(*input_.schedule_of(entered))

    @rx.event
    def set_open(self, is_open: bool) -> Any:  # noqa: FBT001
        """Close the form, and forget what it showed."""
        if is_open is not True:
            self._clear()
            return DROP_QUERY
        return None

    @rx.event
    async def fill_trial(self) -> Any:
        """Have the browser enter what the simulator takes; all of it is made up."""
        card = await backend.provider_card(self, self.provider)
        if isinstance(card, Refused):
            return notify_refused(card, await spoken(self))
        if card.trial is None:
            return None
        entered = {f"credential.{name}": value for name, value in card.trial.credentials.items()}
        entered |= {f"setting.{name}": value for name, value in card.trial.settings.items()}
        entered["endpoint"] = card.trial.endpoint
        return rx.call_script(f"window.infrazen.fill('{FORM}', {json.dumps(entered)})")

    @rx.event(background=True)
    async def test(self, inputs: dict[str, Any]) -> Any:
        """Ask the provider whether it takes what is entered, and show what it says."""
        async with self:
            ready = await self._ready(inputs)
            self._attempt += 1
            attempt, editing = self._attempt, self.editing
            self.is_testing = ready is not None
        if ready is None:
            yield _TO_THE_ANSWER
            return
        spec, draft = ready
        found = await backend.try_draft(self, draft, connection_id=editing)
        async with self:
            if attempt != self._attempt:
                return  # the form was closed meanwhile
            self.is_testing = False
            language = await spoken(self)
            if isinstance(found, Refused):
                await self._explain(spec, found, draft.credentials)
            else:
                view = found_view(spec, found, language)
                self.found_facts, self.found_parts = view["facts"], view["parts"]
                self.is_partly_open, self.is_tested = view["is_partial"], True
        yield _TO_THE_ANSWER

    @rx.event
    async def save(self, inputs: dict[str, Any]) -> Any:
        """Store what is entered; a new connection is synced at once."""
        if self.is_saving:
            return
        ready = await self._ready(inputs)
        if ready is None:
            yield _TO_THE_ANSWER
            return
        self.is_saving = True
        yield
        spec, draft = ready
        saved = await backend.save_draft(self, draft, connection_id=self.editing, since=self._since)
        self.is_saving = False
        if isinstance(saved, Refused):
            await self._explain(spec, saved, draft.credentials)
            yield _TO_THE_ANSWER
            return
        is_new = not self.editing
        self._clear()
        shown = await self.get_state(ConnectionsState)
        await shown._put(saved)  # noqa: SLF001 (a sibling's; public ones are doors)
        language = await spoken(self)
        name = saved.connection.display_name
        if is_new:
            note = text("connections.notice.first_sync", language)
            yield notify(text("connections.notice.added", language, name=name), note)
            yield ConnectionSyncState.watch
        else:
            yield notify(text("connections.notice.saved", language, name=name))
        yield DROP_QUERY

    async def _begin(self, slug: object) -> Any:
        self._clear()
        if refusal := await backend.refused_to_add(self):
            return notify_refused(refusal, await spoken(self))
        providers = all_providers()
        chosen = slug if isinstance(slug, str) and slug in providers else ""
        if not chosen and len(providers) == 1:
            chosen = next(iter(providers))
        if chosen:
            zone = str((await eyes_of(self)).zone)
            spec = providers[chosen]
            self._fill(blank_values(spec, schedule=DEFAULT_SCHEDULE, time_zone=zone))
            await self._look_ahead(DEFAULT_SCHEDULE, zone)
            await self._offer_trial(spec)
        self.provider, self.is_open = chosen, True
        return None

    async def _offer_trial(self, spec: ProviderSpec) -> None:
        card = await backend.provider_card(self, spec.slug)
        self.has_trial = not isinstance(card, Refused) and card.trial is not None

    async def _look_ahead(self, schedule: str, time_zone: str) -> None:
        found = await backend.next_syncs(self, schedule, time_zone)
        if isinstance(found, Refused):
            self.upcoming = ""  # what is wrong with it is said when the form is sent
            return
        zone, language = ZoneInfo(time_zone), await spoken(self)
        self.upcoming = upcoming_words(found, zone=zone, language=language)

    async def _ready(self, inputs: object) -> tuple[ProviderSpec, Any] | None:
        """The provider and the draft; None where something is left to enter."""
        self._forget_answers()
        entered = input_.inputs_of(inputs)
        spec = all_providers().get(self.provider)
        language = await spoken(self)
        if spec is None or not entered:
            words = explain(Invalid.reason, language=language)
            self._say(words.title, words.action)
            return None
        kept = frozenset(name.removeprefix("credential.") for name in self.kept)
        missing = input_.missing_fields(spec, entered, kept=kept)
        if missing:
            self.errors = dict.fromkeys(missing, text("connections.form.needed", language))
            return None
        known = None
        if self.editing:
            card = await backend.one_connection(self, self.editing)
            if isinstance(card, Refused):
                await self._explain(spec, card, {})
                return None
            known = card.connection
        return spec, input_.draft_of(spec, entered, known=known)

    async def _explain(self, spec: ProviderSpec, refusal: Refused, entered: Any) -> None:
        """Say why it was refused: at the input where there is one to blame, else above."""
        language = await spoken(self)
        title, advice = refused_words(
            spec,
            refusal.reason,
            language,
            place="connection-edit" if self.editing else "connection",
            retry_after=refusal.retry_after,
            request_id=refusal.request_id,
        )
        blamed = _blamed(spec, refusal, entered)
        if refusal.reason == Invalid.reason and blamed:
            self.errors = {blamed: field_error(spec, blamed, language)}
            if blamed.startswith("credential.") and blamed in self.kept:
                self.errors = {blamed: text("connections.form.secret_again", language)}
            return
        if blamed:
            is_secret = refusal.reason == CredentialsRefused.reason
            refused = text("connections.form.refused", language)
            self.errors = {blamed: refused if is_secret else title}
        self._say(title, advice)

    def _say(self, title: str, advice: str) -> None:
        self.problem, self.advice = title, advice

    def _fill(self, values: FormValues) -> None:
        self.texts, self.boxes, self.kept = values["texts"], values["boxes"], values["kept"]

    def _forget_answers(self) -> None:
        self.errors = {}
        self.problem = self.advice = ""
        self.is_tested = self.is_partly_open = False
        self.found_facts, self.found_parts = [], []

    def _clear(self) -> None:
        attempt = self._attempt + 1
        self.reset()
        self._attempt = attempt


def _blamed(spec: ProviderSpec, refusal: Refused, entered: Mapping[str, str]) -> str:
    """The input that a refusal is about; empty where it is about none alone."""
    if refusal.reason == EndpointNotAllowed.reason:
        return "endpoint"
    if refusal.reason == CredentialsRefused.reason:
        secrets = secret_fields(spec.credentials)
        return f"credential.{next((name for name in secrets if entered.get(name)), secrets[0])}"
    return input_.input_named(spec, refusal.field)
