"""The platform on a node as the chart brings it: its images, its release, a cloud to read.

The images are built from the sources as they are. The cloud is a simulator in the cluster, in a
namespace of its own, as it is no part of the platform.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.kubernetes_cluster import CACHE, Cluster, Refused
from tests.cluster.pods import RESTRICTED, container, pod

CHART = Path(__file__).parents[2] / "charts/infrazen"
PASSWORD = "simulator-password"
CLOUD_PORT = 8091
READY = "--for=condition=Ready"
Thing = dict[str, Any]


def secret(password: str = PASSWORD) -> Thing:
    """The credentials of ``connection()``."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "beget-main"},
        "stringData": {"login": "demo", "password": password},
    }


def connection(namespace: str, **spec: Any) -> Thing:
    """A CloudConnection to the cloud of a platform in ``namespace``."""
    return {
        "apiVersion": "infrazen.io/v1alpha1",
        "kind": "CloudConnection",
        "metadata": {"name": "beget-main"},
        "spec": {
            "provider": "beget",
            "displayName": "Beget, основной",
            "credentialsSecretRef": {"name": "beget-main"},
            "endpoint": f"http://cloud.{namespace}-cloud.svc:{CLOUD_PORT}",
            **spec,
        },
    }


def status_of(node: Cluster, namespace: str) -> Thing:
    """The status of that connection."""
    return node.get("cloudconnection", "beget-main", namespace=namespace).get("status", {})


def conditions(node: Cluster, namespace: str) -> Mapping[str, Thing]:
    """Its conditions by type."""
    return {one["type"]: one for one in status_of(node, namespace).get("conditions", ())}


def ready(node: Cluster, namespace: str, *, seconds: int = 90) -> None:
    """Wait until it is."""
    words = ("wait", READY, "cloudconnection/beget-main", f"--timeout={seconds}s")
    node.kubectl(*words, namespace=namespace)


def asked(node: Cluster, namespace: str, question: str) -> str:
    """What the bundled database answers to a line of SQL."""
    psql = ("psql", "-h", "/var/run/postgresql", "-U", "infrazen", "-tAc", question)
    words = ("exec", "infrazen-postgresql-0", "--", *psql)
    return node.kubectl(*words, namespace=namespace).strip()


@contextmanager
def simulated_cloud(node: Cluster, namespace: str, image: str) -> Iterator[str]:
    """The namespace of a Beget simulator, as long as the block."""
    home = f"{namespace}-cloud"
    named = {"metadata": {"name": home, "labels": RESTRICTED}}
    node.apply({"apiVersion": "v1", "kind": "Namespace", **named})
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cloud"}}
    spec = {"selector": {"app": "cloud"}, "ports": [{"port": CLOUD_PORT}]}
    node.apply({**service, "spec": spec}, namespace=home)
    words = ["simulate", "beget", "--host", "0.0.0.0", "--port", str(CLOUD_PORT)]
    mounts = [{"name": "tmp", "mountPath": "/tmp"}]
    probe = {"tcpSocket": {"port": CLOUD_PORT}, "periodSeconds": 1}
    main = container(image, args=words, volumeMounts=mounts, readinessProbe=probe)
    simulator = pod("cloud", main, volumes=[{"name": "tmp", "emptyDir": {}}])
    node.apply(simulator, namespace=home)
    node.kubectl("wait", READY, "pod/cloud", "--timeout=90s", namespace=home)
    yield home
    node.kubectl("delete", "namespace", home, "--wait=false")


def images(node: Cluster, image: Callable[[str], str]) -> Thing:
    """The chart's value ``images``: those that were built here, and what stands for others."""
    for name in ("postgres", "redis"):
        node.load_image(CACHE / f"images/{name}.tar")
    ours = {name: image(name) for name in ("core", "operator", "ui")}
    others = {"postgresql": "localhost/postgres:1", "redis": "localhost/redis:1"}
    return {name: _parts(reference) for name, reference in (ours | others).items()}


def _parts(reference: str) -> Mapping[str, str]:
    registry, _, rest = reference.partition("/")
    repository, _, tag = rest.partition(":")
    return {"registry": registry, "repository": repository, "tag": tag}


def reaching(namespace: str) -> Thing:
    """Values with which its cloud's address, a private one, is reached."""
    inside = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": f"{namespace}-cloud"}}
    }
    return {
        "environment": {"settings": {"INFRAZEN_ALLOW_PRIVATE_ENDPOINTS": "true"}},
        "networkPolicy": {"extraEgress": [{"to": [inside]}]},
    }


def released(
    node: Cluster, namespace: str, action: str, chart: Path, values: Mapping[str, Any], *words: str
) -> None:
    """Install the chart or upgrade to it, and wait; what pods said is shown where it fails."""
    file = node.kubeconfig.with_name(f"{namespace}-values.json")
    file.write_text(json.dumps(values))
    settled = ("--values", str(file), "--wait", "--timeout", "240s", *words)
    try:
        node.helm(action, "infrazen", str(chart), *settled, namespace=namespace)
    except Refused as refused:
        there = node.kubectl("get", "pods,events", namespace=namespace)
        pods = ("--selector", "app.kubernetes.io/instance=infrazen")
        logs = ("logs", "--all-containers", "--prefix", "--tail=20", *pods)
        pytest.fail(f"{refused}\n{there}\n{node.kubectl(*logs, namespace=namespace)}")
