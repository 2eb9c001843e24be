"""The rights that the operator needs, and no more; the chart's Roles are written from these.

Where it serves some namespaces, ``SERVED`` is a Role in each of them; where it serves all, a
ClusterRole. ``OWN`` is a Role in its own namespace, beside ``SERVED``. None of them touches
Secrets. ``SECRET_WATCH`` is for the separate process that watches Secrets' metadata: Kubernetes
knows no right to read metadata without data.
"""

from dataclasses import dataclass
from typing import Any

from infrazen_operator.kinds import CONNECTIONS, EVENTS, JOBS, LEASES, PODS, SECRETS


@dataclass(frozen=True, slots=True)
class Rule:
    """Verbs allowed on a group's resources, or on some of them by name."""

    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As a Role has it."""
        return {
            "apiGroups": [self.group],
            "resources": list(self.resources),
            "verbs": list(self.verbs),
        }


_SEE = ("get", "list", "watch")

SERVED = (
    Rule(CONNECTIONS.group, (CONNECTIONS.plural,), (*_SEE, "patch")),
    Rule(CONNECTIONS.group, (f"{CONNECTIONS.plural}/status",), ("patch",)),
    Rule(JOBS.group, (JOBS.plural,), (*_SEE, "create", "delete")),
    Rule(PODS.group, (PODS.plural,), _SEE),
    Rule(EVENTS.group, (EVENTS.plural,), ("create", "patch")),
)
OWN = (
    # kopf watches every kind in each namespace, the own one too.
    Rule(CONNECTIONS.group, (CONNECTIONS.plural,), _SEE),
    Rule(JOBS.group, (JOBS.plural,), (*_SEE, "create", "delete")),
    Rule(PODS.group, (PODS.plural,), _SEE),
    Rule(LEASES.group, (LEASES.plural,), ("get", "create", "update")),
)
SECRET_WATCH = (
    Rule(CONNECTIONS.group, (CONNECTIONS.plural,), ("list", "watch", "patch")),
    Rule(SECRETS.group, (SECRETS.plural,), ("list", "watch")),
)


def role(name: str, namespace: str | None, rules: tuple[Rule, ...]) -> dict[str, Any]:
    """A Role in a namespace, or a ClusterRole, with ``rules``."""
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role" if namespace else "ClusterRole",
        "metadata": metadata,
        "rules": [rule.document() for rule in rules],
    }
