"""One's own name, address and password.

Passwords never come here: their forms go straight to the API, this explains the answer.
"""

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from infrazen_ui.backend import me as backend
from infrazen_ui.backend.calls import current_visitor
from infrazen_ui.backend.visitors import visitors
from infrazen_ui.locales import text
from infrazen_ui.present.failures import explain
from infrazen_ui.present.people import role_name
from infrazen_ui.states.forms import entry, seconds, word
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.session import SessionState, is_back

EMAIL_FORM, PASSWORD_FORM = "email-form", "password-form"
_PLACES = {EMAIL_FORM: "email", PASSWORD_FORM: None}
_FIELDS = frozenset({"email", "current", "new"})


class ProfileState(rx.State):
    """``failed`` is the form that was refused, ``field`` its input that is wrong.

    ``version`` grows when the name changes, so that the form begins anew with it.
    """

    role: str = ""
    zone: str = ""
    name_error: str = ""
    failed: str = ""
    field: str = ""
    problem: str = ""
    advice: str = ""
    version: int = 0

    @rx.event
    async def load(self) -> None:
        """Show who one is."""
        if not await is_back(self):
            self._forget()
            self.name_error = ""
        visitor = await current_visitor(self)
        if visitor is not None:
            self.role = role_name(visitor.role, language=await spoken(self))
            self.zone = visitor.time_zone

    @rx.event
    async def rename(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Give oneself another name."""
        language = await spoken(self)
        refused = await backend.rename_me(self, entry(form, "name"))
        if refused is not None and refused.field == "name":
            self.name_error = text("my_profile.name_error", language)
            return
        if refused is not None:
            yield notify_refused(refused, language)
            return
        self.name_error = ""
        self.version += 1
        yield SessionState.load
        yield notify(text("settings.said.saved", language))

    @rx.event
    def begin(self) -> None:
        """Forget what an earlier attempt said."""
        self._forget()

    @rx.event
    async def answered(self, answer: dict[str, Any]) -> AsyncIterator[Any]:
        """Say how the API took a form with a password."""
        if not isinstance(answer, dict) or word(answer.get("form")) not in _PLACES:
            return
        form, language = str(answer["form"]), await spoken(self)
        if answer.get("ok") is not True:
            words = explain(
                str(answer.get("reason")),
                language=language,
                place=_PLACES[form],
                retry_after=seconds(answer.get("retry_after")),
            )
            self.failed, self.problem, self.advice = form, words.title, words.action
            field = word(answer.get("field"))
            self.field = field if field in _FIELDS else ""
            return
        self._forget()
        visitors().forget()
        if form == PASSWORD_FORM:
            note = text("my_profile.password_done_note", language)
            yield notify(text("my_profile.password_done", language), note)
            return
        yield SessionState.load
        visitor = await current_visitor(self)
        email = visitor.email if visitor else ""
        note = text("my_profile.email_done_note", language, email=email)
        yield notify(text("my_profile.email_done", language), note)

    def _forget(self) -> None:
        self.failed = self.field = self.problem = self.advice = ""
