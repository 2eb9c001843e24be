"""What there is in the account at this moment, by its history."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.provider_kit.simulation.history import History, Stay
from infrazen.providers.yandex.simulator.placed import Placed

MOSCOW = ZoneInfo("Europe/Moscow")


class Present:
    """Things in folders, without those that are not there yet or no more."""

    def __init__(
        self, collections: Callable[[], dict[str, Collection]], *, now: Callable[[], datetime]
    ) -> None:
        self._collections = collections
        self._now = now

    def within(self, key: str, folder: str) -> list[bytes]:
        """The JSON of each record of a kind in ``folder``, in order."""
        listed = self._placed(key).within(folder)
        history = History(self._collections()["history"])
        if not history:
            return listed
        day = self._day()
        found = (_on(msgspec.json.decode(raw), history, day) for raw in listed)
        return [msgspec.json.encode(record) for record in found if record is not None]

    def get(self, key: str, id: str) -> Record | None:
        """One record of a kind."""
        record = self._placed(key).get(id)
        if record is None:
            return None
        return _on(record, History(self._collections()["history"]), self._day())

    def _day(self) -> date:
        return self._now().astimezone(MOSCOW).date()

    def _placed(self, key: str) -> Placed:
        kept = self._collections()[key]
        if not isinstance(kept, Placed):
            raise TypeError(f"{key} lie in no folder")
        return kept


def stays_of(record: Record, history: History) -> Iterator[Stay]:
    """When a thing was there. A disk without periods of its own goes with its machine."""
    created = datetime.fromisoformat(record["createdAt"]).astimezone(MOSCOW).date()
    machines = record.get("instanceIds", ())
    if record["id"] not in history and len(machines) == 1 and machines[0] in history:
        for stay in history.stays(machines[0], {}, created=created):
            yield stay._replace(record=record)
        return
    yield from history.stays(record["id"], record, created=created)


def _on(record: Record, history: History, day: date) -> Record | None:
    stays = stays_of(record, history)
    return next((stay.record for stay in stays if stay.since <= day < stay.until), None)
