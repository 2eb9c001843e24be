"""A period in steps that a reader can tell apart: days, or weeks where there are too many."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from infrazen.domain.periods import Days

MOST_DAYS = 92
"""A quarter; a longer period goes by weeks."""


def steps(period: Days) -> tuple[Days, ...]:
    """The days of ``period`` one by one, else its calendar weeks, the outer ones cut."""
    if len(period) <= MOST_DAYS:
        return tuple(period.split(days=1, first=1))
    return tuple(period.split(days=7, first=7 - period.since.weekday()))


def by_step(daily: Sequence[Decimal | None], chosen: Iterable[Days]) -> tuple[Decimal | None, ...]:
    """What each step cost; ``daily`` has every day of all steps. None where nothing is known."""
    amounts = iter(daily)
    return tuple(known_sum(next(amounts) for _ in step) for step in chosen)


def known_sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """What is known of ``amounts``, None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
