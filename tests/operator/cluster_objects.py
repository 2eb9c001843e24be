"""Objects as the API server gives them."""

from typing import Any

from infrazen.domain.syncs import Trigger
from infrazen.manifests.names import (
    CONNECTION_UID,
    ORGANIZATION,
    PURPOSE,
    RUN_KEY,
    TRIGGER,
    Purpose,
)

NAMESPACE = "finops"
MOMENT = "2026-11-26T08:00:00Z"


def connection(name: str = "beget-main", *, version: int = 1, **changes: Any) -> dict[str, Any]:
    about = {
        "name": name,
        "namespace": NAMESPACE,
        "uid": f"uid-{name}",
        "generation": 1,
        "resourceVersion": str(version),
        "creationTimestamp": MOMENT,
    }
    spec = {
        "provider": "beget",
        "organization": "acme",
        "credentialsSecretRef": {"name": "beget-main"},
    }
    return {
        "metadata": about | changes.pop("metadata", {}),
        "spec": changes.pop("spec", spec),
        **changes,
    }


def job(
    name: str = "beget-main-0123456789",
    *,
    owner: str = "uid-beget-main",
    version: int = 1,
    purpose: str = Purpose.SYNC,
    conditions: tuple[dict[str, Any], ...] = (),
    **status: Any,
) -> dict[str, Any]:
    return {
        "metadata": {
            "name": name,
            "namespace": NAMESPACE,
            "uid": f"uid-{name}",
            "resourceVersion": str(version),
            "creationTimestamp": MOMENT,
            "labels": {CONNECTION_UID: owner, PURPOSE: purpose, ORGANIZATION: "acme"},
            "annotations": {TRIGGER: Trigger.MANUAL, RUN_KEY: "now"},
        },
        "status": {"conditions": list(conditions), **status},
    }


def ended(type_: str, **more: str) -> dict[str, Any]:
    return {"type": type_, "status": "True", "lastTransitionTime": "2026-11-26T08:05:00Z", **more}


def pod(
    name: str = "beget-main-0123456789-abcde",
    *,
    of: str = "beget-main-0123456789",
    owner: str = "uid-beget-main",
    version: int = 1,
    created: str = MOMENT,
    state: dict[str, Any] | None = None,
    **status: Any,
) -> dict[str, Any]:
    containers = [{"name": "sync", "state": state}] if state else []
    return {
        "metadata": {
            "name": name,
            "namespace": NAMESPACE,
            "uid": f"uid-{name}",
            "resourceVersion": str(version),
            "creationTimestamp": created,
            "labels": {CONNECTION_UID: owner, "batch.kubernetes.io/job-name": of},
        },
        "status": {"containerStatuses": containers, **status},
    }
