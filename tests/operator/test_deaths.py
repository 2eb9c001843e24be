"""Jobs that died: each death is told apart, and what to do about it."""

import json
from datetime import datetime, timedelta

import pytest

from infrazen.cli.exits import Exit
from infrazen.domain.syncs import Phase, Trigger
from infrazen_operator.conditions import Type
from infrazen_operator.reasons import KNOWN, Reason
from infrazen_operator.results import holdup
from infrazen_operator.seen import Policy, SeenPod
from tests.operator.simulated import START, World, synced, syncs

NO_SECRET = 'secret "beget-main" not found'
NO_KEY = "couldn't find key password in Secret finops/beget-main"
"""As the kubelet says it; a test on a node holds it to that."""
PATIENCE = Policy().patience


def running(**spec) -> World:
    world = World(spec={**World().spec, **spec})
    world.settle()
    return world


def died(*, failed_reason="BackoffLimitExceeded", failed_message="", started=True, **pod) -> World:
    world = running()
    if started:
        world.start(world.the_job())
    world.pod(world.the_job(), **pod)
    world.wait(minutes=2)
    world.close(world.the_job(), failed_reason, failed_message=failed_message)
    world.settle()
    return world


@pytest.mark.parametrize(
    ("death", "reason", "says"),
    [
        ({"ended_by": "OOMKilled", "exit_code": 137}, Reason.OUT_OF_MEMORY, "limits.memory"),
        (
            {"lost_reason": "Evicted", "lost_message": "The node was low on resource: memory."},
            Reason.EVICTED,
            "The node was low on resource: memory. Give the Job requests",
        ),
        ({"lost_reason": "TerminationByKubelet"}, Reason.EVICTED, "requests"),
        ({"lost_reason": "NodeLost"}, Reason.NODE_LOST, "has gone"),
        ({"lost_reason": "DeletionByTaintManager"}, Reason.NODE_LOST, "has gone"),
        ({"lost_reason": "EvictionByEvictionAPI"}, Reason.DISRUPTED, "drained"),
        (
            {"failed_reason": "DeadlineExceeded", "ended_by": "Error", "exit_code": 143},
            Reason.DEADLINE_EXCEEDED,
            "spec.timeoutSeconds",
        ),
        ({"exit_code": 1, "ended_by": "Error"}, Reason.NO_RESULT, "ended with exit code 1"),
        ({"lost_reason": "OutOfcpu", "lost_message": "no"}, Reason.NO_RESULT, "(OutOfcpu: no)"),
        ({"exit_code": 5}, "CredentialsRefused", "into the Secret"),
        ({"exit_code": 9}, "StorageUnavailable", "Check the database"),
        ({"result": "Segmentation fault", "exit_code": 139}, Reason.NO_RESULT, "exit code 139"),
        ({"result": '{"phase": "Failed"', "exit_code": 8}, "ProviderError", "answered"),
        ({"result": "[]", "exit_code": 1}, Reason.NO_RESULT, "exit code 1"),
    ],
)
def test_a_job_that_left_no_result(death, reason, says):
    world = died(**death)
    assert world.condition(Type.READY) == ("False", reason)
    assert says in world.message(Type.READY)
    (run,) = world.read().status.history
    assert (run.phase, run.reason, run.trigger) == (Phase.FAILED, reason, Trigger.SPEC)


def test_a_job_whose_pod_has_gone_is_told_by_what_its_controller_says():
    world = running()
    message = "Container sync for pod finops/x failed with exit code 12 matching FailJob rule"
    world.close(world.the_job(), "PodFailurePolicy", failed_message=message)
    world.settle()
    assert world.condition(Type.STALLED) == ("True", "SecondFactorRequired")


def test_a_deadline_that_passed_before_the_pod_had_a_node():
    world = died(failed_reason="DeadlineExceeded", started=False, waiting_reason="Unschedulable")
    assert world.condition(Type.READY) == ("False", Reason.DEADLINE_EXCEEDED)


def test_what_stopped_a_sync_is_more_telling_than_that_it_was_stopped():
    stopped = json.dumps(
        {
            "trigger": "Manual",
            "phase": "Failed",
            "startTime": "2026-11-26T08:30:00Z",
            "completionTime": "2026-11-26T08:31:00Z",
            "reason": "Interrupted",
            "message": "stopped",
        }
    )
    drained = died(result=stopped, exit_code=130, lost_reason="EvictionByEvictionAPI")
    assert drained.condition(Type.READY) == ("False", Reason.DISRUPTED)
    late = died(result=stopped, exit_code=130, failed_reason="DeadlineExceeded")
    assert late.condition(Type.READY) == ("False", Reason.DEADLINE_EXCEEDED)
    alone = died(result=stopped, exit_code=130)
    assert alone.condition(Type.READY) == ("False", "Interrupted")


