"""When a connection is due by its schedule: time zone, summer time, jitter, missed runs."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from infrazen.domain.syncs import Trigger
from infrazen.manifests.spec import Spec
from infrazen.manifests.status import Status
from infrazen.sync import schedule
from infrazen_operator.seen import SeenJob

GRACE = timedelta(seconds=10)
"""What a start may take beyond its deadline: waking, and asking the API server."""
CLOCK_SLACK = timedelta(minutes=10)
"""A moment that was acted upon and lies ahead by more than this was written by a wrong clock."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Where a connection stands in its schedule.

    ``due`` is the moment that a run should start for now. ``last`` was acted upon, ``next``
    is still to be; ``missed`` has just been given up. ``jitter`` is how much later than the
    schedule says this connection starts.
    """

    due: datetime | None = None
    last: datetime | None = None
    next: datetime | None = None
    missed: datetime | None = None
    jitter: timedelta = timedelta()

    @property
    def wake_at(self) -> datetime | None:
        """When it will be due."""
        return self.next + self.jitter if self.next is not None and self.due is None else None


def check(spec: Spec, now: datetime) -> None:
    """Raise ``Invalid`` where the schedule or its time zone makes no sense."""
    _check(spec.schedule, spec.time_zone, now.replace(hour=0, minute=0, second=0))


def timetable(
    spec: Spec,
    status: Status,
    jobs: Iterable[SeenJob],
    *,
    uid: str,
    longest_jitter: timedelta,
    now: datetime,
) -> Timetable:
    """Where the connection stands; ``jobs`` are its syncs that ``status`` does not know yet.

    A sync that has started covers every moment up to its creation. Of the moments that were
    missed only the latest is caught up, and only within the starting deadline. A run that waits
    for its turn since it was due has not missed it.
    """
    covered = _covered(jobs, now)
    last = _sane(status.last_schedule_time, now)
    pending = _pending(spec, status, now)
    if pending is not None and covered is not None and pending <= covered:
        last = _latest(spec, since=pending, until=covered)
        pending = _following(spec, last)
    if pending is None:
        pending = _following(spec, max(moment for moment in (now, last, covered) if moment))
    jitter = _jitter(spec, pending, uid=uid, longest=longest_jitter)
    if pending is None or pending + jitter > now:
        return Timetable(last=last, next=pending, jitter=jitter)
    due = _latest(spec, since=pending, until=now - jitter)
    deadline = due + jitter + timedelta(seconds=spec.starting_deadline_seconds) + GRACE
    if min(now, status.queued_since or now) <= deadline:
        return Timetable(due=due, last=last, next=due, jitter=jitter)
    return Timetable(last=due, next=_following(spec, due), missed=due, jitter=jitter)


def _covered(jobs: Iterable[SeenJob], now: datetime) -> datetime | None:
    """The latest moment up to which Jobs have been started."""
    moments = [
        moment
        for job in jobs
        for moment in (job.created, _moment(job))
        if moment is not None and moment <= now + CLOCK_SLACK
    ]
    return max(moments, default=None)


def _moment(job: SeenJob) -> datetime | None:
    """The moment of the schedule that a Job was started for."""
    if job.trigger is not Trigger.SCHEDULE:
        return None
    try:
        moment = datetime.fromisoformat(job.run_key)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _sane(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is None or moment <= now + CLOCK_SLACK else None


def _pending(spec: Spec, status: Status, now: datetime) -> datetime | None:
    """The next moment as it was written down, if it has come and the schedule still has it."""
    known = status.next_schedule_time
    if known is None or known > now:
        return None
    return known if _has(spec, known) else None


def _has(spec: Spec, moment: datetime) -> bool:
    """Whether ``moment`` is one of the schedule's."""
    return _following(spec, moment - _MINUTE) == moment


def _latest(spec: Spec, *, since: datetime, until: datetime) -> datetime:
    """The schedule's last moment up to ``until``; ``since`` is one of them."""
    step = timedelta(minutes=schedule.MINIMUM_MINUTES)
    while (start := until - step) > since:
        found = _following(spec, start)
        if found is not None and found <= until:
            since = found
            break
        step *= 2
    while (found := _following(spec, since)) is not None and found <= until:
        since = found
    return since


def _jitter(spec: Spec, due: datetime | None, *, uid: str, longest: timedelta) -> timedelta:
    """How much later than ``due`` a connection starts, in whole seconds; always the same for one.

    At most a tenth of the time between two runs, and at most ``longest``.
    """
    if due is None or not longest:
        return timedelta()
    following = _following(spec, due)
    between = (following - due if following else longest * 10) / 10
    share = int.from_bytes(hashlib.sha256(uid.encode()).digest()[:4]) / 2**32
    return timedelta(seconds=int(share * min(longest, between).total_seconds()))


def _following(spec: Spec, after: datetime) -> datetime | None:
    return _next_due(spec.schedule, spec.time_zone, after)


@lru_cache(maxsize=8192)
def _next_due(line: str, time_zone: str, after: datetime) -> datetime | None:
    return schedule.next_due(line, time_zone, after=after)


@lru_cache(maxsize=4096)
def _check(line: str, time_zone: str, day: datetime) -> None:
    schedule.check(line, time_zone, now=day)
