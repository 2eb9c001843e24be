"""What the operator does about a connection, case by case."""

from datetime import UTC, datetime, timedelta

import pytest

from infrazen.domain.syncs import Phase, Trigger
from infrazen_operator.conditions import Type
from infrazen_operator.decision import Priority
from infrazen_operator.reasons import Reason
from infrazen_operator.seen import Policy
from tests.operator.simulated import CONNECTION_ID, START, World, synced, syncs


def told(world):
    return [(event.type.value, event.reason) for event in world.events]


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


@pytest.mark.parametrize(
    "nonsense",
    [
        {"conditions": "none", "history": 5, "lastSync": {"phase": "Great"}},
        {"nextScheduleTime": "2026-11-26T08:17:00Z"},
        {"nextScheduleTime": "2999-01-01T00:00:00Z", "lastScheduleTime": "2999-01-01T00:00:00Z"},
        {"nextScheduleTime": "9999-12-31T23:59:59-03:00"},
        {"nextScheduleTime": "0001-01-01T00:00:00Z", "lastScheduleTime": "0001-01-01T00:00:00Z"},
        {"observedSpec": "nonsense", "activeJob": "nobody", "queuedSince": "yesterday"},
        {"observedGeneration": 99, "lastHandledReconcileAt": "never asked"},
    ],
)
def test_a_status_edited_by_hand_does_no_harm(nonsense):
    world = synced()
    world.status |= nonsense
    status = world.settle()
    for _ in range(len(world.active)):
        world.end(world.the_job())
        status = world.settle()
    assert status.next_schedule_time == datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert status.observed_generation == 1
    assert len(syncs(world)) <= 2
    assert not world.turn()


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"timeZone": "Europe/Moskau"}, "spec.timeZone: no time zone"),
        ({"schedule": "* * * * *"}, "spec.schedule: '* * * * *' is due too often"),
        ({"schedule": "0 0 31 2 *"}, "spec.schedule: '0 0 31 2 *' is never due"),
        ({"provider": "nimbus"}, "spec.provider: no provider 'nimbus'"),
        ({"regions": ["ru-1"]}, "spec.regions: "),
        ({"settings": {"folder": "x"}}, "spec.settings.folder: beget has no setting"),
        ({"credentialsSecretRef": None}, "spec.credentialsSecretRef: "),
    ],
)
def test_an_invalid_spec_stalls_and_says_which_field(spec, said):
    world = synced()
    world.change(**spec)
    status = world.settle()
    assert world.condition(Type.STALLED) == ("True", Reason.INVALID_SPEC)
    assert world.condition(Type.READY) == ("False", Reason.INVALID_SPEC)
    assert world.condition(Type.RECONCILING)[0] == "False"
    assert world.condition(Type.CREDENTIALS_VALID)[0] == "True"
    assert world.message(Type.STALLED).startswith(said)
    assert "Correct the field" in world.message(Type.STALLED)
    assert status.observed_generation == 2
    assert status.next_schedule_time is None
    assert not world.active
    world.wait(days=2)
    assert not world.turn()


def test_a_spec_that_is_mended_goes_on():
    world = World(spec={**World().spec, "timeZone": "Europe/Moskau"})
    world.settle()
    assert not world.created
    world.change(timeZone="Europe/Moscow")
    world.settle()
    assert world.the_job().trigger is Trigger.SPEC
    assert world.condition(Type.STALLED)[0] == "False"


def test_a_sync_that_runs_is_heard_though_the_spec_was_spoilt_meanwhile():
    world = World()
    world.settle()
    world.change(timeZone="Europe/Moskau")
    world.settle()
    world.end(world.the_job())
    status = world.settle()
    assert status.last_sync.phase is Phase.SUCCEEDED
    assert world.condition(Type.STALLED)[0] == "True"


def test_an_organization_that_the_namespace_may_not_use():
    world = World(organization_allowed=False, spec={**World().spec, "organization": "acme"})
    world.settle()
    assert world.condition(Type.STALLED) == ("True", Reason.ORGANIZATION_NOT_ALLOWED)
    assert "'acme'" in world.message(Type.STALLED)
    assert not world.created


def test_a_job_that_the_api_server_refuses_for_good():
    world = World(refuses="for good")
    world.settle()
    assert world.condition(Type.STALLED) == ("True", Reason.JOB_REFUSED)
    assert world.message(Type.STALLED).startswith("denied. Mend ")
    assert world.decide().wake_at == world.now + Policy().longest_pause
    world.ask("try")
    world.refuses = ""
    world.settle()
    assert world.the_job().requested_at == "try"
    assert world.condition(Type.STALLED)[0] == "False"


def test_a_job_that_the_api_server_refuses_for_now():
    world = World(refuses="for now")
    world.settle()
    assert world.condition(Type.RECONCILING) == ("True", Reason.JOB_REFUSED)
    assert world.condition(Type.STALLED)[0] == "False"
    world.refuses = ""
    assert not world.turn()
    world.now = world.decide().wake_at
    assert world.now == START + Policy().refusal_pause
    world.settle()
    assert world.the_job()


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
