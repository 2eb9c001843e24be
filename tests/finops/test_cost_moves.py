"""How a cost moved with what happened: by the bills around it, else by the price."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from infrazen.domain.lifecycle import CostMove, Happening, HappeningKind
from infrazen.domain.money import Period
from infrazen.domain.overrides import ManualPrice
from infrazen.finops.cost_moves import Billed, Held, cost_moves, days_around
from tests.sync.made_up import server

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = date(2026, 11, 12)
NOON = datetime(2026, 11, 12, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def facts(daily: str | None, **more: object) -> dict[str, object]:
    seen = server(1, daily=daily or "0", **({} if daily else {"price": None}), **more)
    return msgspec.to_builtins(seen)


def seen(
    kind: HappeningKind,
    before: str | None = None,
    after: str | None = None,
    *,
    at: datetime = NOON,
    fields: tuple[str, ...] = ("config.cpu",),
) -> Happening:
    return Happening(
        at=at,
        kind=kind,
        id=UUID(int=1),
        fields=fields,
        previous=facts(before) if before else None,
        current=facts(after) if after else None,
    )


def resized(before: str, after: str, *, at: datetime = NOON) -> Happening:
    return seen(HappeningKind.UPDATED, before, after, at=at)


def manual(amount: str, currency: str = "RUB") -> ManualPrice:
    return ManualPrice(amount=Decimal(amount), period=Period.DAY, currency=currency)


def bills(*amounts: str | None, since: date = DAY - timedelta(days=1)) -> list[Billed]:
    """One a day from ``since`` on; None for a day without one."""
    return [
        Billed(day=since + timedelta(days=n), currency="RUB", amount=Decimal(amount))
        for n, amount in enumerate(amounts)
        if amount is not None
    ]


def moves(*found: Happening, billed=(), held=(), until=None):
    return cost_moves(found, billed, held=held, zone=MOSCOW, until=until)


def one(move: tuple[CostMove, ...]) -> tuple[Decimal | None, Decimal | None]:
    (only,) = move
    return only.before, only.after


@pytest.mark.parametrize(
    ("kind", "before", "after", "told"),
    [
        (HappeningKind.UPDATED, "22", "31.5", (Decimal(22), Decimal("31.5"))),
        (HappeningKind.CREATED, None, "22", (None, Decimal(22))),
        (HappeningKind.RETURNED, "22", "30", (None, Decimal(30))),
        (HappeningKind.DELETED, "22", None, (Decimal(22), None)),
    ],
)
def test_without_bills_the_price_says_it(kind, before, after, told):
    assert one(moves(seen(kind, before, after))[0]) == told


def test_a_change_that_moves_no_price_says_nothing():
    assert moves(resized("22", "22")) == [()]
    renamed = seen(HappeningKind.UPDATED, "22", "31", fields=("name",))
    assert moves(renamed, billed=bills("22", "25", "31")) == [()]


def test_bills_say_it_by_the_whole_days_around():
    (told,) = moves(resized("22", "30"), billed=bills("21.40", "26", "29.90"))
    assert told == (
        CostMove(
            currency="RUB",
            before=Decimal("21.40"),
            after=Decimal("29.90"),
            days=(DAY - timedelta(days=1), DAY + timedelta(days=1)),
        ),
    )


def test_a_bill_of_the_other_side_of_another_change_says_nothing_of_this_one():
    first, second = resized("22", "30"), resized("30", "44", at=NOON + timedelta(days=2))
    told = moves(second, first, billed=bills("22", "26", "30", "37", "44"))
    assert [one(move) for move in told] == [(30, 44), (22, 30)]
    told = moves(first, billed=bills("22", "26", None, "37"), until=DAY + timedelta(days=2))
    assert one(told[0]) == (22, 30), "the price, for the only bill after is of another change"


def test_changes_on_one_day_after_the_other_add_up():
    first, second = resized("22", "30"), resized("30", "44", at=NOON + timedelta(days=1))
    told = moves(second, first, billed=bills("22", "26", "37", "44"))
    assert [one(move) for move in told] == [(26, 44), (22, 26)]


def test_what_is_not_billed_yet_is_what_the_price_says():
    assert one(moves(resized("22", "30"), billed=bills("21.40"))[0]) == (22, 30)
    unpriced = seen(HappeningKind.UPDATED)
    assert one(moves(unpriced, billed=bills("21.40"))[0]) == (Decimal("21.40"), None)


def test_what_was_billed_before_it_was_first_seen_did_not_come_then():
    came = seen(HappeningKind.CREATED, None, "22")
    assert one(moves(came, billed=bills("20", "20", "20"))[0]) == (None, 22)
    unpriced = seen(HappeningKind.CREATED)
    assert moves(unpriced, billed=bills("20", "20", "20")) == [()]


def test_bills_far_away_say_nothing():
    far = bills("20", since=DAY - timedelta(days=20)) + bills("40", since=DAY + timedelta(days=20))
    assert moves(seen(HappeningKind.UPDATED), billed=far) == [()]


def test_what_people_say_counts_from_then_on_and_until_it_is_taken_back():
    contract = manual("15")
    until = NOON + 3 * HOUR
    held = [Held(price=contract, since=NOON + HOUR, until=until)]
    found = [
        seen_by_people(HappeningKind.UNPRICED, until, contract),
        resized("22", "30", at=NOON + 2 * HOUR),
        seen_by_people(HappeningKind.PRICED, NOON + HOUR, contract),
        seen(HappeningKind.CREATED, None, "22"),
    ]
    told = moves(*found, held=held)
    assert told[1] == (), "the provider's price does not count meanwhile"
    assert [one(told[place]) for place in (0, 2, 3)] == [(15, 30), (22, 15), (None, 22)]


def seen_by_people(kind: HappeningKind, at: datetime, price: ManualPrice) -> Happening:
    return Happening(at=at, kind=kind, id=UUID(int=2), price=price)


def test_one_price_after_another():
    first, second = manual("15"), manual("18")
    held = [
        Held(price=second, since=NOON, until=None),
        Held(price=first, since=NOON - HOUR, until=NOON),
    ]
    told = moves(
        seen_by_people(HappeningKind.PRICED, NOON, second),
        seen_by_people(HappeningKind.PRICED, NOON - HOUR, first),
        held=held,
    )
    assert [one(move) for move in told] == [(15, 18), (None, 15)]


def test_currencies_stay_apart():
    dearer = facts("30")
    dearer["price"]["currency"] = "USD"  # type: ignore[index]
    changed = Happening(
        at=NOON,
        kind=HappeningKind.UPDATED,
        id=UUID(int=1),
        fields=("price.currency",),
        previous=facts("22"),
        current=dearer,
    )
    (told,) = moves(changed)
    assert [(move.currency, move.before, move.after) for move in told] == [
        ("RUB", 22, None),
        ("USD", None, 30),
    ]
    foreign = Held(price=manual("5", "USD"), since=NOON - HOUR, until=None)
    assert one(moves(resized("22", "30"), held=[foreign])[0]) == (22, 30)


def test_each_currency_is_told_by_what_knows_it_best():
    dollars = [
        Billed(day=DAY + timedelta(days=n), currency="USD", amount=Decimal("1.20"))
        for n in (-1, 0, 1)
    ]
    (told,) = moves(resized("22", "30"), billed=dollars)
    assert [(move.currency, move.before, move.after) for move in told] == [("RUB", 22, 30)]
    (told,) = moves(seen(HappeningKind.UPDATED), billed=dollars)
    assert one(told) == (Decimal("1.20"), Decimal("1.20")), "it did not move, and that is told"


def test_a_day_is_the_organizations():
    late = datetime(2026, 11, 12, 22, tzinfo=UTC)  # already the 13th in Moscow
    found = days_around([resized("22", "30", at=late)], MOSCOW)
    assert (found[0], found[-1], len(found)) == (date(2026, 11, 6), date(2026, 11, 20), 15)
    assert days_around([seen_by_people(HappeningKind.NAMED, late, manual("1"))], MOSCOW) == []
