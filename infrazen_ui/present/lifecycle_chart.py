"""What a resource cost day by day, with marks where something happened to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict
from zoneinfo import ZoneInfo

from infrazen.domain.money import Money
from infrazen.domain.periods import Days, last_days, local_day
from infrazen.finops.steps import MOST_DAYS, by_step, known_sum, steps
from infrazen_ui.locales import Language, text
from infrazen_ui.present import dates
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.figures import counted
from infrazen_ui.present.lifecycle import in_short
from infrazen_ui.present.money import axis_unit, money
from infrazen_ui.present.resource_words import NOTHING, source_word

if TYPE_CHECKING:
    from infrazen.db.queries.cost_history import ResourceDay
    from infrazen_ui.backend.resource_lifecycle import Told

_TARGET = 24
"""How many pixels a mark takes, so that a finger finds it and no other."""
_WIDE, _NARROW = 520, 224
"""How wide the chart is at least beside its axis: on a desktop, and on a phone."""


class Mark(TypedDict):
    """One or more things that happened at nearly one time; ``place`` is the latest one's."""

    left: str
    label: str
    count: str
    place: int


class CostChart(TypedDict):
    """Costs in one currency; ``points`` are as ``components.charts`` wants them.

    ``when`` names what one of them is. ``wide`` and ``narrow`` are the marks, as close to each
    other as they may be on a wide and a narrow screen.
    """

    note: str
    when: str
    unit: str
    has_costs: bool
    points: list[dict[str, Any]]
    wide: list[Mark]
    narrow: list[Mark]


NO_COST_CHART = CostChart(note="", when="", unit="", has_costs=False, points=[], wide=[], narrow=[])


def currencies_of(costs: "Iterable[ResourceDay]") -> list[str]:
    """The currencies of what was recorded, in the alphabet's order."""
    return sorted({one.currency for one in costs})


def cost_chart(
    costs: "Sequence[ResourceDay]",
    found: "Sequence[Told]",
    *,
    currency: str,
    days: int,
    eyes: Eyes,
) -> CostChart:
    """The last ``days`` in ``currency``; a day without a record is a gap, not a zero."""
    period = last_days(days, today=local_day(eyes.now, str(eyes.zone)))
    shares = steps(period)
    known = {one.day: one for one in costs if one.currency == currency}
    amounts = by_step([known[day].amount if day in known else None for day in period], shares)
    happened = _by_share(found, shares, eyes)
    points = [
        {
            **_when(share, eyes.language),
            **_cost(share, amount, known, currency=currency, language=eyes.language),
            "note": _what([told for _, told in happened.get(place, ())], eyes),
        }
        for place, (share, amount) in enumerate(zip(shares, amounts, strict=True))
    ]
    total = None if not known else Money(known_sum(amounts) or Decimal(0), currency)
    return CostChart(
        note=_note(period, total, recorded=len(known), language=eyes.language),
        when=text("lifecycle.week" if len(period) > MOST_DAYS else "lifecycle.day", eyes.language),
        unit=axis_unit(currency, eyes.language) if currency else "",
        has_costs=bool(known),
        points=points,
        wide=_marks(happened, shares, _WIDE, eyes),
        narrow=_marks(happened, shares, _NARROW, eyes),
    )


_Happened = Mapping[int, list[tuple[int, "Told"]]]
"""By the place of a share: what happened in it, each with its place in the list."""


def _by_share(found: "Sequence[Told]", shares: Sequence[Days], eyes: Eyes) -> _Happened:
    places = {day: place for place, share in enumerate(shares) for day in share}
    happened: dict[int, list[tuple[int, Told]]] = {}
    for number, told in enumerate(found):
        place = places.get(_day(told, eyes))
        if place is not None:
            happened.setdefault(place, []).append((number, told))
    return happened


def _day(told: "Told", eyes: Eyes) -> date:
    return told.entry.happening.at.astimezone(ZoneInfo(str(eyes.zone))).date()


def _when(share: Days, language: Language) -> dict[str, str]:
    last = share.until - timedelta(days=1)
    return {
        "label": dates.short_day(share.since, language=language),
        "title": dates.days(share.since, last, language=language),
    }


def _cost(
    share: Days,
    amount: Decimal | None,
    known: "Mapping[date, ResourceDay]",
    *,
    currency: str,
    language: Language,
) -> dict[str, Any]:
    """``22,00 ₽ · по счёту``; of a week only the amount."""
    if amount is None:
        return {"cost": None, "cost_text": NOTHING}
    shown = money(Money(amount, currency), language=language)
    if len(share) == 1:
        source = source_word(known[share.since].source, language=language).lower()
        shown = f"{shown} · {source}"
    return {"cost": float(amount), "cost_text": shown}


def _what(happened: "Sequence[Told]", eyes: Eyes) -> str:
    """What happened in a few words: the one thing and its cost, or how many they were."""
    if not happened:
        return ""
    if len(happened) > 1:
        return counted("lifecycle.events", len(happened), language=eyes.language)
    return in_short(happened[0], eyes=eyes)


def _marks(happened: _Happened, shares: Sequence[Days], width: int, eyes: Eyes) -> list[Mark]:
    """Marks that keep a target's distance from each other, from the latest on."""
    apart = -(-_TARGET * len(shares) // width)
    groups: list[list[int]] = []
    for place in sorted(happened, reverse=True):
        if groups and groups[-1][0] - place < apart:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [_mark(group, happened, shares, eyes) for group in reversed(groups)]


def _mark(group: list[int], happened: _Happened, shares: Sequence[Days], eyes: Eyes) -> Mark:
    inside = [one for place in group for one in happened[place]]
    last = shares[group[0]].until - timedelta(days=1)
    when = dates.days(shares[group[-1]].since, last, language=eyes.language)
    what = _what([told for _, told in inside], eyes)
    return Mark(
        left=f"{(group[0] + 0.5) / len(shares) * 100:.3f}%",
        label=f"{when}: {what}",
        count=str(len(inside)) if len(inside) > 1 else "",
        place=inside[0][0],
    )


def _note(period: Days, total: Money | None, *, recorded: int, language: Language) -> str:
    parts = [dates.days(period.since, period.until - timedelta(days=1), language=language)]
    if len(period) > MOST_DAYS:
        parts.append(text("lifecycle.by_week", language))
    if total is not None:
        parts.append(text("lifecycle.total", language, amount=money(total, language=language)))
        if recorded < len(period):
            parts.append(
                counted("lifecycle.recorded", recorded, language=language, total=len(period))
            )
    return " · ".join(parts)
