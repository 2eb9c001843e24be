"""kill -9 of a Job's process: what became of its runs is counted in the product's database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from infrazen.provider_kit.simulation.faults import Kind
from infrazen.services.keys import ensure_master_key
from infrazen.services.organizations import ensure_organization
from tests.cluster import operators
from tests.cluster.cloud_connections import define
from tests.cluster.operators import Bench, patiently
from tests.cluster.workers import at_work
from tests.connection_manifests import connection

PASSWORD = "simulator-password"
SLOWLY = 3.0


@pytest.fixture
def bench(control_plane, namespace, tmp_path, database) -> Iterator[Bench]:
    """A namespace whose Jobs write into a database of the test's own."""
    define(control_plane)
    ensure_master_key()
    ensure_organization("Acme", slug="acme")
    folder = tmp_path / "bench"
    folder.mkdir()
    with operators.bench(control_plane, namespace, folder) as made:
        secret = {"login": "demo", "password": PASSWORD}
        about = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "beget-main"}}
        made.apply(about | {"stringData": secret})
        yield made


@pytest.fixture
def workers(bench, data_dir):
    surroundings = {"INFRAZEN_DATA_DIR": str(data_dir), "INFRAZEN_LEASE_SECONDS": "5"}
    with at_work(bench, INFRAZEN_ALLOW_PRIVATE_ENDPOINTS="true", **surroundings) as working:
        yield working


@pytest.fixture
def cloud(beget_simulator):
    yield beget_simulator
    beget_simulator.clear_faults()


@contextmanager
def slowly(cloud):
    cloud.fault(Kind.SLOW, seconds=SLOWLY)
    yield
    cloud.clear_faults()


def manifest(cloud, name):
    return connection(name, organization="acme", endpoint=cloud.url, schedule="")


def runs(database):
    """How every run has ended, in their order."""
    with database.reading() as session:
        found = session.execute(
            text("SELECT status, error_reason FROM sync_snapshot ORDER BY started_at")
        )
        return [f"{status}:{reason or ''}" for status, reason in found]


def test_a_killed_sync_is_tried_again_and_leaves_nothing_half_done(bench, workers, cloud, database):
    with bench.operator(), slowly(cloud):
        bench.apply(manifest(cloud, "beget-1"))
        patiently(lambda: runs(database) == ["running:"] and cloud.requests())
        workers.kill()
        patiently(
            lambda: "after 1 that failed" in bench.condition("Reconciling", "beget-1")["message"]
        )
        assert resources(database) == 0
        cloud.clear_faults()
        patiently(lambda: bench.condition("Ready", "beget-1").get("status") == "True")
        assert runs(database) == ["error:WorkerDied", "partial:"]
        assert len(bench.jobs()) == len(bench.status("beget-1")["history"]) == 1
        assert resources(database) == 10


def resources(database):
    with database.reading() as session:
        return session.execute(text("SELECT count(*) FROM resource")).scalar_one()
