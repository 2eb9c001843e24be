"""The health checks that docs/kubernetes/gitops.md gives to Flux, by the API server's own CEL."""

import json
import re

import pytest
import yaml

from infrazen.manifests.names import API_VERSION, KIND
from tests.cluster.kubernetes_cluster import Refused
from tests.docs.blocks import blocks_of

GROUP = "health.example.com"
VERDICTS = ("InProgress", "Failed", "Current")


def condition(type_, status):
    return {"type": type_, "status": status}


HEALTH = [
    ({}, "InProgress"),
    ({"conditions": []}, "InProgress"),
    ({"conditions": [condition("Ready", "Unknown")]}, "InProgress"),
    ({"conditions": [condition("Ready", "False"), condition("Reconciling", "True")]}, "InProgress"),
    ({"conditions": [condition("Ready", "False"), condition("Stalled", "False")]}, "InProgress"),
    ({"conditions": [condition("Ready", "False"), condition("Stalled", "True")]}, "Failed"),
    ({"conditions": [condition("Ready", "True"), condition("Stalled", "False")]}, "Current"),
    ({"conditions": [condition("Ready", "True"), condition("Reconciling", "True")]}, "Current"),
]
"""What a connection's status says, and what Flux makes of it; what is not failed is waited for."""


def expressions():
    """What the page gives to Flux, by the name of the health."""
    shown = map(yaml.safe_load, (block.text for block in blocks_of("gitops", "Flux")))
    kustomization = next(each for each in shown if each["kind"] == "Kustomization")
    [check] = kustomization["spec"]["healthCheckExprs"]
    assert (check["apiVersion"], check["kind"]) == (API_VERSION, KIND)
    return check


def definition():
    """A resource that the server takes where ``verdict`` is what Flux would say of ``status``.

    Flux asks for failure before success, and waits where it finds neither.
    """
    given = expressions()
    failed, current = (
        re.sub(r"\bstatus\.conditions", "self.status.conditions", given[name])
        for name in ("failed", "current")
    )
    verdict = f"({failed}) ? 'Failed' : ({current}) ? 'Current' : 'InProgress'"
    text = {"type": "string", "maxLength": 100}
    said = {"type": "object", "properties": {"type": text, "status": text}}
    conditions = {"type": "array", "maxItems": 10, "items": said}
    fields = {
        "verdict": text,
        "status": {"type": "object", "properties": {"conditions": conditions}},
    }
    schema = {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "properties": fields,
                "x-kubernetes-validations": [{"rule": f"self.verdict == ({verdict})"}],
            }
        },
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"verdicts.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {"plural": "verdicts", "kind": "Verdict"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }


def objects(*told):
    """Resources that say of a status what they think of it."""
    items = [
        {
            "apiVersion": f"{GROUP}/v1",
            "kind": "Verdict",
            "metadata": {"name": f"verdict-{number}"},
            "spec": {"status": status, "verdict": verdict},
        }
        for number, (status, verdict) in enumerate(told)
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def test_flux_is_told_when_a_connection_has_failed_and_when_it_is_there(control_plane, namespace):
    control_plane.apply(definition())
    crd = f"crd/verdicts.{GROUP}"
    control_plane.kubectl("wait", crd, "--for=condition=Established", "--timeout=30s")
    ask = ("create", "--dry-run=server", "--filename", "-")
    control_plane.kubectl(*ask, namespace=namespace, given=objects(*HEALTH))
    wrong = [(status, other) for status, right in HEALTH for other in VERDICTS if other != right]
    with pytest.raises(Refused) as refused:
        control_plane.kubectl(*ask, namespace=namespace, given=objects(*wrong))
    assert str(refused.value).count("failed rule: self.verdict") == len(wrong)
    control_plane.kubectl("delete", crd)
