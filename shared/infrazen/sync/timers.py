"""A timer for each connection, set to the moment that the database knows."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.date import DateTrigger

from infrazen.db.queries import connections, sync_queue
from infrazen.db.queries.connections import Connection
from infrazen.db.queries.sync_queue import Priority, Request
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import Trigger
from infrazen.errors import InfraZenError
from infrazen.sync import schedule

logger = logging.getLogger(__name__)

LONGEST_JITTER = 60.0


class Timers:
    """Wakes connections that are due and puts them into the queue."""

    def __init__(self, store: Database, scheduler: BaseScheduler) -> None:
        self._store = store
        self._scheduler = scheduler
        self._set: dict[UUID, datetime] = {}

    def refresh(self) -> None:
        """Set, move and remove timers as connections have come, changed and gone."""
        with self._store.reading() as session:
            known = {c.id: c for c in connections.every(session) if _is_scheduled(c)}
        for id_ in self._set.keys() - known.keys():
            self._scheduler.remove_job(str(id_))
            del self._set[id_]
        for connection in known.values():
            due = connection.next_sync_at or self._plan(connection)
            if due is not None and self._set.get(connection.id) != due:
                self._set[connection.id] = due
                self._scheduler.add_job(
                    self._fire,
                    DateTrigger(due + jitter(connection, due)),
                    args=[connection.id, due],
                    id=str(connection.id),
                    replace_existing=True,
                    misfire_grace_time=None,
                )

    def _plan(self, connection: Connection) -> datetime | None:
        due = schedule.next_due(connection.schedule, connection.time_zone, after=utc_now())
        with self._store.writing() as session:
            connections.note_schedule(session, connection_id=connection.id, next_sync_at=due)
        return due

    def _fire(self, connection_id: UUID, due: datetime) -> None:
        try:
            self._queue(connection_id, due)
        except InfraZenError as error:
            logger.warning("the sync due at %s could not be queued yet: %s", due, error)
        finally:
            self._set.pop(connection_id, None)

    def _queue(self, connection_id: UUID, due: datetime) -> None:
        """Queue a sync that is due, once however many were missed, and plan the next."""
        now = utc_now()
        with self._store.writing() as session:
            connection = connections.find(session, connection_id)
            if connection is None or not _is_scheduled(connection):
                return
            if connection.next_sync_at != due:
                return
            late = (now - due).total_seconds()
            if late <= connection.starting_deadline_seconds + LONGEST_JITTER:
                sync_queue.ask(session, _request(connection, now))
            else:
                logger.warning("the sync of %s due at %s was missed", connection.name, due)
            following = schedule.next_due(connection.schedule, connection.time_zone, after=now)
            connections.note_schedule(
                session, connection_id=connection_id, next_sync_at=following, scheduled_at=due
            )


def jitter(connection: Connection, due: datetime) -> timedelta:
    """A delay that spreads connections due at the same moment; always the same for one.

    At most a tenth of the time between two runs, and at most a minute.
    """
    following = schedule.next_due(connection.schedule, connection.time_zone, after=due)
    between = (following - due).total_seconds() if following else 0.0
    share = connection.id.int % 1000 / 1000
    return timedelta(seconds=share * min(LONGEST_JITTER, between / 10))


def _request(connection: Connection, now: datetime) -> Request:
    return Request(
        organization_id=connection.organization_id,
        connection_id=connection.id,
        trigger=Trigger.SCHEDULE,
        priority=Priority.SCHEDULED,
        not_before=now,
        requested_by="schedule",
    )


def _is_scheduled(connection: Connection) -> bool:
    return bool(connection.schedule and not connection.is_suspended and not connection.managed_by)
