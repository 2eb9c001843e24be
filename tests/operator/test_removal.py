"""Letting go of a connection: its data stays or goes, and no namespace hangs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infrazen.manifests.names import FINALIZER, Purpose
from infrazen_operator.conditions import Type
from infrazen_operator.reasons import Reason
from infrazen_operator.seen import Policy
from tests.operator.simulated import World, synced, told


def fail_cleanup(world):
    world.close(world.the_job(), "BackoffLimitExceeded", failed_message="it did not work")


@pytest.mark.parametrize(
    ("policy", "purpose", "doing", "done"),
    [
        ("Retain", Purpose.RELEASE, Reason.RELEASING, Reason.RELEASED),
        ("Delete", Purpose.PURGE, Reason.PURGING, Reason.PURGED),
    ],
)
def test_the_resource_goes_when_its_job_has_succeeded(policy, purpose, doing, done):
    world = synced(deletionPolicy=policy)
    world.delete()
    status = world.settle()
    assert world.the_job().purpose is purpose
    assert world.condition(Type.RECONCILING) == ("True", doing)
    job = world.the_job().name
    assert f"Job infrazen/{job} is at it" in world.message(Type.RECONCILING)
    assert f"kubectl --namespace infrazen logs job/{job}" in world.message(Type.RECONCILING)
    assert world.condition(Type.READY) == ("False", doing)
    assert status.next_schedule_time is None
    assert not world.turn()
    world.end(world.the_job())
    world.settle()
    assert world.is_gone
    assert told(world)[-1] == ("Normal", done)


def test_what_was_never_synced_goes_at_once():
    world = World(refuses="for now")
    world.turn()
    assert world.finalizers == [FINALIZER]
    world.refuses = ""
    world.delete()
    world.settle()
    assert world.is_gone
    assert not world.created


def test_another_ones_finalizer_is_not_ours_to_wait_for():
    world = synced()
    world.finalizers = ["example.com/other"]
    world.delete()
    assert not world.turn()


def test_a_sync_that_runs_is_stopped_first():
    world = synced()
    world.ask("now")
    world.settle()
    sync = world.the_job()
    world.delete()
    decided = world.decide()
    assert decided.unwanted == (sync.name,)
    assert decided.cleanup is None
    assert decided.status.active_job == sync.name
    waits = decided.status.condition(Type.RECONCILING).message
    assert waits.endswith(f"It waits until Job {sync.name} has stopped.")
    world.settle()
    assert world.ended == [sync.name]
    assert world.the_job().purpose is Purpose.RELEASE


def test_a_release_that_fails_lets_go_after_some_tries():
    world = synced()
    world.delete()
    for _ in range(Policy().release_tries - 1):
        world.settle()
        fail_cleanup(world)
        world.settle()
        assert world.condition(Type.RECONCILING) == ("True", Reason.RELEASE_FAILED)
        assert not world.active
        world.now = world.decide().wake_at
    world.settle()
    fail_cleanup(world)
    world.settle()
    assert world.is_gone
    assert told(world)[-1] == ("Warning", Reason.NOT_RELEASED)
    assert "infrazen connection release --managed-by" in world.events[-1].message
    names = [job.name for job in world.created if job.purpose is Purpose.RELEASE]
    assert len(set(names)) == Policy().release_tries


@pytest.mark.parametrize("trouble", ["refused", "stuck", "sync will not stop"])
def test_a_release_that_never_ends_lets_go_after_a_while(trouble):
    world = synced()
    if trouble == "sync will not stop":
        world.ask("now")
        world.settle()
        world._end = world.ended.append
    world.refuses = "for now" if trouble == "refused" else ""
    world.delete()
    deadline = world.now + Policy().release_patience
    while world.now < deadline:
        for _ in range(4):
            world.turn()
        assert not world.is_gone
        world.now = world.decide().wake_at
    assert world.decide().is_given_up
    world.settle()
    assert world.is_gone
    assert told(world)[-1] == ("Warning", Reason.NOT_RELEASED), "nobody lets go in silence"


def test_a_purge_is_tried_until_it_is_done():
    world = synced(deletionPolicy="Delete")
    world.delete()
    pauses = []
    for _ in range(12):
        world.settle()
        fail_cleanup(world)
        world.settle()
        pauses.append(world.decide().wake_at - world.now)
        world.now += pauses[-1]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (Policy().first_pause, Policy().longest_pause)
    assert "12 tries failed, the last of them Job infrazen/" in world.message(Type.RECONCILING)
    assert "spec.deletionPolicy to Retain" in world.message(Type.RECONCILING)
    world.wait(days=3)
    world.settle()
    assert not world.is_gone
    world.end(world.the_job())
    world.settle()
    assert world.is_gone


def test_older_jobs_that_have_been_cleared_away_do_not_stop_a_purge():
    world = synced(deletionPolicy="Delete")
    world.delete()
    for _ in range(6):
        world.settle()
        fail_cleanup(world)
        world.settle()
        for job in sorted(world.jobs.values(), key=lambda job: job.created)[:-2]:
            world.remove(job)
        world.now = world.decide().wake_at
    world.settle()
    assert world.the_job().purpose is Purpose.PURGE


def test_a_purge_does_not_wait_for_a_sync_on_a_node_that_has_gone():
    world = synced(deletionPolicy="Delete")
    world.ask("now")
    world.settle()
    world.start(world.the_job())
    sync = world.the_job().name
    world.pod(world.the_job(), leaves_at=world.now + timedelta(seconds=30))
    world.delete()
    assert (world.decide().unwanted, world.decide().abandoned) == ((sync,), ())
    world.now = world.decide().wake_at
    assert (world.decide().unwanted, world.decide().abandoned) == ((sync,), (sync,))
    world.settle()
    assert world.the_job().purpose is Purpose.PURGE


def test_a_purge_on_a_node_that_has_gone_begins_anew():
    world = synced(deletionPolicy="Delete")
    world.delete()
    world.settle()
    world.start(world.the_job())
    lost = world.the_job()
    world.pod(lost, leaves_at=world.now + timedelta(seconds=30))
    assert not world.turn()
    world.now = world.decide().wake_at
    assert world.decide().abandoned == (lost.name,)
    world.settle()
    assert world.ended == [lost.name]
    assert world.the_job().uid != lost.uid
    world.end(world.the_job())
    world.settle()
    assert world.is_gone


def test_a_purge_that_fails_can_be_turned_into_a_release():
    world = synced(deletionPolicy="Delete")
    world.delete()
    world.settle()
    fail_cleanup(world)
    world.settle()
    world.change(deletionPolicy="Retain")
    world.settle()
    assert world.the_job().purpose is Purpose.RELEASE


def test_data_is_not_deleted_for_a_spec_that_cannot_be_read():
    world = synced()
    world.change(deletionPolicy="delete", regions=["x"])
    world.settle()
    world.delete()
    world.settle()
    assert world.the_job().purpose is Purpose.RELEASE


def test_a_spec_that_cannot_be_read_goes_with_its_data_where_it_says_so():
    world = synced(deletionPolicy="Delete")
    world.change(timeZone="Europe/Moskau", regions=["x"])
    world.delete()
    world.settle()
    assert world.the_job().purpose is Purpose.PURGE


def test_a_request_by_hand_starts_no_sync_of_what_is_being_deleted():
    world = synced()
    world.ask("now")
    world.delete()
    assert world.decide().wanted is None


def test_a_refused_purge_is_tried_again():
    world = synced(deletionPolicy="Delete")
    world.refuses = "for good"
    world.delete()
    world.settle()
    assert world.decide().cleanup is None
    assert world.condition(Type.RECONCILING) == ("True", Reason.PURGE_FAILED)
    assert "denied" in world.message(Type.RECONCILING)
    assert world.decide().wake_at == world.now + Policy().longest_pause
    world.refuses = ""
    world.now = world.decide().wake_at
    world.settle()
    assert world.the_job().purpose is Purpose.PURGE


def test_the_last_moment_is_when_the_policy_says():
    world = synced()
    world.policy = replace(world.policy, release_patience=timedelta(minutes=1))
    world.delete()
    world.settle()
    world.wait(minutes=1)
    world.settle()
    assert world.is_gone
