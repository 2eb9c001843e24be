"""A sync run in words and numbers."""

from dataclasses import dataclass, field
from enum import StrEnum


class SyncStatus(StrEnum):
    """How a snapshot stands."""

    RUNNING = "running"
    SUCCESS = "success"
    PARTIAL = "partial"
    ERROR = "error"


class Phase(StrEnum):
    """How a run ended, in the custom resource's words."""

    SUCCEEDED = "Succeeded"
    PARTIAL = "Partial"
    FAILED = "Failed"


class Trigger(StrEnum):
    """Why a sync started; the words of ``status.lastSync.trigger``."""

    MANUAL = "Manual"
    SCHEDULE = "Schedule"
    SPEC = "Spec"
    CREDENTIALS = "Credentials"


class Change(StrEnum):
    """What a sync found a resource to be, against what was stored."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    UNCHANGED = "unchanged"


class EndpointStatus(StrEnum):
    """How one endpoint of a sync ended."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    SKIPPED = "Skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointResult:
    """How one endpoint ended: items read, requests made, milliseconds taken.

    ``listed`` is False where its answer cannot prove an absence. ``reason`` is the
    error's stable word; ``message`` is what the provider said, or what people should
    know of a success, without secrets. ``words`` is the message by language, where it is
    our own.
    """

    name: str
    status: EndpointStatus
    listed: bool
    items: int = 0
    quarantined: int = 0
    requests: int = 0
    duration_ms: int = 0
    reason: str | None = None
    message: str | None = None
    words: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A record that could not be read: where, which, why, and what came (redacted).

    ``key`` is the key of the resource that the record describes, where that much was
    readable: what is stored of that resource stays as it is. Without a key, nothing that
    its endpoint lists can be taken for gone.
    """

    endpoint: str
    key: str | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many resources a sync found and what became of them."""

    found: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a running sync is: a stage, the endpoint at work, and counts so far."""

    stage: str
    endpoint: str | None = None
    endpoints_done: int = 0
    endpoints_total: int = 0
    items: int = 0
    details: dict[str, int] = field(default_factory=dict)
