"""What the API server checks of each provider's settings and credentials.

A custom resource has one schema for ``spec.settings``, whatever the provider: it names the
fields of all of them, as wide as the widest. Rules in CEL narrow it to the provider's own. All
of it is made from the providers' models, so a new provider brings its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from pydantic.alias_generators import to_camel

from infrazen.manifests.spec import needs_credentials
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.forms import form_fields, json_schema

_LONGEST_TEXT = 4096
_RESERVED = frozenset(
    {"true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function"}
    | {"if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"}
)
Schema = dict[str, Any]
Rule = dict[str, str]


def settings_schema(providers: Iterable[ProviderSpec], description: str) -> Schema:
    """The schema of ``spec.settings``; raises ``TypeError`` where providers contradict."""
    fields = {name: _widest(name, told) for name, told in _by_name(providers).items()}
    return {"type": "object", "description": description, "properties": fields}


def provider_rules(providers: Iterable[ProviderSpec]) -> list[Rule]:
    """CEL rules of ``spec``: who needs credentials, whose settings are whose, their limits."""
    every = list(providers)
    found = list(_credentials_rules(every))
    for name, told in _by_name(every).items():
        if len(told) < len(every):
            found.append(_owners_rule(name, sorted(told)))
        found.extend(_limit_rules(name, told))
    return found


def _by_name(
    providers: Iterable[ProviderSpec],
) -> dict[str, dict[str, tuple[ProviderSpec, Schema]]]:
    """Each setting by what a manifest calls it: the providers that have it, and how it is there."""
    found: dict[str, dict[str, tuple[ProviderSpec, Schema]]] = {}
    for spec in providers:
        for name, schema in json_schema(spec.settings)["properties"].items():
            found.setdefault(to_camel(name), {})[spec.slug] = (spec, schema)
    return dict(sorted(found.items()))


def _widest(name: str, told: Mapping[str, tuple[ProviderSpec, Schema]]) -> Schema:
    schemas = [schema for _, schema in told.values()]
    kinds = {schema["type"] for schema in schemas}
    if len(kinds) > 1:
        owners = ", ".join(sorted(told))
        raise TypeError(f"{owners} have a setting {name}, but not of one type: rename one")
    widest: Schema = {"type": kinds.pop(), "description": _description(told)}
    for word, choose in (("minimum", min), ("maximum", max), ("maxLength", max), ("enum", _all)):
        if all(word in schema for schema in schemas):
            widest[word] = choose(schema[word] for schema in schemas)
    if widest["type"] == "string":
        widest.setdefault("maxLength", _LONGEST_TEXT)
    return widest


def _all(options: Iterable[list[str]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(options)))


def _description(told: Mapping[str, tuple[ProviderSpec, Schema]]) -> str:
    """What a setting is; where providers differ, of each of them."""
    texts = {slug: _told(schema) for slug, (_, schema) in told.items()}
    [first, *others] = dict.fromkeys(texts.values())
    owners = ", ".join(spec.title for spec, _ in told.values())
    if not others:
        return f"{owners}: {first}"
    return " ".join(f"{told[slug][0].title}: {text}" for slug, text in texts.items())


def _told(schema: Schema) -> str:
    title = schema["title"][:1].lower() + schema["title"][1:]
    parts = [f"{title}. {schema.get('description', '')}".strip()]
    if "minimum" in schema and "maximum" in schema:
        parts.append(f"From {schema['minimum']:g} to {schema['maximum']:g}.")
    if "default" in schema:
        default = schema["default"]
        shown = str(default).lower() if isinstance(default, bool) else default
        parts.append(f"Default: {shown}.")
    return " ".join(parts)


def _credentials_rules(providers: Iterable[ProviderSpec]) -> Iterator[Rule]:
    for spec in providers:
        if needs_credentials(spec):
            keys = ", ".join(
                field.name for field in form_fields(spec.credentials) if field.required
            )
            yield {
                "rule": f"self.provider != '{spec.slug}' || has(self.credentialsSecretRef)",
                "message": f"{spec.slug} needs credentials: name a Secret of this namespace that"
                f" has {keys}",
                "fieldPath": ".credentialsSecretRef",
            }


def _owners_rule(name: str, owners: list[str]) -> Rule:
    listed = ", ".join(f"'{slug}'" for slug in owners)
    return {
        "rule": f"self.provider in [{listed}] || {_is_absent(name)}",
        "message": f"{name} is a setting of {' and '.join(owners)} alone",
        "fieldPath": f".settings.{name}",
    }


def _limit_rules(name: str, told: Mapping[str, tuple[ProviderSpec, Schema]]) -> Iterator[Rule]:
    """Rules for the providers whose limits are narrower than the widest."""
    widest = _widest(name, told)
    value = f"self.settings.{_escaped(name)}"
    checks = {
        "minimum": (f"{value} >= {{}}", "is at least {}"),
        "maximum": (f"{value} <= {{}}", "is at most {}"),
        "maxLength": (f"{value}.size() <= {{}}", "has at most {} characters"),
        "enum": (f"{value} in {{}}", "is one of {}"),
    }
    for slug, (_, schema) in told.items():
        for word, (expression, meaning) in checks.items():
            limit = schema.get(word)
            if limit is None or limit == widest.get(word):
                continue
            check = expression.format(limit)
            yield {
                "rule": f"self.provider != '{slug}' || {_is_absent(name)} || {check}",
                "message": f"for {slug} {name} {meaning.format(limit)}",
                "fieldPath": f".settings.{name}",
            }


def _is_absent(name: str) -> str:
    return f"!has(self.settings) || !has(self.settings.{_escaped(name)})"


def _escaped(name: str) -> str:
    """``name`` as CEL writes a field that is called like one of its own words."""
    return f"__{name}__" if name in _RESERVED else name