def test_what_a_sync_said_itself_is_more_telling_than_its_death():
    world = running()
    world.end(world.the_job(), Phase.FAILED, reason="UnexpectedPayload", message="no JSON")
    world.pod(world.jobs[world.created[0].name], ended_by="OOMKilled")
    world.settle()
    assert world.condition(Type.READY) == ("False", "UnexpectedPayload")


def test_a_reason_that_is_no_word_is_not_passed_on():
    world = running()
    world.end(world.the_job(), Phase.FAILED, reason="<b>oh no</b>", message="x")
    world.settle()
    assert world.condition(Type.READY) == ("False", Reason.NO_RESULT)


@pytest.mark.parametrize(
    "result",
    [
        "[" * 4000,
        '{"connectionId": "\\ud800"}',
        "\ufffd" * 1000,
        '{"phase": "Succeeded", "trigger": "Manual", "startTime": "9999-12-31T23:59:59-03:00",'
        ' "completionTime": "9999-12-31T23:59:59-03:00"}',
    ],
)
def test_a_result_that_makes_no_sense_is_none(result):
    world = died(exit_code=1, ended_by="Error", result=result)
    status = world.settle()
    assert status.last_sync is not None
    assert status.last_sync.reason == Reason.NO_RESULT
    assert status.connection_id is None


def test_a_success_whose_result_was_lost_keeps_what_was_known():
    world = synced()
    world.ask("now")
    world.settle()
    world.close(world.the_job())
    status = world.settle()
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    assert status.last_sync.resources.found == 10


def test_a_result_that_says_partial_counts_though_the_job_failed():
    world = running()
    world.end(world.the_job(), Phase.PARTIAL)
    job = world.jobs[world.created[0].name]
    world.close(job, "PodFailurePolicy")
    world.settle()
    assert world.condition(Type.READY) == ("True", Reason.PARTLY_SYNCED)


@pytest.mark.parametrize(
    ("message", "reason"),
    [(NO_SECRET, Reason.SECRET_MISSING), (NO_KEY, Reason.SECRET_KEY_MISSING)],
)
def test_a_secret_that_is_missing_stalls_and_heals(message, reason):
    world = running()
    held = {"waiting_reason": "CreateContainerConfigError", "waiting_message": message}
    world.pod(world.the_job(), **held)
    world.settle()
    assert world.condition(Type.STALLED) == ("True", reason)
    assert world.condition(Type.RECONCILING)[0] == "False"
    assert world.condition(Type.READY) == ("False", reason)
    assert world.condition(Type.CREDENTIALS_VALID) == ("False", reason)
    assert world.message(Type.STALLED).startswith(message[0].upper() + message[1:])
    assert world.decide().wake_at == world.now + PATIENCE
    world.wait(minutes=1)
    world.start(world.the_job())
    world.settle()
    assert world.condition(Type.STALLED)[0] == "False"
    world.end(world.the_job())
    world.settle()
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    assert len(syncs(world)) == 1


def test_a_job_that_waits_for_a_secret_in_vain_is_given_up():
    world = running()
    held = {"waiting_reason": "CreateContainerConfigError", "waiting_message": NO_SECRET}
    world.pod(world.the_job(), **held)
    world.settle()
    world.now = world.decide().wake_at
    status = world.settle()
    assert world.ended == [world.created[0].name]
    assert status.active_job is None
    assert status.history[0].reason == Reason.SECRET_MISSING
    assert world.condition(Type.STALLED) == ("True", Reason.SECRET_MISSING)
    world.wait(days=3)
    assert not world.turn()
    world.rotate("1")
    world.settle()
    assert world.the_job().trigger is Trigger.CREDENTIALS


HELD_UP = {
    Reason.SECRET_MISSING: ("CreateContainerConfigError", NO_SECRET),
    Reason.POD_NOT_STARTED: ("CreateContainerConfigError", 'secret "infrazen" not found'),
    Reason.IMAGE_NOT_PULLED: ("ImagePullBackOff", ""),
    Reason.UNSCHEDULABLE: ("Unschedulable", "0/1 nodes"),
}


@pytest.mark.parametrize(("reason", "held"), HELD_UP.items())
@pytest.mark.parametrize(
    ("mend", "trigger"),
    [
        (lambda world: world.change(credentialsSecretRef={"name": "another"}), Trigger.SPEC),
        (lambda world: world.ask("now"), Trigger.MANUAL),
    ],
    ids=["spec", "request"],
)
def test_a_job_that_cannot_start_gives_way_to_what_people_want_by_now(reason, held, mend, trigger):
    """A name that was mistyped is corrected: nobody waits for the Secret of the wrong name."""
    world = running()
    world.pod(world.the_job(), waiting_reason=held[0], waiting_message=held[1])
    world.settle()
    assert not world.ended
    mend(world)
    status = world.settle()
    assert world.ended == [world.created[0].name]
    assert world.the_job().trigger is trigger
    assert status.history[0].reason == reason
    assert world.condition(Type.RECONCILING)[0] == "True"
    world.end(world.the_job())
    world.settle()
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    assert len(syncs(world)) == 2


