"""Pods for tests, as strict as a namespace for restricted pods wants them."""

from typing import Any

from tests.cluster.kubernetes_cluster import BASE_IMAGE

RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
"""The labels of a namespace that takes no other pods."""
SAFE = {
    "runAsNonRoot": True,
    "readOnlyRootFilesystem": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""Nothing may be written but what is mounted; the image's own user is not root."""
Thing = dict[str, Any]


def container(image: str, **more: Any) -> Thing:
    """A container of ``image``, under the strictest rules."""
    settled = {"name": "main", "imagePullPolicy": "IfNotPresent", "securityContext": SAFE}
    return {**settled, "image": image, **more}


def python(*command: str, **more: Any) -> Thing:
    """A container that runs a Python program on the base image."""
    somebody = {**SAFE, "runAsUser": 65532}
    words = ["python3", "-c", *command]
    return container(BASE_IMAGE, command=words, securityContext=somebody, **more)


def pod(name: str, *containers: Thing, **more: Any) -> Thing:
    """A pod that is gone as soon as it is deleted, with ``app`` as its label."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"terminationGracePeriodSeconds": 0, "containers": list(containers), **more},
    }


def job(name: str, *containers: Thing, **more: Any) -> Thing:
    """A Job whose pod is tried once."""
    spec = {"restartPolicy": "Never", "containers": list(containers), **more}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name},
        "spec": {"backoffLimit": 0, "template": {"spec": spec}},
    }
