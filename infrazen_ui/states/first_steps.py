"""The checklist of a new organization: shown until all of it is done, or put away."""

import reflex as rx

from infrazen_ui.backend import first_steps as backend
from infrazen_ui.locales import text
from infrazen_ui.states.language import spoken


class FirstStepsState(rx.State):
    """``done`` has the steps that are taken; nothing is shown where ``is_open`` is false."""

    is_open: bool = False
    done: list[str] = []
    said: str = ""

    @rx.event
    async def load(self) -> None:
        """See how far the organization is."""
        found = await backend.first_steps(self)
        if found is None:
            self.reset()
            return
        taken = {"connected": found.connected, "read": found.read, "joined": found.joined}
        self.done = [step for step, is_done in taken.items() if is_done]
        self.is_open = len(self.done) < len(taken)
        self.said = text(
            "first_steps.note", await spoken(self), done=len(self.done), all=len(taken)
        )
