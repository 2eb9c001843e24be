"""One operator for every namespace, and runs that a schedule starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from infrazen.domain.syncs import Trigger
from infrazen.manifests.names import CONNECTION_NAMESPACE, TRIGGER
from infrazen_operator.kinds import CONNECTIONS, JOBS
from infrazen_operator.rights import OWN, SECRET_WATCH, SERVED, Rule, role
from tests.cluster import operators
from tests.cluster.cloud_connections import define
from tests.cluster.kubernetes_cluster import Cluster, Refused
from tests.cluster.operators import Bench, patiently, result
from tests.connection_manifests import connection

PASSWORD = "канарейка-S3cret-18"


@pytest.fixture
def bench(control_plane, namespace, tmp_path) -> Iterator[Bench]:
    define(control_plane)
    with operators.bench(control_plane, namespace, tmp_path) as made:
        yield made


def test_every_namespace_is_served_with_the_rights_of_a_cluster_role(bench, control_plane):
    with (
        control_plane.namespace() as first,
        control_plane.namespace() as second,
        account(bench, "operator", SERVED, own=OWN) as operator,
        account(bench, "watch", SECRET_WATCH) as watch,
        bench.operator(as_=operator, namespaces="") as acting,
        bench.operator(as_=watch, command="secrets", namespaces="") as watching,
    ):
        there = [bench.elsewhere(one) for one in (first, second)]
        for one in there:
            one.set_secret("wrong")
            one.apply(connection())
        for one in there:
            one.end(one.wait_for_job(), told=result())
            patiently(lambda one=one: one.condition("Ready").get("status") == "True")
            patiently(lambda one=one: one.status().get("observedCredentials"))
        there[1].set_secret(PASSWORD)
        job = there[1].wait_for_job(2)
        assert job["metadata"]["annotations"][TRIGGER] == Trigger.CREDENTIALS
        assert len(there[0].jobs()) == 1

        for namespace in (first, second):
            with pytest.raises(Refused, match='cannot get resource "secrets"'):
                operator.kubectl("get", "secret", "beget-main", namespace=namespace)
        with pytest.raises(Refused, match='cannot list resource "secrets"'):
            operator.kubectl("get", "secrets", "--all-namespaces")
        with pytest.raises(Refused, match='cannot get resource "secrets"'):
            watch.kubectl("get", "secret", "beget-main", namespace=second)
        assert PASSWORD not in acting.said + watching.said

        there[0].delete(CONNECTIONS, "beget-main")
        bench.end(patiently(lambda: cleaning(bench, first)))
        patiently(lambda: not there[0].listed(CONNECTIONS))


def test_a_moment_of_the_schedule_starts_one_job(bench):
    with bench.operator(longest_jitter_seconds=0):
        bench.apply(connection(schedule="*/15 * * * *", timeZone="UTC"))
        first = bench.wait_for_job()
        bench.end(first, told=result(job_name=first["metadata"]["name"]))
        patiently(lambda: bench.condition("Ready").get("status") == "True")
        # As long ago as a Job that has been cleared away: it covers no moment any more.
        bench.delete(JOBS, first["metadata"]["name"])
        patiently(lambda: not bench.jobs())

        now = datetime.now(UTC).replace(second=0, microsecond=0)
        moment = now - timedelta(minutes=now.minute % 15)
        due = {"status": {"nextScheduleTime": text(moment)}}
        bench.patch(CONNECTIONS, "beget-main", due, part="status")
        job = bench.wait_for_job()
        assert job["metadata"]["annotations"][TRIGGER] == Trigger.SCHEDULE
        patiently(lambda: bench.status().get("lastScheduleTime") == text(moment))
        assert bench.condition("Ready")["status"] == "True"
        assert bench.condition("Reconciling")["status"] == "False"
        bench.end(job, told=result(trigger=Trigger.SCHEDULE))
        patiently(lambda: len(bench.status()["history"]) == 2)
        assert bench.status()["lastSync"]["trigger"] == Trigger.SCHEDULE

        bench.patch(CONNECTIONS, "beget-main", due, part="status")
        patiently(lambda: bench.status()["nextScheduleTime"] > text(moment))
        assert [one["metadata"]["name"] for one in bench.jobs()] == [job["metadata"]["name"]]


@contextmanager
def account(
    bench: Bench, name: str, rules: tuple[Rule, ...], *, own: tuple[Rule, ...] = ()
) -> Iterator[Cluster]:
    """A service account in the bench's namespace with ``rules`` everywhere, ``own`` at home."""
    home, wide = bench.namespace, f"{bench.namespace}-{name}"
    subject = f"--serviceaccount={home}:{name}"
    bench.cluster.kubectl("create", "serviceaccount", name, namespace=home)
    bench.apply(role(name, home, own))
    bench.cluster.apply(role(wide, None, rules))
    bench.cluster.kubectl("create", "rolebinding", name, f"--role={name}", subject, namespace=home)
    bench.cluster.kubectl("create", "clusterrolebinding", wide, f"--clusterrole={wide}", subject)
    try:
        yield bench.cluster.service_account(name, namespace=home)
    finally:
        bench.cluster.kubectl("delete", f"clusterrolebinding/{wide}", f"clusterrole/{wide}")


def cleaning(bench: Bench, namespace: str) -> dict | None:
    """The Job that lets go of a connection in ``namespace``."""
    selector = f"{CONNECTION_NAMESPACE}={namespace}"
    jobs = bench.listed(JOBS, labelSelector=selector)
    assert len(jobs) <= 1
    return jobs[0] if jobs else None


def text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
