"""Usage of a resource: figures of the last window that was read, and lines over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import isfinite
from statistics import fmean, median
from typing import TypedDict

from infrazen.domain.resources import MetricPoint
from infrazen.domain.usage import Tier, UsageSummary
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present.dates import moment, short_moment, time_of_day
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.figures import MINUS, NARROW_SPACE, counted, number, percent, percent_sign
from infrazen_ui.present.paints import metric_paint
from infrazen_ui.present.resource_words import NOTHING

MOST_POINTS = 72
"""How many points a line has at most: more than the eye tells apart on a screen."""

_GROUPS = (
    ("cpu",),
    ("memory",),
    ("disk_read", "disk_write"),
    ("network_in", "network_out"),
    ("disk",),
)
_GAP = 3
"""A pause of so many usual distances between readings is a gap in the line."""

_FLAT_SHARE = 0.01
_MB_IN_GB = 1024
_LARGE_MB = 10 * _MB_IN_GB
"""From here on a capacity in megabytes is hard to read."""

_DAY = timedelta(days=1)
_REACHES = {"day": _DAY, "week": timedelta(days=7), "month": timedelta(days=30)}


class MetricLine(TypedDict):
    """One metric in few figures."""

    name: str
    average: str
    maximum: str
    minimum: str
    trend: str


class MetricCard(TypedDict):
    """One or two metrics that belong together: figures, and a line where there is one.

    ``points`` have ``first`` and, where ``second`` names one, ``second``.
    """

    key: str
    title: str
    headline: str
    detail: str
    tier: str
    tier_label: str
    share: float
    share_text: str
    window: str
    lines: list[MetricLine]
    is_series: bool
    first: str
    second: str
    paint: str
    second_paint: str
    unit: str
    points: list[dict[str, str | float | None]]


@dataclass(frozen=True, slots=True)
class _Row:
    at: datetime
    values: tuple[float | None, ...]


def metric_groups(summaries: Sequence[UsageSummary]) -> list[tuple[UsageSummary, ...]]:
    """Summaries by what belongs together, the usual ones first."""
    known = {one.metric: one for one in summaries}
    groups = [tuple(known.pop(name) for name in group if name in known) for group in _GROUPS]
    return [group for group in (*groups, *((one,) for one in known.values())) if group]


def metric_cards(
    summaries: Sequence[UsageSummary],
    readings: Mapping[str, Sequence[MetricPoint]],
    *,
    eyes: Eyes,
) -> list[MetricCard]:
    """A card for each group of metrics."""
    shown = [_readable(one) for one in summaries]
    return [_card(group, readings, eyes) for group in metric_groups(shown)]


def with_limit(
    cards: Sequence[MetricCard],
    summaries: Sequence[UsageSummary],
    limit_percent: float,
    *,
    language: Language,
) -> list[MetricCard]:
    """The cards with a level line, ``limit``, at so many percent of what there is."""
    known = {one.metric: _readable(one) for one in summaries}
    found = []
    for card in cards:
        one = known[card["key"]]
        whole = 100.0 if one.unit == "%" else one.capacity
        if whole is None:
            found.append(card)
            continue
        level = round(whole * limit_percent / 100, 3)
        line = {"limit": level, "limit_text": _level(level, one.unit, language)}
        found.append({**card, "points": [{**point, **line} for point in card["points"]]})
    return found


def _card(
    group: tuple[UsageSummary, ...], readings: Mapping[str, Sequence[MetricPoint]], eyes: Eyes
) -> MetricCard:
    first, language = group[0], eyes.language
    names = [_metric(one.metric, language) for one in group]
    series = [_scaled(readings.get(one.metric, ()), one.unit) for one in group]
    share = first.average_percent if len(group) == 1 else None
    tier = first.tier if share is not None else Tier.UNBOUNDED
    return MetricCard(
        key=first.metric,
        title=names[0] if len(group) == 1 else _metric(f"{first.metric}_group", language),
        headline=" / ".join(_level(one.average, one.unit, language) for one in group),
        detail=_detail(first, share, language),
        tier="" if tier is Tier.UNBOUNDED else tier.value,
        tier_label=text(f"resource_word.tier.{tier.value}", language),
        share=round(min(100.0, share or 0.0), 2),
        share_text="" if share is None else percent(share, language=language, decimals=2),
        window=_window(first, eyes),
        lines=[
            _line(one, name, language)
            for one, name in zip(group, names, strict=True)
            if one.points > 1
        ],
        is_series=first.points > 1,
        first=names[0],
        second=names[1] if len(names) > 1 else "",
        paint=metric_paint(first.metric),
        second_paint=metric_paint(group[-1].metric),
        unit=_axis_unit(first.unit, language),
        points=_points(series, first.unit, eyes),
    )


def _readable(one: UsageSummary) -> UsageSummary:
    """Megabytes that people count in gigabytes, by the capacity or else by what is used."""
    if one.unit != "MB" or (one.capacity or one.maximum) < _LARGE_MB:
        return one
    return replace(
        one,
        unit="GB",
        capacity=one.capacity and one.capacity / _MB_IN_GB,
        average=one.average / _MB_IN_GB,
        maximum=one.maximum / _MB_IN_GB,
        minimum=one.minimum / _MB_IN_GB,
        latest=one.latest / _MB_IN_GB,
        trend=one.trend / _MB_IN_GB,
    )


def _scaled(points: Sequence[MetricPoint], unit: str) -> Sequence[MetricPoint]:
    """Readings, which are stored in megabytes, in the unit of their summary."""
    if unit != "GB":
        return points
    return [MetricPoint(point.at, point.value / _MB_IN_GB) for point in points]


def _detail(one: UsageSummary, share: float | None, language: Language) -> str:
    if share is None or one.unit == "%":
        return ""
    shown = percent(share, language=language, decimals=2)
    capacity = _level(one.capacity or 0, one.unit, language, decimals=0)
    return text("resource.of_capacity", language, percent=shown, capacity=capacity)


def _window(one: UsageSummary, eyes: Eyes) -> str:
    """The first and the last moment: a year that is this one only where there is room for it."""
    count = counted("resource_word.points", one.points, language=eyes.language)
    since, until = one.since.astimezone(eyes.zone), one.until.astimezone(eyes.zone)
    if since.date() == until.date():
        shown = moment(since, zone=eyes.zone, language=eyes.language)
        end = time_of_day(until, zone=eyes.zone)
        return f"{shown} · {count}" if since == until else f"{shown} \N{EN DASH} {end} · {count}"
    is_this_year = since.year == until.year == eyes.now.astimezone(eyes.zone).year
    say = short_moment if is_this_year else moment
    first, last = (say(at, zone=eyes.zone, language=eyes.language) for at in (since, until))
    return f"{first} \N{EN DASH} {last} · {count}"


def _line(one: UsageSummary, name: str, language: Language) -> MetricLine:
    return MetricLine(
        name=name,
        average=_level(one.average, one.unit, language),
        maximum=_level(one.maximum, one.unit, language),
        minimum=_level(one.minimum, one.unit, language),
        trend=_trend(one, language),
    )


def _trend(one: UsageSummary, language: Language) -> str:
    if one.points < 2 or not isfinite(one.trend):
        return NOTHING
    if abs(one.trend) <= abs(one.average) * _FLAT_SHARE or round(abs(one.trend), 2) == 0:
        return text("resource_word.trend.flat", language)
    unit = "points" if one.unit == "%" else one.unit
    sign = "+" if one.trend > 0 else MINUS
    amount = f"{sign}{_level(abs(one.trend), unit, language)}"
    return text("resource_word.trend.slope", language, amount=amount)


def _level(value: float, unit: str, language: Language, *, decimals: int = 2) -> str:
    """``7,66 %``, ``991,38 МБ``, ``0,42 Мбит/с``."""
    if unit == "%":
        return percent(value, language=language, decimals=decimals)
    shown = number(value, language=language, decimals=decimals)
    return f"{shown}{NARROW_SPACE}{_unit(unit, language)}"


def _metric(name: str, language: Language) -> str:
    known = catalogue(language).get(f"resource_word.metric.{name}")
    return known if isinstance(known, str) else name.replace("_", " ").capitalize()


def _points(
    series: Sequence[Sequence[MetricPoint]], unit: str, eyes: Eyes
) -> list[dict[str, str | float | None]]:
    rows = _with_gaps(_thinned(series))
    if len(rows) < 2:
        return []
    is_long = rows[-1].at - rows[0].at >= _DAY
    return [_point(row, unit, eyes, is_long=is_long) for row in rows]


def _point(row: _Row, unit: str, eyes: Eyes, *, is_long: bool) -> dict[str, str | float | None]:
    clock = time_of_day(row.at, zone=eyes.zone)
    point: dict[str, str | float | None] = {
        "label": short_moment(row.at, zone=eyes.zone, language=eyes.language) if is_long else clock,
        "title": moment(row.at, zone=eyes.zone, language=eyes.language),
    }
    for key, value in zip(("first", "second"), row.values, strict=False):
        point[key] = None if value is None else round(value, 3)
        point[f"{key}_text"] = NOTHING if value is None else _level(value, unit, eyes.language)
    return point


def _thinned(series: Sequence[Sequence[MetricPoint]]) -> list[_Row]:
    """Readings of all series by moment; averages over equal times where they are too many."""
    moments = [point.at for points in series for point in points]
    if not moments:
        return []
    start, end = min(moments), max(moments)
    is_many = any(len(points) > MOST_POINTS for points in series)
    step = (end - start) / (MOST_POINTS - 1) if is_many else timedelta(0)
    buckets: dict[datetime, list[list[float]]] = {}
    for number_, points in enumerate(series):
        for point in points:
            at = start + step * ((point.at - start) // step) if step else point.at
            buckets.setdefault(at, [[] for _ in series])[number_].append(point.value)
    return [
        _Row(at, tuple(fmean(values) if values else None for values in buckets[at]))
        for at in sorted(buckets)
    ]


def _with_gaps(rows: Sequence[_Row]) -> list[_Row]:
    """The rows, with an empty one where readings paused."""
    if len(rows) < 3:
        return list(rows)
    usual = median((b.at - a.at).total_seconds() for a, b in pairwise(rows))
    found = [rows[0]]
    for row in rows[1:]:
        pause = row.at - found[-1].at
        if pause.total_seconds() > _GAP * usual:
            found.append(_Row(found[-1].at + pause / 2, (None,) * len(row.values)))
        found.append(row)
    return found


def _axis_unit(unit: str, language: Language) -> str:
    """What stands behind the axis's figures: `` %``, `` МБ``."""
    if unit == "%":
        return percent_sign(language)
    return f"{NARROW_SPACE}{_unit(unit, language)}"


def _unit(unit: str, language: Language) -> str:
    return str(catalogue(language).get(f"resource_word.unit.{unit}", unit))


def series_of(summaries: Sequence[UsageSummary]) -> tuple[str, ...]:
    """The metrics that may have a line: all that were read more than once."""
    return tuple(one.metric for one in summaries if one.points > 1)


def reach_of(reach: str, summaries: Sequence[UsageSummary], *, now: datetime) -> timedelta:
    """How far back ``reach`` goes: ``day``, ``week``, ``month``, or the last window read."""
    if reach in _REACHES:
        return _REACHES[reach]
    return max((now - one.since for one in summaries), default=timedelta(hours=1))
