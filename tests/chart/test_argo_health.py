"""What Argo CD is told of a CloudConnection's health, run by the Lua that Argo CD has."""

import json
import os
import shutil
import subprocess

import pytest
import yaml

from tests.docs.blocks import blocks_of

KEY = "resource.customizations.health.infrazen.io_CloudConnection"
[SCRIPT] = [
    shown["data"][KEY]
    for block in blocks_of("gitops", "Argo CD", language="yaml")
    if KEY in (shown := yaml.safe_load(block.text)).get("data", {})
]


@pytest.fixture(scope="session")
def lua():
    found = shutil.which("lua5.1")
    if found is None:
        line = "no Lua here: `apt-get install lua5.1`"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(line)
    return found


def literal(value):
    """A value as Lua writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(literal(each) for each in value) + "}"
    return json.dumps(value)


def condition(name, status, message=""):
    return {"type": name, "status": status, "message": message}


READY = condition("Ready", "True", "read everything")
WAITING = condition("Ready", "Unknown", "a sync waits")
FAILED = condition("Ready", "False", "the provider is down")
STALLED = condition("Stalled", "True", "put credentials that work into the Secret")


def connection(*conditions, observed=2, **spec):
    status = {"observedGeneration": observed, "conditions": list(conditions)}
    return {"metadata": {"generation": 2}, "spec": spec, "status": status}


@pytest.mark.parametrize(
    ("resource", "status", "message"),
    [
        ({"metadata": {"generation": 1}, "spec": {}}, "Progressing", "waiting for the operator"),
        (connection(READY, observed=1), "Progressing", "waiting for the operator"),
        (connection(WAITING), "Progressing", "a sync waits"),
        (connection(READY), "Healthy", "read everything"),
        (connection(FAILED), "Degraded", "the provider is down"),
        (connection(FAILED, STALLED), "Degraded", STALLED["message"]),
        (connection(READY, suspend=True), "Suspended", "read everything"),
        (connection(READY, suspend=False), "Healthy", "read everything"),
    ],
)
def test_health_is_what_the_conditions_say(lua, resource, status, message):
    program = f"""
        local function judge(obj)
        {SCRIPT}
        end
        local health = judge({literal(resource)})
        io.write(health.status, "|", health.message)
    """
    done = subprocess.run([lua, "-"], input=program, capture_output=True, text=True, check=True)
    assert done.stdout == f"{status}|{message}"
