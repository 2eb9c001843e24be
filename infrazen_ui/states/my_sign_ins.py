"""Where one is signed in, and the end of it."""

from typing import Any

import reflex as rx

from infrazen_ui.backend import me as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present.sign_ins import SignInRow, sign_in_rows
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.forms import word
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.refusals import page_words_of
from infrazen_ui.states.session import is_back


class SignInsState(rx.State):
    """``phase`` is loading, ready or failed; ``is_asking`` whether to end all others."""

    phase: str = "loading"
    rows: list[SignInRow] = []
    is_asking: bool = False
    problem: str = ""
    advice: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the open sign-ins."""
        if not await is_back(self):
            self.is_asking = False
        eyes = await eyes_of(self)
        found = await backend.my_sign_ins(self)
        if isinstance(found, Refused):
            words = page_words_of(found, eyes.language)
            self.phase, self.problem, self.advice = "failed", words.title, words.action
            self.rows = []
            return
        self.rows, self.phase = sign_in_rows(found, eyes=eyes), "ready"

    @rx.event
    async def end(self, sign_in: str) -> Any:
        """End one of them."""
        return await self._told(await backend.end_sign_in(self, word(sign_in)), "ended")

    @rx.event
    def ask(self) -> None:
        """Ask whether to end all others."""
        self.is_asking = True

    @rx.event
    def close_question(self, is_open: bool) -> None:  # noqa: FBT001
        """Drop the question."""
        if is_open is not True:
            self.is_asking = False

    @rx.event
    async def end_others(self) -> Any:
        """End all but this browser's."""
        return await self._told(await backend.end_other_sign_ins(self), "others_ended")

    async def _told(self, refused: Refused | None, said: str) -> Any:
        language = await spoken(self)
        await self.load()  # type: ignore[operator]
        if refused is not None:
            return notify_refused(refused, language)
        return notify(text(f"my_sessions.said.{said}", language))
