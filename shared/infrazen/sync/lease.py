"""Holding a sync run: claim it, show that it lives, notice that it died.

A run shows a sign of life every few seconds. Whoever finds one without judges by its own
monotonic clock: it looks twice, and only a run that showed nothing between the looks is
dead. A wall clock that jumps can therefore delay the verdict but not invent it, and a
run closed by mistake would lose its fence and write nothing.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from infrazen.db.columns import new_id
from infrazen.db.queries import runs
from infrazen.db.queries.connections import Connection
from infrazen.db.queries.runs import Run, Running
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import Progress, Trigger
from infrazen.errors import AlreadyRunning, InfraZenError
from infrazen.settings import settings

BEATS_A_LEASE = 6
PROGRESS_SECONDS = 0.4


def beat_seconds() -> float:
    """How often a run shows a sign of life."""
    return settings().lease_seconds / BEATS_A_LEASE


def worker_name(process: int | None = None) -> str:
    """How a snapshot names a process at work (this one): host and process id."""
    return f"{socket.gethostname()}:{process or os.getpid()}"


def claim(
    store: Database,
    connection: Connection,
    *,
    trigger: Trigger,
    requested_by: str,
    started_at: datetime | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Run:
    """Start a run of ``connection`` (now, unless told otherwise), or raise ``AlreadyRunning``.

    A run that is in the way and looks dead is watched for a moment and closed.
    """
    make_way(store, connection.id, wait=wait)
    run = Run(
        snapshot_id=new_id(),
        organization_id=connection.organization_id,
        connection_id=connection.id,
        fence=new_id(),
        started_at=started_at or utc_now(),
    )
    with store.writing() as session:
        runs.claim(
            session,
            run,
            trigger=trigger,
            requested_by=requested_by,
            worker=worker_name(),
            config=_config(connection),
        )
    return run


def make_way(
    store: Database, connection_id: UUID, *, wait: Callable[[float], None] = time.sleep
) -> None:
    """Close a run of the connection whose worker died; ``AlreadyRunning`` while one lives."""
    for held in _in_the_way(store, connection_id):
        _close_if_dead(store, held, wait=wait)


def _config(connection: Connection) -> dict[str, Any]:
    return {
        "provider": connection.provider,
        "endpoint": connection.endpoint,
        "settings": connection.settings,
        "timeout_seconds": connection.timeout_seconds,
    }


def _in_the_way(store: Database, connection_id: UUID) -> list[Running]:
    with store.reading() as session:
        return runs.running(session, connection_id=connection_id)


def _close_if_dead(store: Database, held: Running, *, wait: Callable[[float], None]) -> None:
    silent = abs((utc_now() - held.beat_at).total_seconds())
    if silent <= settings().lease_seconds:
        raise AlreadyRunning(
            f"a sync of this connection is running (worker {held.worker},"
            f" last sign of life {silent:.0f} s ago)"
        )
    wait(beat_seconds() + 1)
    with store.writing() as session:
        if not runs.close_dead(session, held, now=utc_now()):
            raise AlreadyRunning(f"a sync of this connection is running (worker {held.worker})")


class Watchdog:
    """Closes runs that show no sign of life for the length of a lease."""

    def __init__(self, store: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._seen: dict[UUID, tuple[int, float]] = {}

    def look(self) -> list[Running]:
        """Look once and return the runs that were closed; call it every few seconds."""
        with self._store.reading() as session:
            alive = runs.running(session)
        self._seen = {run.snapshot_id: self._remembered(run) for run in alive}
        lease = settings().lease_seconds
        silent = [r for r in alive if self._clock() - self._seen[r.snapshot_id][1] > lease]
        return [run for run in silent if self.close(run)]

    def close(self, run: Running) -> bool:
        """Close ``run`` unless it shows life meanwhile."""
        with self._store.writing() as session:
            return runs.close_dead(session, run, now=utc_now())

    def _remembered(self, run: Running) -> tuple[int, float]:
        known = self._seen.get(run.snapshot_id)
        if known is not None and known[0] == run.beat:
            return known
        return run.beat, self._clock()


class Heartbeat:
    """Shows signs of life and progress of a run from a thread of its own.

    ``lost`` is set when the run turns out to be somebody else's; ``on_lost`` is then
    called once, from the thread.
    """

    def __init__(
        self, store: Database, run: Run, *, on_lost: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._run = run
        self._on_lost = on_lost
        self._stop = threading.Event()
        self._news = threading.Event()
        self._progress: Progress | None = None
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self.lost = False

    def tell(self, progress: Progress) -> None:
        """Note where the run is; it is written within half a second."""
        self._progress = progress
        self._news.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._news.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.is_set():
            if not self._show_life():
                self.lost = True
                self._on_lost()
                return
            self._stop.wait(PROGRESS_SECONDS)
            self._news.wait(max(0.0, beat_seconds() - PROGRESS_SECONDS))
            self._news.clear()

    def _show_life(self) -> bool:
        progress = self._progress
        document = None if progress is None else _document(progress)
        try:
            with self._store.writing() as session:
                return runs.beat(session, self._run, now=utc_now(), progress=document)
        except InfraZenError:
            # A database that is away for a moment is no reason to give up: the fence decides.
            return True


def _document(progress: Progress) -> dict[str, Any]:
    return {
        "stage": progress.stage,
        "endpoint": progress.endpoint,
        "endpoints_done": progress.endpoints_done,
        "endpoints_total": progress.endpoints_total,
        "items": progress.items,
    }
