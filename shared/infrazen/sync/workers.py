"""The workers of one process: what waits is started, what ended is settled."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from infrazen.db.queries import runs, sync_queue
from infrazen.db.queries.sync_queue import Priority, Request
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.settings import settings
from infrazen.sync.engine import Order
from infrazen.sync.runner import Runner, Running

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=60)
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Started:
    """A worker, and when it was sent off."""

    worker: Running
    at: datetime


class Workers:
    """Keeps at most the set number of syncs at work, and one more for a new connection."""

    def __init__(self, store: Database, runner: Runner) -> None:
        self._store = store
        self._runner = runner
        self._at_work: dict[UUID, _Started] = {}

    def turn(self) -> None:
        """Settle what has ended, then start what waits."""
        for connection_id, started in list(self._at_work.items()):
            code = started.worker.exit_code()
            if code is not None:
                del self._at_work[connection_id]
                self._settle(connection_id, started, code)
        while request := self._next():
            order = Order(
                organization_id=request.organization_id,
                connection_id=request.connection_id,
                trigger=request.trigger,
                requested_by=request.requested_by,
            )
            now = utc_now()
            self._at_work[request.connection_id] = _Started(self._runner.start(order), now)

    def stop(self) -> None:
        """End all workers, together within ``STOP_SECONDS``; each closes its own snapshot."""
        workers = [started.worker for started in self._at_work.values()]
        for worker in workers:
            worker.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for worker in workers:
            worker.end(within=max(0.0, deadline - time.monotonic()))

    def _next(self) -> Request | None:
        """Whose turn it is; the one place beyond the bound is for new connections."""
        limit = settings().max_parallel_syncs
        if len(self._at_work) > limit:
            return None
        with self._store.reading() as session:
            return sync_queue.next_in_turn(
                session,
                now=utc_now(),
                besides=self._at_work,
                priority=Priority.NEW if len(self._at_work) == limit else None,
            )

    def _settle(self, connection_id: UUID, started: _Started, code: int) -> None:
        """Close a run that its worker left open; let one that it never began wait a while.

        What was asked for after the worker was sent off is another request, and due at once.
        """
        worker = started.worker
        with self._store.writing() as session:
            for run in runs.running(session, connection_id=connection_id):
                if run.worker == worker.name and runs.close_dead(session, run, now=utc_now()):
                    logger.warning("worker of sync %s died with %s", run.snapshot_id, code)
            sync_queue.postpone(
                session,
                connection_id=connection_id,
                asked_by=started.at,
                until=utc_now() + RETRY_AFTER,
            )
