"""Bills while they are read: charges add up, and only answered days count."""

from collections.abc import Callable, Iterable
from datetime import date

from infrazen.domain.billing import Bill, BilledAmount, BilledCharge, BilledLine, Lines
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
        self._covers: dict[date, frozenset[str] | None] = {}

    def add(self, charge: BilledCharge) -> None:
        """Add a charge to its line of that day."""
        lines = self._charges.setdefault(charge.day, {})
        amount = BilledAmount(charge.amount, charge.quantity, charge.listed)
        before = lines.get(charge.line)
        lines[charge.line] = amount if before is None else before.plus(amount)

    def answer(self, days: Iterable[date], covers: Iterable[str] | None) -> None:
        """Note days of which everything was said, and what their bill covers."""
        said = None if covers is None else frozenset(covers)
        for day in days:
            before = self._covers.get(day, frozenset())
            self._covers[day] = None if said is None or before is None else said | before

    def bills(self) -> list[Bill]:
        """The answered days and what was charged on them, a bill for each thing covered."""
        found: dict[frozenset[str] | None, dict[date, Lines]] = {}
        for day in sorted(self._covers):
            lines = self._charges.get(day, {})
            found.setdefault(self._covers[day], {})[day] = lines
        return [
            Bill(listing=self._listing, days=days, covers=covers) for covers, days in found.items()
        ]
