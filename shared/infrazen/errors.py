"""Errors InfraZen raises on purpose.

InfraZenError
  ProviderError                a cloud answered badly, or not at all
    CredentialsRefused         the secret is wrong or revoked: a human must act
      SecondFactorRequired     the account asks for a one-time code: use an API password or token
    PermissionMissing          the secret is right, one method or scope is closed to it
    Throttled                  ask again after ``retry_after`` seconds
    ProviderUnavailable        timeouts, 5xx, broken connections
      TimeLimitReached         a sync's own limit ended before the cloud had told all
    UnexpectedPayload          an answer that is not what the API documents
  EndpointNotAllowed           an address outside the allow-list (SSRF)
  Invalid                      the caller's input; ``field`` says which
    PrecisionLost              money finer than the millionth of a unit
    CurrencyMismatch           amounts in two currencies were to be added
  NotFound                     no such thing here, or not yours
  Conflict                     it exists already, is in use, or changed meanwhile
    AlreadyRunning             a sync of this connection holds the lease
    ManagedElsewhere           Git manages it: change the manifest instead
    ReadElsewhere              another connection reads this part of the cloud already
  Forbidden                    the role or the token's scope does not allow it
    ClosedInDemo               whoever looks at the demo may not do this
  Unauthenticated              nobody is signed in, or the session has ended
  TooManyAttempts              slow down: ``retry_after`` seconds
  ClusterUnavailable           the Kubernetes API server does not answer
  ClusterRefused               the Kubernetes API server does not let this installation do that
  LeaseLost                    another worker closed this run; nothing was written
  SecretUnreadable             the key that wrapped a secret is not in the key ring
  StorageUnavailable           the database is gone, full, or behind its migrations
    StorageBusy                another process is writing: ask again after ``retry_after`` seconds

``reason`` is the stable CamelCase word that conditions, problem+json and the UI's
message catalogue share; ``retryable`` is the whole retry policy. Messages never
carry a secret or a payload.
"""

from typing import ClassVar


class InfraZenError(Exception):
    """Root of the hierarchy."""

    reason: ClassVar[str] = "InternalError"
    retryable: ClassVar[bool] = False


class ProviderError(InfraZenError):
    """A cloud answered badly, or not at all."""

    reason = "ProviderError"


class CredentialsRefused(ProviderError):
    """The cloud rejected the credentials."""

    reason = "CredentialsRefused"


class SecondFactorRequired(CredentialsRefused):
    """The cloud asks for a one-time code that a machine cannot give."""

    reason = "SecondFactorRequired"


class PermissionMissing(ProviderError):
    """The credentials are good, but this method or scope is closed to them."""

    reason = "PermissionMissing"


class Throttled(ProviderError):
    """The cloud asked us to slow down."""

    reason = "Throttled"
    retryable = True

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ProviderUnavailable(ProviderError):
    """The cloud could not be reached, or failed on its side."""

    reason = "ProviderUnavailable"
    retryable = True


class TimeLimitReached(ProviderUnavailable):
    """The time that a sync has was over before the cloud had told all."""

    reason = "TimeLimitReached"


class UnexpectedPayload(ProviderError):
    """The cloud answered with a body that is not what its API documents."""

    reason = "UnexpectedPayload"


class EndpointNotAllowed(InfraZenError):
    """An address outside the allow-list."""

    reason = "EndpointNotAllowed"


class Invalid(InfraZenError):
    """The caller's input makes no sense; ``field`` names the part that is wrong."""

    reason = "Invalid"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class PrecisionLost(Invalid):
    """An amount finer than the millionth of a currency unit."""

    reason = "PrecisionLost"


class CurrencyMismatch(Invalid):
    """Amounts in two currencies were to be added."""

    reason = "CurrencyMismatch"


class NotFound(InfraZenError):
    """No such thing in this organization."""

    reason = "NotFound"


class Conflict(InfraZenError):
    """It exists already, is in use, or changed meanwhile."""

    reason = "Conflict"


class AlreadyRunning(Conflict):
    """A sync of this connection holds the lease."""

    reason = "AlreadyRunning"


class ManagedElsewhere(Conflict):
    """A custom resource manages this connection; the UI and the API only show it."""

    reason = "ManagedElsewhere"


class ReadElsewhere(Conflict):
    """Another connection reads this part of the cloud: it would count twice."""

    reason = "ReadElsewhere"


class Forbidden(InfraZenError):
    """The role or the token's scope does not allow it."""

    reason = "Forbidden"


class ClosedInDemo(Forbidden):
    """What only people in an organization of their own do, and nobody in the demo."""

    reason = "ClosedInDemo"


class Unauthenticated(InfraZenError):
    """Nobody is signed in, or the session has ended."""

    reason = "Unauthenticated"


class TooManyAttempts(InfraZenError):
    """Slow down; try again after ``retry_after`` seconds."""

    reason = "TooManyAttempts"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ClusterUnavailable(InfraZenError):
    """The Kubernetes API server does not answer, or cannot now."""

    reason = "ClusterUnavailable"
    retryable = True


class ClusterRefused(InfraZenError):
    """The Kubernetes API server does not let this installation do that."""

    reason = "ClusterRefused"


class LeaseLost(InfraZenError):
    """Another worker closed this run; nothing of it was written."""

    reason = "LeaseLost"


class SecretUnreadable(InfraZenError):
    """The key that wrapped a secret is not in the key ring, or the row was tampered with."""

    reason = "SecretUnreadable"


class StorageUnavailable(InfraZenError):
    """The database is gone, full, or behind its migrations."""

    reason = "StorageUnavailable"
    retryable = True


class StorageBusy(StorageUnavailable):
    """Another process holds the database's one lock; try again after ``retry_after`` seconds."""

    reason = "StorageBusy"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
