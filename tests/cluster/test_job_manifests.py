"""The Jobs that the operator makes, before a real API server with restricted pod security."""

from datetime import UTC, datetime

import pytest

from infrazen.manifests.connection import CloudConnection
from infrazen.manifests.names import Purpose
from infrazen_operator.decision import Priority, Run
from infrazen_operator.job_settings import JobSettings
from infrazen_operator.jobs import cleanup_job, sync_job
from infrazen_operator.names import job_name
from tests.cluster.pods import RESTRICTED
from tests.waiting import wait_for

TEMPLATE = {
    "resources": {"limits": {"memory": "2Gi"}, "requests": {"cpu": "50m"}},
    "nodeSelector": {"pool": "finops"},
    "tolerations": [{"key": "pool", "operator": "Exists", "effect": "NoSchedule"}],
    "labels": {"team": "finops"},
}


@pytest.mark.parametrize("purpose", Purpose)
def test_every_job_is_taken_as_it_is_and_its_pod_let_in(control_plane, purpose):
    with control_plane.namespace(**RESTRICTED) as namespace:
        job = made(purpose, namespace)
        control_plane.apply(job, namespace=namespace)
        name = job["metadata"]["name"]
        stored = control_plane.get("job", name, namespace=namespace)
        assert stored["spec"]["podFailurePolicy"] == job["spec"]["podFailurePolicy"]
        asked = job["spec"]["template"]["spec"]["containers"][0]
        (kept,) = stored["spec"]["template"]["spec"]["containers"]
        assert asked.keys() <= kept.keys(), "the server dropped a field that it does not know"
        pods = ("pods", "--selector", f"job-name={name}")
        assert wait_for(lambda: control_plane.get(*pods, namespace=namespace)["items"])


def made(purpose, namespace):
    connection = CloudConnection.read(
        {
            "metadata": {"name": "beget-main", "namespace": namespace, "uid": "no-such-uid"},
            "spec": {
                "provider": "beget",
                "credentialsSecretRef": {"name": "beget-main"},
                "jobTemplate": TEMPLATE,
            },
        }
    )
    run = Run(
        name=job_name(connection.metadata, purpose, "1"),
        purpose=purpose,
        trigger=None,
        run_key="1",
        due=datetime(2026, 11, 26, tzinfo=UTC),
        priority=Priority.MANUAL,
    )
    settings = JobSettings(image="infrazen-core", namespace=namespace, secrets=("infrazen-jobs",))
    if purpose is not Purpose.SYNC:
        return cleanup_job(connection.metadata, run, settings)
    job = sync_job(connection, run, settings)
    del job["metadata"]["ownerReferences"]  # there is no such owner, so the Job would be deleted
    return job
