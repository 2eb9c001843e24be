"""What OpenStack's words mean here: states, moments, tags."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from infrazen.domain.resources import ResourceStatus
from infrazen.provider_kit.redaction import is_secret_name

_R = ResourceStatus
_STATES = {
    "ACTIVE": _R.RUNNING,
    "PASSWORD": _R.RUNNING,
    "RESCUE": _R.RUNNING,
    "SHUTOFF": _R.STOPPED,
    "PAUSED": _R.STOPPED,
    "SUSPENDED": _R.STOPPED,
    "SHELVED": _R.STOPPED,
    "SHELVED_OFFLOADED": _R.STOPPED,
    "EXPIRED": _R.STOPPED,
    "BUILD": _R.PENDING,
    "REBUILD": _R.PENDING,
    "RESIZE": _R.PENDING,
    "VERIFY_RESIZE": _R.PENDING,
    "MIGRATING": _R.PENDING,
    "REBOOT": _R.PENDING,
    "HARD_REBOOT": _R.PENDING,
    "ERROR": _R.FAILED,
}
_STORAGE_STATES = {
    "available": _R.ACTIVE,
    "in-use": _R.ACTIVE,
    "active": _R.ACTIVE,
    "deactivated": _R.INACTIVE,
    "down": _R.INACTIVE,
}
_ON_THE_WAY = (
    "creating",
    "deleting",
    "attaching",
    "detaching",
    "extending",
    "backing-up",
    "restoring-backup",
    "uploading",
    "downloading",
    "reserved",
    "retyping",
    "queued",
    "saving",
    "importing",
    "maintenance",
)
GONE = frozenset({"DELETED", "SOFT_DELETED"})


def server_status(word: str) -> ResourceStatus:
    """What Nova's ``status`` means."""
    return _STATES.get(word.upper(), _R.UNKNOWN)


def state(word: str) -> ResourceStatus:
    """What the status of a volume, snapshot, image or address means."""
    low = word.lower()
    if low in _ON_THE_WAY:
        return _R.PENDING
    if low.startswith("error") or low == "killed":
        return _R.FAILED
    return _STORAGE_STATES.get(low, _R.UNKNOWN)


def moment(text: str | None) -> datetime | None:
    """A time as UTC; OpenStack's naive ones are UTC. Raises ``ValueError`` for no time."""
    if not text:
        return None
    parsed = datetime.fromisoformat(text)
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def tags_of(metadata: Mapping[str, str]) -> dict[str, str]:
    """Metadata as tags; people keep passwords there too, which are nobody's business."""
    return {key: value for key, value in metadata.items() if not is_secret_name(key)}


def facts(**values: Any) -> dict[str, Any]:
    """The values that say something: without None and what is empty; zero and False stay."""
    kept = (False, 0)
    return {name: value for name, value in values.items() if value or value in kept}
