"""When a connection is due: cron in a time zone, on APScheduler's trigger.

Where cron and APScheduler differ, cron's way holds: weekdays count from Sunday (0 and
7), and a day of the month beside a weekday means either. A time that the change to summer
time skips runs an hour later by the wall; one that the change back repeats runs once,
unless it is due every hour anyway.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from infrazen.errors import Invalid

FIELDS = 5
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}
MINIMUM_MINUTES = 5
LONGEST_CHANGE = timedelta(hours=3)
"""For longer after a change to summer time, none of the times that it skipped is still due."""


def trigger(schedule: str, time_zone: str) -> BaseTrigger:
    """The trigger of a cron line in a time zone (IANA name).

    Raises ``Invalid`` with the field (``schedule`` or ``time_zone``) and what is wrong.
    """
    zone = zone_of(time_zone)
    fields = _fields(schedule)
    try:
        minute, hour, day, month, weekday = fields
        common = {"minute": minute, "hour": hour, "month": month.lower(), "timezone": zone}
        weekdays = _weekday_names(weekday)
        if day != "*" and weekdays != "*":
            return OrTrigger(
                [CronTrigger(day=day, **common), CronTrigger(day_of_week=weekdays, **common)]
            )
        return CronTrigger(day=day, day_of_week=weekdays, **common)
    except (ValueError, TypeError) as error:
        raise Invalid(f"{schedule!r} is no cron line: {error}", field="schedule") from error


def zone_of(time_zone: str) -> ZoneInfo:
    """The time zone called ``time_zone``, or ``Invalid``."""
    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            f"no time zone {time_zone!r}: use a name such as Europe/Moscow", field="time_zone"
        ) from error


def next_due(schedule: str, time_zone: str, *, after: datetime) -> datetime | None:
    """The first due moment later than ``after``, in UTC; None where there is none."""
    due = trigger(schedule, time_zone)
    every_hour = "*" in _fields(schedule)[1]
    zone = zone_of(time_zone)
    moment = _before_change(after, zone)
    while True:
        start = (moment + timedelta(microseconds=1)).astimezone(zone)
        found: datetime | None = due.get_next_fire_time(None, start)
        if found is None:
            return None
        moment = found.astimezone(UTC)
        if moment > after and (every_hour or not found.fold):
            return moment


def _before_change(after: datetime, zone: ZoneInfo) -> datetime:
    """``after``, or a moment before a change to summer time that has just been.

    A time that was skipped is found only from before the change.
    """
    earlier = after.astimezone(UTC) - LONGEST_CHANGE
    was, offset = (moment.astimezone(zone).utcoffset() for moment in (earlier, after))
    is_ahead = was is not None and offset is not None and offset > was
    return earlier if is_ahead else after.astimezone(UTC)


def check(schedule: str, time_zone: str, *, now: datetime) -> None:
    """Refuse a schedule that is wrong, never due, or due more often than every 5 minutes."""
    zone_of(time_zone)
    if not schedule:
        return
    first = next_due(schedule, time_zone, after=now)
    second = first and next_due(schedule, time_zone, after=first)
    if first is None or second is None:
        raise Invalid(f"{schedule!r} is never due", field="schedule")
    if second - first < timedelta(minutes=MINIMUM_MINUTES):
        raise Invalid(
            f"{schedule!r} is due too often: at most every {MINIMUM_MINUTES} minutes",
            field="schedule",
        )


def _fields(schedule: str) -> list[str]:
    fields = MACROS.get(schedule.strip().lower(), schedule).split()
    if len(fields) != FIELDS:
        raise Invalid(
            f"{schedule!r} is no cron line: five fields are needed (minute hour day month"
            " weekday), such as `0 */6 * * *`",
            field="schedule",
        )
    return fields


def _weekday_names(field: str) -> str:
    """Cron's weekdays (``1-5``, ``sun,3``, ``*/2``) as APScheduler's names."""
    if field == "*":
        return field
    days = dict.fromkeys(day % 7 for part in field.lower().split(",") for day in _weekdays(part))
    return ",".join(WEEKDAYS[day] for day in days)


def _weekdays(part: str) -> Iterator[int]:
    span, _, step = part.partition("/")
    first, _, last = ("0", "-", "6") if span == "*" else span.partition("-")
    start = _weekday(first)
    end = _weekday(last) if last else (6 if step else start)
    if end < start:
        raise ValueError(f"weekdays {span} run backwards")
    if step and (not step.isdigit() or not int(step)):
        raise ValueError(f"weekday step {step!r}")
    yield from range(start, end + 1, int(step or 1))


def _weekday(word: str) -> int:
    if word in WEEKDAYS:
        return WEEKDAYS.index(word)
    if not word.isdigit() or int(word) > len(WEEKDAYS):
        raise ValueError(f"weekday {word!r}")
    return int(word)
