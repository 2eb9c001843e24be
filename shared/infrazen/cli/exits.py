"""Exit codes: one a kind of outcome, stable, so that scripts and Jobs can decide by them."""

from collections.abc import Iterator
from enum import IntEnum

from infrazen import errors
from infrazen.errors import InfraZenError


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    BUG = 1
    USAGE = 2
    NOT_FOUND = 3
    CONFLICT = 4
    CREDENTIALS_REFUSED = 5
    NOT_ALLOWED = 6
    TRY_LATER = 7
    PROVIDER = 8
    STORAGE = 9
    KEYS = 10
    LEASE_LOST = 11
    SECOND_FACTOR = 12
    ADDRESS_NOT_ALLOWED = 13
    ALREADY_RUNNING = 14
    PARTIAL = 20
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.DONE: "Done.",
    Exit.BUG: "Something nobody foresaw; `--debug` shows where.",
    Exit.USAGE: "The command line or a setting makes no sense; nothing was done.",
    Exit.NOT_FOUND: "What the command names does not exist.",
    Exit.CONFLICT: "It exists already, is in use, or is managed elsewhere.",
    Exit.CREDENTIALS_REFUSED: "The cloud refused the credentials; trying again is of no use.",
    Exit.NOT_ALLOWED: "A permission is missing, here, at the cloud or in the cluster.",
    Exit.TRY_LATER: "The cloud is throttling or down, the cluster does not answer, the database is "
    "busy, or there were too many attempts; it may help to try later.",
    Exit.PROVIDER: "The cloud answered what its API does not document.",
    Exit.STORAGE: "The database or the disk is missing, full, read-only or behind.",
    Exit.KEYS: "The key that a secret was encrypted with is not in the key ring.",
    Exit.LEASE_LOST: "Another process took the work over; nothing was written.",
    Exit.SECOND_FACTOR: "The cloud asks for a one-time code: enter a token or an API password.",
    Exit.ADDRESS_NOT_ALLOWED: "The endpoint is outside the allow-list of this installation.",
    Exit.ALREADY_RUNNING: "A sync of this connection is running; wait until it ends.",
    Exit.PARTIAL: "A sync ended well but for some endpoints or records.",
    Exit.INTERRUPTED: "Stopped by Ctrl-C or SIGTERM; a sync wrote nothing.",
}

_BY_ERROR: tuple[tuple[type[InfraZenError], Exit], ...] = (
    (errors.SecondFactorRequired, Exit.SECOND_FACTOR),
    (errors.CredentialsRefused, Exit.CREDENTIALS_REFUSED),
    (errors.PermissionMissing, Exit.NOT_ALLOWED),
    (errors.Throttled, Exit.TRY_LATER),
    (errors.ProviderUnavailable, Exit.TRY_LATER),
    (errors.ProviderError, Exit.PROVIDER),
    (errors.EndpointNotAllowed, Exit.ADDRESS_NOT_ALLOWED),
    (errors.Invalid, Exit.USAGE),
    (errors.NotFound, Exit.NOT_FOUND),
    (errors.AlreadyRunning, Exit.ALREADY_RUNNING),
    (errors.Conflict, Exit.CONFLICT),
    (errors.Forbidden, Exit.NOT_ALLOWED),
    (errors.Unauthenticated, Exit.NOT_ALLOWED),
    (errors.TooManyAttempts, Exit.TRY_LATER),
    (errors.ClusterUnavailable, Exit.TRY_LATER),
    (errors.ClusterRefused, Exit.NOT_ALLOWED),
    (errors.LeaseLost, Exit.LEASE_LOST),
    (errors.SecretUnreadable, Exit.KEYS),
    (errors.StorageBusy, Exit.TRY_LATER),
    (errors.StorageUnavailable, Exit.STORAGE),
)
"""The first class that fits decides, so narrow ones stand before wide ones."""


def exit_for(error: InfraZenError) -> Exit:
    """The exit code of ``error``."""
    return _exit_of(type(error))


def exit_for_reason(reason: str) -> Exit:
    """The exit code of the error whose stable word is ``reason``."""
    kinds = (kind for kind in _kinds(InfraZenError) if kind.reason == reason)
    return _exit_of(next(kinds, InfraZenError))


def _exit_of(kind: type[InfraZenError]) -> Exit:
    return next((code for known, code in _BY_ERROR if issubclass(kind, known)), Exit.BUG)


def _kinds(root: type[InfraZenError]) -> Iterator[type[InfraZenError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _kinds(kind)
