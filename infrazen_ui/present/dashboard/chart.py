"""Expenses by day or week, stacked by connection, for the chart."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from infrazen.domain.money import Money
from infrazen.domain.periods import Days
from infrazen.finops.steps import MOST_DAYS, by_step, steps
from infrazen_ui.locales import text
from infrazen_ui.present import dates
from infrazen_ui.present import money as amounts
from infrazen_ui.present.dashboard.spoken import Voice
from infrazen_ui.present.figures import counted
from infrazen_ui.present.paints import REST, lasting_colors, paint

if TYPE_CHECKING:
    from infrazen.services.costs import Dashboard, Expenses

MOST_SERIES = 7
GAP = "\N{EM DASH}"

Part = tuple[str, int, tuple[Decimal | None, ...]]
"""A series: its name, its colour and its amount in each step."""


class SeriesRow(TypedDict):
    """A connection in the chart: its key in the days, its name, its colour."""

    key: str
    name: str
    paint: str


class Chart(TypedDict):
    """Expenses in one currency; ``days`` are as ``components.charts`` wants them.

    ``when`` names what one of them is: a day, or a week of a long period; ``unit`` stands
    at the axis.
    """

    currency: str
    unit: str
    note: str
    when: str
    has_data: bool
    series: list[SeriesRow]
    days: list[dict[str, Any]]


NO_CHART = Chart(currency="", unit="", note="", when="", has_data=False, series=[], days=[])


def chart(shown: "Dashboard", currency: str, voice: Voice) -> Chart:
    """The expenses of ``shown`` in ``currency``, in the first one where it has none."""
    found = next((e for e in shown.expenses if e.currency == currency), shown.expenses[0])
    shares = steps(shown.days)
    parts = [
        (name, color, by_step(daily, shares)) for name, color, daily in _parts(shown, found, voice)
    ]
    totals = by_step([one.amount for one in found.daily], shares)
    rows = [
        {
            "label": dates.short_day(share.since, language=voice.language),
            "title": _title(share, voice),
            "total": _shown(totals[index], found.currency, voice),
            **_amounts(parts, index, found.currency, voice),
        }
        for index, share in enumerate(shares)
    ]
    return Chart(
        currency=found.currency,
        unit=amounts.axis_unit(found.currency, voice.language),
        note=_note(shown, found, voice),
        when=text(
            "dashboard.chart.week" if _is_long(shown) else "dashboard.chart.day", voice.language
        ),
        has_data=found.recorded_days > 0,
        series=[
            SeriesRow(key=f"c{n}", name=name, paint=paint(color))
            for n, (name, color, _) in enumerate(parts, start=1)
        ],
        days=rows,
    )


def _parts(shown: "Dashboard", found: "Expenses", voice: Voice) -> Iterator[Part]:
    """The dearest connections, and the others as one.

    A connection's colour goes by its age, so that it is the same in any period and currency.
    """
    dearest = found.connections[:MOST_SERIES]
    known = [card.connection.id for card in shown.connections]
    colors = lasting_colors([one.connection_id for one in dearest], known)
    for one in dearest:
        yield one.name, colors[one.connection_id], one.daily
    if others := found.beyond(MOST_SERIES):
        yield text("dashboard.chart.others", voice.language), REST, others


def _amounts(parts: list[Part], index: int, currency: str, voice: Voice) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for n, (_, _, step) in enumerate(parts, start=1):
        amount = step[index]
        row[f"c{n}"] = None if amount is None else float(amount)
        row[f"c{n}_text"] = _shown(amount, currency, voice)
    return row


def _shown(amount: Decimal | None, currency: str, voice: Voice) -> str:
    if amount is None:
        return GAP
    return amounts.money(Money(amount, currency), language=voice.language)


def _title(share: Days, voice: Voice) -> str:
    return dates.days(share.since, share.until - timedelta(days=1), language=voice.language)


def _is_long(shown: "Dashboard") -> bool:
    return len(shown.days) > MOST_DAYS


def _note(shown: "Dashboard", found: "Expenses", voice: Voice) -> str:
    period = dates.days(shown.days.since, shown.today, language=voice.language)
    if _is_long(shown):
        period = f"{period} · {text('dashboard.chart.by_week', voice.language)}"
    if found.recorded_days == len(shown.days):
        return period
    recorded = counted(
        "dashboard.chart.recorded",
        found.recorded_days,
        language=voice.language,
        total=len(shown.days),
    )
    return f"{period} · {recorded}"
