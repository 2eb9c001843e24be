"""How a connection stands, as its conditions say it."""

from dataclasses import dataclass

from infrazen.domain.syncs import Phase, Trigger
from infrazen.manifests.status import LastSync, Status, Truth
from infrazen_operator.conditions import Said, Type, fine, lasting, ready_by
from infrazen_operator.decision import Run
from infrazen_operator.reasons import CREDENTIALS_AT_FAULT, STALLING, Reason, told
from infrazen_operator.results import Why, is_unschedulable
from infrazen_operator.seen import Refusal, SeenJob

WHY_IT_RUNS = {
    Trigger.SPEC: Reason.SPEC_CHANGED,
    Trigger.MANUAL: Reason.SYNC_REQUESTED,
    Trigger.CREDENTIALS: Reason.CREDENTIALS_CHANGED,
}
"""Reasons of Reconciling. A sync by schedule is none: the connection stays as ready as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A connection with a spec that makes sense.

    ``run`` is what it wants next, ``refusal`` the API server's answer to that, if it was no;
    ``active`` is the Job at work, ``held_up`` why that does not come on. ``is_new`` says that the
    spec was not synced yet.
    """

    status: Status
    run: Run | None
    refusal: Refusal | None
    active: SeenJob | None
    held_up: Why | None
    is_new: bool
    is_suspended: bool


def said_of(it: Standing) -> tuple[Said, ...]:
    """All conditions of a connection that stands so."""
    if it.held_up is not None and it.held_up.reason in CREDENTIALS_AT_FAULT:
        return _without_secret(it, it.held_up)
    if it.refusal is not None:
        return _refused(it, it.refusal)
    progress = _progress(it)
    ready = _ready(it)
    if progress is not None:
        return (ready, progress, fine(Type.STALLED), *lasting(it.status))
    stalled = Said(Type.STALLED, Truth.TRUE, ready.reason, ready.message)
    is_stalled = stalls(it.status.last_sync) and ready.status is Truth.FALSE
    return (
        ready,
        fine(Type.RECONCILING, Reason.IDLE),
        stalled if is_stalled else fine(Type.STALLED),
        *lasting(it.status),
    )


def hopeless(status: Status, why: Why) -> tuple[Said, ...]:
    """All conditions of a connection for which nothing can be done until somebody changes it."""
    reason, text = why.reason, told(why.reason, why.message)
    return (
        Said(Type.READY, Truth.FALSE, reason, text),
        fine(Type.RECONCILING, Reason.IDLE),
        Said(Type.STALLED, Truth.TRUE, reason, text),
        *lasting(status),
    )


def stalls(last: LastSync | None) -> bool:
    """Whether a sync failed of what only people can mend."""
    return last is not None and last.phase is Phase.FAILED and last.reason in STALLING


def _ready(it: Standing) -> Said:
    by_run = ready_by(it.status.last_sync, it.status.history)
    waits = it.is_new or (it.active is not None and it.active.trigger is Trigger.SPEC)
    if it.status.last_sync is not None and not waits:
        return _with_suspension(by_run) if it.is_suspended else by_run
    if it.active is not None or it.run is not None:
        reason = Reason.SPEC_CHANGED
    else:
        reason = Reason.SUSPENDED if it.is_suspended else Reason.NOT_SYNCED
    return Said(Type.READY, Truth.UNKNOWN, reason, told(reason, ""))


def _with_suspension(ready: Said) -> Said:
    message = f"{ready.message} {told(Reason.SUSPENDED, '')}"
    return Said(ready.type, ready.status, ready.reason, message)


def _progress(it: Standing) -> Said | None:
    """Reconciling, where it is True."""
    if it.held_up is not None:
        message = told(it.held_up.reason, it.held_up.message)
        return Said(Type.RECONCILING, Truth.TRUE, it.held_up.reason, message)
    if it.active is not None and is_unschedulable(it.active):
        reason = Reason.UNSCHEDULABLE
        return Said(Type.RECONCILING, Truth.TRUE, reason, told(reason, ""))
    for trigger in (it.active and it.active.trigger, it.run and it.run.trigger):
        if trigger in WHY_IT_RUNS:
            reason = WHY_IT_RUNS[trigger]
            return Said(Type.RECONCILING, Truth.TRUE, reason, f"{told(reason, '')} {_place(it)}")
    return None


def _place(it: Standing) -> str:
    if it.active is None:
        return "It waits for its turn."
    tries = f" after {it.active.failures} that failed" if it.active.failures else ""
    if it.active.trigger in WHY_IT_RUNS:
        return f"Job {it.active.name} runs{tries}."
    return f"It waits until Job {it.active.name} has ended."


def _without_secret(it: Standing, why: Why) -> tuple[Said, ...]:
    ready, reconciling, stalled, _, degraded = hopeless(it.status, why)
    valid = Said(Type.CREDENTIALS_VALID, Truth.FALSE, why.reason, stalled.message)
    return (ready, reconciling, stalled, valid, degraded)


def _refused(it: Standing, refusal: Refusal) -> tuple[Said, ...]:
    reason = Reason.JOB_REFUSED
    ready, idle, stalled, *rest = hopeless(it.status, Why(reason, refusal.message))
    if refusal.final:
        return (ready, idle, stalled, *rest)
    trying = Said(Type.RECONCILING, Truth.TRUE, reason, stalled.message)
    return (ready, trying, fine(Type.STALLED), *rest)
