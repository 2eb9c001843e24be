"""Days, moments and durations, in the organization's time zone."""

from datetime import date, datetime, timedelta, tzinfo

from babel.dates import format_date, format_datetime, format_timedelta

from infrazen_ui.locales import Language, text
from infrazen_ui.present.figures import NARROW_SPACE, number

_NOW = timedelta(seconds=45)
_SPACE = "\N{NO-BREAK SPACE}"


def day(value: date, *, language: Language) -> str:
    """``23 нояб. 2026``."""
    return format_date(value, "d MMM y", locale=language.value)


def short_day(value: date, *, language: Language) -> str:
    """``23 нояб.``, for the axis of a chart."""
    return format_date(value, "d MMM", locale=language.value)


def days(since: date, until: date, *, language: Language) -> str:
    """A period by its first and last day, the year said once: ``1–23 нояб. 2026``."""
    last = day(until, language=language)
    if since == until:
        return last
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day}\N{EN DASH}{last}"
    shown = short_day if since.year == until.year else day
    return f"{shown(since, language=language)}{_SPACE}\N{EN DASH}{_SPACE}{last}"


def moment(value: datetime, *, zone: tzinfo, language: Language) -> str:
    """``23 нояб. 2026, 14:05``."""
    local = value.astimezone(zone)
    return format_datetime(local, "d MMM y, HH:mm", locale=language.value)


def short_moment(value: datetime, *, zone: tzinfo, language: Language) -> str:
    """``23 нояб., 14:05``, for the axis of a chart."""
    return format_datetime(value.astimezone(zone), "d MMM, HH:mm", locale=language.value)


def time_of_day(value: datetime, *, zone: tzinfo) -> str:
    """``14:05``."""
    return f"{value.astimezone(zone):%H:%M}"


def relative(value: datetime, *, now: datetime, language: Language) -> str:
    """``5 минут назад``, ``через 2 дня``, ``только что``."""
    distance = value - now
    if abs(distance) < _NOW:
        return text("time.just_now", language)
    words = format_timedelta(distance, add_direction=True, locale=language.value)
    return words.replace(" ", _SPACE, 1)


def duration(seconds: float, *, language: Language) -> str:
    """``0,4 с``, ``12 с``, ``1 мин 5 с``, ``2 ч 3 мин``."""
    if seconds < 10:
        shown = round(seconds, 1)
        decimals = 0 if shown == int(shown) else 1
        return _part(number(shown, language=language, decimals=decimals), "s", language)
    whole = round(seconds)
    hours, minutes, left = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [(hours, "h"), (minutes, "m"), (0 if hours else left, "s")]
    return " ".join(_part(str(n), unit, language) for n, unit in parts if n)


def _part(n: str, unit: str, language: Language) -> str:
    return f"{n}{NARROW_SPACE}{text(f'unit.{unit}', language)}"
