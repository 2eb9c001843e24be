"""What starts a sync besides its schedule: a request, another spec, another Secret."""

from datetime import UTC, datetime

import pytest

from infrazen.domain.syncs import Trigger
from infrazen_operator.conditions import Type
from infrazen_operator.reasons import Reason
from tests.operator.simulated import World, synced, syncs, told


def test_a_request_is_echoed_once_its_job_is_there():
    world = synced()
    world.has_room = False
    world.ask("2026-11-26T09:00:00Z")
    status = world.settle()
    assert status.last_handled_reconcile_at is None
    assert status.queued_since == world.now
    assert world.condition(Type.RECONCILING) == ("True", Reason.SYNC_REQUESTED)
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    world.has_room = True
    status = world.settle()
    assert world.the_job().trigger is Trigger.MANUAL
    assert status.last_handled_reconcile_at == "2026-11-26T09:00:00Z"
    assert status.queued_since is None
    world.end(world.the_job())
    world.settle()
    assert len(syncs(world)) == 2
    assert told(world)[-2:] == [("Normal", Reason.SYNC_REQUESTED), ("Normal", Reason.SYNCED)]


@pytest.mark.parametrize("value", [" ", "now", "не дата", "{}", "'; --", "\n", "x" * 200_000])
def test_any_request_is_a_request(value):
    world = synced()
    world.ask(value)
    world.settle()
    world.end(world.the_job())
    status = world.settle()
    assert [job.trigger for job in syncs(world)] == [Trigger.SPEC, Trigger.MANUAL]
    assert len(status.last_handled_reconcile_at) <= 256
    assert not world.turn()


def test_an_empty_request_is_none():
    world = synced()
    world.ask("")
    assert not world.turn()


def test_a_request_worded_like_an_earlier_one_is_another():
    world = synced()
    for value in ("one", "two", "one", "two", "one"):
        world.ask(value)
        world.settle()
        world.end(world.the_job())
        world.wait(minutes=1)
        assert world.settle().last_handled_reconcile_at == value
    assert len({job.name for job in syncs(world)}) == 6


def test_a_request_made_while_a_sync_runs_waits_for_its_end():
    world = synced()
    world.now = world.decide().wake_at
    world.settle()
    world.ask("now")
    status = world.settle()
    assert status.last_handled_reconcile_at is None
    assert world.message(Type.RECONCILING).endswith(
        f"It waits until Job {world.the_job().name} has ended."
    )
    world.end(world.the_job())
    assert world.settle().last_handled_reconcile_at == "now"
    assert world.the_job().trigger is Trigger.MANUAL


def test_a_new_spec_is_unknown_until_it_was_synced():
    world = synced()
    world.change(displayName="Beget")
    status = world.settle()
    assert (world.the_job().trigger, world.the_job().run_key) == (Trigger.SPEC, "2")
    assert world.condition(Type.READY) == ("Unknown", Reason.SPEC_CHANGED)
    assert status.observed_generation == 2
    world.end(world.the_job())
    world.settle()
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)


def test_a_new_spec_does_not_count_as_synced_while_an_older_sync_runs():
    world = synced()
    world.now = world.decide().wake_at
    world.settle()
    world.change(displayName="Beget")
    world.settle()
    assert world.condition(Type.READY) == ("Unknown", Reason.SPEC_CHANGED)
    world.end(world.the_job())
    world.settle()
    assert world.the_job().trigger is Trigger.SPEC


@pytest.mark.parametrize(
    "change", [{"suspend": True}, {"schedule": "0 * * * *"}, {"deletionPolicy": "Delete"}]
)
def test_a_change_that_no_sync_depends_on_starts_none(change):
    world = synced()
    world.change(**change)
    status = world.settle()
    assert not world.active
    assert status.observed_generation == 2
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)


def test_another_schedule_catches_nothing_up():
    world = synced()
    world.wait(hours=5)
    world.change(schedule="0 13 * * *")
    assert world.settle().next_schedule_time == datetime(2026, 11, 27, 13, tzinfo=UTC)
    assert not world.active


def test_another_secret_is_tried_at_once():
    world = World()
    world.rotate("1")
    world.settle()
    world.end(world.the_job())
    assert world.settle().observed_credentials == "1"
    world.rotate("2")
    world.settle()
    assert (world.the_job().trigger, world.the_job().run_key) == (Trigger.CREDENTIALS, "2")
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    assert world.condition(Type.RECONCILING) == ("True", Reason.CREDENTIALS_CHANGED)


def test_a_secret_that_changes_while_a_sync_runs_is_tried_after_it():
    world = World()
    world.rotate("1")
    world.settle()
    world.rotate("2")
    world.settle()
    world.end(world.the_job())
    world.settle()
    assert world.the_job().run_key == "2"


def test_a_watcher_that_comes_later_starts_no_syncs():
    world = synced()
    world.rotate("7")
    assert world.settle().observed_credentials == "7"
    assert not world.active
    world.rotate("8")
    world.settle()
    assert world.the_job().trigger is Trigger.CREDENTIALS


def test_a_suspended_connection_does_what_it_is_asked_by_hand():
    world = World(spec={**World().spec, "suspend": True})
    world.settle()
    assert not world.active
    assert world.condition(Type.READY) == ("Unknown", Reason.SUSPENDED)
    assert world.condition(Type.RECONCILING)[0] == "False"
    world.ask("now")
    world.settle()
    world.end(world.the_job())
    status = world.settle()
    assert status.last_handled_reconcile_at == "now"
    assert status.next_schedule_time is None
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    world.wait(days=3)
    assert not world.turn()
    world.change(suspend=False)
    assert world.settle().next_schedule_time == datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_a_change_made_while_suspended_is_synced_afterwards():
    world = synced()
    world.change(suspend=True)
    world.change(displayName="Beget")
    world.settle()
    assert not world.active
    assert world.condition(Type.READY) == ("Unknown", Reason.SUSPENDED)
    world.change(suspend=False)
    world.settle()
    assert world.the_job().trigger is Trigger.SPEC


def test_by_hand_only():
    world = synced(schedule="")
    world.wait(days=40)
    assert not world.turn()
    assert world.decide().wake_at is None
