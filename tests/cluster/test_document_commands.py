"""What the documents say of rights and of a second release, on an API server."""

import pytest
import yaml

from tests.chart.conftest import program
from tests.cluster.cloud_connections import RESOURCE, define
from tests.cluster.kubernetes_cluster import Refused
from tests.cluster.reader import Reader
from tests.docs.blocks import blocks_of
from tests.waiting import wait_for


@pytest.fixture
def reader(control_plane, tmp_path):
    program("helm")
    yield Reader(control_plane, tmp_path, instead={}, variables={})
    for name in ("finops-eu", "team-a"):
        control_plane.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


@pytest.mark.told("install", "A second release in one cluster")
def test_a_second_release_leaves_the_definition_alone(control_plane, reader):
    define(control_plane)
    before = control_plane.get("crd", RESOURCE)["metadata"]
    for block in blocks_of("install", "A second release in one cluster", language="bash"):
        reader.run(block)
    assert control_plane.get("deployment", "infrazen-operator", namespace="finops-eu")
    after = control_plane.get("crd", RESOURCE)["metadata"]
    assert after["resourceVersion"] == before["resourceVersion"]


def test_the_role_for_a_team_lets_it_make_connections_and_read_no_secret(control_plane, reader):
    define(control_plane)
    control_plane.kubectl("create", "namespace", "team-a")
    [shown] = blocks_of("rbac", "Who may make CloudConnections", language="yaml")
    role = yaml.safe_load(shown.text)
    control_plane.apply(role)
    grant = (f"--role={role['metadata']['name']}", "--user=somebody-of-the-team")
    control_plane.kubectl("create", "rolebinding", "team", *grant, namespace="team-a")
    somebody = control_plane.user("somebody-of-the-team")
    [shown] = blocks_of("cloudconnection", "From a Secret to data", language="yaml")
    wait_for(lambda: may(somebody, "create", RESOURCE))
    somebody.apply(yaml.safe_load(shown.text), namespace="team-a")
    somebody.kubectl("delete", RESOURCE, "beget-main", namespace="team-a")
    assert not may(somebody, "get", "secrets")
    assert not may(somebody, "patch", RESOURCE, "--subresource=status")
    assert not may(somebody, "list", RESOURCE, "--all-namespaces")


def may(somebody, verb, kind, *more):
    try:
        words = ("auth", "can-i", verb, kind, *more)
        return somebody.kubectl(*words, namespace="team-a").strip() == "yes"
    except Refused:
        return False
