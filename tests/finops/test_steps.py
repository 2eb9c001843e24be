from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.periods import Days, last_days
from infrazen.finops.steps import MOST_DAYS, by_step, known_sum, steps

TODAY = date(2026, 11, 25)
periods = st.builds(
    lambda count, back: last_days(count, today=TODAY - timedelta(days=back)),
    st.integers(1, 400),
    st.integers(0, 13),
)
amounts = st.none() | st.decimals(min_value=-100, max_value=10**6, places=6)


@given(periods)
def test_steps_are_the_period_in_order_and_whole(period):
    found = steps(period)
    assert [day for step in found for day in step] == list(period)
    assert all(len(step) >= 1 for step in found)


def test_a_quarter_goes_by_days_and_a_year_by_calendar_weeks():
    assert all(len(step) == 1 for step in steps(last_days(MOST_DAYS, today=TODAY)))
    first, *weeks = steps(last_days(365, today=TODAY))
    assert first == Days(date(2025, 11, 26), date(2025, 12, 1))
    assert all(week.since.weekday() == 0 for week in weeks)
    assert weeks[-1] == Days(date(2026, 11, 23), date(2026, 11, 26))


@given(periods, st.data())
def test_steps_add_up_to_the_days_exactly(period, data):
    daily = data.draw(st.lists(amounts, min_size=len(period), max_size=len(period)))
    assert known_sum(by_step(daily, steps(period))) == known_sum(daily)


def test_a_week_is_unknown_only_where_all_its_days_are():
    week = (Days(date(2026, 11, 16), date(2026, 11, 23)),)
    assert by_step([None] * 7, week) == (None,)
    assert by_step([None] * 6 + [Decimal(3)], week) == (Decimal(3),)
