"""How a run as a whole ended, judged by its endpoints."""

from collections.abc import Iterable
from dataclasses import dataclass

from infrazen.domain.syncs import EndpointResult, EndpointStatus, SyncStatus
from infrazen.errors import (
    CredentialsRefused,
    EndpointNotAllowed,
    InfraZenError,
    PermissionMissing,
    ProviderUnavailable,
    SecondFactorRequired,
    Throttled,
    TimeLimitReached,
    UnexpectedPayload,
)

# From what only a person can mend to what may mend itself.
_MOST_TELLING = (
    EndpointNotAllowed.reason,
    SecondFactorRequired.reason,
    CredentialsRefused.reason,
    PermissionMissing.reason,
    InfraZenError.reason,
    UnexpectedPayload.reason,
    Throttled.reason,
    TimeLimitReached.reason,
    ProviderUnavailable.reason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A run's status; ``reason`` and ``message`` where it is an error, else None."""

    status: SyncStatus
    reason: str | None = None
    message: str | None = None


def outcome(endpoints: Iterable[EndpointResult]) -> Outcome:
    """Success, partial or error.

    An error is a run in which every endpoint that had something to ask failed; its
    reason is the one that tells most. A quarantined record makes a run partial: not all
    that was there was read. Skipped endpoints follow from those that failed.
    """
    asked = [e for e in endpoints if e.status is not EndpointStatus.SKIPPED]
    failed = [e for e in asked if e.status is EndpointStatus.FAILED]
    if failed and len(failed) == len(asked):
        return _error(failed)
    if failed or any(e.quarantined for e in asked):
        return Outcome(status=SyncStatus.PARTIAL)
    return Outcome(status=SyncStatus.SUCCESS)


def _error(failed: list[EndpointResult]) -> Outcome:
    worst = min(failed, key=_weight)
    refused = {SecondFactorRequired.reason, CredentialsRefused.reason}
    if {e.reason for e in failed} == refused:
        # A code is asked of one password while the other is wrong: mend that first.
        worst = next(e for e in failed if e.reason == CredentialsRefused.reason)
    return Outcome(status=SyncStatus.ERROR, reason=worst.reason, message=worst.message)


def _weight(result: EndpointResult) -> int:
    known = result.reason in _MOST_TELLING
    return _MOST_TELLING.index(result.reason or "") if known else len(_MOST_TELLING)
