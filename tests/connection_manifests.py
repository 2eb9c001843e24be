"""Manifests of CloudConnections that tests begin with."""

from typing import Any

from infrazen.manifests.names import API_VERSION, KIND


def connection(name: str = "beget-main", **spec: Any) -> dict[str, Any]:
    """The manifest of a connection to Beget, but for what ``spec`` says (None: left out)."""
    whole = {"provider": "beget", "credentialsSecretRef": {"name": "beget-main"}, **spec}
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": name},
        "spec": {field: value for field, value in whole.items() if value is not None},
    }
