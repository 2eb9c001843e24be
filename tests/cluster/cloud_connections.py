"""CloudConnections on a cluster: their definition, and manifests that tests begin with."""

from pathlib import Path

from infrazen.manifests.names import API_VERSION, GROUP, KIND, PLURAL, VERSION
from tests.cluster.kubernetes_cluster import Cluster, Refused
from tests.waiting import wait_for
from tools.crd import FILE

ROOT = Path(__file__).resolve().parents[2]
RESOURCE = f"{PLURAL}.{GROUP}"


def define(cluster: Cluster) -> None:
    """Make the chart's definition known to ``cluster``, without a warning."""
    cluster.kubectl("apply", "--warnings-as-errors", "--filename", str(FILE))
    cluster.kubectl("wait", f"crd/{RESOURCE}", "--for=condition=Established", "--timeout=30s")


def wait_until_explained(cluster: Cluster) -> None:
    """Wait until the server describes the fields of its new resource, which takes it a moment."""
    path = f"/openapi/v3/apis/{API_VERSION}"
    wait_for(lambda: f".{VERSION}.{KIND}" in _described(cluster, path))


def _described(cluster: Cluster, path: str) -> str:
    try:
        return cluster.kubectl("get", "--raw", path)
    except Refused:
        return ""
