"""Whose turn it is: which of the syncs that wait may start."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from infrazen_operator.decision import Priority, Run

LONGEST_WAIT = timedelta(hours=1)
"""Who has waited for so long goes with the first, so that nobody waits for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many syncs may run at a time, in all and of one organization."""

    running: int
    per_organization: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A sync that waits: ``key`` tells connections apart."""

    key: str
    organization: str
    run: Run


def admit(
    waiting: Iterable[Waiting], running: Iterable[str], limits: Limits, now: datetime
) -> list[Waiting]:
    """Those that may start now, in their order. ``running`` names each running sync's organization.

    Connections that were never synced go first, and with them who has waited for
    ``LONGEST_WAIT``. Then organizations take turns, the one with the fewest running syncs
    first; within one, who was asked for by hand goes before changes, changes before schedules,
    and the longest due before others.
    """
    busy = Counter(running)
    lines = _lines(waiting, now)
    chosen: list[Waiting] = []
    for _ in range(limits.running - busy.total()):
        open_ = [one for one, line in lines.items() if line and busy[one] < limits.per_organization]
        if not open_:
            break
        organization = min(open_, key=lambda one: _turn(lines[one][-1], busy[one], now))
        chosen.append(lines[organization].pop())
        busy[organization] += 1
    return chosen


def _lines(waiting: Iterable[Waiting], now: datetime) -> dict[str, list[Waiting]]:
    """Who waits, by organization; the first of each line stands last."""
    lines: dict[str, list[Waiting]] = defaultdict(list)
    for one in waiting:
        lines[one.organization].append(one)
    for line in lines.values():
        line.sort(key=lambda one: _place(one, now), reverse=True)
    return lines


def _place(one: Waiting, now: datetime) -> tuple[Priority, datetime, str]:
    has_waited = now - one.run.due >= LONGEST_WAIT
    return (Priority.NEW if has_waited else one.run.priority, one.run.due, one.key)


def _turn(one: Waiting, running: int, now: datetime) -> tuple[bool, int, tuple[object, ...]]:
    place = _place(one, now)
    return (place[0] is not Priority.NEW, running, place)
