"""A year behind a large account: its things came one by one."""

from collections.abc import MutableMapping
from datetime import date

from infrazen.provider_kit.simulation.collection import Record
from infrazen.provider_kit.simulation.past import Past

RESIZED = 12
"""One server in so many was of another size before."""
_RESIZED_AGO = 60
_SMALL = "SL1.2-4096"

Kept = MutableMapping[str, list[tuple[str, Record]]]


def age(kept: Kept, past: Past) -> None:
    """Let everything have come on a day of the past; what has not come yet is left out."""
    for collection in [name for name in kept if "@" in name]:
        dated = [
            (past.arrival(_owner(id_, record)), id_, record) for id_, record in kept[collection]
        ]
        kept[collection] = [
            (id_, _since(record, day)) for day, id_, record in dated if day <= past.day
        ]
        if collection.startswith("containers@"):
            kept["growth"] += [
                (record["name"], {"since": str(day), "daily_gib": number % 3})
                for number, (day, _, record) in enumerate(dated)
            ]
        if collection.startswith("servers@"):
            before = {"days_ago": max(0, _RESIZED_AGO - past.ago()), "flavor": _SMALL}
            kept["history"] += [(id_, before) for _, id_, _ in dated[::RESIZED]]


def _owner(id_: str, record: Record) -> str:
    """Whose arrival counts: that of the server of a volume, else its own."""
    attachments = record.get("attachments")
    return attachments[0]["server_id"] if attachments else id_


def _since(record: Record, day: date) -> Record:
    field = next((name for name in ("created", "created_at") if name in record), None)
    if field is None:
        return record
    return record | {field: f"{day}{record[field][10:]}"}
