"""A first look at an account, for a connection test."""

from collections.abc import Iterable, Mapping
from datetime import date

from infrazen.domain.accounts import AccountInfo
from infrazen.domain.billing import BilledCharge
from infrazen.domain.labels import Text
from infrazen.domain.periods import Days, utc_now
from infrazen.domain.prices import PriceOffer
from infrazen.domain.resources import (
    HandedSecret,
    LogEntry,
    SeenComponent,
    SeenResource,
    UsageSeries,
)
from infrazen.domain.syncs import Quarantined


class FirstLook:
    """A sink that keeps the account and lets the rest go."""

    def __init__(self) -> None:
        self.found: AccountInfo | None = None

    def account(self, info: AccountInfo) -> None:
        """Remember the account."""
        self.found = info

    def resource(self, seen: SeenResource) -> None:
        """Nothing is kept."""

    def component(self, seen: SeenComponent) -> None:
        """Nothing is kept."""

    def secret(self, handed: HandedSecret) -> None:
        """Nothing is kept."""

    def usage(self, series: UsageSeries) -> None:
        """Nothing is kept."""

    def log(self, entry: LogEntry) -> None:
        """Nothing is kept."""

    def offer(self, offer: PriceOffer) -> None:
        """Nothing is kept."""

    def days_to_bill(self) -> Days:
        """No days."""
        today = utc_now().date()
        return Days(today, today)

    def read_elsewhere(self) -> Mapping[str, str]:
        """Nothing: a first look counts no money."""
        return {}

    def charge(self, charge: BilledCharge) -> None:
        """Nothing is kept."""

    def billed(self, days: Iterable[date], *, covers: Iterable[str] | None = None) -> None:
        """Nothing is kept."""

    def quarantine(self, record: Quarantined) -> None:
        """Nothing is kept."""

    def note(self, message: Text | str) -> None:
        """Nothing is kept."""

    def incomplete(self, message: Text | str) -> None:
        """Nothing is kept."""

    def whole(self, sub_account: str) -> None:
        """Nothing is kept."""
