"""Time zones that are made for a test: their clocks change when it says so."""

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

HALF_A_DAY = 12 * 3600


def write_zone(folder: Path, name: str, at: datetime, *, shows: timedelta, then: timedelta) -> None:
    """A zone file whose clocks show the time of day ``shows`` until ``at``, and ``then`` from it.

    Read by ``zoneinfo`` of a process whose ``PYTHONTZPATH`` is ``folder``.
    """
    moment = int(at.timestamp())
    of_day = at.astimezone(UTC) - at.astimezone(UTC).replace(hour=0, minute=0, second=0)
    before = int((shows - of_day).total_seconds() + HALF_A_DAY) % (2 * HALF_A_DAY) - HALF_A_DAY
    after = before + int((then - shows).total_seconds())
    header = struct.pack(">4s16x6l", b"TZif", 0, 0, 0, 2, 2, 8)
    transitions = struct.pack(">2l2B", 0, moment, 0, 1)
    types = struct.pack(">lBBlBB", before, then < shows, 0, after, then > shows, 4)
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(header + transitions + types + b"OLD\0NEW\0")