def test_a_job_that_only_has_not_begun_yet_and_one_that_runs_do_not_give_way():
    for begun in (False, True):
        world = running()
        world.pod(world.the_job(), waiting_reason="ContainerCreating")
        if begun:
            world.start(world.the_job())
        world.change(credentialsSecretRef={"name": "another"})
        world.ask("now")
        world.settle()
        assert not world.ended


def test_a_job_whose_node_is_lost_does_not_give_way_before_its_time():
    """Out there it may work on."""
    world = running()
    world.pod(world.the_job(), waiting_reason="ImagePullBackOff")
    lose_node(world)
    world.ask("now")
    world.settle()
    assert not world.ended


@pytest.mark.parametrize("reason", ["EndpointNotAllowed", "ProviderUnavailable"])
def test_a_secret_that_is_there_by_now_is_not_said_to_be_missing(reason):
    """The sync began, so it had all of the Secret, though it never got to try it."""
    world = running()
    held = {"waiting_reason": "CreateContainerConfigError", "waiting_message": NO_KEY}
    world.pod(world.the_job(), **held)
    world.settle()
    world.end(world.the_job(), Phase.FAILED, reason=reason, message="no way")
    world.settle()
    assert world.condition(Type.READY) == ("False", reason)
    assert world.condition(Type.CREDENTIALS_VALID) == ("Unknown", Reason.CREDENTIALS_UNTRIED)


@pytest.mark.parametrize("reason", ["EndpointNotAllowed", "ProviderUnavailable"])
def test_refused_credentials_stay_refused_until_a_sync_has_tried_them(reason):
    world = running()
    world.end(world.the_job(), Phase.FAILED, reason="CredentialsRefused", message="wrong")
    world.settle()
    world.ask("again")
    world.settle()
    world.end(world.the_job(), Phase.FAILED, reason=reason, message="no way")
    world.settle()
    assert world.condition(Type.CREDENTIALS_VALID) == ("False", "CredentialsRefused")


def test_a_secret_stays_missing_where_no_pod_could_tell():
    world = running()
    held = {"waiting_reason": "CreateContainerConfigError", "waiting_message": NO_SECRET}
    world.pod(world.the_job(), **held)
    world.settle()
    world.ask("again")
    world.settle()
    world.pod(world.the_job(), waiting_reason="ImagePullBackOff")
    world.now = world.decide().wake_at
    world.settle()
    assert world.condition(Type.CREDENTIALS_VALID) == ("False", Reason.SECRET_MISSING)


def test_a_job_that_was_given_up_is_not_followed_before_it_has_gone():
    world = running()
    held = {"waiting_reason": "CreateContainerConfigError", "waiting_message": NO_SECRET}
    world.pod(world.the_job(), **held)
    world.wait(minutes=10)
    world.ask("now")
    decided = world.decide()
    assert decided.unwanted == (world.the_job().name,)
    assert decided.wanted is None
    world.settle()
    assert [job.trigger for job in syncs(world)] == [Trigger.SPEC, Trigger.MANUAL]


def test_a_job_that_waited_for_its_secret_and_was_deleted_lacked_its_secret():
    world = running()
    held = {"waiting_reason": "CreateContainerConfigError", "waiting_message": NO_SECRET}
    world.pod(world.the_job(), **held)
    world.settle()
    world.remove(world.the_job())
    world.settle()
    assert world.condition(Type.STALLED) == ("True", Reason.SECRET_MISSING)
    world.wait(days=2)
    assert not world.turn()


def test_the_deadline_of_a_job_that_waited_for_its_secret_is_the_secrets_fault():
    world = running()
    held = {"waiting_reason": "CreateContainerConfigError", "waiting_message": NO_SECRET}
    world.pod(world.the_job(), **held)
    world.settle()
    world.close(world.the_job(), "DeadlineExceeded", pod=None)
    world.settle()
    assert world.condition(Type.STALLED) == ("True", Reason.SECRET_MISSING)
    assert world.message(Type.STALLED).count("Create it") == 1


