"""A whole answer of every operation, for those who read the API's description.

Each is put together from what the fields say of themselves (``examples``, enums, formats)
and from ``example_values``, so that a new route has one too.
"""

from collections.abc import Mapping
from typing import Any

from infrazen.api.example_values import FORMATS, TYPES, VALUES

_JSON = "application/json"
_REFERENCE = "#/components/schemas/"
_PYTHON: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}
_AS_TYPE = (None, "date", "date-time")


def add_examples(document: dict[str, Any]) -> None:
    """Give every JSON answer of ``document`` that went well an example."""
    writer = _Writer(document["components"]["schemas"])
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get(_JSON, {})
                if status < "300" and "schema" in content:
                    content["example"] = writer.write(content["schema"])


class _Writer:
    def __init__(self, schemas: Mapping[str, dict[str, Any]]) -> None:
        self._schemas = schemas

    def write(self, schema: dict[str, Any], *, field: str = "", owner: str = "") -> Any:
        """A value of ``schema``, as ``field`` of the schema ``owner`` has it."""
        if (own := f"{owner}.{field}") in VALUES:
            return VALUES[own]
        if "$ref" in schema:
            owner = schema["$ref"].removeprefix(_REFERENCE)
            return self.write(self._schemas[owner], owner=owner)
        for given in ("examples", "enum"):
            if given in schema:
                return schema[given][0]
        if "const" in schema:
            return schema["const"]
        for name in (f"{field}:{_kind(schema)}", field):
            if name in VALUES and _fits(VALUES[name], schema):
                return VALUES[name]
        return self._made(schema, field=field, owner=owner)

    def _made(self, schema: dict[str, Any], *, field: str, owner: str) -> Any:
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self.write(schema[choice][0], field=field, owner=owner)
        if schema.get("type") == "array":
            return [self.write(schema.get("items", {}), field=field, owner=owner)]
        if "properties" in schema:
            return {
                name: self.write(each, field=name, owner=owner)
                for name, each in schema["properties"].items()
            }
        return FORMATS.get(schema.get("format", "")) or TYPES.get(schema.get("type", "object"))


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether ``value`` is of a type that ``schema`` takes, without fields of its own."""
    return any(
        isinstance(value, _PYTHON.get(each.get("type", ""), ()))
        and not (isinstance(value, bool) and each["type"] in ("integer", "number"))
        and "properties" not in each
        and (isinstance(value, list) or each.get("format") in _AS_TYPE)
        for each in schema.get("anyOf", [schema])
    )


def _kind(schema: dict[str, Any]) -> str:
    first = schema.get("anyOf", [schema])[0]
    return str(first.get("format") or first.get("type") or "")
