"""Schedules, queue and workers in one process: InfraZen without a cluster.

Durable state is in the database alone, so a restart goes on from each connection's
``next_sync_at`` and from the queue. Of several processes on one database one leads.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from infrazen.db.queries import usage
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.errors import InfraZenError
from infrazen.settings import settings
from infrazen.sync.leadership import Leadership
from infrazen.sync.lease import Watchdog
from infrazen.sync.runner import Runner
from infrazen.sync.timers import Timers
from infrazen.sync.workers import Workers

logger = logging.getLogger(__name__)

TICK_SECONDS = 1
LOOK_SECONDS = 5
LEASE = "embedded-scheduler"


class Embedded:
    """Starts what is due or asked for, and closes what died, while it leads."""

    def __init__(self, store: Database, runner: Runner) -> None:
        self._store = store
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._leadership = Leadership(store, LEASE)
        self._watchdog = Watchdog(store)
        self._timers = Timers(store, self._scheduler)
        self._workers = Workers(store, runner)
        self._leads = False

    @property
    def leads(self) -> bool:
        """Whether this process is the one that schedules."""
        return self._leads

    def start(self) -> None:
        """Begin in background threads."""
        every = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(self._tick, "interval", seconds=TICK_SECONDS, **every)
        self._scheduler.add_job(
            self._look, "interval", seconds=LOOK_SECONDS, next_run_time=utc_now(), **every
        )
        self._scheduler.add_job(self._clean, "interval", hours=24, jitter=600, **every)
        self._scheduler.start()

    def stop(self) -> None:
        """End the schedule and the workers; each worker closes its own snapshot."""
        self._scheduler.shutdown(wait=True)
        self._workers.stop()
        if self._leads:
            self._guarded(self._leadership.resign)

    def _tick(self) -> None:
        if self._leads:
            self._guarded(self._workers.turn)

    def _look(self) -> None:
        self._guarded(self._lead)
        if self._leads:
            self._guarded(self._close_dead)
            self._guarded(self._timers.refresh)

    def _clean(self) -> None:
        if self._leads:
            self._guarded(self._drop_old_readings)

    def _lead(self) -> None:
        leads = self._leadership.lead()
        if leads and not self._leads:
            logger.info("this process schedules syncs")
        self._leads = leads

    def _close_dead(self) -> None:
        for run in self._watchdog.look():
            logger.warning("sync %s stopped without a word and was closed", run.snapshot_id)

    def _drop_old_readings(self) -> None:
        oldest = utc_now() - timedelta(days=settings().metrics_retention_days)
        with self._store.writing() as session:
            usage.drop_readings(session, before=oldest)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Run a step; a database that is away for a moment must not end the schedule."""
        try:
            step()
        except InfraZenError as error:
            logger.warning("the scheduler goes on after: %s", error)
