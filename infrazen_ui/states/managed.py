"""What the cluster says of managed connections. Slow or silent, it holds nothing else up."""

from typing import TYPE_CHECKING, Any

import reflex as rx

from infrazen_ui.backend import managed as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.locales import text
from infrazen_ui.present.managed import ManagedView, ReleasedView, managed_views, released_view
from infrazen_ui.states.connections import ConnectionsState
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify, notify_refused

if TYPE_CHECKING:
    from infrazen.services.managed import ClusterStatus


class ManagedState(rx.State):
    """``views`` by connection; ``writes_to`` is the namespace for connections made here."""

    views: dict[str, ManagedView] = {}
    writes_to: str = ""
    released: list[ReleasedView] = []

    @rx.event(background=True)
    async def load(self) -> None:
        """Show what the cluster says; a failure leaves things as they were."""
        async with self:
            (await self.get_state(ManifestState)).reset()  # a page that opens has no dialog
        found = await backend.cluster_status(self)
        if isinstance(found, Refused):
            return
        async with self:
            await self._show(found)

    @rx.event
    async def load_released(self) -> None:
        """List connections that their resources have left."""
        found = await backend.released(self)
        if not isinstance(found, Refused):
            eyes = await eyes_of(self)
            self.released = [
                released_view(one, now=eyes.now, zone=eyes.zone, language=eyes.language)
                for one in found
            ]

    async def _show(self, found: "ClusterStatus") -> None:
        eyes = await eyes_of(self)
        views = managed_views(found, now=eyes.now, zone=eyes.zone, language=eyes.language)
        if self.views != views:
            self.views = views
        self.writes_to = found.writes_to


class ManifestState(rx.State):
    """A connection as a manifest, in a dialog; secrets are not in it."""

    is_open: bool = False
    name: str = ""
    yaml: str = ""
    is_handing_over: bool = False

    _of: str = ""

    @rx.event
    async def show(self, connection_id: str) -> Any:
        """Show a connection as YAML."""
        found = await backend.manifest(self, connection_id)
        if isinstance(found, Refused):
            return notify_refused(found, await spoken(self))
        self.reset()
        self.name, self.yaml, self._of = found.name, found.yaml, connection_id
        self.is_open = True
        return None

    @rx.event
    def set_open(self, is_open: bool) -> None:  # noqa: FBT001
        """Close the dialog."""
        if is_open is not True:
            self.reset()

    @rx.event
    async def hand_over(self) -> Any:
        """Write the connection that is shown to the cluster."""
        if self.is_handing_over or not self._of:
            return
        self.is_handing_over = True
        yield
        language = await spoken(self)
        found = await backend.hand_over(self, self._of)
        self.reset()
        if isinstance(found, Refused):
            yield notify_refused(found, language)
            yield ConnectionsState.look_again
            return
        shown = await self.get_state(ConnectionsState)
        await shown._put(found)  # noqa: SLF001 (a sibling's; public ones are doors)
        managed_by = found.connection.managed_by
        title = text("managed.notice.handed_over", language, name=found.connection.display_name)
        yield notify(title, text("managed.notice.now_there", language, managed_by=managed_by))
        yield ManagedState.load
