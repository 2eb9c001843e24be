"""Crowds, clocks and nodes that misbehave: every run happens once, counted by its Jobs."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infrazen.domain.syncs import Trigger
from infrazen.manifests.names import CONNECTION, CONNECTION_UID, ORGANIZATION, TRIGGER, Purpose
from infrazen_operator.kinds import CONNECTIONS, JOBS, PODS
from infrazen_operator.reasons import Reason
from tests.cluster import operators
from tests.cluster.cloud_connections import define
from tests.cluster.kubelet import kubelet
from tests.cluster.operators import Bench, has_ended, passed, patiently
from tests.cluster.time_zones import write_zone
from tests.connection_manifests import connection

ORGANIZATIONS = ("acme", "globex", "initech", "umbrella")
IN_ALL, OF_ONE = 12, 4


@pytest.fixture
def bench(control_plane, namespace, tmp_path) -> Iterator[Bench]:
    define(control_plane)
    with operators.bench(control_plane, namespace, tmp_path) as made:
        yield made


def is_ready(resource: dict[str, Any]) -> bool:
    conditions = resource.get("status", {}).get("conditions", ())
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def test_two_hundred_at_once_are_synced_once_each_and_never_more_than_may_be(bench):
    wanted = [
        connection(f"beget-{number:03}", organization=ORGANIZATIONS[number % 4])
        for number in range(200)
    ]
    limits = {"max_running_syncs": IN_ALL, "max_running_syncs_per_organization": OF_ONE}
    with ExitStack() as stack:
        first = stack.enter_context(bench.operator(name="first", **limits))
        history = bench.watched(JOBS)
        bench.apply(*wanted)
        patiently(lambda: first.figure("queue_length") == 200 - IN_ALL)
        stack.enter_context(kubelet(bench))
        for ended in jobs_within_limits(history):
            if ended == 60 and first.process.poll() is None:
                first.kill()
                stack.enter_context(bench.operator(name="second", **limits))
            if ended == len(wanted):
                break
        patiently(lambda: all(map(is_ready, bench.listed(CONNECTIONS))))
        owners = Counter(job["metadata"]["labels"][CONNECTION_UID] for job in bench.jobs())
        assert set(owners.values()) == {1}
        synced = bench.listed(CONNECTIONS)
        assert {len(one["status"]["history"]) for one in synced} == {1}
        assert len(synced) == len(owners) == len(wanted)


def jobs_within_limits(history) -> Iterator[int]:
    """How many Jobs have ended, after each event; at every moment the limits must have held."""
    running: dict[str, str] = {}
    ended: set[str] = set()
    for job in history:
        about = job["metadata"]
        if has_ended(job):
            running.pop(about["name"], None)
            ended.add(about["name"])
        else:
            running[about["name"]] = about["labels"][ORGANIZATION]
        assert len(running) <= IN_ALL
        assert max(Counter(running.values()).values(), default=0) <= OF_ONE
        yield len(ended)


HOUR = timedelta(hours=1)
SPRING = {"shows": 2 * HOUR, "then": 3 * HOUR}
AUTUMN = {"shows": 3 * HOUR, "then": 2 * HOUR}
A_MOMENT = timedelta(seconds=12)
BACK_A_MOMENT = {"shows": 2 * HOUR + A_MOMENT, "then": 2 * HOUR}
CLOCKS = {
    "skipped": ("Trial/Spring", SPRING, "0 2 * * *", 1),
    "skipped-too": ("Trial/Spring", SPRING, "30 2 * * *", 0),
    "repeated": ("Trial/Moment", BACK_A_MOMENT, "0 2 * * *", 1),
    "only-again": ("Trial/Autumn", AUTUMN, "0 2 * * *", 0),
    "hourly": ("Trial/Autumn", AUTUMN, "0 * * * *", 1),
}
"""By connection: its zone, how the clocks there change, its schedule, and the runs due then."""
FOLLOWING = {
    "skipped": 23 * HOUR,
    "skipped-too": HOUR / 2,
    "repeated": 24 * HOUR,
    "only-again": 24 * HOUR,
    "hourly": HOUR,
}
"""How long after the change each is due next."""


def test_clocks_that_change_lose_no_run_and_double_none(bench, monkeypatch):
    zones = bench.folder / "zones"
    monkeypatch.setenv("PYTHONTZPATH", str(zones))
    with kubelet(bench), bench.operator(name="first", longest_jitter_seconds=0) as first:
        bench.apply(*(connection(name, schedule="") for name in CLOCKS))
        patiently(lambda: all(map(is_ready, bench.listed(CONNECTIONS))))
        first_due = datetime.now(UTC).replace(microsecond=0) + A_MOMENT
        change = first_due + A_MOMENT
        for zone, clocks, *_ in CLOCKS.values():
            write_zone(zones, zone, change, **clocks)
        for name, (zone, _, line, _) in CLOCKS.items():
            bench.change(name, schedule=line, timeZone=zone)
        assert datetime.now(UTC) < first_due
        patiently(lambda: datetime.now(UTC) > change)
        first.kill()
    with kubelet(bench), bench.operator(name="second", longest_jitter_seconds=0) as second:
        patiently(second.leads)
        patiently(lambda: datetime.now(UTC) > change + A_MOMENT)
        due = {name: runs for name, (*_, runs) in CLOCKS.items()}
        patiently(lambda: scheduled(bench) == +Counter(due))
        patiently(lambda: all(map(is_ready, bench.listed(CONNECTIONS))))
        patiently(lambda: {name: next_due(bench, name) - change for name in CLOCKS} == FOLLOWING)
        assert scheduled(bench) == +Counter(due)


def scheduled(bench: Bench) -> Counter[str]:
    """How many Jobs each connection's schedule has made."""
    jobs = bench.jobs()
    return Counter(
        job["metadata"]["labels"][CONNECTION]
        for job in jobs
        if job["metadata"]["annotations"][TRIGGER] == Trigger.SCHEDULE
    )


