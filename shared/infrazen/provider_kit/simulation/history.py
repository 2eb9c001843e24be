"""What a simulated account was like on other days: things come, change their size and go.

A record of the collection ``history`` tells of one thing, under that thing's id::

    {
        "periods": [
            {"from": "2025-11-01", "to": "2026-09-14", "is": {"status": "STOPPED"}},
            {"from": "2026-09-14"},
        ],
        "hours": {"week": 24, "weekend": 10},
    }

``periods`` say when it is there: from a day up to another one, which is not part of it, or
for good. ``is`` is in what its record differs then (merged into it as RFC 7396 says), so the
record itself is what it is like now. Outside its periods it is neither listed nor billed. A
thing without periods is there since it was created.

``hours`` say how long it runs on a working day and on one of a weekend, where that is not
round the clock. It counts on bills only.

The collection ``extra_charges`` has what is billed beside things, each with what its provider
needs to name it, and with an amount that moves (``amount_on``)::

    {"from": "2026-08-03", "to": "2026-08-06", "quantity": 120, "daily": 0.4,
     "weekend": 0.6, "noise": 0.1}

``quantity`` is that of a working day on its first day and grows by ``daily`` each day; on
weekends it is multiplied by ``weekend``; chance moves it by up to ``noise`` of itself. A
thing's surge is one more such charge on some days.

Days are those of the provider's own calendar. They are fixed, whatever time it is in the
account: the same account can be looked at from several moments.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from infrazen.provider_kit.simulation.chance import chance_of
from infrazen.provider_kit.simulation.collection import Collection, Record, merged

_SATURDAY = 5
_EVER = date.max
_FINEST = Decimal("0.000001")


class Stay(NamedTuple):
    """Days on which a thing was there, ``until`` not included, and what it was like."""

    since: date
    until: date
    record: Record


class History:
    """The history of an account's things, as its collection has it now."""

    def __init__(self, kept: Collection) -> None:
        self._told: dict[str, Record] = dict(zip(kept.ids(), kept, strict=True))

    def __contains__(self, id: str) -> bool:
        return bool(self._told.get(id, {}).get("periods"))

    def __bool__(self) -> bool:
        return bool(self._told)

    def stays(self, id: str, record: Record, *, created: date) -> Iterator[Stay]:
        """When a thing was there, in order; since it was ``created`` where nothing is told."""
        periods = self._told.get(id, {}).get("periods")
        if not periods:
            yield Stay(created, _EVER, record)
            return
        for period in periods:
            until = period.get("to")
            yield Stay(
                date.fromisoformat(period["from"]),
                date.fromisoformat(until) if until else _EVER,
                merged(record, period.get("is", {})),
            )

    def hours(self, id: str) -> tuple[Decimal, Decimal]:
        """How long a thing runs on a working day and on one of a weekend."""
        hours = self._told.get(id, {}).get("hours", {})
        return Decimal(str(hours.get("week", 24))), Decimal(str(hours.get("weekend", 24)))


def is_weekend(day: date) -> bool:
    """Whether ``day`` is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def amount_on(extra: Mapping[str, Any], id: str, day: date) -> Decimal | None:
    """The quantity of an extra charge on ``day``, None where it does not count then."""
    since, until = date.fromisoformat(extra["from"]), extra.get("to")
    if day < since or (until and day >= date.fromisoformat(until)):
        return None
    amount = extra["quantity"] + extra.get("daily", 0) * (day - since).days
    if is_weekend(day):
        amount *= extra.get("weekend", 1)
    noise = extra.get("noise", 0)
    if noise:
        amount *= 1 + chance_of(id, str(day)).uniform(-noise, noise)
    return Decimal(str(max(0, amount))).quantize(_FINEST)
