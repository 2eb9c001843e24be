"""Days, months and half-open ranges, in the time zone that counts."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Days:
    """The days ``since <= day < until``."""

    since: date
    until: date

    def __iter__(self) -> Iterator[date]:
        return (self.since + timedelta(days=n) for n in range(len(self)))

    def __len__(self) -> int:
        return max(0, (self.until - self.since).days)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.since <= day < self.until

    def split(self, *, days: int, first: int) -> Iterator["Days"]:
        """Parts of ``days`` days after one of ``first``; the last may be shorter."""
        since, until = self.since, self.since + timedelta(days=first)
        while since < self.until:
            yield Days(since, min(until, self.until))
            since, until = until, until + timedelta(days=days)

    def previous(self) -> "Days":
        """The same number of days just before."""
        return Days(self.since - timedelta(days=len(self)), self.since)


def last_days(count: int, *, today: date) -> Days:
    """``count`` days that end with ``today``."""
    return Days(today - timedelta(days=count - 1), today + timedelta(days=1))


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def utc_day(moment: datetime) -> date:
    """The calendar day of ``moment`` in UTC."""
    return moment.astimezone(UTC).date()


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of ``moment`` in the time zone ``zone`` (IANA name)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """When ``day`` begins in the time zone ``zone`` (IANA name), in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def month_of(day: date) -> date:
    """The first day of ``day``'s month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after ``month``'s."""
    return month_of(month.replace(day=1) + timedelta(days=monthrange(month.year, month.month)[1]))


def months_of(days: Days) -> list[date]:
    """First days of every month that ``days`` touches, in order."""
    months = []
    month = month_of(days.since)
    while month < days.until:
        months.append(month)
        month = next_month(month)
    return months