def next_due(bench: Bench, name: str) -> datetime:
    return datetime.fromisoformat(bench.status(name)["nextScheduleTime"])


def test_a_sync_on_a_node_that_has_gone_is_told_and_given_up_without_its_pod(bench):
    bench.cluster.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "gone"}})
    try:
        with bench.operator():
            bench.apply(connection(deletionPolicy="Delete"))
            job = bench.wait_for_job()
            pod = run_on(bench, job, "gone")
            bench.cluster.kubectl("taint", "node", "gone", "trial.example.com/gone=:NoExecute")
            patiently(lambda: is_leaving(bench, pod))
            bench.ask("DELETE", PODS, pod, json={"gracePeriodSeconds": 1})
            patiently(lambda: bench.condition("Reconciling")["reason"] == Reason.NODE_LOST)
            bench.delete(CONNECTIONS, "beget-main")
            purge = bench.wait_for_job(purpose=Purpose.PURGE)
            bench.end(purge, told=passed(erased=100, left=0))
            patiently(lambda: not bench.listed(CONNECTIONS))
            assert is_leaving(bench, pod)
    finally:
        bench.cluster.kubectl("delete", "node", "gone")


def is_leaving(bench: Bench, pod: str) -> bool:
    return "deletionTimestamp" in bench.ask("GET", PODS, pod)["metadata"]


def run_on(bench: Bench, job: dict[str, Any], node: str) -> str:
    """Let a Job's pod have begun on ``node``, whose kubelet will never say any more; its name."""
    selector = {"labelSelector": f"job-name={job['metadata']['name']}"}
    (pod,) = patiently(lambda: bench.listed(PODS, **selector))
    name = pod["metadata"]["name"]
    target = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": name}}
    bench.ask(
        "POST", PODS, name, part="binding", json=target | {"target": {"kind": "Node", "name": node}}
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    container = pod["spec"]["containers"][0]
    begun = {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": now}},
    }
    status = {"phase": "Running", "containerStatuses": [begun]}
    bench.patch(PODS, name, {"status": status}, part="status")
    return name
