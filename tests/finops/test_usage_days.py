"""Readings by the day: gathered over syncs, each counted once."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.finops.usage_days import days_of, percentile95

START = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


def series(first: int, count: int, value: float = 5.0) -> UsageSeries:
    points = (MetricPoint(START + timedelta(minutes=n), value) for n in range(first, first + count))
    return UsageSeries(resource="vps/1", metric="cpu", unit="%", points=tuple(points))


def test_readings_fall_on_their_days_and_hours():
    days = days_of(series(0, 120), {})
    assert [(day.isoformat(), one.points) for day, one in days.items()] == [
        ("2026-11-23", 90),
        ("2026-11-24", 30),
    ]
    assert [one.hours for one in days.values()] == [(1 << 22) | (1 << 23), 1]


@given(st.integers(1, 80), st.integers(0, 80))
def test_readings_that_come_twice_count_once(count, again):
    first = days_of(series(0, count), {})
    both = first | days_of(series(max(0, count - again), again + 5), first)
    whole = days_of(series(0, max(count, max(0, count - again) + again + 5)), {})
    assert {day: (one.points, one.hours) for day, one in both.items()} == {
        day: (one.points, one.hours) for day, one in whole.items()
    }


def test_nothing_new_changes_nothing():
    known = days_of(series(0, 30), {})
    assert days_of(series(0, 30), known) == {}


def test_the_peak_leaves_five_of_a_hundred_out():
    assert percentile95(range(1, 101)) == 95
    assert percentile95([7.0]) == 7.0


def test_readings_that_are_no_numbers_are_no_readings():
    broken = UsageSeries(
        resource="vps/1", metric="cpu", unit="%", points=(MetricPoint(START, float("nan")),)
    )
    assert days_of(broken, {}) == {}
