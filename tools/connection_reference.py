"""The page of the reference about CloudConnection, from the definition that the API server gets."""

from collections.abc import Iterator
from typing import Any

from infrazen.manifests.names import API_VERSION, KIND, PLURAL, SHORT_NAMES
from infrazen.provider_kit.forms import form_fields
from infrazen.providers import all_providers
from infrazen_operator.crd import crd

_INTRO = (
    f"`apiVersion: {API_VERSION}`, `kind: {KIND}`, namespaced; for kubectl `{PLURAL}`, "
    + " or ".join(f"`{name}`" for name in SHORT_NAMES)
    + ". How to use it is in [CloudConnection](../kubernetes/cloudconnection.md);"
    " `kubectl explain cloudconnection.spec` tells the same."
)
_HEAD = "| Field | Type | Default | Meaning |\n|---|---|---|---|\n"
_SECRET = (
    "Keys of the Secret that `credentialsSecretRef` names; those in bold must be there. Where each"
    " value comes from is in the guide to the provider."
)


def connection_page() -> str:
    """Every field of spec and status, what is checked, and the Secret's keys."""
    version = crd(all_providers())["spec"]["versions"][0]
    parts = version["schema"]["openAPIV3Schema"]["properties"]
    checks = [f"- {rule['message']}" for rule in _rules(parts["spec"])]
    sections = [
        f"# {KIND}",
        _INTRO,
        f"## spec\n\n{_HEAD}" + "\n".join(_rows(parts["spec"])),
        "## What the API server checks\n\nBeside types, limits and words:\n\n" + "\n".join(checks),
        f"## Secret\n\n{_SECRET}\n\n" + "\n".join(_secret_lines()),
        f"## status\n\n{_HEAD}" + "\n".join(_rows(parts["status"])),
    ]
    return "\n\n".join(sections) + "\n"


def _rows(node: dict[str, Any], above: str = "") -> Iterator[str]:
    required = node.get("required", ())
    for name, part in node["properties"].items():
        path = f"{above}{name}"
        default = "required" if name in required and not above else _default(part)
        meaning = part["description"].replace("|", "\\|")
        yield f"| `{path}` | {_type(part)} | {default} | {meaning} |"
        inner = part.get("items", part)
        if "properties" in inner:
            yield from _rows(inner, f"{path}[]." if "items" in part else f"{path}.")


def _type(part: dict[str, Any]) -> str:
    if "enum" in part:
        return ", ".join(f"`{word}`" for word in part["enum"] if word)
    if part.get("format") == "date-time":
        return "time"
    kind = "map" if "additionalProperties" in part else part["type"]
    low, high = part.get("minimum"), part.get("maximum")
    if low is not None and high is not None:
        return f"{kind}, {low:g}–{high:g}"
    longest = part.get("maxLength")
    return f"{kind}, up to {longest}" if longest else kind


def _default(part: dict[str, Any]) -> str:
    default = part.get("default")
    if default is None:
        return "—"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _rules(node: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Every rule of a schema once, by its message."""
    found = {rule["message"]: rule for each in _nodes(node) for rule in _own_rules(each)}
    yield from found.values()


def _own_rules(node: dict[str, Any]) -> list[dict[str, str]]:
    return list(node.get("x-kubernetes-validations", ()))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    inner = [node.get("items"), node.get("additionalProperties"), *_properties(node)]
    for part in inner:
        if part:
            yield from _nodes(part)


def _properties(node: dict[str, Any]) -> list[dict[str, Any]]:
    return list(node.get("properties", {}).values())


def _secret_lines() -> Iterator[str]:
    for slug, spec in all_providers().items():
        keys = [
            f"**`{field.name}`**" if field.required else f"`{field.name}`"
            for field in form_fields(spec.credentials)
        ]
        yield f"- [{spec.title}](../connections/{slug}.md): {', '.join(keys)}"
