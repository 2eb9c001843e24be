"""Jobs and Pods are read for how they ended, or why they do not begin."""

from datetime import UTC, datetime

import pytest

from infrazen.manifests.names import PURPOSE
from infrazen_operator.reading import job_facts, pod_facts, telling
from tests.operator.cluster_objects import ended, job, pod

AT_FIVE = datetime(2026, 11, 26, 8, 5, tzinfo=UTC)


def test_a_job_is_active_until_the_controller_has_closed_it():
    closing = job(conditions=({"type": "SuccessCriteriaMet", "status": "True"},), failed=2)
    facts = job_facts(closing)
    assert facts is not None
    assert facts.seen.active
    assert facts.seen.failures == 2
    assert facts.seen.finished_at is None


def test_a_job_that_completed():
    facts = job_facts(job(conditions=(ended("Complete"),), completionTime="2026-11-26T08:05:00Z"))
    assert facts is not None
    assert (facts.seen.active, facts.seen.succeeded) == (False, True)
    assert facts.seen.finished_at == AT_FIVE


def test_a_job_that_failed_says_why():
    end = ended("Failed", reason="DeadlineExceeded", message="it took too long")
    facts = job_facts(job(conditions=(end,)))
    assert facts is not None
    assert (facts.seen.active, facts.seen.succeeded) == (False, False)
    assert facts.seen.failed_reason == "DeadlineExceeded"
    assert facts.seen.failed_message == "it took too long"
    assert facts.seen.finished_at == AT_FIVE


def test_a_condition_that_does_not_hold_ends_nothing():
    facts = job_facts(job(conditions=({"type": "Failed", "status": "False"},)))
    assert facts is not None
    assert facts.seen.active


def test_a_pod_that_ended_leaves_its_result():
    state = {
        "exitCode": 3,
        "reason": "Error",
        "message": '{"phase": "Failed"}',
        "startedAt": "2026-11-26T08:00:03Z",
    }
    facts = pod_facts(pod(state={"terminated": state}))
    assert facts is not None
    assert (facts.seen.exit_code, facts.seen.ended_by) == (3, "Error")
    assert facts.seen.result == '{"phase": "Failed"}'
    assert facts.seen.started_at == datetime(2026, 11, 26, 8, 0, 3, tzinfo=UTC)


def test_a_container_that_was_put_beside_the_sync_tells_nothing():
    beside = {"name": "istio-proxy", "state": {"terminated": {"exitCode": 0, "message": "bye"}}}
    own = {"name": "sync", "state": {"terminated": {"exitCode": 3, "message": "{}"}}}
    document = pod(containerStatuses=[beside, own])
    document["metadata"]["labels"][PURPOSE] = "sync"
    facts = pod_facts(document)
    assert facts is not None
    assert (facts.seen.exit_code, facts.seen.result) == (3, "{}")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (
            {"state": {"waiting": {"reason": "CreateContainerConfigError", "message": "why"}}},
            "CreateContainerConfigError",
        ),
        (
            {
                "conditions": [
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": "why",
                    }
                ]
            },
            "Unschedulable",
        ),
        ({}, ""),
    ],
)
def test_a_pod_says_why_it_cannot_start(how, reason):
    facts = pod_facts(pod(**how))
    assert facts is not None
    assert facts.seen.waiting_reason == reason
    assert bool(facts.seen.waiting_message) == bool(reason)


@pytest.mark.parametrize(
    "how",
    [
        {"reason": "Evicted", "message": "why"},
        {"conditions": [ended("DisruptionTarget", reason="Evicted", message="why")]},
    ],
)
def test_a_pod_says_why_it_was_taken_away(how):
    facts = pod_facts(pod(**how))
    assert facts is not None
    assert (facts.seen.lost_reason, facts.seen.lost_message) == ("Evicted", "why")


@pytest.mark.parametrize(("phase", "leaves_at"), [("Running", AT_FIVE), ("Failed", None)])
def test_a_pod_that_is_told_to_go_says_until_when_it_may_stay(phase, leaves_at):
    document = pod(phase=phase)
    document["metadata"]["deletionTimestamp"] = "2026-11-26T08:05:00Z"
    facts = pod_facts(document)
    assert facts is not None
    assert facts.seen.leaves_at == leaves_at


def test_the_last_pod_tells_unless_another_has_succeeded():
    first = pod("first", created="2026-11-26T08:00:00Z", state={"terminated": {"exitCode": 1}})
    second = pod("second", created="2026-11-26T08:01:00Z", state={"running": {}})
    well = pod("well", created="2026-11-26T07:59:00Z", state={"terminated": {"exitCode": 0}})

    told = telling(filter(None, map(pod_facts, (second, first))))
    assert told is not None
    assert told.exit_code is None
    told = telling(filter(None, map(pod_facts, (second, well, first))))
    assert told is not None
    assert told.exit_code == 0
    assert telling(()) is None
