"""Bills while they are read."""

from datetime import date, timedelta
from decimal import Decimal

from infrazen.domain.billing import BilledCharge, BilledLine
from infrazen.domain.periods import Days, utc_now
from infrazen.domain.resources import ServiceCategory
from infrazen.errors import ProviderUnavailable
from tests.provider_kit.test_reading import endpoint, run

DAY = date(2026, 11, 24)
BEFORE = DAY - timedelta(days=1)
CORES = BilledLine(currency="RUB", service="Servers", category=ServiceCategory.COMPUTE, sku="cores")


def charge(amount: str, day: date = DAY, quantity: str | None = "1") -> BilledCharge:
    counted = None if quantity is None else Decimal(quantity)
    return BilledCharge(line=CORES, day=day, amount=Decimal(amount), quantity=counted)


def test_charges_of_one_line_on_one_day_add_up():
    reading = run(
        endpoint(
            "billing",
            lambda sink: sink.charge(charge("1.10")),
            lambda sink: sink.charge(charge("1.10")),
            lambda sink: sink.charge(charge("5", BEFORE)),
            lambda sink: sink.billed(Days(BEFORE, DAY + timedelta(days=1))),
        )
    )
    (bill,) = reading.bills
    assert bill.days[DAY][CORES] == (Decimal("2.20"), Decimal(2), None)
    assert bill.days[BEFORE][CORES].amount == 5
    assert bill.covers is None


def test_what_one_half_does_not_know_is_not_made_up():
    reading = run(
        endpoint(
            "billing",
            lambda sink: sink.charge(charge("1")),
            lambda sink: sink.charge(charge("1", quantity=None)),
            lambda sink: sink.billed([DAY]),
        )
    )
    assert reading.bills[0].days[DAY][CORES].quantity is None


def test_only_days_that_were_answered_count_though_the_endpoint_failed():
    reading = run(
        endpoint(
            "billing",
            lambda sink: sink.charge(charge("1", BEFORE)),
            lambda sink: sink.billed([BEFORE], covers=["vps"]),
            lambda sink: sink.charge(charge("1")),
            ProviderUnavailable("cut off"),
        )
    )
    (bill,) = reading.bills
    assert list(bill.days) == [BEFORE]
    assert bill.covers == {"vps"}


def test_an_endpoint_is_told_which_days_are_wanted_of_it():
    asked = []
    reading = run(
        endpoint("billing", lambda sink: asked.append(sink.days_to_bill())),
        wanted=lambda name: Days(BEFORE, DAY) if name == "billing" else Days(DAY, DAY),
    )
    assert asked == [Days(BEFORE, DAY)]
    assert reading.bills == []
    run(endpoint("billing", lambda sink: asked.append(sink.days_to_bill())))
    assert len(asked[1]) == 7
    assert utc_now().date() in asked[1]


def test_days_that_bills_cover_differently_are_bills_of_their_own():
    reading = run(
        endpoint(
            "billing",
            lambda sink: sink.charge(charge("1")),
            lambda sink: sink.billed([BEFORE], covers=()),
            lambda sink: sink.billed([DAY], covers=["vps"]),
            lambda sink: sink.billed([DAY], covers=["disk"]),
        )
    )
    covers = {day: bill.covers for bill in reading.bills for day in bill.days}
    assert covers == {BEFORE: frozenset(), DAY: {"vps", "disk"}}
