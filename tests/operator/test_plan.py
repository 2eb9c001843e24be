"""What the operator says of syncs, and what follows from how they ended, case by case."""

from datetime import UTC, datetime

import pytest

from infrazen.domain.syncs import Phase, Trigger
from infrazen_operator.conditions import Type
from infrazen_operator.decision import Priority
from infrazen_operator.reasons import Reason
from tests.operator.simulated import CONNECTION_ID, World, synced, syncs, told


def test_a_new_connection_is_synced_at_once():
    world = World()
    wanted = world.decide().wanted
    assert (wanted.trigger, wanted.run_key) == (Trigger.SPEC, "1")
    assert wanted.priority is Priority.NEW
    world.settle()
    assert world.condition(Type.READY) == ("Unknown", Reason.SPEC_CHANGED)
    assert world.condition(Type.RECONCILING) == ("True", Reason.SPEC_CHANGED)
    assert world.condition(Type.CREDENTIALS_VALID) == ("Unknown", Reason.NOT_SYNCED)
    status = world.read().status
    assert status.active_job == world.the_job().name
    assert status.queued_since is None
    assert world.finalizers == ["infrazen.io/connection"]


def test_a_sync_that_went_well():
    world = World()
    world.settle()
    world.wait(minutes=1)
    world.end(
        world.the_job(),
        cost={
            "currency": "RUB",
            "payable": {"daily": "60.73", "monthly": "1847.00"},
            "listed": {"daily": "121.46", "monthly": "3668.90"},
        },
    )
    status = world.settle()
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    assert world.message(Type.READY) == "10 resources; 60.73 RUB a day."
    assert world.condition(Type.RECONCILING) == ("False", Reason.IDLE)
    assert world.condition(Type.STALLED) == ("False", Reason.AS_EXPECTED)
    assert world.condition(Type.CREDENTIALS_VALID) == ("True", Reason.CREDENTIALS_ACCEPTED)
    assert world.condition(Type.DEGRADED) == ("False", Reason.AS_EXPECTED)
    assert status.connection_id == CONNECTION_ID
    assert status.last_sync.resources.found == 10
    assert status.next_schedule_time == datetime(2026, 11, 26, 12, tzinfo=UTC)
    (run,) = status.history
    assert (run.phase, run.completion_time) == (Phase.SUCCEEDED, world.now)
    assert told(world) == [("Normal", Reason.SPEC_CHANGED), ("Normal", Reason.SYNCED)]


def test_nothing_is_written_while_nothing_changes():
    world = synced()
    writes = world.status_writes
    for _ in range(5):
        world.wait(minutes=40)
        assert not world.turn()
    assert world.status_writes == writes


def test_a_scheduled_sync_tells_nothing_where_all_stays_well():
    world = synced()
    writes, events = world.status_writes, len(world.events)
    world.now = world.decide().wake_at
    assert world.now == datetime(2026, 11, 26, 12, tzinfo=UTC)
    world.settle()
    job = world.the_job()
    assert (job.trigger, job.run_key) == (Trigger.SCHEDULE, "2026-11-26T12:00:00Z")
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    assert world.condition(Type.RECONCILING) == ("False", Reason.IDLE)
    world.end(job)
    status = world.settle()
    assert status.last_schedule_time == datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert status.next_schedule_time == datetime(2026, 11, 26, 18, tzinfo=UTC)
    assert len(world.events) == events
    assert world.status_writes <= writes + 3


def test_partial_is_ready_and_degraded():
    world = World()
    world.settle()
    troubles = [{"name": f"mail.{n}", "status": "Failed", "message": "no"} for n in range(7)]
    world.end(world.the_job(), Phase.PARTIAL, endpoints=troubles)
    world.settle()
    assert world.condition(Type.READY) == ("True", Reason.PARTLY_SYNCED)
    assert world.condition(Type.DEGRADED) == ("True", Reason.ENDPOINTS_NOT_READ)
    named = "Not read: mail.0, mail.1, mail.2, mail.3, mail.4 and 2 more."
    assert world.message(Type.DEGRADED).startswith(named)
    assert ("Warning", Reason.ENDPOINTS_NOT_READ) in told(world)


