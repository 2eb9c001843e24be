"""What a connection's Jobs tell, written down: once each, however often it is looked at."""

from dataclasses import dataclass
from datetime import datetime

from infrazen.domain.syncs import Trigger
from infrazen.manifests.connection import CloudConnection
from infrazen.manifests.names import Purpose
from infrazen.manifests.status import LONGEST_HISTORY, LastSync, Run, Status, Truth
from infrazen_operator.conditions import Type
from infrazen_operator.names import after, job_name
from infrazen_operator.reasons import CREDENTIALS_AT_FAULT, Reason
from infrazen_operator.results import (
    Why,
    connection_id_of,
    has_lost_node,
    holdup,
    is_unschedulable,
    job_deleted,
    result_of,
)
from infrazen_operator.seen import Policy, Seen, SeenJob
from infrazen_operator.wanted import wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The status with all that the Jobs tell.

    ``syncs`` are the sync Jobs by age, ``active`` the one at work and ``held_up`` why that
    does not come on. ``unwanted`` Jobs were given up and have not gone yet; of these, the nodes
    of the ``abandoned`` are lost.
    """

    status: Status
    syncs: tuple[SeenJob, ...]
    active: SeenJob | None
    held_up: Why | None
    unwanted: tuple[str, ...]
    abandoned: tuple[str, ...]

    @property
    def is_busy(self) -> bool:
        """Whether a sync Job has not ended, even if it was given up."""
        return any(job.active for job in self.syncs)


def record(seen: Seen, policy: Policy, now: datetime) -> Record:
    """Fold what the Jobs tell into the status."""
    status = _without_lost_job(seen, now)
    secret = _secret(seen)
    syncs = tuple(sync_jobs(seen))
    active: SeenJob | None = None
    for job in syncs:
        if not is_news(job, status):
            continue
        status = _with_beginning(status, job)
        stuck = holdup(job, secret=secret, policy=policy, now=now)
        left = _gives_way(seen, status, job, stuck)
        if job.active and not left and not (stuck and _has_lost_patience(job, policy, now)):
            active = active or job
            continue
        ended = job.finished_at or now
        said = left or stuck or _said_before(seen.status, job)
        result = result_of(job, previous=status.last_sync, said=said, ended=ended)
        status = _with_result(status, result, job, ended=ended)
    changes: dict[str, object] = {"active_job": active.name if active else None}
    if any(job.active for job in syncs):
        changes["queued_since"] = None  # nothing else waits for its turn meanwhile
    given_up = [job for job in syncs if job.active and not is_news(job, status)]
    return Record(
        status=status.model_copy(update=changes),
        syncs=syncs,
        active=active,
        held_up=holdup(active, secret=secret, policy=policy, now=now) if active else None,
        unwanted=tuple(job.name for job in given_up),
        abandoned=tuple(job.name for job in given_up if has_lost_node(job, policy, now)),
    )


def sync_jobs(seen: Seen) -> list[SeenJob]:
    """The connection's sync Jobs, the oldest first."""
    syncs = (job for job in seen.jobs if job.purpose is Purpose.SYNC)
    return sorted(syncs, key=lambda job: (job.created, job.name))


def is_news(job: SeenJob, status: Status) -> bool:
    """Whether the history does not have a Job yet. Of a full one, it had what is older."""
    names = {run.job_name for run in status.history}
    if job.name in names:
        return False
    oldest = status.history[-1].completion_time if status.history else None
    if job.active or len(status.history) < LONGEST_HISTORY or oldest is None:
        return True
    return (job.finished_at or job.created) > oldest


def _without_lost_job(seen: Seen, now: datetime) -> Status:
    status = seen.status
    name = seen.missing_job
    if name is None:
        return status
    trigger = _trigger_of_active(seen, name)
    result = job_deleted(name, trigger, said=_said_of_active(status), now=now)
    return _with_history(status, result, began=None, ended=now)


def _with_beginning(status: Status, job: SeenJob) -> Status:
    """What a Job answers and goes by, from the moment it is there."""
    changes = {
        "last_handled_reconcile_at": job.requested_at,
        "observed_credentials": job.credentials_version,
        "observed_spec": job.spec_mark,
    }
    return status.model_copy(update={name: value for name, value in changes.items() if value})


def _with_result(status: Status, result: LastSync, job: SeenJob, *, ended: datetime) -> Status:
    found = connection_id_of(job)
    kept = status.model_copy(update={"connection_id": found}) if found else status
    return _with_history(kept, result, began=result.start_time, ended=ended)


def _with_history(
    status: Status, result: LastSync, *, began: datetime | None, ended: datetime
) -> Status:
    """``status`` with one more run; it ended by the Job controller's clock, as others did."""
    run = Run(
        job_name=result.job_name,
        trigger=result.trigger,
        phase=result.phase,
        start_time=began,
        completion_time=ended,
        reason=result.reason,
    )
    history = (run, *status.history)[:LONGEST_HISTORY]
    return status.model_copy(update={"last_sync": result, "history": history})


def _has_lost_patience(job: SeenJob, policy: Policy, now: datetime) -> bool:
    return job.pod is not None and now >= policy.given_up_at(job.pod)


def _gives_way(seen: Seen, status: Status, job: SeenJob, stuck: Why | None) -> Why | None:
    """Why a Job cannot start that nobody needs any more; None where it is to be waited for.

    ``status`` goes by what the Job began with: who wants something else by now does not wait for
    a Secret of the wrong name. What may have begun is not disturbed.
    """
    pod, resource = job.pod, seen.resource
    if not job.active or pod is None or pod.started_at or pod.leaves_at:
        return None
    why = stuck or (Why(Reason.UNSCHEDULABLE) if is_unschedulable(job) else None)
    if why is None or not isinstance(resource, CloudConnection):
        return None
    wish = wishes(resource, status)
    if not (wish.is_changed or wish.request):
        return None
    said = _said_of_active(seen.status) if seen.status.active_job == job.name else None
    return said or why


def _said_before(status: Status, job: SeenJob) -> Why | None:
    """Why a Job could not start, as the status says since before its pod had gone."""
    if status.active_job != job.name or job.pod is not None:
        return None
    return _said_of_active(status)


def _said_of_active(status: Status) -> Why | None:
    """What the active Job lacks of its Secret, as the status says."""
    stalled = status.condition(Type.STALLED)
    if stalled is None or stalled.status is not Truth.TRUE:
        return None
    return Why(stalled.reason) if stalled.reason in CREDENTIALS_AT_FAULT else None


def _trigger_of_active(seen: Seen, name: str) -> Trigger:
    """Why the active Job was started; its name follows from that and from what it began with."""
    status = seen.status
    keys = {
        Trigger.SPEC: (status.observed_spec or "").partition("-")[0],
        Trigger.MANUAL: status.last_handled_reconcile_at or "",
        Trigger.CREDENTIALS: status.observed_credentials or "",
    }
    tails = ("", *(after(run.job_name) for run in status.history[:1] if run.job_name))
    found = (
        trigger
        for trigger, key in keys.items()
        for tail in tails
        if job_name(seen.metadata, trigger, f"{key}{tail}") == name
    )
    return next(found, Trigger.SCHEDULE)


def _secret(seen: Seen) -> str | None:
    resource = seen.resource
    if not isinstance(resource, CloudConnection) or resource.spec.credentials_secret_ref is None:
        return None
    return resource.spec.credentials_secret_ref.name
