"""Where a sync writes: whose rows, by which ids, in how large sets."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from infrazen.domain.ids import uuid_of

T = TypeVar("T")
CHUNK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose rows a sync writes, and in which snapshot at what time (UTC)."""

    organization_id: UUID
    connection_id: UUID
    provider: str
    snapshot_id: UUID
    now: datetime
    _ids: dict[str, UUID] = field(default_factory=dict, repr=False, compare=False)

    def id_of(self, key: str) -> UUID:
        """The id of the resource ``key``, worked out once."""
        id_ = self._ids.get(key)
        if id_ is None:
            id_ = self._ids[key] = resource_id(self.connection_id, key)
        return id_


def resource_id(connection_id: UUID, key: str) -> UUID:
    """The id that follows from a resource's identity, so that it exists once at most."""
    digest = hashlib.blake2b(key.encode(), digest_size=16, key=connection_id.bytes)
    return uuid_of(digest.digest())


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """``items`` in lists short enough for one statement's parameters."""
    rest = iter(items)
    while some := list(islice(rest, CHUNK)):
        yield some
