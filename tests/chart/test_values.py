"""Every value is described, checked, and refused where it is none."""

import json

import pytest
import yaml

from tests.chart.rendering import CHART, HelmRefused, helm_template

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
TEXT = (CHART / "values.yaml").read_text()
DEFAULTS = yaml.safe_load(TEXT)


def part(schema):
    """What stands behind a reference."""
    for each in schema.get("allOf", []):
        return SCHEMA["definitions"][each["$ref"].rpartition("/")[2]]
    return schema


def described(schema, path=()):
    """Every property with its path."""
    for name, inner in part(schema).get("properties", {}).items():
        yield (*path, name), inner
        yield from described(inner, (*path, name))


PROPERTIES = {".".join(path): schema for path, schema in described(SCHEMA)}


def defaults(values, schema, path=()):
    for name, value in values.items():
        inner = part(schema).get("properties", {}).get(name)
        assert inner is not None, f"{'.'.join((*path, name))} is not in the schema"
        yield ".".join((*path, name))
        if isinstance(value, dict) and part(inner).get("properties"):
            yield from defaults(value, inner, (*path, name))


def test_every_value_is_described():
    assert [path for path, schema in PROPERTIES.items() if not schema.get("description")] == []


def test_defaults_and_schema_name_the_same_values():
    optional = {"global"} | {path for path in PROPERTIES if ".resources." in path}
    assert PROPERTIES.keys() - optional == set(defaults(DEFAULTS, SCHEMA)) - optional


def test_every_object_is_closed():
    free = {"global", "affinity"}
    for path, schema in PROPERTIES.items():
        inner = part(schema)
        if inner.get("type") == "object" and path.rpartition(".")[2] not in free:
            assert inner.get("additionalProperties", True) is not True, path


@pytest.mark.parametrize(
    "path", [path for path, schema in PROPERTIES.items() if "properties" in part(schema)]
)
def test_an_unknown_value_is_refused(helm, path):
    values = {"unheardOf": True}
    for name in reversed(path.split(".")):
        values = {name: values}
    with pytest.raises(HelmRefused, match="unheardOf"):
        helm_template(helm, values)


def test_an_unknown_value_is_refused_at_the_top(helm):
    with pytest.raises(HelmRefused, match="replicaCount"):
        helm_template(helm, {"replicaCount": 3})


@pytest.mark.parametrize(
    "values",
    [
        {"ui": {"replicas": "3"}},
        {"ui": {"replicas": 0}},
        {"ui": {"publicUrl": "infrazen.example.com"}},
        {"ui": {"service": {"port": 70000}}},
        {"ui": {"cluster": {"access": "Everything"}}},
        {"ui": {"trustedProxies": ["everybody"]}},
        {"operator": {"namespaces": ["*"]}},
        {"operator": {"namespaces": "team-a"}},
        {"operator": {"organizations": {"team-a": "acme"}}},
        {"images": {"ui": {"digest": "sha256:abc"}}},
        {"images": {"pullPolicy": "Sometimes"}},
        {"database": {"url": "mysql://db.example.com/infrazen"}},
        {"database": {"bundled": {"runAsUser": 0}}},
        {"database": {"bundled": {"persistence": {"mode": True}}}},
        {"security": {"runAsUser": 0}},
        {"environment": {"settings": {"INFRAZEN_MASTER_KEYS": "a:b"}}},
        {"environment": {"settings": {"PATH": "/tmp"}}},
        {"environment": {"settings": {"INFRAZEN_SESSION_HOURS": 8}}},
        {"monitoring": {"serviceMonitor": {"interval": "often"}}},
        {"networkPolicy": {"apiServer": {"ports": []}}},
    ],
    ids=json.dumps,
)
def test_a_value_of_the_wrong_form_is_refused(helm, values):
    with pytest.raises(HelmRefused, match="values don't meet the specifications"):
        helm_template(helm, values)


def test_a_parent_chart_may_share_what_it_likes(helm):
    assert helm_template(helm, {"global": {"imageRegistry": "registry.example.com"}})
