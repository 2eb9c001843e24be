"""Colours of what charts draw: one for each thing, the same in every chart and period."""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

COLORS = 7
"""Colours that tell things apart."""
REST = 8
"""The grey one: for all others together, and for what has no colour of its own."""

_METRICS = {
    "cpu": 1,
    "memory": 3,
    "disk": 4,
    "disk_read": 2,
    "disk_write": 5,
    "network_in": 6,
    "network_out": 7,
}

Key = TypeVar("Key", bound=Hashable)


def paint(color: int) -> str:
    """A colour of the theme, as CSS says it."""
    return f"var(--chart-{color})"


def metric_paint(metric: str) -> str:
    """The colour of a metric."""
    return paint(_METRICS.get(metric, REST))


def lasting_colors(drawn: Iterable[Key], known: Sequence[Key]) -> dict[Key, int]:
    """A colour for each of ``drawn``, by its place among all that are ``known``.

    Whoever is drawn beside others keeps it; only where more are known than there are colours
    may the later of two give way.
    """
    places = {key: place for place, key in enumerate(known)}
    taken: dict[Key, int] = {}
    for key in sorted(drawn, key=lambda one: places.get(one, len(places))):
        first = places.get(key, len(places)) % COLORS
        turns = ((first + turn) % COLORS + 1 for turn in range(COLORS))
        taken[key] = next((c for c in turns if c not in taken.values()), first + 1)
    return taken
