"""Bills while they are read: charges add up, and only answered days count."""

from collections.abc import Callable, Iterable
from datetime import date

from infrazen.domain.billing import Bill, BilledAmount, BilledCharge, BilledLine
from infrazen.domain.periods import Days, last_days, utc_now

WantedDays = Callable[[str], Days]
"""The days whose charges are wanted of an endpoint, by its name."""


def latest_days(_endpoint: str) -> Days:
    """A week: what is wanted where nobody says otherwise."""
    return last_days(7, today=utc_now().date())


class OpenBill:
    """One endpoint's bill, in the making."""

    def __init__(self, listing: str) -> None:
        self._listing = listing
        self._charges: dict[date, dict[BilledLine, BilledAmount]] = {}
        self._answered: set[date] = set()
        self._covers: set[str] | None = set()

    def add(self, charge: BilledCharge) -> None:
        """Add a charge to its line of that day."""
        lines = self._charges.setdefault(charge.day, {})
        amount = BilledAmount(charge.amount, charge.quantity, charge.listed)
        before = lines.get(charge.line)
        lines[charge.line] = amount if before is None else before.plus(amount)

    def answer(self, days: Iterable[date], covers: Iterable[str] | None) -> None:
        """Note days of which everything was said."""
        self._answered.update(days)
        if covers is None:
            self._covers = None
        elif self._covers is not None:
            self._covers.update(covers)

    def bill(self) -> Bill | None:
        """The answered days and what was charged on them; None where there are none."""
        if not self._answered:
            return None
        covers = None if self._covers is None else frozenset(self._covers)
        days = {day: self._charges.get(day, {}) for day in sorted(self._answered)}
        return Bill(listing=self._listing, days=days, covers=covers)
