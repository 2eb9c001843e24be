"""How a resource's cost moved with what happened to it.

What the provider billed says it best: the day before against the day after. Where nothing is
billed, the price says it: the provider's, or what people said in its place while that held.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from infrazen.domain.lifecycle import SEEN, CostMove, Happening, HappeningKind
from infrazen.domain.money import from_micro, price
from infrazen.domain.overrides import ManualPrice, applies
from infrazen.domain.resources import StatedPrice

DAYS_AROUND = 7
"""How far from a change a bill may be to say something about it."""

Rate = tuple[str, Decimal]
"""A currency and an amount a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A price that people said, from when and until when it counted (None: it still does)."""

    price: ManualPrice
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """What was billed of a whole day in one currency."""

    day: date
    currency: str
    amount: Decimal


def touches_cost(one: Happening) -> bool:
    """Whether what happened is of a kind that moves costs."""
    if one.kind in (HappeningKind.PRICED, HappeningKind.UNPRICED):
        return True
    if one.kind is HappeningKind.UPDATED:
        return any(
            field == "status" or field.startswith(("config.", "price.")) for field in one.fields
        )
    return one.kind in SEEN


def days_around(found: Iterable[Happening], zone: ZoneInfo) -> list[date]:
    """The days whose records say how the cost moved, in order."""
    wanted = {
        one.at.astimezone(zone).date() + timedelta(days=n)
        for one in found
        if touches_cost(one)
        for n in range(-DAYS_AROUND, DAYS_AROUND + 1)
    }
    return sorted(wanted)


def cost_moves(
    found: Sequence[Happening],
    billed: Iterable[Billed],
    *,
    held: Sequence[Held],
    zone: ZoneInfo,
    until: date | None = None,
) -> list[tuple[CostMove, ...]]:
    """How the cost moved with each of ``found``, which are latest first.

    The provider's price at the oldest ones follows from those before them: give one more
    sync's change than is asked about, where there is one. ``until`` is the day of the change
    that followed all of them, None where none did.
    """
    by_price = _by_price(found, held)
    by_bill = _by_bill(found, billed, zone, until)
    return [
        _best(one.kind, by_bill.get(place, ()), by_price[place]) if touches_cost(one) else ()
        for place, one in enumerate(found)
    ]


def _best(
    kind: HappeningKind, billed: tuple[CostMove, ...], priced: tuple[CostMove, ...]
) -> tuple[CostMove, ...]:
    """By currency: bills where they tell both sides, else prices, else what bills tell so far.

    That something costs the same as before counts only where nothing else moved.
    """
    so_far = () if priced or kind is HappeningKind.CREATED else billed
    best = {move.currency: move for move in so_far}
    best |= {move.currency: move for move in priced}
    best |= {move.currency: move for move in billed if _tells(kind, move)}
    moved = [move for move in best.values() if move.before != move.after]
    return tuple(sorted(moved or best.values(), key=lambda move: move.currency))


def _tells(kind: HappeningKind, move: CostMove) -> bool:
    """Whether a move has the sides that ``kind`` has.

    Bills from before a resource was first seen say that it is older than that.
    """
    if kind is HappeningKind.CREATED:
        return move.before is None
    is_known_before = move.before is not None or kind is HappeningKind.RETURNED
    is_known_after = move.after is not None or kind is HappeningKind.DELETED
    return is_known_before and is_known_after


def _by_price(found: Sequence[Happening], held: Sequence[Held]) -> list[tuple[CostMove, ...]]:
    moves: list[tuple[CostMove, ...]] = []
    provided: StatedPrice | None = None
    for one in reversed(found):
        was = now = provided
        is_there_before = is_there_after = True
        if one.kind in SEEN:
            was, now = _stated(one.previous), _stated(one.current)
            is_there_before = one.kind in (HappeningKind.UPDATED, HappeningKind.DELETED)
            is_there_after = one.kind is not HappeningKind.DELETED
        before = _rate(was, _manual(held, one.at, is_after=False)) if is_there_before else None
        after = _rate(now, _manual(held, one.at, is_after=True)) if is_there_after else None
        moves.append(_moves(before, after))
        provided = now
    return moves[::-1]


def _stated(facts: Mapping[str, object] | None) -> StatedPrice | None:
    known = facts and facts.get("price")
    return msgspec.convert(known, StatedPrice, strict=False) if known else None


def _manual(held: Sequence[Held], at: datetime, *, is_after: bool) -> ManualPrice | None:
    for one in held:
        begun = one.since <= at if is_after else one.since < at
        ended = one.until is not None and (one.until <= at if is_after else one.until < at)
        if begun and not ended:
            return one.price
    return None


def _rate(provided: StatedPrice | None, manual: ManualPrice | None) -> Rate | None:
    if manual is not None and applies(manual, provided):
        shown = price(manual.amount, per=manual.period, currency=manual.currency)
        return shown.currency, shown.daily
    return None if provided is None else (provided.currency, from_micro(provided.daily_micro))


def _moves(before: Rate | None, after: Rate | None) -> tuple[CostMove, ...]:
    if before == after:
        return ()
    was, now = dict([before] if before else []), dict([after] if after else [])
    return tuple(
        CostMove(currency=currency, before=was.get(currency), after=now.get(currency))
        for currency in sorted(was.keys() | now.keys())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Between:
    """A day of changes, and the days of the changes before and after."""

    last: date
    day: date
    following: date


def _by_bill(
    found: Sequence[Happening], billed: Iterable[Billed], zone: ZoneInfo, until: date | None
) -> dict[int, tuple[CostMove, ...]]:
    """What bills say, by place in ``found``; of several changes on a day the same."""
    places: dict[date, list[int]] = {}
    for place, one in enumerate(found):
        if touches_cost(one):
            places.setdefault(one.at.astimezone(zone).date(), []).append(place)
    bills: dict[str, dict[date, Decimal]] = {}
    for each in billed:
        bills.setdefault(each.currency, {})[each.day] = each.amount
    moves: dict[int, tuple[CostMove, ...]] = {}
    for between in _days_of_changes(places, until):
        told = tuple(
            move
            for currency in sorted(bills)
            if (move := _billed_move(currency, bills[currency], between))
        )
        moves |= dict.fromkeys(places[between.day], told) if told else {}
    return moves


def _days_of_changes(days: Iterable[date], until: date | None) -> Iterator[_Between]:
    known = sorted(days)
    is_later = until is not None and bool(known) and until > known[-1]
    bounds = [date.min, *known, until if until and is_later else date.max]
    for (last, day), (_, following) in pairwise(pairwise(bounds)):
        yield _Between(last=last, day=day, following=following)


def _billed_move(
    currency: str, amounts: Mapping[date, Decimal], between: _Between
) -> CostMove | None:
    """The last day before a change against the first one after; None where there is neither.

    A day of another change is one of them only where no day lies between the two.
    """
    day, most = between.day, timedelta(days=DAYS_AROUND)
    earlier = [each for each in amounts if max(between.last, day - most) <= each < day]
    later = [each for each in amounts if day < each < min(between.following, day + most)]
    before, after = max(earlier, default=None), min(later, default=None)
    if after is None and between.following - day == timedelta(days=1) and day in amounts:
        after = day
    if before is None and after is None:
        return None
    return CostMove(
        currency=currency,
        before=None if before is None else amounts[before],
        after=None if after is None else amounts[after],
        days=(before, after),
    )
