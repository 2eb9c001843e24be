"""Conditions by the rules of kstatus: Reconciling and Stalled are there to be False.

At most one of them is True. Ready says whether the data in the dashboard is what the spec asks
for; of a new spec that was not synced yet it is Unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from infrazen.domain.syncs import Phase
from infrazen.manifests.fields import moment_text
from infrazen.manifests.status import Condition, LastSync, Run, Status, Truth
from infrazen_operator.reasons import CREDENTIALS_AT_FAULT, SECRET_AT_FAULT, Reason, told

_LONGEST_MESSAGE = 2000
_MOST_NAMES = 5


class Type(StrEnum):
    """The conditions of a CloudConnection."""

    READY = "Ready"
    RECONCILING = "Reconciling"
    STALLED = "Stalled"
    CREDENTIALS_VALID = "CredentialsValid"
    DEGRADED = "Degraded"


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be said of one aspect."""

    type: Type
    status: Truth
    reason: str
    message: str


def settled(
    previous: Iterable[Condition], said: Iterable[Said], *, generation: int, now: datetime
) -> tuple[Condition, ...]:
    """Conditions that say what is ``said``; a transition time moves when the status flips."""
    known = {one.type: one for one in previous}
    return tuple(
        Condition(
            type=one.type,
            status=one.status,
            reason=one.reason,
            message=_cut(one.message),
            observed_generation=generation,
            last_transition_time=(
                known[one.type].last_transition_time
                if one.type in known and known[one.type].status == one.status
                else now
            ),
        )
        for one in said
    )


def ready_by(last: LastSync | None, history: Iterable[Run]) -> Said:
    """Ready as the last finished sync has it."""
    if last is None:
        return _unknown(Type.READY)
    if last.phase is Phase.FAILED:
        since = _latest_good(history)
        older = f" The data is that of {moment_text(since)}." if since else ""
        return Said(
            Type.READY, Truth.FALSE, last.reason or Reason.NO_RESULT, _failure(last) + older
        )
    is_whole = last.phase is Phase.SUCCEEDED
    reason = Reason.SYNCED if is_whole else Reason.PARTLY_SYNCED
    return Said(Type.READY, Truth.TRUE, reason, _facts(last))


def credentials_by(last: LastSync | None, previous: Condition | None) -> Said:
    """CredentialsValid as the last sync has it that could tell."""
    if last is not None and last.phase is not Phase.FAILED:
        reason = Reason.CREDENTIALS_ACCEPTED
        return Said(Type.CREDENTIALS_VALID, Truth.TRUE, reason, told(reason, ""))
    if last is not None and last.reason in CREDENTIALS_AT_FAULT:
        return Said(Type.CREDENTIALS_VALID, Truth.FALSE, last.reason, _failure(last))
    if previous is not None and previous.reason in SECRET_AT_FAULT and _has_begun(last):
        reason = Reason.CREDENTIALS_UNTRIED
        return Said(Type.CREDENTIALS_VALID, Truth.UNKNOWN, reason, told(reason, ""))
    return _again(previous) or _unknown(Type.CREDENTIALS_VALID)


def degraded_by(last: LastSync | None, previous: Condition | None) -> Said:
    """Degraded as the last sync that read something has it."""
    if last is not None and last.phase is Phase.PARTIAL:
        names = [one.name for one in last.endpoints]
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        listed = f"not read: {', '.join(names[:_MOST_NAMES])}{more}" if names else ""
        reason = Reason.ENDPOINTS_NOT_READ
        return Said(Type.DEGRADED, Truth.TRUE, reason, told(reason, listed))
    if last is not None and last.phase is Phase.SUCCEEDED:
        return fine(Type.DEGRADED)
    return _again(previous) or _unknown(Type.DEGRADED)


def fine(type_: Type, reason: Reason = Reason.AS_EXPECTED) -> Said:
    """An aspect of which nothing bad is to be said."""
    return Said(type_, Truth.FALSE, reason, told(reason, ""))


def lasting(status: Status) -> tuple[Said, Said]:
    """CredentialsValid and Degraded: they change only when a sync has ended."""
    return (
        credentials_by(status.last_sync, status.condition(Type.CREDENTIALS_VALID)),
        degraded_by(status.last_sync, status.condition(Type.DEGRADED)),
    )


def _has_begun(last: LastSync | None) -> bool:
    """Whether a sync got to run, and so had its Secret: it says itself why it failed."""
    return last is not None and last.reason is not None and last.reason not in set(Reason)


def _failure(last: LastSync) -> str:
    return told(last.reason or Reason.NO_RESULT, last.message or "")


def _facts(last: LastSync) -> str:
    noun = "resource" if last.resources.found == 1 else "resources"
    found = f"{last.resources.found} {noun}"
    if last.cost is None:
        return f"{found}."
    return f"{found}; {last.cost.payable.daily} {last.cost.currency} a day."


def _latest_good(runs: Iterable[Run]) -> datetime | None:
    """When the last run that read something ended; None where none is known."""
    good = (run.completion_time for run in runs if run.phase is not Phase.FAILED)
    return next((moment for moment in good if moment is not None), None)


def _unknown(type_: Type) -> Said:
    reason = Reason.NOT_SYNCED
    return Said(type_, Truth.UNKNOWN, reason, told(reason, ""))


def _again(previous: Condition | None) -> Said | None:
    if previous is None:
        return None
    return Said(Type(previous.type), previous.status, previous.reason, previous.message)


def _cut(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[: _LONGEST_MESSAGE - 1]}…"
