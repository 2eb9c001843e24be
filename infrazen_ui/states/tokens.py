"""API tokens: one's own, and for who manages people everybody's.

The secret of a new one is never kept here: it goes to the browser as an event, once.
"""

from collections.abc import AsyncIterator
from typing import Any, TypedDict

import reflex as rx

from infrazen.domain.roles import SCOPES, Permission
from infrazen_ui.backend import tokens as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.connections import id_of
from infrazen_ui.locales import Language, text
from infrazen_ui.present.tokens import TokenRow, token_rows
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import DROP_QUERY, entry
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.refusals import page_words_of, phase_of, words_of
from infrazen_ui.states.revealing import show_secret
from infrazen_ui.states.session import is_back

LASTS = ("7", "30", "90", "180", "365")
USUAL = "90"
SCOPE = "scope."
_READS = frozenset({Permission.COST_READ, Permission.RESOURCE_READ, Permission.CONNECTION_READ})


class ScopeChoice(TypedDict):
    """A right that a token may be given."""

    name: str
    value: str
    label: str
    is_usual: bool


class TokensState(rx.State):
    """``phase`` is loading, ready, forbidden or failed; ``asked`` is the token to be revoked."""

    phase: str = "loading"
    rows: list[TokenRow] = []
    scopes: list[ScopeChoice] = []
    has_others: bool = False
    problem: str = ""
    advice: str = ""
    asked: str = ""
    asked_name: str = ""

    is_open: bool = False
    errors: dict[str, str] = {}
    form_problem: str = ""
    form_advice: str = ""
    is_saving: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the tokens, and the form where the address asks for it (``?new=1``)."""
        if await is_back(self):
            await self._read()
            return
        self._close()
        self.asked = self.asked_name = ""
        await self._read()
        asked = "new" in self.router.url.query_parameters
        self.is_open = asked and self.phase == "ready"

    @rx.event
    def set_open(self, is_open: bool) -> Any:  # noqa: FBT001
        """Open the form for a new one, or close it."""
        self._close()
        self.is_open = is_open is True
        return None if self.is_open else DROP_QUERY

    @rx.event
    async def create(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Make a token and show its secret."""
        if self.is_saving:
            return
        language, name, days = await spoken(self), entry(form, "name"), entry(form, "days")
        scopes = _chosen(form)
        self.errors = _missing(name=name, scopes=scopes, language=language)
        self.form_problem = self.form_advice = ""
        if self.errors or days not in LASTS:
            return
        self.is_saving = True
        yield
        made = await backend.create(self, name=name, scopes=scopes, days=int(days))
        self.is_saving = False
        if isinstance(made, Refused):
            words = words_of(made, language)
            self.form_problem, self.form_advice = words.title, words.action
            return
        self._close()
        await self._read()
        label = text("tokens.label", language, name=made.token.name)
        yield show_secret(label=label, value=made.secret)
        yield notify(text("tokens.said_created", language))
        yield DROP_QUERY

    @rx.event
    def ask(self, token: str) -> None:
        """Ask whether to revoke one."""
        row = next((row for row in self.rows if row["id"] == token), None)
        if row is not None:
            self.asked, self.asked_name = row["id"], row["name"]

    @rx.event
    def close_question(self, is_open: bool) -> None:  # noqa: FBT001
        """Drop the question."""
        if is_open is not True:
            self.asked = self.asked_name = ""

    @rx.event
    async def revoke(self) -> Any:
        """Revoke the one that was asked about."""
        language = await spoken(self)
        token = id_of(self.asked)
        if token is None:
            return None
        self.asked = self.asked_name = ""
        found = await backend.revoke(self, token)
        await self._read()
        if isinstance(found, Refused):
            return notify_refused(found, language)
        return notify(text("tokens.said_revoked", language), found.name)

    async def _read(self) -> None:
        eyes = await eyes_of(self)
        found = await backend.every_token(self)
        if isinstance(found, Refused):
            words = page_words_of(found, eyes.language)
            self.problem, self.advice = words.title, words.action
            self.phase = phase_of(found)
            self.rows = []
            return
        self.rows = token_rows(found.tokens, me=found.me, eyes=eyes)
        self.has_others = any(not row["is_mine"] for row in self.rows)
        self.scopes = [_choice(one, eyes.language) for one in found.scopes]
        self.phase = "ready"

    def _close(self) -> None:
        self.is_open = self.is_saving = False
        self.errors, self.form_problem, self.form_advice = {}, "", ""


def _choice(scope: Permission, language: Language) -> ScopeChoice:
    return ScopeChoice(
        name=f"{SCOPE}{scope.value}",
        value=scope.value,
        label=text(f"scope.{scope.value}", language),
        is_usual=scope in _READS,
    )


def _chosen(form: object) -> list[Permission]:
    ticked = form if isinstance(form, dict) else {}
    return [
        scope
        for scope in Permission
        if scope in SCOPES and ticked.get(f"{SCOPE}{scope.value}") in (True, "on", "true")
    ]


def _missing(*, name: str, scopes: list[Permission], language: Language) -> dict[str, str]:
    wrong = {}
    if not name or len(name) > 100:
        wrong["name"] = text("tokens.name_error", language)
    if not scopes:
        wrong["scopes"] = text("tokens.scopes_error", language)
    return wrong
