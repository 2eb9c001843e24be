"""The people of the organization, and what one does about them.

A password that was made up is never kept here: it goes to the browser as an event, once.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen.domain.roles import Role
from infrazen_ui.backend import people as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.connections import id_of
from infrazen_ui.locales import Language, text
from infrazen_ui.present.failures import explain
from infrazen_ui.present.people import PersonRow, people_count, person_rows, role_name
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import DROP_QUERY, entry
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify
from infrazen_ui.states.refusals import page_words_of, phase_of
from infrazen_ui.states.revealing import show_secret
from infrazen_ui.states.session import SessionState, is_back

QUESTIONS = ("role", "reset", "disable", "remove")


class PeopleState(rx.State):
    """``phase`` is loading, ready, forbidden or failed; ``roles`` are those one may hand out.

    ``asked`` is the question that is open, about the person ``chosen``.
    """

    phase: str = "loading"
    rows: list[PersonRow] = []
    count: str = ""
    roles: list[str] = []
    problem: str = ""
    advice: str = ""

    asked: str = ""
    title: str = ""
    consequence: str = ""
    action: str = ""
    chosen: str = ""
    chosen_role: str = ""
    is_busy: bool = False

    @rx.event
    async def load(self) -> None:
        """Show everybody."""
        if not await is_back(self):
            self._drop_question()
        await self._read()

    @rx.event
    async def ask(self, question: str, person: str) -> None:
        """Ask before doing something to a person."""
        row = next((row for row in self.rows if row["id"] == person), None)
        if row is None or question not in QUESTIONS:
            return
        language, words = await spoken(self), f"people.ask.{question}"
        self.title = text(f"{words}.title", language, name=row["name"])
        self.consequence = text(f"{words}.text", language)
        self.action = text(f"{words}.action", language)
        self.asked, self.chosen, self.chosen_role = question, row["id"], row["role"]

    @rx.event
    def close_question(self, is_open: bool) -> None:  # noqa: FBT001
        """Drop the question."""
        if is_open is not True:
            self._drop_question()

    @rx.event
    async def confirm(self) -> AsyncIterator[Any]:
        """Do what was asked about."""
        person = id_of(self.chosen)
        if person is None or self.is_busy:
            return
        self.is_busy = True
        yield
        asked = self.asked
        for said in await self._do(asked, person):
            yield said

    @rx.event
    async def change_role(self, form: dict[str, Any]) -> Any:
        """Give the person in question another role."""
        person, role = id_of(self.chosen), _role(entry(form, "role"))
        if person is None or role is None or self.asked != "role":
            return None
        found = await backend.change_role(self, person, role)
        language = await spoken(self)
        self._drop_question()
        if isinstance(found, Refused):
            return _refused(found, language)
        await self._read()
        said = text("people.said_role", language, role=role_name(role, language=language))
        return [SessionState.load, notify(said, found.name)]

    @rx.event
    async def enable(self, person: str) -> Any:
        """Open a person's account again."""
        chosen, language = id_of(person), await spoken(self)
        if chosen is None:
            return None
        found = await backend.set_enabled(self, chosen, enabled=True)
        if isinstance(found, Refused):
            return _refused(found, language)
        await self._read()
        return notify(text("people.said_enabled", language), found.name)

    async def _do(self, asked: str, person: UUID) -> list[Any]:
        language = await spoken(self)
        name = next((row["name"] for row in self.rows if row["id"] == str(person)), "")
        shown: list[Any] = []
        refused: Refused | None = None
        if asked == "reset":
            made = await backend.reset_password(self, person)
            if isinstance(made, Refused):
                refused = made
            else:
                label = text("people.password_of", language, email=made.member.email)
                shown = [show_secret(label=label, value=made.password or "")]
        elif asked == "disable":
            found = await backend.set_enabled(self, person, enabled=False)
            refused = found if isinstance(found, Refused) else None
            shown = [notify(text("people.said_disabled", language), name)]
        elif asked == "remove":
            refused = await backend.remove(self, person)
            shown = [notify(text("people.said_removed", language, name=name))]
        self._drop_question()
        if refused is not None:
            return [_refused(refused, language)]
        await self._read()
        return shown

    async def _read(self) -> None:
        eyes = await eyes_of(self)
        found = await backend.everybody(self)
        if isinstance(found, Refused):
            words = page_words_of(found, eyes.language)
            self.problem, self.advice = words.title, words.action
            self.phase = phase_of(found)
            self.rows = []
            return
        self.roles = [role.value for role in found.roles]
        self.rows = person_rows(found.members, roles=found.roles, me=found.me, eyes=eyes)
        self.count = people_count(len(self.rows), language=eyes.language)
        self.phase = "ready"

    def _drop_question(self) -> None:
        self.asked = self.chosen = self.chosen_role = ""
        self.is_busy = False


class PersonFormState(rx.State):
    """The form that adds a person; ``errors`` stand at their inputs."""

    is_open: bool = False
    errors: dict[str, str] = {}
    problem: str = ""
    advice: str = ""
    is_saving: bool = False

    @rx.event
    async def open_from_address(self) -> None:
        """Open the form where the page's address asks for it (``?new=1``)."""
        if await is_back(self):
            return
        self.reset()
        self.is_open = "new" in self.router.url.query_parameters

    @rx.event
    def set_open(self, is_open: bool) -> Any:  # noqa: FBT001
        """Open the form, or close it and forget what it said."""
        self.reset()
        self.is_open = is_open is True
        return None if self.is_open else DROP_QUERY

    @rx.event
    async def add(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Add the person, and show the password that was made up for them."""
        if self.is_saving:
            return
        language, role = await spoken(self), _role(entry(form, "role"))
        self.errors, self.problem, self.advice = {}, "", ""
        if role is None:
            self.errors = {"role": text("people.role_error", language)}
            return
        self.is_saving = True
        yield
        made = await backend.add(
            self, email=entry(form, "email"), name=entry(form, "name"), role=role
        )
        self.is_saving = False
        if isinstance(made, Refused):
            self._explain(made, language)
            return
        self.is_open = False
        await (await self.get_state(PeopleState))._read()  # noqa: SLF001 (the same screen)
        if made.password is not None:
            label = text("people.password_of", language, email=made.member.email)
            yield show_secret(label=label, value=made.password)
        yield notify(text("people.said_added", language, name=made.member.name))
        yield DROP_QUERY

    def _explain(self, refused: Refused, language: Language) -> None:
        known = {
            "email": text("people.email_error", language),
            "name": text("people.name_error", language),
        }
        if refused.field in known:
            self.errors = {refused.field: known[refused.field]}
            return
        words = explain(
            refused.reason, language=language, place="people", request_id=refused.request_id
        )
        self.problem, self.advice = words.title, words.action


def _refused(refused: Refused, language: Language) -> rx.event.EventSpec:
    words = explain(refused.reason, language=language, place="owner", request_id=refused.request_id)
    return notify(words.title, words.action, tone="danger")


def _role(value: str) -> Role | None:
    return Role(value) if value in set(Role) else None
