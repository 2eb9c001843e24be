"""What a connection's ``jobTemplate`` may add to its Jobs: never rights, never our own names."""

from collections.abc import Mapping
from typing import Any

from infrazen.manifests.names import GROUP
from infrazen.manifests.spec import JobTemplate

_OURS = (GROUP, "batch.kubernetes.io")
_OLD_NAMES = frozenset({"controller-uid", "job-name"})
"""What the Job controller called its labels before they had a prefix, and still sets."""


def allowed(entries: Mapping[str, str]) -> dict[str, str]:
    """Labels or annotations without those that the operator, the Job controller or a policy go by.

    Left out is what belongs to InfraZen or to the Job controller, and what loosens the
    security of a pod, such as annotations for AppArmor.
    """
    return {name: value for name, value in entries.items() if not _is_reserved(name)}


def pod_parts(template: JobTemplate) -> dict[str, Any]:
    """Where a Job's pod may run."""
    tolerations = [
        one.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for one in template.tolerations
    ]
    parts = {"nodeSelector": dict(template.node_selector), "tolerations": tolerations}
    return {name: part for name, part in parts.items() if part}


def resources(
    template: JobTemplate, *, requests: Mapping[str, str], limits: Mapping[str, str]
) -> dict[str, Any]:
    """What a Job's container may use: of each resource what the template says, or the default.

    Where it names one bound of a resource, the default of the other does not hold: a request
    above its limit would be refused.
    """
    wanted = template.resources
    named = wanted.requests.keys() | wanted.limits.keys()

    def merged(own: Mapping[str, Any], default: Mapping[str, str]) -> dict[str, Any]:
        return {name: value for name, value in default.items() if name not in named} | dict(own)

    parts = {
        "requests": merged(wanted.requests, requests),
        "limits": merged(wanted.limits, limits),
    }
    return {name: part for name, part in parts.items() if part}


def _is_reserved(name: str) -> bool:
    prefix, _, word = name.rpartition("/")
    prefix = prefix.lower()
    is_ours = any(prefix == one or prefix.endswith(f".{one}") for one in _OURS)
    loosens = any(part in prefix for part in ("security", "apparmor", "seccomp"))
    return is_ours or loosens or (not prefix and word in _OLD_NAMES)
