"""Exit codes: one a kind of outcome, stable, so that scripts and Jobs can decide by them."""

from enum import IntEnum

from infrazen import errors


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
    PARTIAL = 20
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.DONE: "Done.",
    Exit.BUG: "Something nobody foresaw; `--debug` shows where.",
    Exit.USAGE: "The command line or a setting makes no sense; nothing was done.",
    Exit.NOT_FOUND: "What the command names does not exist.",
    Exit.CONFLICT: "It exists already, is in use, or something else is at work on it.",
    Exit.CREDENTIALS_REFUSED: "The cloud refused the credentials; trying again is of no use.",
    Exit.NOT_ALLOWED: "A permission is missing, here or at the cloud.",
    Exit.TRY_LATER: "The cloud is throttling or down, or there were too many attempts.",
    Exit.PROVIDER: "The cloud answered what its API does not document.",
    Exit.STORAGE: "The database or the disk is missing, full, read-only or behind.",
    Exit.KEYS: "The key that a secret was encrypted with is not in the key ring.",
    Exit.LEASE_LOST: "Another process took the work over; nothing was written.",
    Exit.PARTIAL: "A sync ended well but for some endpoints.",
    Exit.INTERRUPTED: "Stopped by Ctrl-C.",
}

_BY_ERROR: tuple[tuple[type[errors.InfraZenError], Exit], ...] = (
    (errors.CredentialsRefused, Exit.CREDENTIALS_REFUSED),
    (errors.PermissionMissing, Exit.NOT_ALLOWED),
    (errors.Throttled, Exit.TRY_LATER),
    (errors.ProviderUnavailable, Exit.TRY_LATER),
    (errors.ProviderError, Exit.PROVIDER),
    (errors.EndpointNotAllowed, Exit.USAGE),
    (errors.Invalid, Exit.USAGE),
    (errors.NotFound, Exit.NOT_FOUND),
    (errors.Conflict, Exit.CONFLICT),
    (errors.Forbidden, Exit.NOT_ALLOWED),
    (errors.Unauthenticated, Exit.NOT_ALLOWED),
    (errors.TooManyAttempts, Exit.TRY_LATER),
    (errors.LeaseLost, Exit.LEASE_LOST),
    (errors.SecretUnreadable, Exit.KEYS),
    (errors.StorageUnavailable, Exit.STORAGE),
)
"""The first class that fits decides, so narrow ones stand before wide ones."""


def exit_for(error: errors.InfraZenError) -> Exit:
    """The exit code of ``error``."""
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), Exit.BUG)
