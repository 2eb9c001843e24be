"""The operator on a real API server, with the real Job controller."""

import json
import time
from collections.abc import Iterator

import pytest

from infrazen.domain.syncs import Phase, Trigger
from infrazen.manifests.names import (
    CONNECTION_UID,
    CREDENTIALS_VERSION,
    TRIGGER,
    Purpose,
)
from infrazen_operator.kinds import CONNECTIONS, EVENTS, JOBS, PODS
from infrazen_operator.rights import OWN, SECRET_WATCH, SERVED, Rule, role
from tests.cluster import operators
from tests.cluster.cloud_connections import define
from tests.cluster.kubernetes_cluster import Cluster, Refused
from tests.cluster.operators import Bench, Cable, has_ended, passed, patiently, result
from tests.connection_manifests import connection

CANARY = "канарейка-S3cret-17"


@pytest.fixture
def bench(control_plane, namespace, tmp_path) -> Iterator[Bench]:
    define(control_plane)
    with operators.bench(control_plane, namespace, tmp_path) as made:
        yield made


def test_a_connection_is_synced_and_says_how_it_is(bench):
    bench.set_secret(CANARY)
    with bench.operator() as operator:
        bench.apply(connection(schedule="0 3 * * *", timeZone="Europe/Moscow"))
        job = bench.wait_for_job()
        owner = bench.connection()["metadata"]
        assert job["metadata"]["ownerReferences"][0]["uid"] == owner["uid"]
        assert job["metadata"]["labels"][CONNECTION_UID] == owner["uid"]
        assert job["metadata"]["annotations"][TRIGGER] == Trigger.SPEC
        patiently(lambda: bench.status().get("activeJob") == job["metadata"]["name"])
        assert bench.condition("Reconciling")["status"] == "True"
        assert bench.status()["nextScheduleTime"].endswith("T00:00:00Z")

        bench.end(job, told=result(job_name=job["metadata"]["name"]))
        ready = ("wait", "--for=condition=Ready", "cloudconnection/beget-main", "--timeout=60s")
        bench.cluster.kubectl(*ready, namespace=bench.namespace)
        status = bench.status()
        assert "activeJob" not in status
        assert status["lastSync"]["cost"]["payable"]["daily"] == "60.73"
        assert [run["phase"] for run in status["history"]] == [Phase.SUCCEEDED]

        bench.ask_for_sync("first")
        second = bench.wait_for_job(2)
        assert second["metadata"]["annotations"][TRIGGER] == Trigger.MANUAL
        patiently(lambda: bench.status().get("lastHandledReconcileAt") == "first")
        bench.end(second, told=result(trigger=Trigger.MANUAL))
        patiently(lambda: len(bench.status()["history"]) == 2)

        bench.change(suspend=True)
        patiently(lambda: "nextScheduleTime" not in bench.status())
        bench.change(suspend=False, endpoint="https://api.example.com")
        third = bench.wait_for_job(3)
        assert third["metadata"]["annotations"][TRIGGER] == Trigger.SPEC
        patiently(lambda: bench.status().get("activeJob") == third["metadata"]["name"])

        assert ("Normal", "Synced") in bench.events()
        assert operator.figure("syncs_total") == 2
        writes = operator.figure("status_writes_total")
        told = [bench.listed(kind) for kind in (JOBS, PODS, EVENTS, CONNECTIONS)]
        assert CANARY not in json.dumps(told, ensure_ascii=False)
        assert CANARY not in operator.said + operator.ask("/metrics")
        time.sleep(1)
        assert operator.figure("status_writes_total") == writes


def test_refused_credentials_wait_for_another_secret(bench):
    bench.set_secret("wrong")
    with bench.operator(), bench.operator(command="secrets") as watch:
        bench.apply(connection())
        job = bench.wait_for_job()
        patiently(lambda: CREDENTIALS_VERSION in bench.connection()["metadata"]["annotations"])
        refused = result(
            Phase.FAILED, reason="CredentialsRefused", message="the login is wrong", cost=None
        )
        bench.end(job, told=refused, code=5)
        patiently(lambda: bench.condition("Stalled").get("status") == "True")
        assert bench.condition("Ready")["reason"] == "CredentialsRefused"
        assert bench.condition("CredentialsValid")["status"] == "False"
        assert len(bench.jobs()) == 1

        bench.set_secret("right")
        second = bench.wait_for_job(2)
        assert second["metadata"]["annotations"][TRIGGER] == Trigger.CREDENTIALS
        bench.end(second, told=result(trigger=Trigger.CREDENTIALS))
        patiently(lambda: bench.condition("Ready").get("status") == "True")
        assert bench.condition("Stalled")["status"] == "False"
        assert "wrong" not in watch.said

        told = bench.connection()["metadata"]["annotations"][CREDENTIALS_VERSION]
        place = {"namespace": bench.namespace}
        bench.cluster.kubectl("label", "secret", "beget-main", "team=finops", **place)
        bench.cluster.kubectl("annotate", "secret", "beget-main", "note=x", **place)
        words = ("create", "secret", "generic", "later", "--from-literal=login=x")
        bench.cluster.kubectl(*words, **place)
        bench.apply(connection("later", credentialsSecretRef={"name": "later"}))
        patiently(
            lambda: (
                CREDENTIALS_VERSION in bench.connection("later")["metadata"].get("annotations", {})
            )
        )
        kept = bench.connection()["metadata"]["annotations"][CREDENTIALS_VERSION]
        assert kept == told, "a label starts no sync"


