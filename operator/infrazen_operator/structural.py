"""A Pydantic model as the structural schema that a custom resource is described with."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_KEPT = (
    "type",
    "description",
    "enum",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "maxProperties",
    "x-kubernetes-int-or-string",
    "x-kubernetes-validations",
)


def structural_schema(model: type[BaseModel]) -> dict[str, Any]:
    """``model`` by its aliases: without references, nulls, and what goes without saying.

    An empty default is left out: the operator reads what is absent so, and a resource is not
    filled with it. Python's ``extra`` needs no counterpart: the API server refuses or prunes
    what a schema does not name.
    """
    whole = model.model_json_schema(by_alias=True)
    return _structural(whole, whole.get("$defs", {}))


def _structural(node: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    node = _alone(node, shared)
    schema = {word: node[word] for word in _KEPT if word in node}
    if node.get("default"):
        schema["default"] = node["default"]
    elif node.get("default") is False:
        schema["default"] = False
    if "x-kubernetes-int-or-string" in node:
        schema["anyOf"] = node["anyOf"]
    if "items" in node:
        schema["items"] = _structural(node["items"], shared)
    if node.get("required"):
        schema["required"] = node["required"]
    if "properties" in node:
        parts = node["properties"].items()
        schema["properties"] = {name: _structural(part, shared) for name, part in parts}
    elif isinstance(node.get("additionalProperties"), dict):
        schema["additionalProperties"] = _structural(node["additionalProperties"], shared)
    return schema


def _alone(node: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """``node`` with what it refers to in it; of "something or null" the something."""
    found = dict(node)
    if "$ref" in found:
        target = shared[found.pop("$ref").rpartition("/")[2]]
        return _alone({**target, **found}, shared)
    if "anyOf" in found and "x-kubernetes-int-or-string" not in found:
        [something] = [part for part in found.pop("anyOf") if part.get("type") != "null"]
        return _alone({**something, **found}, shared)
    return found
