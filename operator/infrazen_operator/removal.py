"""Letting go of a connection: its data stays, or goes first.

Both are Jobs in the operator's own namespace, which a deleted namespace does not take along.
The finalizer goes when such a Job has done all that it is for. Where the data is to stay it goes in
any case after a while: nothing is lost by that, and no namespace hangs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from infrazen.manifests.connection import InvalidConnection
from infrazen.manifests.names import FINALIZER, Purpose
from infrazen.manifests.spec import DeletionPolicy
from infrazen.manifests.status import Removal, Status, Truth
from infrazen_operator import passes
from infrazen_operator.conditions import Said, Type, fine, lasting, settled
from infrazen_operator.decision import Event, EventType, Plan, Priority, Run, earliest
from infrazen_operator.happened import events
from infrazen_operator.names import job_name
from infrazen_operator.reasons import Reason, told
from infrazen_operator.results import has_lost_node
from infrazen_operator.seen import Policy, Seen, SeenJob
from infrazen_operator.wanted import refused

_MOST_DOUBLINGS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    doing: Reason
    done: Reason
    failing: Reason


_WORDS = {
    Purpose.RELEASE: _Words(
        doing=Reason.RELEASING, done=Reason.RELEASED, failing=Reason.RELEASE_FAILED
    ),
    Purpose.PURGE: _Words(doing=Reason.PURGING, done=Reason.PURGED, failing=Reason.PURGE_FAILED),
}

_CLEANING = {reason for words in _WORDS.values() for reason in (words.doing, words.failing)}


def removal(seen: Seen, now: datetime, policy: Policy) -> Plan:
    """What is to be done for a connection whose resource is being deleted."""
    if FINALIZER not in seen.metadata.finalizers:
        return Plan(status=seen.status, finalizer=False)
    purpose = _purpose(seen)
    words = _WORDS[purpose]
    if not _has_left_traces(seen):
        return Plan(status=seen.status, finalizer=False)
    if any(passes.is_done(job) and job.purpose in {purpose, Purpose.PURGE} for job in seen.jobs):
        done = Event(type=EventType.NORMAL, reason=words.done, message=told(words.done, ""))
        return Plan(status=seen.status, finalizer=False, events=(done,))
    failed = passes.in_a_row(_ended(seen, purpose))
    last_moment = _last_moment(seen, purpose, policy)
    if last_moment and (now >= last_moment or len(failed) >= policy.release_tries):
        reason = Reason.NOT_RELEASED
        given_up = Event(type=EventType.WARNING, reason=reason, message=told(reason, ""))
        return Plan(status=seen.status, finalizer=False, events=(given_up,), is_given_up=True)
    return _step(seen, purpose, failed, policy=policy, now=now)


def _step(
    seen: Seen, purpose: Purpose, failed: list[SeenJob], *, policy: Policy, now: datetime
) -> Plan:
    syncs = tuple(job.name for job in seen.jobs if job.active and job.purpose is Purpose.SYNC)
    others = (job for job in seen.jobs if job.active and job.purpose is not Purpose.SYNC)
    at_work = next(others, None)
    lost = tuple(job.name for job in seen.jobs if has_lost_node(job, policy, now))
    run, purges = _run(seen, purpose, now), _ended(seen, Purpose.PURGE)
    is_purge = purpose is Purpose.PURGE
    far = passes.removal(purges, seen.status.removal) if is_purge else None
    refusal = seen.refusal if seen.refusal and refused(run, seen.refusal) else None
    pauses = (_again_at(failed, policy), policy.again_at(refusal) if refusal else None)
    waits = any(pause is not None and now < pause for pause in pauses)
    may_start = not syncs and at_work is None and not waits
    if refusal is not None:
        failing = _WORDS[purpose].failing
        said = Said(Type.RECONCILING, Truth.TRUE, failing, told(failing, refusal.message))
    else:
        said = _said(purpose, syncs=syncs, at_work=at_work, failed=failed, far=far)
    status = _status(seen, said, now, active=syncs[0] if syncs else None, far=far)
    return Plan(
        status=status,
        finalizer=True,
        cleanup=run if may_start else None,
        unwanted=tuple(dict.fromkeys((*syncs, *lost, *passes.over(purges)))),
        abandoned=lost,
        events=events(seen.status, status),
        wake_at=earliest(
            *pauses,
            *(policy.lost_at(job.pod) for job in seen.jobs if job.active),
            _last_moment(seen, purpose, policy),
            now=now,
        ),
    )


def _purpose(seen: Seen) -> Purpose:
    resource = seen.resource
    if isinstance(resource, InvalidConnection):
        wanted = resource.deletion_policy
    else:
        wanted = resource.spec.deletion_policy
    return Purpose.PURGE if wanted is DeletionPolicy.DELETE else Purpose.RELEASE


def _has_left_traces(seen: Seen) -> bool:
    """Whether a Job may have written something about the connection into the database.

    A clean-up that has begun goes on: it writes into the status that no Job is active.
    """
    status = seen.status
    ready = status.condition(Type.READY)
    if ready is not None and ready.reason in _CLEANING:
        return True
    known = (status.connection_id, status.last_sync, status.active_job, status.observed_spec)
    return any(one is not None for one in known) or bool(status.history or seen.jobs)


def _ended(seen: Seen, purpose: Purpose) -> list[SeenJob]:
    return [job for job in seen.jobs if job.purpose is purpose and not job.active]


def _last_moment(seen: Seen, purpose: Purpose, policy: Policy) -> datetime | None:
    """When the resource goes whatever has become of its Jobs; never if its data is to go."""
    asked = seen.metadata.deletion_timestamp
    if purpose is Purpose.PURGE or asked is None:
        return None
    return asked + policy.release_patience


def _again_at(failed: list[SeenJob], policy: Policy) -> datetime | None:
    if not failed:
        return None
    pause: timedelta = policy.first_pause * 2 ** min(len(failed) - 1, _MOST_DOUBLINGS)
    return (failed[0].finished_at or failed[0].created) + min(pause, policy.longest_pause)


def _run(seen: Seen, purpose: Purpose, now: datetime) -> Run:
    key = passes.run_key(passes.last(_ended(seen, purpose)))
    return Run(
        name=job_name(seen.metadata, purpose, key),
        purpose=purpose,
        trigger=None,
        run_key=key,
        due=seen.metadata.deletion_timestamp or now,
        priority=Priority.MANUAL,
    )


def _said(
    purpose: Purpose,
    *,
    syncs: tuple[str, ...],
    at_work: SeenJob | None,
    failed: list[SeenJob],
    far: Removal | None,
) -> Said:
    words, gone = _WORDS[purpose], passes.in_words(far)
    if failed:
        last = failed[0]
        tries = "1 try" if len(failed) == 1 else f"{len(failed)} tries"
        why = last.failed_reason or "it told of no progress"
        message = f"{tries} failed, the last of them Job {_place(last)} ({why}). {gone}"
        return Said(Type.RECONCILING, Truth.TRUE, words.failing, told(words.failing, message))
    if syncs:
        place = f"It waits until Job {syncs[0]} has stopped."
    elif at_work is not None:
        look = f"kubectl --namespace {at_work.namespace} logs job/{at_work.name}"
        place = f"Job {_place(at_work)} is at it; its log: {look}"
    else:
        place = "Its Job is about to start."
    sentences = (told(words.doing, ""), gone, place)
    return Said(Type.RECONCILING, Truth.TRUE, words.doing, " ".join(filter(None, sentences)))


def _place(job: SeenJob) -> str:
    """Where a Job is: what cleans up is not beside its connection."""
    return f"{job.namespace}/{job.name}"


def _status(
    seen: Seen, said: Said, now: datetime, *, active: str | None, far: Removal | None
) -> Status:
    ready = Said(Type.READY, Truth.FALSE, said.reason, told(said.reason, ""))
    conditions = settled(
        seen.status.conditions,
        (ready, said, fine(Type.STALLED), *lasting(seen.status)),
        generation=seen.metadata.generation,
        now=now,
    )
    changes = {
        "observed_generation": seen.metadata.generation,
        "conditions": conditions,
        "active_job": active,
        "next_schedule_time": None,
        "queued_since": None,
        "removal": far,
    }
    return seen.status.model_copy(update=changes)
