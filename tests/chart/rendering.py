"""Rendering the chart and looking at what came out."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from packaging.version import Version

from tools.chart_release import contents, unpacked, version_of

CHART = Path(__file__).resolve().parents[2] / "charts/infrazen"
RELEASED = CHART.parent / "released"
NAMESPACE = "finops"
Manifest = dict[str, Any]

DIGEST = "sha256:" + "a" * 64
EVERYTHING: dict[str, Any] = {
    "commonLabels": {"team": "platform"},
    "images": {
        "registry": "registry.example.com/mirror",
        "pullSecrets": ["registry"],
        "ui": {"digest": DIGEST},
    },
    "environment": {"settings": {"INFRAZEN_ALLOWED_ENDPOINTS": "cloud.example.com"}},
    "database": {"bundled": {"persistence": {"mode": "Claim", "storageClass": "fast"}}},
    "redis": {"bundled": {"enabled": True}},
    "ui": {
        "trustedProxies": ["10.0.0.0/8"],
        "demo": True,
        "cluster": {"access": "Write"},
        "service": {"type": "NodePort", "nodePort": 30080, "annotations": {"a": "b"}},
        "ingress": {"enabled": True, "className": "nginx", "host": "infrazen.example.com"},
        "gateway": {
            "enabled": True,
            "host": "infrazen.example.com",
            "parentRefs": [{"name": "gw"}],
        },
        "autoscaling": {"enabled": True},
        "podLabels": {"x": "y"},
        "podAnnotations": {"x": "y"},
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"key": "finops", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}
        ],
        "priorityClassName": "high",
    },
    "operator": {
        "replicas": 2,
        "namespaces": ["team-a", "team-b"],
        "organizations": {"team-a": ["acme", "main"], "team-b": ["main"]},
        "podAnnotations": {"x": "y"},
    },
    "secretWatcher": {"enabled": True},
    "serviceAccounts": {"annotations": {"a": "b"}},
    "networkPolicy": {
        "ui": {"from": [{"namespaceSelector": {"matchLabels": {"a": "b"}}}]},
        "metrics": {"from": [{"namespaceSelector": {"matchLabels": {"a": "b"}}}]},
        "extraEgress": [{"ports": [{"port": 8090}], "to": [{"ipBlock": {"cidr": "10.1.2.3/32"}}]}],
    },
    "monitoring": {
        "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
        "prometheusRule": {"enabled": True, "labels": {"release": "prometheus"}},
        "dashboard": {"enabled": True, "annotations": {"folder": "FinOps"}},
    },
}
VALUES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "everything": EVERYTHING,
    "production": {
        "environment": {"existingSecret": "infrazen"},
        "redis": {"existingSecret": {"name": "redis"}},
        "ui": {"replicas": 3, "publicUrl": "https://infrazen.example.com"},
        "operator": {"replicas": 2, "namespaces": ["clouds"]},
        "migrations": {"hook": False},
        "monitoring": {"serviceMonitor": {"enabled": True}},
    },
    "all namespaces": {
        "operator": {"allNamespaces": True, "namespaces": ["team-a"]},
        "secretWatcher": {"enabled": True},
    },
    "external services": {
        "database": {"url": "postgresql://infrazen:password@db.example.com/infrazen"},
        "redis": {"url": "rediss://:password@redis.example.com:6379/0"},
        "jobs": {
            "copyEnvironment": False,
            "resources": {"requests": {"cpu": 2}, "limits": {"cpu": None, "memory": "2Gi"}},
        },
        "operator": {"namespaces": ["team-a"]},
    },
    "without a cluster's connections": {
        "operator": {"enabled": False},
        "ui": {"cluster": {"access": "None"}},
        "networkPolicy": {"enabled": False},
        "crds": {"install": False},
    },
    "OpenShift": {
        "security": {"runAsUser": None, "fsGroup": None},
        "database": {"bundled": {"runAsUser": None}},
        "redis": {"bundled": {"enabled": True, "runAsUser": None}},
        "networkPolicy": {"dns": {"to": [], "ports": [5353]}},
    },
    "kept by nobody": {
        "crds": {"keep": False},
        "database": {"bundled": {"persistence": {"mode": "None"}}},
        "fullnameOverride": "costs",
    },
}
"""What people set, by what it is for."""


class HelmRefused(Exception):
    """Helm did not do it; the message is what it said."""


def find_program(name: str) -> Path | None:
    """A program that checks of the chart need: from the cache of built ones, else from PATH."""
    cache = Path(os.environ.get("INFRAZEN_TEST_CACHE") or Path.home() / ".cache/infrazen-test")
    built = cache / "bin" / name
    found = str(built) if built.exists() else shutil.which(name)
    return Path(found) if found else None


def helm_template(
    helm: Path,
    values: Mapping[str, Any],
    *words: str,
    release: str = "infrazen",
    chart: Path = CHART,
) -> list[Manifest]:
    """The manifests that ``values`` give; raises ``HelmRefused``."""
    command = [helm, "template", release, chart, "--namespace", NAMESPACE, "--values", "-", *words]
    done = subprocess.run(
        command, input=json.dumps(values), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise HelmRefused(done.stderr)
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def previous_release() -> Path:
    """The archive of the newest released version before the chart's present one."""
    present = Version(version_of(contents(CHART)))
    archives = {Version(version_of(unpacked(each))): each for each in RELEASED.glob("*.tgz")}
    return archives[max(version for version in archives if version < present)]


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """The spec of every pod, with kind and name of what makes it."""
    for manifest in manifests:
        name = f"{manifest['kind']}/{manifest['metadata']['name']}"
        if manifest["kind"] == "Pod":
            yield name, manifest["spec"]
        elif "template" in (manifest.get("spec") or {}):
            yield name, manifest["spec"]["template"]["spec"]


def containers(pod: Manifest) -> list[Manifest]:
    """Every container of a pod."""
    return [*pod.get("initContainers", []), *pod["containers"]]


def of_kind(manifests: list[Manifest], *kinds: str) -> list[Manifest]:
    """The manifests of some kinds."""
    return [each for each in manifests if each["kind"] in kinds]


def named(manifests: list[Manifest], kind: str, name: str, namespace: str = NAMESPACE) -> Manifest:
    """The one manifest of a kind and a name."""
    [found] = [
        each
        for each in of_kind(manifests, kind)
        if each["metadata"]["name"] == name
        and each["metadata"].get("namespace", namespace) == namespace
    ]
    return found