def test_a_secret_of_the_installation_is_not_the_connections():
    world = running()
    world.pod(
        world.the_job(),
        waiting_reason="CreateContainerConfigError",
        waiting_message='secret "infrazen" not found',
    )
    world.settle()
    assert world.condition(Type.STALLED)[0] == "False"
    assert world.condition(Type.RECONCILING) == ("True", Reason.POD_NOT_STARTED)
    assert 'Secret "infrazen" not found' in world.message(Type.RECONCILING)


@pytest.mark.parametrize("word", ["ErrImagePull", "ImagePullBackOff", "InvalidImageName"])
def test_an_image_that_cannot_be_pulled(word):
    world = running()
    writes = world.status_writes
    for text in ("not found", "back-off 10s", "back-off 20s"):
        world.pod(world.the_job(), waiting_reason=word, waiting_message=text)
        world.settle()
    assert world.status_writes == writes + 1
    assert world.condition(Type.RECONCILING) == ("True", Reason.IMAGE_NOT_PULLED)
    world.wait(minutes=6)
    status = world.settle()
    assert world.condition(Type.READY) == ("False", Reason.IMAGE_NOT_PULLED)
    assert world.condition(Type.STALLED)[0] == "False"
    assert status.next_schedule_time is not None


def test_a_pod_that_no_node_takes_is_told_and_waited_for():
    world = synced()
    world.now = world.decide().wake_at
    world.settle()
    world.pod(world.the_job(), waiting_reason="Unschedulable", waiting_message="0/1 nodes")
    world.settle()
    assert world.condition(Type.RECONCILING) == ("True", Reason.UNSCHEDULABLE)
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    world.wait(minutes=20)
    world.settle()
    assert not world.ended


def test_a_pod_that_has_started_is_held_up_by_nothing():
    pod = SeenPod(created=START, started_at=START, waiting_reason="ImagePullBackOff")
    world = running()
    world.put(world.the_job(), pod=pod)
    policy = world.policy
    assert holdup(world.the_job(), secret="beget-main", policy=policy, now=world.now) is None


def lose_node(world: World) -> datetime:
    """The Job's pod is told to go, and nobody on its node hears it; when it has to have ended."""
    left = world.now + timedelta(seconds=30)
    world.pod(world.the_job(), leaves_at=left, lost_reason="DeletionByTaintManager")
    return left


def test_a_job_whose_node_has_gone_is_told_so_and_given_up_without_its_pod():
    world = running()
    world.start(world.the_job())
    world.settle()
    left = lose_node(world)
    assert not world.turn()
    world.now = world.decide().wake_at
    assert world.now == left + Policy().leaving
    world.settle()
    assert world.condition(Type.RECONCILING) == ("True", Reason.NODE_LOST)
    assert "has gone" in world.message(Type.RECONCILING)
    world.now = world.decide().wake_at
    assert world.now == left + PATIENCE
    decided = world.decide()
    assert decided.abandoned == decided.unwanted == (world.the_job().name,)
    status = world.settle()
    assert status.active_job is None
    assert status.history[0].reason == Reason.NODE_LOST
    assert world.condition(Type.READY) == ("False", Reason.NODE_LOST)
    world.ask("now")
    world.settle()
    assert world.the_job().trigger is Trigger.MANUAL
    assert not world.decide().unwanted


def test_a_node_that_comes_back_in_time_goes_on_with_the_job():
    world = running()
    world.start(world.the_job())
    world.settle()
    lose_node(world)
    world.wait(minutes=2)
    world.settle()
    again = SeenPod(created=world.now, started_at=world.now)
    world.put(world.the_job(), pod=again)
    world.settle()
    assert world.condition(Type.RECONCILING) == ("True", Reason.SPEC_CHANGED)
    world.end(world.the_job())
    world.settle()
    assert world.condition(Type.READY) == ("True", Reason.SYNCED)
    assert len(syncs(world)) == 1


def test_a_pod_that_goes_in_time_is_no_trouble():
    world = running()
    world.start(world.the_job())
    world.settle()
    lose_node(world)
    world.wait(seconds=31)
    assert not world.turn()
    world.close(world.the_job(), "DeadlineExceeded")
    world.settle()
    assert world.condition(Type.READY) == ("False", Reason.NODE_LOST)


def test_a_job_on_its_second_try_says_so():
    world = running()
    world.start(world.the_job())
    world.put(world.the_job(), failures=1)
    world.settle()
    assert world.message(Type.RECONCILING).endswith("runs after 1 that failed.")


def test_every_exit_code_leads_to_a_reason_with_a_way_out():
    for code in set(Exit) - {Exit.DONE, Exit.PARTIAL}:
        world = died(exit_code=int(code))
        _, reason = world.condition(Type.READY)
        assert KNOWN[reason].way_out
        assert (reason == Reason.NO_RESULT) == (code in {Exit.BUG, Exit.TRY_LATER})
