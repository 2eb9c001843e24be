"""Records of a simulated account, kept as the JSON that is served."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

Record = dict[str, Any]


class Collection:
    """Records by id, in the order in which they were added.

    They are encoded once: serving a page of a hundred thousand costs a join.
    """

    def __init__(self, records: Iterable[tuple[str, Record]] = ()) -> None:
        encode = msgspec.json.Encoder().encode
        self._records = {name: encode(record) for name, record in records}
        self._order: list[bytes] | None = None
        self.edits = 0
        """How often a record was put or removed."""

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, id: str) -> bool:
        return id in self._records

    def __iter__(self) -> Iterator[Record]:
        return map(msgspec.json.decode, self._records.values())

    def array(self, offset: int = 0, limit: int | None = None) -> bytes:
        """A JSON array of the records from ``offset`` on, ``limit`` at most."""
        if self._order is None:
            self._order = list(self._records.values())
        end = None if limit is None else offset + limit
        return b"[" + b",".join(self._order[offset:end]) + b"]"

    def ids(self) -> list[str]:
        """Every id, in order."""
        return list(self._records)

    def raw(self, id: str) -> bytes | None:
        """One record's JSON."""
        return self._records.get(id)

    def get(self, id: str) -> Record | None:
        """One record."""
        raw = self._records.get(id)
        return None if raw is None else msgspec.json.decode(raw)

    def put(self, id: str, record: Record) -> None:
        """Add a record or replace it."""
        self._records[id] = msgspec.json.encode(record)
        self._order = None
        self.edits += 1

    def patch(self, id: str, changes: Record) -> Record | None:
        """Merge ``changes`` into a record (RFC 7396); the record, None where there is none."""
        record = self.get(id)
        if record is not None:
            record = merged(record, changes)
            self.put(id, record)
        return record

    def remove(self, id: str) -> bool:
        """Take a record out; whether it was there."""
        self._order = None
        self.edits += 1
        return self._records.pop(id, None) is not None


def merged(record: Record, changes: Record) -> Record:
    """``record`` with ``changes``: null takes a field away, objects are merged."""
    result = dict(record)
    for name, value in changes.items():
        old = result.get(name)
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict) and isinstance(old, dict):
            result[name] = merged(old, value)
        else:
            result[name] = value
    return result
