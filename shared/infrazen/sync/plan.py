"""What a sync must write: a pure comparison of what was seen with what is stored."""

import hashlib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import msgspec

from infrazen.db.queries.inventory import Stored
from infrazen.domain.resources import SeenResource

FINGERPRINT_BYTES = 16
_encoder = msgspec.json.Encoder(order="deterministic", decimal_format="string")
_money = ("price.currency", "price.daily_micro", "price.monthly_micro")
_status = ("status", "provider_status")


@dataclass(slots=True)
class Plan:
    """What became of every resource; ``deleted`` are keys."""

    created: list[SeenResource] = field(default_factory=list)
    updated: list[SeenResource] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def changes_nothing(self) -> bool:
        """Whether the stored resources stay exactly as they are."""
        return not (self.created or self.updated or self.deleted)


def encode(seen: SeenResource) -> bytes:
    """A resource's facts as JSON, the same bytes for the same facts."""
    return _encoder.encode(seen)


def fingerprint(encoded: bytes) -> bytes:
    """Sixteen bytes that differ whenever any fact does."""
    return hashlib.blake2b(encoded, digest_size=FINGERPRINT_BYTES).digest()


def diff(
    seen: Iterable[SeenResource],
    stored: Mapping[str, Stored],
    *,
    listed: AbstractSet[str],
    kept: AbstractSet[str] = frozenset(),
    proven: AbstractSet[str] = frozenset(),
) -> Plan:
    """Compare what was seen (one per key) with what is stored (by key).

    A stored resource that was not seen is deleted only where its listing is in
    ``listed``, the endpoints whose answers are complete, or its key is in ``proven``, what
    lies in complete parts of the others; and where it is not in ``kept``, the records that
    came but could not be read.
    """
    plan = Plan()
    met = set()
    for resource in seen:
        key = resource.key
        met.add(key)
        known = stored.get(key)
        if known is None:
            plan.created.append(resource)
        elif known.is_active and known.fingerprint == fingerprint(encode(resource)):
            plan.unchanged += 1
        else:
            plan.updated.append(resource)
    plan.deleted = [
        key
        for key, known in stored.items()
        if known.is_active
        and key not in met
        and key not in kept
        and (known.listing in listed or key in proven)
    ]
    return plan


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChanges:
    """Which fields differ between two states of a resource, dotted (``config.memory``)."""

    fields: list[str]
    config: bool
    cost: bool
    status: bool


def observed(seen: SeenResource) -> dict[str, Any]:
    """A resource's facts as a document, equal amounts written alike."""
    document: dict[str, Any] = msgspec.to_builtins(seen, order="deterministic")
    if seen.price is not None:
        document["price"]["amount"] = format(seen.price.amount.normalize(), "f")
    return document


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> FieldChanges:
    """Compare two documents of ``observed`` field by field, equal amounts being equal."""
    old, new = flat(before), flat(after)
    fields = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return FieldChanges(
        fields=fields,
        config=any(name.startswith("config.") for name in fields),
        cost=any(name in _money for name in fields),
        status=any(name in _status for name in fields),
    )


def flat(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A document's values by their dotted names."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found
