from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.money import (
    Money,
    Period,
    daily,
    from_micro,
    price,
    to_kopecks,
    to_micro,
    total,
)
from infrazen.errors import CurrencyMismatch, PrecisionLost

amounts = st.decimals(
    min_value=-(10**9), max_value=10**9, places=6, allow_nan=False, allow_infinity=False
)


@given(amounts)
def test_millionths_keep_every_amount_exactly(amount):
    assert from_micro(to_micro(amount)) == amount


@given(st.lists(amounts))
def test_a_sum_of_millionths_is_the_sum_of_the_amounts(items):
    assert from_micro(sum(map(to_micro, items))) == sum(items, Decimal(0))


def test_finer_than_a_millionth_is_refused_rather_than_rounded():
    with pytest.raises(PrecisionLost):
        to_micro(Decimal("0.0000001"))


@given(amounts, amounts)
def test_money_of_one_currency_adds_up(one, other):
    assert Money(one, "RUB") + Money(other, "RUB") - Money(one, "RUB") == Money(other, "RUB")


def test_two_currencies_never_add_up():
    with pytest.raises(CurrencyMismatch):
        Money(Decimal(1), "RUB") + Money(Decimal(1), "USD")
    with pytest.raises(CurrencyMismatch):
        total([Money(Decimal(1), "RUB"), Money(Decimal(1), "USD")], "RUB")


@pytest.mark.parametrize(
    ("amount", "period", "a_day"),
    [
        ("22", Period.DAY, "22"),
        ("660", Period.MONTH, "22"),
        ("660", Period.UNKNOWN, "22"),
        ("22166", Period.YEAR, "60.728767"),
        ("0.5", Period.HOUR, "12"),
        ("100", Period.MONTH, "3.333333"),
    ],
)
def test_every_period_comes_down_to_a_day(amount, period, a_day):
    assert daily(Decimal(amount), period) == Decimal(a_day)


@given(st.decimals(min_value=0, max_value=10**7, places=2), st.sampled_from(Period))
def test_a_day_back_to_its_period_is_off_by_less_than_rounding(amount, period):
    days = {
        Period.DAY: Decimal(1),
        Period.MONTH: Decimal(30),
        Period.UNKNOWN: Decimal(30),
        Period.YEAR: Decimal(365),
        Period.HOUR: Decimal(1) / 24,
    }[period]
    assert abs(daily(amount, period) * days - amount) <= Decimal("0.0000005") * max(days, 1)


def test_a_stated_month_is_kept_beside_a_stated_day():
    both = price(Decimal("60.73"), per=Period.DAY, currency="RUB", monthly=Decimal(1847))
    assert (both.daily, both.monthly) == (Decimal("60.73"), Decimal(1847))
    only_month = price(Decimal("291.90"), per=Period.MONTH, currency="RUB")
    assert (only_month.daily, only_month.monthly) == (Decimal("9.73"), Decimal("291.90"))


def test_kopecks_round_half_up():
    assert to_kopecks(Decimal("0.005")) == Decimal("0.01")
    assert to_kopecks(Decimal("-0.005")) == Decimal("-0.01")
