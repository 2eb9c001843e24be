"""What the landing page shows of the living demo, and whether there is one."""

import reflex as rx

from infrazen_ui.backend import demo as backend
from infrazen_ui.backend.demo import Door
from infrazen_ui.present.dashboard.kpis import NO_KPIS, Kpis, kpis
from infrazen_ui.present.dashboard.spoken import voice_of
from infrazen_ui.present.dashboard.utilisation import Used, utilisation
from infrazen_ui.states.language import spoken


class WelcomeState(rx.State):
    """``is_live`` is whether the figures are there: they are the demo's own, or none."""

    has_demo: bool = False
    is_live: bool = False
    kpis: Kpis = NO_KPIS
    usage: list[Used] = []

    @rx.event
    async def look(self) -> None:
        """Show the demo's figures to anybody."""
        self.reset()
        self.has_demo = await backend.door(self) is not Door.CLOSED
        found = await backend.shown_to_anybody(self)
        if found is None:
            return
        voice = voice_of(found, await spoken(self))
        self.kpis, self.usage = kpis(found, voice), utilisation(found, voice)
        self.is_live = True
