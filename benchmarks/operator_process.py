"""A control plane, and the operator on it as a user of its own, so that its requests are known."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.api_server import ApiServer
from infrazen.manifests.names import GROUP, PLURAL
from tests.cluster.kubernetes_cluster import Cluster, made_here

ROOT = Path(__file__).parents[1]
CRD = ROOT / "charts/infrazen/files/crds/cloudconnections.yaml"
RAISED = "--kube-api-qps=300 --kube-api-burst=600"
"""The controller manager's client limit, raised: its default makes 20 requests a second."""
NAMESPACE = "bench"
_USER = "bench-operator"
_ALL_BUT_LEASES = (GROUP, "batch", "", "events.k8s.io")
"""API groups of all that the operator asks for, except for the lease it leads by."""


@contextmanager
def control_plane(controller_flags: str) -> Iterator[Cluster]:
    """An API server with its controllers, which knows CloudConnections and the operator."""
    before = os.environ.get("KCM_FLAGS")
    os.environ["KCM_FLAGS"] = controller_flags
    try:
        with (
            tempfile.TemporaryDirectory(prefix="infrazen-bench-") as folder,
            made_here(Path(folder), node=False) as cluster,
        ):
            cluster.kubectl("apply", "--filename", str(CRD))
            cluster.kubectl("wait", "--for=condition=Established", f"crd/{PLURAL}.{GROUP}")
            cluster.kubectl("create", "namespace", NAMESPACE)
            cluster.apply(_FLOW)
            words = ("--clusterrole", "cluster-admin", "--user", _USER)
            cluster.kubectl("create", "clusterrolebinding", _USER, *words)
            yield cluster
    finally:
        if before is None:
            del os.environ["KCM_FLAGS"]
        else:
            os.environ["KCM_FLAGS"] = before


@contextmanager
def operator(cluster: Cluster) -> Iterator[psutil.Process]:
    """The operator, which lets 2,000 syncs run at a time, all of them without jitter."""
    chosen = {
        "NAMESPACES": NAMESPACE,
        "NAMESPACE": NAMESPACE,
        "MAX_RUNNING_SYNCS": "2000",
        "MAX_RUNNING_SYNCS_PER_ORGANIZATION": "2000",
        "LONGEST_JITTER_SECONDS": "0",
        "PORT": "0",
    }
    given = {f"INFRAZEN_OPERATOR_{name}": value for name, value in chosen.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "infrazen_operator", "run"],
        env={**cluster.user(_USER).environment, **given, "INFRAZEN_LOG_LEVEL": "WARNING"},
        cwd=ROOT,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


async def requests_of_operator(server: ApiServer) -> float:
    """How many requests the API server has let through of the operator's, but for its lease."""
    return await server.counted(
        "apiserver_flowcontrol_dispatched_requests_total", f'flow_schema="{_USER}"'
    )


_FLOW = {
    "apiVersion": "flowcontrol.apiserver.k8s.io/v1",
    "kind": "FlowSchema",
    "metadata": {"name": _USER},
    "spec": {
        "priorityLevelConfiguration": {"name": "exempt"},
        "matchingPrecedence": 10,
        "rules": [
            {
                "subjects": [{"kind": "User", "user": {"name": _USER}}],
                "resourceRules": [
                    {
                        "apiGroups": list(_ALL_BUT_LEASES),
                        "resources": ["*"],
                        "verbs": ["*"],
                        "namespaces": ["*"],
                        "clusterScope": True,
                    }
                ],
            }
        ],
    },
}
"""Nothing is held back by it; it is there to be counted by."""
