"""What can be seen of an installation on a node from outside: logs, figures, memory."""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from prometheus_client.parser import text_string_to_metric_families

from tests.cluster.kubernetes_cluster import Cluster

METRICS = {"operator": "http://127.0.0.1:8081/metrics", "ui": "http://127.0.0.1:8000/metrics"}
FETCH = """
import os, sys, urllib.request
token = os.environ.get("INFRAZEN_METRICS_TOKEN", "")
asked = urllib.request.Request(sys.argv[1], headers={"Authorization": f"Bearer {token}"})
print(urllib.request.urlopen(asked, timeout=10).read().decode())
"""


class Packed(NamedTuple):
    """An image in its archive: how it is to be run, and how large it is unpacked."""

    config: dict[str, Any]
    size: int

    @classmethod
    def read(cls, archive: Path) -> "Packed":
        """The one image of ``archive``."""
        with tarfile.open(archive) as packed:

            def document(name: str) -> Any:
                file = packed.extractfile(name)
                assert file is not None
                return json.load(file)

            (listed,) = document("manifest.json")
            size = sum(packed.getmember(layer).size for layer in listed["Layers"])
            return cls(document(listed["Config"])["config"], size)


def readable(cluster: Cluster, namespace: str) -> Iterator[tuple[str, str]]:
    """All that those read of an installation who may not read Secrets, by where it stands."""
    for kinds in ("cloudconnections", "jobs", "pods", "events", "configmaps", "deployments,leases"):
        yield kinds, cluster.kubectl("get", kinds, "--output", "json", namespace=namespace)
    for pod in cluster.get("pods", namespace=namespace)["items"]:
        name, spec = pod["metadata"]["name"], pod["spec"]
        for container in (*spec.get("initContainers", ()), *spec["containers"]):
            words = ("logs", name, "--container", container["name"], "--tail=-1")
            where = f"the log of {name}, {container['name']}"
            yield where, cluster.kubectl(*words, namespace=namespace)
    for component, url in METRICS.items():
        words = ("exec", f"deployment/infrazen-{component}", "--", "python", "-c", FETCH, url)
        yield f"metrics of the {component}", cluster.kubectl(*words, namespace=namespace)


def memory(cluster: Cluster, namespace: str) -> dict[str, int]:
    """The working sets of all pods that run, by name; nothing while the kubelet lacks one."""
    taken: dict[str, int] = {}
    for node in cluster.get("nodes")["items"]:
        path = f"/api/v1/nodes/{node['metadata']['name']}/proxy/metrics/resource"
        for family in text_string_to_metric_families(cluster.kubectl("get", "--raw", path)):
            if family.name == "pod_memory_working_set_bytes":
                taken |= {
                    one.labels["pod"]: int(one.value)
                    for one in family.samples
                    if one.labels["namespace"] == namespace
                }
    running = cluster.get("pods", "--field-selector=status.phase=Running", namespace=namespace)
    names = [one["metadata"]["name"] for one in running["items"]]
    return {name: taken[name] for name in names} if all(map(taken.get, names)) else {}
