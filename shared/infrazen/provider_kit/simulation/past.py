"""A past that leads up to a day: the same figures whatever day that is.

Thirty days are no whole weeks, so what a month comes to would depend on the weekday on which
it ends. Here a month has a total, and its days share it by their weekdays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from infrazen.provider_kit.simulation.chance import chance_of

T = TypeVar("T")

MONTH = 30
BEGINS = 400
"""How many days of history a growing account has."""

_OLD = 0.4


@dataclass(frozen=True, slots=True)
class Past:
    """A world that leads up to ``anchor``, looked at on ``day``."""

    anchor: date
    day: date

    def ago(self, day: date | None = None) -> int:
        """How many days ``day`` (the day it is) lies before the anchor."""
        return (self.anchor - (day or self.day)).days

    def days_ago(self, ago: int) -> date:
        """The day that lies so many days before the anchor."""
        return self.anchor - timedelta(days=ago)

    def arrival(self, *words: str) -> date:
        """When a thing came to an account that grows: ``words`` decide.

        Four in ten were there from the beginning, the others came one by one since then.
        """
        chance = chance_of(*words)
        is_old = chance.random() < _OLD
        return self.days_ago(BEGINS if is_old else int(BEGINS * (1 - chance.random() ** 0.8)))

    def phase(self, phases: Mapping[int, T], day: date | None = None) -> T:
        """What held on ``day``: ``phases`` say since how many days ago each holds."""
        ago = self.ago(day)
        begun = [since for since in phases if since >= ago]
        return phases[min(begun, default=max(phases))]

    def spread(self, months: Sequence[int], weekdays: Sequence[int]) -> dict[date, int]:
        """Whole units of each day, by the weight of its weekday (Monday first).

        ``months`` are totals, the latest first: of the days before the anchor that belong to
        its thirty days, then of thirty days each. The anchor's day, which is not over, has
        what the same weekday had a week before.
        """
        found: dict[date, int] = {}
        for number, total in enumerate(months):
            first = number * MONTH
            days = [self.days_ago(ago) for ago in range(first or 1, first + MONTH)]
            shares = share(total, [weekdays[day.weekday()] for day in days])
            found.update(zip(days, shares, strict=True))
        found[self.anchor] = found[self.days_ago(7)]
        return found


def share(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in whole parts that add up to it exactly, in proportion to ``weights``."""
    whole, so_far, given = sum(weights), 0, 0
    parts: list[int] = []
    for weight in weights:
        so_far += weight
        parts.append(total * so_far // whole - given)
        given += parts[-1]
    return parts
