"""What ``plan`` decides for one CloudConnection."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from infrazen.domain.syncs import Trigger
from infrazen.manifests.names import (
    CREDENTIALS_VERSION,
    REQUESTED_AT,
    RUN_KEY,
    SPEC_MARK,
    TRIGGER,
    Purpose,
)
from infrazen.manifests.status import Status


class Priority(IntEnum):
    """Who goes first among runs that wait: low before high."""

    NEW = 0
    MANUAL = 1
    CHANGED = 2
    SCHEDULED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A Job that should be there: what for, under which name, and since when.

    The name is the same whenever the same run is decided on, so a run cannot start twice.
    ``due`` is since when it waits. ``trigger`` is None for what is no sync. A sync may answer a
    request by hand whatever its trigger is: ``requested_at`` is what it answers then.
    """

    name: str
    purpose: Purpose
    trigger: Trigger | None
    run_key: str
    due: datetime
    priority: Priority
    requested_at: str = ""
    credentials_version: str = ""
    spec_mark: str = ""

    def annotations(self) -> dict[str, str]:
        """What the Job must have on it, for ``plan`` to know it again."""
        known = {
            TRIGGER: self.trigger or "",
            RUN_KEY: self.run_key,
            REQUESTED_AT: self.requested_at,
            CREDENTIALS_VERSION: self.credentials_version,
            SPEC_MARK: self.spec_mark,
        }
        return {name: str(value) for name, value in known.items() if value}


def earliest(*moments: datetime | None, now: datetime) -> datetime | None:
    """The first of the moments that are still to come."""
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


class EventType(StrEnum):
    """Kubernetes' two kinds of Events."""

    NORMAL = "Normal"
    WARNING = "Warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has changed, for ``kubectl describe``."""

    type: EventType
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What should be so.

    - ``status``: the whole status; it is equal to the present one where nothing changed.
    - ``wanted``: a sync that should start as soon as the queue lets it.
    - ``cleanup``: a Job in the operator's own namespace that releases or purges the
      connection, to start now.
    - ``unwanted``: names of Jobs to delete, their pods first (``Foreground``).
    - ``abandoned``: those among them that go without their pods (``Background``), which nobody
      ends.
    - ``finalizer``: whether the resource should bear the finalizer. It is set before the first
      Job is created.
    - ``events``: to be posted once ``status`` has been written.
    - ``is_given_up``: the resource goes, but nobody could tell the database of it.
    - ``wake_at``: when to decide again though nothing was seen to change; None for never.
    """

    status: Status
    finalizer: bool
    wanted: Run | None = None
    cleanup: Run | None = None
    unwanted: tuple[str, ...] = ()
    abandoned: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    is_given_up: bool = False
    wake_at: datetime | None = None
