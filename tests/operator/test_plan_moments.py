"""When scheduled syncs are due: what was missed, what takes long, clocks that jump."""

from datetime import UTC, datetime, timedelta

from infrazen_operator.reasons import Reason
from infrazen_operator.seen import Policy
from tests.operator.simulated import World, synced, syncs, told


def test_missed_moments_are_caught_up_once():
    world = synced(schedule="0 * * * *")
    world.wait(hours=7)  # nobody looks; 15:30 now
    world.settle()
    assert world.the_job().run_key == "2026-11-26T15:00:00Z"
    world.end(world.the_job())
    status = world.settle()
    assert status.last_schedule_time == datetime(2026, 11, 26, 15, tzinfo=UTC)
    assert status.next_schedule_time == datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert len(syncs(world)) == 2


def test_what_was_missed_for_too_long_is_skipped_and_told():
    world = synced(startingDeadlineSeconds=600)
    world.wait(hours=4)  # 12:00 was half an hour ago
    status = world.settle()
    assert not world.active
    assert status.last_schedule_time == datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert status.next_schedule_time == datetime(2026, 11, 26, 18, tzinfo=UTC)
    assert told(world)[-1] == ("Warning", Reason.SCHEDULE_MISSED)
    assert not world.turn()


def test_who_waits_for_a_turn_has_missed_nothing():
    world = synced(startingDeadlineSeconds=60)
    world.has_room = False
    world.now = world.decide().wake_at
    due = world.now
    world.settle()
    world.wait(hours=2)
    assert world.decide().wanted.due == due
    world.has_room = True
    world.settle()
    assert world.the_job().run_key == "2026-11-26T12:00:00Z"


def test_a_sync_that_runs_is_no_excuse_for_what_is_missed_meanwhile():
    world = synced(startingDeadlineSeconds=60)
    world.ask("now")
    world.turn()  # the status says that it waits, and its Job is there
    world.wait(hours=9)
    status = world.settle()
    assert status.last_schedule_time == datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert [event.reason for event in world.events].count(Reason.SCHEDULE_MISSED) == 1


def test_a_sync_that_takes_longer_than_the_schedule_has_no_company():
    world = synced(schedule="*/10 * * * *")
    world.now = world.decide().wake_at
    world.settle()
    world.wait(minutes=35)
    world.settle()
    assert len(world.active) == 1
    world.end(world.the_job())
    world.settle()
    assert world.the_job().run_key == "2026-11-26T09:10:00Z"
    world.end(world.the_job())
    world.settle()
    assert not world.active


def test_jitter_is_the_same_every_time_and_at_most_a_tenth():
    world = synced(schedule="*/10 * * * *")
    world.policy = Policy()
    wakes = {world.decide().wake_at for _ in range(3)}
    (wake,) = wakes
    due = datetime(2026, 11, 26, 8, 40, tzinfo=UTC)
    assert timedelta(0) < wake - due <= timedelta(seconds=60)
    world.now = wake - timedelta(seconds=1)
    assert not world.turn()
    world.now = wake
    world.settle()
    assert world.the_job().run_key == "2026-11-26T08:40:00Z"


def test_summer_time_skips_no_run_and_doubles_none():
    world = World(
        now=datetime(2026, 3, 28, 12, tzinfo=UTC),
        spec={**World().spec, "schedule": "30 2 * * *", "timeZone": "Europe/Berlin"},
    )
    world.settle()
    world.end(world.the_job())
    starts = []
    while len(starts) < 3:
        world.settle()
        world.now = world.decide().wake_at
        world.settle()
        starts.append(world.now)
        world.end(world.the_job())
    assert starts == [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 31, 0, 30, tzinfo=UTC),
    ]


def test_a_clock_that_was_ahead_by_a_year_stops_nothing():
    world = synced()
    world.wait(days=365)
    world.settle()
    for job in world.active:
        world.end(job)
    world.settle()
    world.wait(days=-365)
    status = world.settle()
    assert status.next_schedule_time == datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_a_clock_that_steps_back_over_a_run_does_not_repeat_it():
    world = synced()
    world.now = world.decide().wake_at
    world.settle()
    world.end(world.the_job())
    world.settle()
    world.wait(seconds=-90)
    status = world.settle()
    assert status.next_schedule_time == datetime(2026, 11, 26, 18, tzinfo=UTC)
    world.wait(seconds=90)
    assert not world.turn()
