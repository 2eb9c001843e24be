"""Records that lie in folders."""

from typing import Any

import msgspec

from infrazen.provider_kit.simulation.collection import Collection, Record


class _Where(msgspec.Struct, rename="camel"):
    folder_id: str = ""
    cloud_id: str = ""


_WHERE = msgspec.json.Decoder(_Where)


class Placed(Collection):
    """Records by the folder, or the cloud, that they name."""

    _found: dict[str, list[bytes]] | None = None

    def within(self, id: str) -> list[bytes]:
        """The JSON of each record in a folder or a cloud, in order."""
        if self._found is None:
            self._found = {}
            for raw in self._records.values():
                where = _WHERE.decode(raw)
                self._found.setdefault(where.folder_id or where.cloud_id, []).append(raw)
        return self._found.get(id, [])

    def put(self, id: str, record: Record) -> None:
        """Add a record or replace it."""
        self._found = None
        super().put(id, record)

    def remove(self, id: str) -> bool:
        """Take a record out; whether it was there."""
        self._found = None
        return super().remove(id)


def without(record: Record, *names: str) -> dict[str, Any]:
    """A record without some of its fields."""
    return {name: value for name, value in record.items() if name not in names}