@pytest.mark.parametrize("reason", ["CredentialsRefused", "SecondFactorRequired"])
def test_refused_credentials_are_not_tried_again_by_schedule(reason):
    world = World()
    world.settle()
    world.end(world.the_job(), Phase.FAILED, reason=reason, message="wrong password")
    status = world.settle()
    assert world.condition(Type.READY) == ("False", reason)
    assert world.condition(Type.STALLED) == ("True", reason)
    assert world.condition(Type.RECONCILING) == ("False", Reason.IDLE)
    assert world.condition(Type.CREDENTIALS_VALID) == ("False", reason)
    assert world.message(Type.STALLED).startswith("Wrong password. Put ")
    assert status.next_schedule_time is None
    world.wait(days=9)
    world.settle()
    assert len(syncs(world)) == 1


@pytest.mark.parametrize(
    ("mend", "trigger"),
    [
        (lambda world: world.rotate("2"), Trigger.CREDENTIALS),
        (lambda world: world.change(endpoint="https://api.beget.com"), Trigger.SPEC),
        (lambda world: world.ask("please"), Trigger.MANUAL),
    ],
)
def test_refused_credentials_are_tried_again_when_something_changes(mend, trigger):
    world = World()
    world.rotate("1")
    world.settle()
    world.end(world.the_job(), Phase.FAILED, reason="CredentialsRefused", message="wrong")
    world.settle()
    mend(world)
    world.settle()
    assert world.the_job().trigger is trigger
    assert world.condition(Type.STALLED)[0] == "False"
    assert world.condition(Type.RECONCILING)[0] == "True"
    world.end(world.the_job())
    status = world.settle()
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    assert world.condition(Type.CREDENTIALS_VALID)[0] == "True"
    assert status.next_schedule_time is not None


def test_a_provider_that_is_down_is_asked_again_when_due():
    world = synced()
    world.now = world.decide().wake_at
    world.settle()
    world.end(world.the_job(), Phase.FAILED, reason="ProviderUnavailable", message="timed out")
    status = world.settle()
    assert world.condition(Type.READY) == ("False", "ProviderUnavailable")
    assert world.condition(Type.STALLED)[0] == "False"
    assert world.condition(Type.CREDENTIALS_VALID)[0] == "True"
    assert "The data is that of 2026-11-26T08:30:00Z." in world.message(Type.READY)
    assert status.next_schedule_time == datetime(2026, 11, 26, 18, tzinfo=UTC)
    world.now = world.decide().wake_at
    world.settle()
    world.end(world.the_job())
    world.settle()
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)


def test_transition_times_move_with_the_status_alone():
    world = synced()
    since = world.read().status.condition(Type.READY).last_transition_time
    world.now = world.decide().wake_at
    world.settle()
    world.end(world.the_job(), Phase.PARTIAL)
    world.settle()
    ready = world.read().status.condition(Type.READY)
    assert (ready.reason, ready.last_transition_time) == (Reason.PARTLY_SYNCED, since)
    assert world.read().status.condition(Type.DEGRADED).last_transition_time == world.now


def test_the_history_has_ten_runs():
    world = synced()
    for number in range(14):
        world.wait(minutes=1)
        world.ask(str(number))
        world.settle()
        world.end(world.the_job())
    status = world.settle()
    assert len(world.jobs) == 15
    assert len(status.history) == 10
    ends = [run.completion_time for run in status.history]
    assert ends == sorted(ends, reverse=True)
    assert not world.turn()


def test_a_job_that_somebody_deleted_is_told_and_not_waited_for():
    world = synced()
    world.ask("now")
    world.settle()
    name = world.the_job().name
    world.remove(world.the_job())
    status = world.settle()
    assert status.active_job is None
    assert (status.history[0].job_name, status.history[0].reason) == (name, Reason.JOB_DELETED)
    assert status.history[0].trigger is Trigger.MANUAL
    assert world.condition(Type.READY) == ("False", Reason.JOB_DELETED)
    assert not world.turn()


def test_a_job_that_was_deleted_while_it_could_not_start_keeps_its_trigger():
    world = World()
    world.settle()
    world.pod(world.the_job(), waiting_reason="ImagePullBackOff")
    world.settle()
    world.remove(world.the_job())
    assert world.settle().history[0].trigger is Trigger.SPEC


def test_a_status_that_was_wiped_comes_back_from_the_jobs():
    world = synced()
    before = world.read().status
    world.status = {}
    after = world.settle()
    assert not world.active
    assert after.history == before.history
    assert after.last_sync == before.last_sync
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
