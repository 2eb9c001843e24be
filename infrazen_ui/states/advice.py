"""A few recommendations on other pages: the largest, or those for one resource."""

from typing import Any
from uuid import UUID

import reflex as rx

from infrazen_ui.backend import recommendations as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.present.recommendations import Advised, advised
from infrazen_ui.states.eyes import eyes_of


class AdviceState(rx.State):
    """What such a list shows; ``about`` is the resource, empty on the dashboard."""

    about: str = ""
    items: list[Advised] = []

    @rx.event
    async def load_largest(self) -> Any:
        """Show the largest savings that wait for somebody."""
        self.about = ""
        await self._show(None)

    @rx.event
    async def load_of_resource(self) -> Any:
        """Show those for the resource that the address names."""
        named = self.router.url.path.rstrip("/").rpartition("/")[2]
        if named != self.about:
            self.about, self.items = named, []
        try:
            resource = UUID(named)
        except ValueError:
            self.items = []
            return
        await self._show(resource)

    async def _show(self, resource: UUID | None) -> None:
        eyes = await eyes_of(self)
        found = await backend.find_short(self, resource)
        self.items = [] if isinstance(found, Refused) else advised(found, eyes=eyes)
