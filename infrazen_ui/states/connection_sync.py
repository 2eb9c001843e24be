"""Syncs at work: asked for by hand, watched while somebody looks.

One watcher a tab asks every second what goes on and ends by itself when nothing does. It
works in legs: after each it asks the browser whether to go on, so a tab that is gone
answers no more and costs nothing from then on. When nothing goes on the browser comes back
after a while by itself, for syncs that a schedule has begun and for times that have passed.
"""

import asyncio
from typing import Any

import reflex as rx

from infrazen.errors import AlreadyRunning
from infrazen_ui.backend import connections as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.backend.managed import cluster_status
from infrazen_ui.locales import text
from infrazen_ui.present.connection_progress import ProgressView, progress_view, waiting_view
from infrazen_ui.present.connections import outcome_words
from infrazen_ui.states.connection_history import ConnectionHistoryState
from infrazen_ui.states.connections import ConnectionsState
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.language import spoken
from infrazen_ui.states.managed import ManagedState
from infrazen_ui.states.notices import notify, notify_refused
from infrazen_ui.states.refusals import is_lasting

TICK_SECONDS = 1.0
LEG_TICKS = 10
REST_SECONDS = 30
IDLE_SECONDS = 900
"""After so long without a hand on mouse or keyboard nobody is taken to look."""

_REST = f"() => window.infrazen.whenSeen('/connections', {REST_SECONDS}, {IDLE_SECONDS})"


class ConnectionSyncState(rx.State):
    """How far each sync at work is, by connection."""

    progress: dict[str, ProgressView] = {}

    _is_watching: bool = False

    @rx.event
    async def ask(self, connection_id: str) -> Any:
        """Put a connection's sync into the queue and watch it."""
        language = await spoken(self)
        asked = await backend.request_sync(self, connection_id)
        if isinstance(asked, Refused):
            refusal = notify_refused(asked, language)
            is_at_work = asked.reason == AlreadyRunning.reason
            return [refusal, ConnectionSyncState.watch] if is_at_work else refusal
        self.progress = self.progress | {connection_id: waiting_view(language)}
        return ConnectionSyncState.watch

    @rx.event
    async def ask_all(self) -> Any:
        """Put every connection's sync into the queue and watch them."""
        language = await spoken(self)
        asked = await backend.request_all(self)
        if isinstance(asked, Refused):
            return notify_refused(asked, language)
        if not asked:
            return notify(text("connections.notice.nothing_to_sync", language), tone="info")
        return ConnectionSyncState.watch

    @rx.event(background=True)
    async def watch(self) -> Any:
        """Show how syncs go, and how each ended, until none is at work."""
        async with self:
            if self._is_watching:
                return
            self._is_watching = True
        goes_on: bool | None = True
        try:
            for _ in range(LEG_TICKS):
                ended, goes_on = await self._look()
                for connection_id in ended:
                    for event in await self._tell(connection_id):
                        yield event
                if not goes_on:
                    break
                await asyncio.sleep(TICK_SECONDS)
        finally:
            async with self:
                self._is_watching = False
        if goes_on:
            yield rx.call_function("(() => true)", callback=ConnectionSyncState.go_on)
        elif goes_on is False:
            yield rx.call_function(f"({_REST})", callback=ConnectionSyncState.look_again)

    @rx.event
    def go_on(self, is_there: bool) -> Any:  # noqa: FBT001
        """The browser still shows the page: watch on."""
        return ConnectionSyncState.watch if is_there is True else None

    @rx.event
    def look_again(self, is_seen: bool) -> Any:  # noqa: FBT001
        """Somebody still looks at connections: show what has become of them."""
        if is_seen is not True:
            return None
        return [ConnectionsState.look_again, ConnectionSyncState.watch]

    async def _look(self) -> tuple[list[str], bool | None]:
        """(connections whose sync has ended, whether there is more to watch).

        None for the latter where the visitor may not know at all.
        """
        seen = await backend.activity(self)
        if isinstance(seen, Refused):
            return [], None if is_lasting(seen) else True
        in_cluster = await self._look_into_cluster()
        async with self:
            eyes = await eyes_of(self)
            waiting = {str(id_) for id_ in seen.waiting} | in_cluster
            now = {id_: waiting_view(eyes.language) for id_ in waiting}
            now |= {
                str(id_): progress_view(run, now=eyes.now, language=eyes.language)
                for id_, run in seen.running.items()
            }
            ended = [known for known in self.progress if known not in now]
            if self.progress != now:
                self.progress = now
        return ended, bool(now)

    async def _look_into_cluster(self) -> set[str]:
        """Managed connections whose sync was asked for; shows what their resources say.

        Where the cluster gives no answer, those that waited still do.
        """
        async with self:
            shown = await self.get_state(ManagedState)
            if not shown.views:
                return set()
        found = await cluster_status(self)
        if isinstance(found, Refused):
            return set()
        async with self:
            await shown._show(found)  # noqa: SLF001 (a sibling's; public ones are doors)
        return {str(id_) for id_ in found.waiting}

    async def _tell(self, connection_id: str) -> list[Any]:
        """Show a connection as its sync left it; the notices about that."""
        card = await backend.one_connection(self, connection_id)
        if isinstance(card, Refused):
            return []
        async with self:
            shown = await self.get_state(ConnectionsState)
            await shown._put(card)  # noqa: SLF001 (a sibling's; public ones are doors)
            title, note, tone = outcome_words(card, await spoken(self))
        return [
            notify(title, note, tone=tone),
            ConnectionHistoryState.catch_up(connection_id),
        ]
