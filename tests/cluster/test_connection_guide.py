"""The commands and manifests in the guide to CloudConnection do what it says."""

import json
import re

import pytest
import yaml

from infrazen.manifests.status import Status, status_document
from tests.cluster.cloud_connections import RESOURCE, ROOT, define, wait_until_explained
from tests.docs.blocks import blocks_of

COMMANDS = [
    command
    for block in blocks_of("cloudconnection", language="bash")
    for command in re.sub(r"\\\n\s*", "", block.text).splitlines()
]
ENDED = "2026-11-26T09:00:20Z"
READY = Status.model_validate(
    {
        "conditions": [
            {
                "type": "Ready",
                "status": "True",
                "observedGeneration": 1,  # kubectl waits for that of the spec
                "lastTransitionTime": ENDED,
            }
        ],
        "lastSync": {
            "trigger": "Spec",
            "phase": "Succeeded",
            "startTime": ENDED,
            "completionTime": ENDED,
        },
    }
)


@pytest.fixture(scope="module")
def server(control_plane):
    define(control_plane)
    return control_plane


@pytest.fixture
def room(server):
    """A namespace that the guide's own commands make."""
    name = "test-guide"
    yield name
    server.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


@pytest.mark.told("cloudconnection")
def test_every_command_works_in_the_guides_order(server, room):
    wait_until_explained(server)
    said = {}
    for command in COMMANDS:
        if command.startswith("kubectl wait"):
            be_ready(server, room)  # no operator runs here
        here = command.replace("finops", room)
        said[command] = server.run("bash", "-c", f"cd {ROOT} && {here}")
    assert "condition met" in answer(said, "kubectl wait")
    last = answer(said, "jsonpath='{.status.lastSync}'")
    assert json.loads(last)["phase"] == "Succeeded"
    assert answer(said, "jsonpath='{.status.removal}'") == "", "it is gone"
    left = server.get(RESOURCE, namespace=room)["items"]
    assert not left
    assert len(COMMANDS) >= 12


def answer(said, words):
    """What the one command said that has ``words`` in it."""
    [found] = [text for command, text in said.items() if words in command]
    return found


def be_ready(server, namespace):
    body = json.dumps({"status": status_document(READY)})
    words = ("patch", RESOURCE, "beget-main", "--subresource=status", "--type=merge")
    server.kubectl(*words, "--patch", body, namespace=namespace)


def test_manifests_in_the_guide_are_taken(server):
    blocks = blocks_of("cloudconnection", language="yaml")
    assert blocks
    for block in blocks:
        document = json.dumps(yaml.safe_load(block.text))
        server.kubectl("apply", "--dry-run=server", "--filename", "-", given=document)
