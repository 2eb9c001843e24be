import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.errors import Invalid
from infrazen.sync.schedule import check, next_due

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def due(schedule, zone, start, count):
    moments = []
    for _ in range(count):
        start = next_due(schedule, zone, after=start)
        moments.append(start)
    return moments


def test_times_are_meant_in_the_connections_time_zone():
    assert due("0 3 * * *", "Europe/Moscow", NOW, 1) == [datetime(2026, 11, 21, tzinfo=UTC)]


def test_a_time_that_summer_time_skips_runs_an_hour_later():
    moments = due("30 2 * * *", BERLIN, datetime(2026, 3, 28, tzinfo=UTC), 3)
    local = [m.astimezone(ZoneInfo(BERLIN)).strftime("%d %H:%M") for m in moments]
    assert local == ["28 02:30", "29 03:30", "30 02:30"]


@pytest.mark.parametrize(("minutes", "day"), [(59, 29), (60, 29), (75, 29), (89, 29), (90, 30)])
def test_a_time_that_was_skipped_is_still_due_after_the_change(minutes, day):
    after = datetime(2026, 3, 29, tzinfo=UTC) + timedelta(minutes=minutes)
    (found,) = due("30 2 * * *", BERLIN, after, 1)
    assert found.astimezone(ZoneInfo(BERLIN)).day == day


def test_a_time_that_comes_twice_runs_once():
    moments = due("30 2 * * *", BERLIN, datetime(2026, 10, 24, tzinfo=UTC), 3)
    local = [m.astimezone(ZoneInfo(BERLIN)).strftime("%d %H:%M") for m in moments]
    assert local == ["24 02:30", "25 02:30", "26 02:30"]


def test_what_is_due_every_hour_is_due_in_the_doubled_hour_too():
    moments = due("0 * * * *", BERLIN, datetime(2026, 10, 24, 23, tzinfo=UTC), 4)
    assert [b - a for a, b in itertools.pairwise(moments)] == [timedelta(hours=1)] * 3


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        ("0", "Sun Sun"),
        ("7", "Sun Sun"),
        ("1-5", "Mon Tue Wed Thu Fri Mon"),
        ("5-7", "Sat Sun Fri"),
        ("*/2", "Sat Sun Tue Thu"),
        ("0-6/3", "Sat Sun Wed"),
        ("mon,3", "Mon Wed Mon"),
        ("fri-sat", "Sat Fri"),
    ],
)
def test_weekdays_count_from_sunday(weekdays, expected):
    days = expected.split()
    found = due(f"0 0 * * {weekdays}", "UTC", NOW, len(days))
    assert [moment.strftime("%a") for moment in found] == days


def test_day_of_month_beside_weekday_means_either():
    found = due("0 0 1 * 1", "UTC", NOW, 4)
    assert [m.strftime("%a %d") for m in found] == ["Mon 23", "Mon 30", "Tue 01", "Mon 07"]


@pytest.mark.parametrize(
    ("schedule", "zone", "field"),
    [
        ("every day", "UTC", "schedule"),
        ("0 0 * * 8", "UTC", "schedule"),
        ("61 * * * *", "UTC", "schedule"),
        ("0 0 * * 5-1", "UTC", "schedule"),
        ("0 0 * * */0", "UTC", "schedule"),
        ("0 0 31 2 *", "UTC", "schedule"),
        ("* * * * *", "UTC", "schedule"),
        ("0 0 * *", "UTC", "schedule"),
        ("@yearlyish", "UTC", "schedule"),
        ("0 0 * * *", "Europe/Moskau", "time_zone"),
        ("0 0 * * *", "../../etc/passwd", "time_zone"),
        ("", "Mars", "time_zone"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused_by_field(schedule, zone, field):
    with pytest.raises(Invalid) as refused:
        check(schedule, zone, now=NOW)
    assert refused.value.field == field


def test_no_schedule_means_by_hand_only():
    check("", "Europe/Moscow", now=NOW)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["0 */6 * * *", "30 2 * * *", "15 1,13 * * 1-5", "0 0 1 * 0", "@hourly"]),
    st.sampled_from(["UTC", "Europe/Moscow", BERLIN, "America/New_York", "Asia/Kolkata"]),
)
def test_the_next_moment_is_always_later_and_on_a_full_minute(start, schedule, zone):
    after = start.replace(tzinfo=UTC)
    found = next_due(schedule, zone, after=after)
    assert found > after
    assert (found.second, found.microsecond) == (0, 0)
    assert next_due(schedule, zone, after=found) > found
