"""What the documents take for granted: services outside of a cluster, and one that is empty."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.cluster.cloud_connections import RESOURCE
from tests.cluster.kubernetes_cluster import Cluster
from tests.servers import postgres_server, redis_server
from tests.simulators import simulator

NAMESPACES = ("finops", "team-a")
"""Those of the documents."""
PORTS = {"beget": 8091, "selectel": 8092}
MONITORING = {"ServiceMonitor": "servicemonitors", "PrometheusRule": "prometheusrules"}


@dataclass(frozen=True, slots=True)
class Outside:
    """What an installation uses and does not contain."""

    host: str
    clouds: Mapping[str, str]
    """The address of each provider."""

    def url(self, name: str) -> str:
        """Where a database is, and who owns it."""
        return f"postgresql://infrazen:password@{self.host}/{name}"

    def rows(self, name: str, query: str) -> list[Any]:
        """The first column of what a database answers."""
        with psycopg.connect(self.url(name)) as connection:
            return [row[0] for row in connection.execute(query)]


@contextmanager
def services_outside(host: str, *, databases: Sequence[str]) -> Iterator[Outside]:
    """PostgreSQL and Redis at their usual ports of ``host``, and simulated clouds."""
    with (
        postgres_server(host=host, port=5432) as postgres,
        redis_server(host=host, port=6379),
        simulator("beget", host=host, port=PORTS["beget"]),
        simulator("selectel", host=host, port=PORTS["selectel"]),
    ):
        for name in databases:
            postgres.create_for("infrazen", name)
        yield Outside(host, {slug: f"http://{host}:{port}" for slug, port in PORTS.items()})


@contextmanager
def default_storage(node: Cluster, folder: Path) -> Iterator[None]:
    """A default storage class with one volume, in ``folder`` of the node's machine."""
    for each in (folder, *folder.parents[:3]):
        each.chmod(0o755)
    default = {"storageclass.kubernetes.io/is-default-class": "true"}
    host = {"key": "kubernetes.io/hostname", "operator": "Exists"}
    spec = {
        "capacity": {"storage": "10Gi"},
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "disk",
        "local": {"path": str(folder)},
        "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [host]}]}},
    }
    node.apply(
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": "disk", "annotations": default},
            "provisioner": "kubernetes.io/no-provisioner",
            "volumeBindingMode": "WaitForFirstConsumer",
        },
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": "disk"},
            "spec": spec,
        },
    )
    yield
    node.kubectl("delete", "persistentvolume,storageclass", "disk", "--wait=false")


@contextmanager
def kinds_of_prometheus(node: Cluster) -> Iterator[None]:
    """The kinds of Prometheus' operator, which the chart's options make objects of."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True}
    for kind, plural in MONITORING.items():
        spec = {
            "group": "monitoring.coreos.com",
            "names": {"kind": kind, "plural": plural},
            "scope": "Namespaced",
            "versions": [{**version, "schema": {"openAPIV3Schema": schema}}],
        }
        node.apply(
            {
                "apiVersion": "apiextensions.k8s.io/v1",
                "kind": "CustomResourceDefinition",
                "metadata": {"name": f"{plural}.monitoring.coreos.com"},
                "spec": spec,
            }
        )
    yield
    names = [f"{plural}.monitoring.coreos.com" for plural in MONITORING.values()]
    node.kubectl("delete", "crd", *names, "--wait=false")


def remove_installation(node: Cluster) -> None:
    """Begin to remove all of an installation, the definition of another test's release, too."""
    if node.kubectl("get", "crd", RESOURCE, "--ignore-not-found"):
        for each in node.get(RESOURCE, "--all-namespaces")["items"]:
            meta = each["metadata"]
            nobody = ("--type=merge", "--patch", '{"metadata": {"finalizers": null}}')
            words = ("patch", RESOURCE, meta["name"], *nobody)
            node.kubectl(*words, namespace=meta["namespace"])
        node.kubectl("delete", "crd", RESOURCE)
    node.kubectl("delete", "namespace", *NAMESPACES, "--ignore-not-found", "--wait=false")


def is_installed(node: Cluster) -> bool:
    """Whether something of an installation is still there."""
    return bool(node.kubectl("get", "namespace", *NAMESPACES, "--ignore-not-found"))
