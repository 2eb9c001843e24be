import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.domain.usage import Tier
from infrazen.finops.usage import summarise, tier

START = datetime(2026, 11, 1, tzinfo=UTC)
values = st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=50)


def series(readings, *, unit="%", capacity=None):
    points = tuple(MetricPoint(START + timedelta(minutes=n), v) for n, v in enumerate(readings))
    return UsageSeries(resource="vps/1", metric="cpu", unit=unit, points=points, capacity=capacity)


@given(values)
def test_the_average_lies_between_minimum_and_maximum(readings):
    found = summarise(series(readings))
    assert found.minimum <= found.average * (1 + 1e-12)
    assert found.average <= found.maximum * (1 + 1e-12)
    assert found.points == len(readings)
    assert found.latest == readings[-1]


@given(values, st.randoms())
def test_the_order_of_arrival_does_not_matter(readings, random):
    straight = series(readings)
    shuffled = list(straight.points)
    random.shuffle(shuffled)
    mixed = UsageSeries(resource="vps/1", metric="cpu", unit="%", points=tuple(shuffled))
    assert summarise(mixed) == summarise(straight)


def test_a_straight_line_has_its_slope_per_hour():
    found = summarise(series([float(n) for n in range(61)]))
    assert found.trend == pytest.approx(60)


def test_one_reading_has_no_trend_and_none_no_summary():
    assert summarise(series([5.0])).trend == 0
    assert summarise(series([])) is None
    assert summarise(series([math.nan])) is None


def test_percentages_are_of_the_capacity():
    found = summarise(series([512.0, 1024.0], unit="MB", capacity=2048))
    assert (found.average_percent, found.maximum_percent, found.tier) == (37.5, 50, Tier.MEDIUM)
    assert summarise(series([5.0], unit="kB/s")).tier is Tier.UNBOUNDED


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(7.66, Tier.LOW), (29.99, Tier.LOW), (30, Tier.MEDIUM), (69.9, Tier.MEDIUM), (70, Tier.HIGH)],
)
def test_tiers(percent, expected):
    assert tier(percent) is expected