def test_an_operator_that_was_killed_goes_on_from_what_the_cluster_knows(bench):
    with bench.operator(name="first") as first:
        bench.apply(connection())
        job = bench.wait_for_job()
        patiently(lambda: bench.status().get("activeJob"))
        first.kill()
    bench.end(job, told=result())
    patiently(lambda: has_ended(bench.jobs()[0]))
    bench.ask_for_sync("while nobody looked")
    with bench.operator(name="second"):
        second = bench.wait_for_job(2)
        patiently(lambda: bench.status().get("activeJob") == second["metadata"]["name"])
        status = bench.status()
        assert [run["phase"] for run in status["history"]] == [Phase.SUCCEEDED]
        assert status["lastHandledReconcileAt"] == "while nobody looked"


def test_of_two_operators_one_acts_and_the_other_follows_within_seconds(bench):
    with bench.operator(name="first", lease_seconds=4) as first:
        patiently(first.leads)
        with bench.operator(name="second", lease_seconds=4) as second:
            bench.apply(*(connection(f"beget-{number}") for number in range(5)))
            patiently(lambda: len(bench.jobs()) == 5)
            assert not second.leads()
            first.kill()
            bench.ask_for_sync("in between", "beget-3")
            bench.end(*bench.jobs("beget-3"), told=result())
            patiently(second.leads)
            patiently(lambda: len(bench.jobs("beget-3")) == 2)
            assert second.stop() == 0
        with bench.operator(name="third") as third:
            patiently(third.leads)
            assert len(bench.jobs()) == 6


def test_what_makes_no_sense_is_said_and_harms_nobody(bench):
    with bench.operator(organizations=f"{bench.namespace}=acme") as operator:
        bench.apply(
            connection("never", schedule="0 0 31 2 *", organization="acme"),
            connection("nowhere", timeZone="Europe/Nowhere", organization="acme"),
            connection("foreign", organization="globex"),
            connection("odd", organization="acme"),
        )
        for name in ("never", "nowhere", "foreign"):
            patiently(lambda name=name: bench.condition("Stalled", name).get("status") == "True")
        assert bench.condition("Ready", "foreign")["reason"] == "OrganizationNotAllowed"
        assert "Europe/Nowhere" in bench.condition("Stalled", "nowhere")["message"]
        job = bench.wait_for_job()

        edited = {"status": {"activeJob": "no-such-job", "history": [], "conditions": []}}
        bench.patch(CONNECTIONS, "odd", edited, part="status")
        patiently(lambda: bench.status("odd").get("activeJob") == job["metadata"]["name"])
        bench.ask_for_sync("\u202e💥" + "x" * 5000, "odd")
        bench.end(job, told=result())
        second = bench.wait_for_job(2)
        bench.end(second, code=3)
        patiently(lambda: bench.condition("Ready", "odd").get("status") == "False")
        assert operator.ask("/healthz") == "ok\n"


@pytest.mark.parametrize(
    ("policy", "purpose"), [("Retain", Purpose.RELEASE), ("Delete", Purpose.PURGE)]
)
def test_a_connection_goes_once_its_data_was_let_go(bench, control_plane, policy, purpose):
    with (
        control_plane.namespace() as served,
        bench.operator(namespaces=f"{bench.namespace},{served}"),
    ):
        there = bench.elsewhere(served)
        there.apply(connection(deletionPolicy=policy))
        bench.apply(connection("here"))
        for each, name in ((there, "beget-main"), (bench, "here")):
            each.end(each.wait_for_job(), told=result())
            patiently(lambda e=each, n=name: e.condition("Ready", n).get("status") == "True")
        control_plane.kubectl("delete", "namespace", served, "--wait=false")
        job = bench.wait_for_job(purpose=purpose)
        assert "secretKeyRef" not in json.dumps(job)
        where = f"kubectl --namespace {bench.namespace} logs job/{job['metadata']['name']}"
        patiently(lambda: where in there.condition("Reconciling")["message"])
        if purpose is Purpose.PURGE:
            bench.end(job, told=passed(erased=40, left=60))
            job = bench.wait_for_job(2, purpose=purpose)
            far = patiently(lambda: there.status().get("removal"))
            assert (far["progress"], far["erasedRows"], far["totalRows"]) == ("40%", 40, 100)
            assert "40 of 100 rows are erased (40%)" in there.condition("Reconciling")["message"]
        bench.end(job, told=passed(erased=60, left=0))
        gone = ("get", "namespace", served, "--ignore-not-found")
        patiently(lambda: not control_plane.kubectl(*gone))
        assert len(bench.jobs(purpose=purpose)) == (2 if purpose is Purpose.PURGE else 1)
        assert bench.condition("Ready", "here")["status"] == "True"


