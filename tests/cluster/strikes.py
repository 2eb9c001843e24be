"""What befalls a platform on a node: containers that are killed, a kubelet that is silent."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.provider_kit.simulation.faults import Kind
from tests.cluster.installed import CLOUD_PORT, asked
from tests.cluster.kubernetes_cluster import Cluster
from tests.waiting import wait_for

SLOWLY = 3.0
"""Seconds that each answer takes: several of them make a sync, and none is too late."""


@contextmanager
def slow_cloud(node: Cluster, namespace: str) -> Iterator[None]:
    """The platform's cloud answers slowly, as long as the block."""
    with _faulty_cloud(node, namespace, Kind.SLOW):
        yield


@contextmanager
def silent_cloud(node: Cluster, namespace: str) -> Iterator[None]:
    """The platform's cloud hangs up on everybody, as long as the block."""
    with _faulty_cloud(node, namespace, Kind.DISCONNECT):
        yield


@contextmanager
def _faulty_cloud(node: Cluster, namespace: str, kind: Kind) -> Iterator[None]:
    if node.folder is None:
        pytest.skip("nothing is killed on a cluster of one's own")
    service = node.get("service", "cloud", namespace=f"{namespace}-cloud")["spec"]
    with SimulatorControl(f"http://{service['clusterIP']}:{CLOUD_PORT}") as cloud:
        cloud.fault(kind, seconds=SLOWLY)
        try:
            yield
        finally:
            cloud.clear_faults()


def containers(node: Cluster, namespace: str, selector: str) -> list[str]:
    """The ids of the containers that run in pods with these labels, once there are any."""

    def running() -> list[str]:
        pods = node.get("pods", "--selector", selector, namespace=namespace)["items"]
        return [
            container["containerID"].removeprefix("containerd://")
            for pod in pods
            for container in pod["status"].get("containerStatuses", ())
            if "running" in container["state"]
        ]

    return wait_for(running, seconds=60)


def kill(node: Cluster, ids: list[str]) -> None:
    """Send SIGKILL to the first process of each of these containers."""
    for one in ids:
        words = ("ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", one)
        node.within(*words)


def wait_until_it_syncs(node: Cluster, namespace: str) -> None:
    """Wait until a sync is at work, as the database knows."""
    question = "SELECT count(*) FROM sync_snapshot WHERE status = 'running'"
    wait_for(lambda: asked(node, namespace, question) == "1", seconds=60)
