"""Strict JSON schemas of Kubernetes' own kinds, taken from what an API server says of itself.

    KUBECONFIG=… python tests/chart/kubernetes_schemas.py

writes ``kubernetes.json``, which kubeconform checks the rendered chart against without a cluster
and without a network. A test against a running API server says where it has fallen behind.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("kubernetes.json")
KINDS = {
    "api/v1": ("ConfigMap", "Pod", "Secret", "Service", "ServiceAccount"),
    "apis/apiextensions.k8s.io/v1": ("CustomResourceDefinition",),
    "apis/apps/v1": ("Deployment", "StatefulSet"),
    "apis/autoscaling/v2": ("HorizontalPodAutoscaler",),
    "apis/batch/v1": ("Job",),
    "apis/networking.k8s.io/v1": ("Ingress", "NetworkPolicy"),
    "apis/policy/v1": ("PodDisruptionBudget",),
    "apis/rbac.authorization.k8s.io/v1": (
        "ClusterRole",
        "ClusterRoleBinding",
        "Role",
        "RoleBinding",
    ),
}
_PREFIX = "#/components/schemas/"
_WORDS = ("description", "default", "title", "format", "example", "nullable")


def schemas(ask: Callable[[str], Any]) -> dict[str, Any]:
    """Definitions by name and the name of each kind; ``ask`` gets a path of the API server."""
    kinds: dict[str, str] = {}
    definitions: dict[str, Any] = {}
    for path, names in KINDS.items():
        found = ask(f"/openapi/v3/{path}")["components"]["schemas"]
        for kind in names:
            name = _name_of(found, path, kind)
            kinds[f"{_group_version(path)}/{kind}"] = name
            for needed in _closure(found, name):
                definitions[needed] = _strict(found[needed])
    return {"kinds": kinds, "definitions": dict(sorted(definitions.items()))}


def write_for_kubeconform(folder: Path) -> str:
    """Put a file for each kind into ``folder``; returns the location to hand to kubeconform."""
    known = json.loads(FILE.read_text())
    for kind, name in known["kinds"].items():
        document = {"$ref": f"#/definitions/{name}", "definitions": known["definitions"]}
        # kubeconform says "v1" for the group of what has none.
        grouped = kind if kind.count("/") == 2 else f"v1/{kind}"
        (folder / f"{grouped.replace('/', '_').lower()}.json").write_text(json.dumps(document))
    return location(folder)


def location(folder: Path) -> str:
    """Where kubeconform finds the schema of an apiVersion and kind below ``folder``."""
    return f"{folder}/{{{{ .Group }}}}_{{{{ .ResourceAPIVersion }}}}_{{{{ .ResourceKind }}}}.json"


def _group_version(path: str) -> str:
    return path.removeprefix("apis/").removeprefix("api/")


def _name_of(found: dict[str, Any], path: str, kind: str) -> str:
    group, _, version = _group_version(path).rpartition("/")
    wanted = {"group": group, "version": version, "kind": kind}
    for name, schema in found.items():
        if wanted in schema.get("x-kubernetes-group-version-kind", []):
            return name
    raise LookupError(f"{path} has no {kind}")


def _closure(found: dict[str, Any], name: str) -> Iterator[str]:
    waiting, seen = [name], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            yield name
            waiting += _references(found[name])


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)
    elif isinstance(schema, dict):
        if isinstance(reference := schema.get("$ref"), str):
            yield reference.removeprefix(_PREFIX)
        for each in schema.values():
            yield from _references(each)


def _strict(schema: Any) -> Any:
    """Without words, and closed to fields that Kubernetes does not know."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            kept[key] = {name: _strict(each) for name, each in value.items()}
        elif key == "$ref":
            kept[key] = value.replace(_PREFIX, "#/definitions/")
        elif key not in _WORDS and not key.startswith("x-kubernetes-"):
            kept[key] = _strict(value)
    if "properties" in kept and "additionalProperties" not in kept:
        kept["additionalProperties"] = False
    return kept


def ask_with_kubectl(path: str) -> Any:
    """What the API server of KUBECONFIG answers to a GET of ``path``."""
    command = ["kubectl", "get", "--raw", path]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


if __name__ == "__main__":
    FILE.write_text(json.dumps(schemas(ask_with_kubectl), indent=1) + "\n")
    sys.stdout.write(f"wrote {FILE}\n")