def test_an_operator_that_was_cut_off_sees_what_it_missed(bench, control_plane):
    cable = Cable(control_plane, bench.folder)
    with bench.operator(as_=cable.cluster) as operator:
        bench.apply(connection("stays"), connection("goes"))
        patiently(lambda: len(bench.jobs()) == 2)
        patiently(lambda: bench.status("goes").get("activeJob"))
        cable.cut()
        (job,) = bench.jobs("stays")
        bench.delete(JOBS, job["metadata"]["name"])
        bench.patch(CONNECTIONS, "goes", {"metadata": {"finalizers": None}})
        bench.delete(CONNECTIONS, "goes")
        bench.ask_for_sync("meanwhile", "stays")
        patiently(lambda: not operator.leads())
        cable.mend()
        patiently(lambda: bench.status("stays").get("lastHandledReconcileAt") == "meanwhile")
        assert len(bench.jobs("stays")) == 1
        patiently(lambda: operator.figure("connections") == 1)
    cable.close()


def test_an_operator_outlives_a_restart_of_the_api_server(bench, control_plane):
    if control_plane.folder is None:
        pytest.skip("the API server of somebody's own cluster is not restarted")
    with bench.operator() as operator:
        bench.apply(connection())
        job = bench.wait_for_job()
        control_plane.restart("kube-apiserver")
        patiently(lambda: _answers(control_plane))
        bench.end(job, told=result())
        patiently(lambda: bench.condition("Ready").get("status") == "True")
        bench.ask_for_sync("afterwards")
        bench.wait_for_job(2)
        patiently(operator.leads)


def test_the_rights_that_are_written_down_are_enough_and_no_more(bench, control_plane):
    with control_plane.namespace() as served:
        there = bench.elsewhere(served)
        operator = _account(bench, "operator", {served: SERVED, bench.namespace: OWN})
        watch = _account(bench, "watch", {served: SECRET_WATCH})
        for verb in ("get", "list", "watch"):
            assert not _may(operator, verb, "secrets", served)
            assert not _may(operator, verb, "secrets", bench.namespace)
        assert not _may(operator, "create", "jobs.batch", "default")
        assert not _may(watch, "get", "secrets", served)
        with (
            bench.operator(as_=operator, namespaces=served),
            bench.operator(as_=watch, command="secrets", namespaces=served),
        ):
            there.apply(connection())
            job = there.wait_for_job()
            there.set_secret(CANARY)
            patiently(lambda: CREDENTIALS_VERSION in there.connection()["metadata"]["annotations"])
            there.end(job, told=result())
            patiently(lambda: there.condition("Ready").get("status") == "True")
            patiently(lambda: ("Normal", "Synced") in there.events())
            there.delete(CONNECTIONS, "beget-main")
            bench.end(bench.wait_for_job(purpose=Purpose.RELEASE))
            patiently(lambda: not there.listed(CONNECTIONS))


def _account(bench: Bench, name: str, rights: dict[str, tuple[Rule, ...]]) -> Cluster:
    """A service account in the bench's namespace with these rights, and no others."""
    bench.cluster.kubectl("create", "serviceaccount", name, namespace=bench.namespace)
    for namespace, rules in rights.items():
        bench.cluster.apply(role(name, namespace, rules))
        bench.cluster.kubectl(
            "create",
            "rolebinding",
            name,
            f"--role={name}",
            f"--serviceaccount={bench.namespace}:{name}",
            namespace=namespace,
        )
    return bench.cluster.service_account(name, namespace=bench.namespace)


def _may(who: Cluster, verb: str, kind: str, namespace: str) -> bool:
    try:
        return who.kubectl("auth", "can-i", verb, kind, namespace=namespace).strip() == "yes"
    except Refused:
        return False


def _answers(cluster: Cluster) -> bool:
    try:
        return cluster.kubectl("get", "--raw", "/readyz").strip() == "ok"
    except Refused:
        return False
