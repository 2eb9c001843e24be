"""Specs, statuses and Jobs that are no good: what the operator says of them, and how it goes on."""

from datetime import UTC, datetime

import pytest

from infrazen.domain.syncs import Phase, Trigger
from infrazen_operator.conditions import Type
from infrazen_operator.reasons import Reason
from infrazen_operator.seen import Policy
from tests.operator.simulated import START, World, synced, syncs


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
