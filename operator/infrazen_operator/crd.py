"""The CustomResourceDefinition of CloudConnection, made from the models that read it.

``make crd`` writes it where the chart has it, and a test compares the two.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from infrazen.manifests.names import (
    CATEGORY,
    GROUP,
    KIND,
    LONGEST_NAME,
    PLURAL,
    SHORT_NAMES,
    SINGULAR,
    VERSION,
)
from infrazen.manifests.spec import Spec
from infrazen.manifests.status import Status
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.providers import all_providers
from infrazen_operator.provider_rules import provider_rules, settings_schema
from infrazen_operator.structural import structural_schema

_HEAD = "# Made by `make crd` from the models in shared/infrazen/manifests; change it there.\n"
_LONGEST_LINE = 100


def crd_text() -> str:
    """The definition as the chart's file has it."""
    written: str = yaml.safe_dump(crd(all_providers()), sort_keys=False, width=_LONGEST_LINE)
    return _HEAD + written


def crd(providers: Mapping[str, ProviderSpec]) -> dict[str, Any]:
    """The definition for these providers, as the API server takes it."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{PLURAL}.{GROUP}",
            "labels": {
                "app.kubernetes.io/name": "infrazen",
                "app.kubernetes.io/part-of": "infrazen",
            },
        },
        "spec": {
            "group": GROUP,
            "names": {
                "kind": KIND,
                "listKind": f"{KIND}List",
                "plural": PLURAL,
                "singular": SINGULAR,
                "shortNames": list(SHORT_NAMES),
                "categories": [CATEGORY],
            },
            "scope": "Namespaced",
            "versions": [_version(providers)],
        },
    }


def _version(providers: Mapping[str, ProviderSpec]) -> dict[str, Any]:
    return {
        "name": VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": _columns(),
        "schema": {
            "openAPIV3Schema": {
                "type": "object",
                "description": "One account at one cloud provider, which is read on a schedule.",
                "required": ["spec"],
                "x-kubernetes-validations": [_name_rule()],
                "properties": {
                    "apiVersion": {"type": "string", "description": f"{GROUP}/{VERSION}."},
                    "kind": {"type": "string", "description": f"{KIND}."},
                    "metadata": {"type": "object"},
                    "spec": spec_schema(providers),
                    "status": _status_schema(),
                },
            }
        },
    }


def spec_schema(providers: Mapping[str, ProviderSpec]) -> dict[str, Any]:
    """The schema of ``spec``, with the rules of each provider."""
    schema = structural_schema(Spec)
    fields = schema["properties"]
    fields["provider"] |= {
        "enum": sorted(providers),
        "x-kubernetes-validations": [
            {
                "rule": "self == oldSelf",
                "message": "the provider of a CloudConnection cannot be changed: make another one",
            }
        ],
    }
    every = [providers[slug] for slug in sorted(providers)]
    fields["settings"] = settings_schema(every, fields["settings"]["description"])
    return {**schema, "x-kubernetes-validations": provider_rules(every)}


def _status_schema() -> dict[str, Any]:
    schema = _of_any_words(structural_schema(Status))
    conditions = schema["properties"]["conditions"]
    conditions |= {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]}
    return schema


def _of_any_words(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` without lists of words: a newer operator may have one more to say.

    A definition that was not upgraded with it would refuse its whole status.
    """
    return {
        name: _of_any_words(part) if isinstance(part, dict) else part
        for name, part in schema.items()
        if name != "enum"
    }


def _name_rule() -> dict[str, str]:
    return {
        "rule": f"self.metadata.name.size() <= {LONGEST_NAME} && !self.metadata.name.contains('.')",
        "message": f"a name has at most {LONGEST_NAME} characters and no dots: it is the value of"
        " a label and the beginning of the names of Jobs",
    }


def _columns() -> list[dict[str, Any]]:
    """What ``kubectl get`` prints; the rest of it with ``-o wide``."""
    ready = '.status.conditions[?(@.type=="Ready")]'
    narrow = [
        ("Provider", "string", ".spec.provider", "The cloud provider."),
        ("Ready", "string", f"{ready}.status", "Whether the data is there and fresh."),
        ("Reason", "string", f"{ready}.reason", "Why it is, or is not."),
        ("Resources", "integer", ".status.lastSync.resources.found", "Found by the last sync."),
        ("Daily cost", "string", ".status.lastSync.cost.payable.daily", "What a day costs."),
        ("Last sync", "date", ".status.lastSync.completionTime", "When the last sync ended."),
        # A date column shows how long ago something was, which the future never is.
        ("Next sync", "string", ".status.nextScheduleTime", "When the next sync is due."),
        ("Age", "date", ".metadata.creationTimestamp", "How long the resource exists."),
    ]
    wide = [
        ("Currency", "string", ".status.lastSync.cost.currency", "What the cost is in."),
        ("Phase", "string", ".status.lastSync.phase", "How the last sync ended."),
        ("Job", "string", ".status.activeJob", "The Job that runs now."),
        ("Erased", "string", ".status.removal.progress", "How much of the data is gone."),
        ("Schedule", "string", ".spec.schedule", "When it is synced."),
        ("Organization", "string", ".spec.organization", "Whom the data belongs to."),
    ]
    return [_column(*each) for each in narrow] + [_column(*each) | {"priority": 1} for each in wide]


def _column(name: str, type: str, path: str, description: str) -> dict[str, Any]:
    return {"name": name, "type": type, "jsonPath": path, "description": description}
