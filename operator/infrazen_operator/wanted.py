"""Which sync a connection wants, and why."""

from dataclasses import dataclass
from datetime import datetime

from infrazen.domain.syncs import Trigger
from infrazen.manifests.connection import CloudConnection, Metadata
from infrazen.manifests.fields import moment_text
from infrazen.manifests.names import CREDENTIALS_VERSION, REQUESTED_AT, Purpose
from infrazen.manifests.status import Status
from infrazen_operator.decision import Priority, Run
from infrazen_operator.due import Timetable
from infrazen_operator.names import after, is_same_spec, job_name, request_of, spec_mark
from infrazen_operator.reasons import CREDENTIALS_AT_FAULT
from infrazen_operator.seen import Refusal, SeenJob

_LONGEST_VERSION = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What speaks for a sync: a request by hand, another spec, another Secret.

    ``request`` is empty where it was answered. ``version`` is the Secret's, as far as it is
    known; ``is_rotated`` says that the last sync began with another one.
    """

    request: str
    spec_mark: str
    is_changed: bool
    version: str
    is_rotated: bool


def wishes(connection: CloudConnection, status: Status) -> Wishes:
    """What speaks for a sync of ``connection``, apart from its schedule."""
    annotations = connection.metadata.annotations
    request = request_of(annotations.get(REQUESTED_AT, ""))
    mark = spec_mark(connection.metadata, connection.spec)
    version = annotations.get(CREDENTIALS_VERSION, "")[:_LONGEST_VERSION]
    return Wishes(
        request="" if request == status.last_handled_reconcile_at else request,
        spec_mark=mark,
        is_changed=status.observed_spec is None or not is_same_spec(mark, status.observed_spec),
        version=version,
        is_rotated=_is_rotated(version, status),
    )


def adopted_version(wish: Wishes, status: Status) -> str | None:
    """The Secret's version to go by from now on.

    One that becomes known only after a sync (the Secret watcher has just been installed) is the
    one which that sync had, unless credentials were what it failed of.
    """
    is_first = status.observed_credentials is None and status.observed_spec is not None
    adopts = is_first and wish.version and not wish.is_rotated
    return wish.version if adopts else status.observed_credentials


def wanted_run(
    connection: CloudConnection,
    status: Status,
    wish: Wishes,
    table: Timetable,
    *,
    jobs: tuple[SeenJob, ...],
    now: datetime,
) -> Run | None:
    """The sync that should run, if any; one sync answers all that speaks for one.

    A suspended connection wants what is asked for by hand alone.
    """
    metadata = connection.metadata
    may = not connection.spec.suspend
    if wish.is_changed and (may or wish.request):
        trigger, key = Trigger.SPEC, str(metadata.generation)
    elif wish.request:
        trigger, key = Trigger.MANUAL, wish.request
    elif wish.is_rotated and may:
        trigger, key = Trigger.CREDENTIALS, wish.version
    elif table.due is not None:
        trigger, key = Trigger.SCHEDULE, moment_text(table.due)
    else:
        return None
    since = table.due + table.jitter if trigger is Trigger.SCHEDULE and table.due else now
    key = _unused(metadata, trigger, key, status=status, jobs=jobs)
    return Run(
        name=job_name(metadata, trigger, key),
        purpose=Purpose.SYNC,
        trigger=trigger,
        run_key=key,
        due=status.queued_since or since,
        priority=_priority(status, trigger, asked=bool(wish.request)),
        requested_at=wish.request,
        credentials_version=wish.version,
        spec_mark=wish.spec_mark,
    )


def refused(run: Run, refusal: Refusal) -> bool:
    """Whether it is this very run that was refused. One that is asked for by hand is another."""
    return (refusal.run.name, refusal.run.requested_at) == (run.name, run.requested_at)


def _is_rotated(version: str, status: Status) -> bool:
    if not version or version == status.observed_credentials:
        return False
    if status.observed_credentials is not None:
        return True
    last = status.last_sync
    return last is not None and last.reason in CREDENTIALS_AT_FAULT


def _unused(
    metadata: Metadata,
    trigger: Trigger,
    key: str,
    *,
    status: Status,
    jobs: tuple[SeenJob, ...],
) -> str:
    """``key``, or one that says after which Job, where ``key`` once had a Job of its own.

    A request may be worded like an earlier one whose Job still stands there.
    """
    names = {job.name for job in jobs} | {run.job_name for run in status.history}
    if job_name(metadata, trigger, key) not in names:
        return key
    latest = max(jobs, key=lambda job: (job.created, job.name)).name if jobs else ""
    return f"{key}{after(latest or status.history[0].job_name or '')}"


def _priority(status: Status, trigger: Trigger, *, asked: bool) -> Priority:
    if status.last_sync is None and not status.history:
        return Priority.NEW
    if asked:
        return Priority.MANUAL
    return Priority.SCHEDULED if trigger is Trigger.SCHEDULE else Priority.CHANGED
