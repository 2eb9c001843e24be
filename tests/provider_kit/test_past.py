"""A past whose months come to the same on whatever day they end."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from infrazen.provider_kit.simulation.past import MONTH, Past, share

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
WEEK = st.lists(st.integers(1, 200), min_size=7, max_size=7)


def past(anchor):
    return Past(anchor=anchor, day=anchor)


@given(DAYS, st.lists(st.integers(0, 10_000), min_size=1, max_size=14), WEEK)
def test_every_month_holds_its_total_whatever_weekday_it_ends_on(anchor, months, weekdays):
    spread = past(anchor).spread(months, weekdays)
    for number, total in enumerate(months):
        first = number * MONTH
        days = [anchor - timedelta(days=ago) for ago in range(first or 1, first + MONTH)]
        assert sum(spread[day] for day in days) == total
    assert len(spread) == len(months) * MONTH


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=40))
def test_parts_add_up_and_are_in_proportion(total, weights):
    parts = share(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) <= 1


def test_weekdays_weigh_what_they_should():
    spread = past(date(2026, 3, 2)).spread((29_000,), (20, 20, 20, 20, 20, 5, 5))
    by_weekday = Counter()
    for day, units in spread.items():
        by_weekday[day.weekday() >= 5] += units
    assert by_weekday[True] * 8 < by_weekday[False]


def test_what_held_on_a_day():
    sizes = {100: "small", 40: "large", 10: "middle"}
    anchor = date(2026, 3, 2)
    held = [
        Past(anchor=anchor, day=anchor - timedelta(days=ago)).phase(sizes)
        for ago in (0, 10, 11, 40, 41, 100, 200)
    ]
    assert held == ["middle", "middle", "large", "large", "small", "small", "small"]
