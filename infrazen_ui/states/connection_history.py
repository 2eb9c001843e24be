"""The page of one connection: its syncs, what each changed, and what could not be read."""

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from infrazen_ui.backend import connections as backend
from infrazen_ui.backend.calls import Refused
from infrazen_ui.present.connection_history import (
    ChangeView,
    PartView,
    SnapshotView,
    change_views,
    part_views,
    problem_of,
    snapshot_view,
)
from infrazen_ui.present.unread_records import RecordView, record_view
from infrazen_ui.states.connections import last_of_path
from infrazen_ui.states.eyes import eyes_of
from infrazen_ui.states.language import spoken
from infrazen_ui.states.notices import notify_refused

MOST_SNAPSHOTS = 400
MOST_CHANGES = 500


class ConnectionHistoryState(rx.State):
    """``opened`` is the sync that is unfolded, ``against`` the one it is compared with."""

    is_loaded: bool = False
    snapshots: list[SnapshotView] = []
    has_more: bool = False
    records: list[RecordView] = []

    opened: str = ""
    against: str = ""
    problem: str = ""
    advice: str = ""
    said: str = ""
    troubled: list[PartView] = []
    parts: list[PartView] = []
    changes: list[ChangeView] = []
    has_more_changes: bool = False

    _of: str = ""
    _provider: str = ""
    _last: tuple[datetime, UUID] | None = None
    _last_change: Any = None

    @rx.event
    async def load(self) -> Any:
        """Show the latest syncs of the connection in the page's address."""
        wanted, opened = last_of_path(self), self.opened
        if self._of != wanted:
            self.reset()
            self._of, opened = wanted, ""
        refusal = await self._fetch(wanted)
        if refusal is not None:
            return None  # the page itself says that the connection is not here
        asked = self.router.url.query_parameters.get("snapshot", "")
        known = [one["id"] for one in self.snapshots]
        first = known[0] if known else ""
        chosen = opened or (asked if backend.id_of(asked) else "")
        return await self._unfold(chosen or first)

    @rx.event
    async def catch_up(self, connection_id: str) -> Any:
        """Show the sync that has just ended, where its connection is on the screen."""
        if not self._of or connection_id != self._of or last_of_path(self) != self._of:
            return None
        if await self._fetch(self._of) is None and self.snapshots:
            return await self._unfold(self.snapshots[0]["id"])
        return None

    @rx.event
    async def more(self) -> Any:
        """Show older syncs too."""
        if not self.has_more or self._last is None or len(self.snapshots) >= MOST_SNAPSHOTS:
            return None
        found = await backend.history(self, self._of, before=self._last)
        if isinstance(found, Refused):
            return notify_refused(found, await spoken(self))
        self.snapshots = [*self.snapshots, *await self._lines(found)]
        return None

    @rx.event
    async def unfold(self, snapshot_id: str) -> Any:
        """Unfold a sync, or fold it where it is open."""
        if snapshot_id == self.opened:
            self._fold()
            return None
        return await self._unfold(snapshot_id)

    @rx.event
    async def compare(self, snapshot_id: str) -> Any:
        """Show all that changed since an older sync; since the one before where blank."""
        self.against = snapshot_id if backend.id_of(snapshot_id) else ""
        self.changes, self._last_change = [], None
        return await self._add_changes()

    @rx.event
    async def more_changes(self) -> Any:
        """Show further changes of the open sync."""
        if not self.has_more_changes or len(self.changes) >= MOST_CHANGES:
            return None
        return await self._add_changes()

    async def _fetch(self, connection_id: str) -> Refused | None:
        found = await backend.history(self, connection_id)
        if isinstance(found, Refused):
            return found
        self._provider = str(found[0].config.get("provider")) if found else ""
        self.snapshots = await self._lines(found)
        self.is_loaded = True
        records = await backend.unread_records(self, connection_id)
        if not isinstance(records, Refused):
            eyes = await eyes_of(self)
            self.records = [
                record_view(one, self._provider, zone=eyes.zone, language=eyes.language)
                for one in records
            ]
        return None

    async def _lines(self, found: list[Any]) -> list[SnapshotView]:
        """A page of syncs as lines; remembers where the next page begins."""
        page = found[: backend.HISTORY_PAGE]
        self.has_more = len(found) > len(page)
        self._last = (page[-1].started_at, page[-1].id) if page else None
        eyes = await eyes_of(self)
        return [
            snapshot_view(one, now=eyes.now, zone=eyes.zone, language=eyes.language) for one in page
        ]

    async def _unfold(self, snapshot_id: str) -> Any:
        self._fold()
        found = await backend.snapshot(self, snapshot_id) if snapshot_id else None
        if found is None:
            return None
        language = await spoken(self)
        if isinstance(found, Refused) or str(found.connection_id) != self._of:
            refusal = found if isinstance(found, Refused) else backend.NO_SUCH
            return notify_refused(refusal, language)
        self.opened = str(found.id)
        self.problem, self.advice, self.said = problem_of(found, language)
        self.troubled, self.parts = part_views(found, language)
        return await self._add_changes()

    async def _add_changes(self) -> Any:
        eyes = await eyes_of(self)
        found = await backend.changes(
            self, self.opened, since=self.against, after=self._last_change
        )
        if isinstance(found, Refused):
            self.has_more_changes, self._last_change = False, None
            return notify_refused(found, eyes.language)
        page = found[: backend.CHANGES_PAGE]
        self.has_more_changes = len(found) > len(page)
        self._last_change = backend.end_of(page)
        views = change_views(page, self._provider, zone=eyes.zone, language=eyes.language)
        self.changes = [*self.changes, *views]
        return None

    def _fold(self) -> None:
        self.opened = self.against = self.problem = self.advice = self.said = ""
        self.troubled, self.parts, self.changes = [], [], []
        self.has_more_changes, self._last_change = False, None
