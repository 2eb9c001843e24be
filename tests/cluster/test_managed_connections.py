"""Pages and API beside a cluster: what it says, syncs by hand, connections written to it."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
import yaml

from infrazen.cluster.access import cluster
from infrazen.db.queries import connections
from infrazen.db.session import database as the_database
from infrazen.domain.roles import Role
from infrazen.errors import (
    ClusterRefused,
    ClusterUnavailable,
    Conflict,
    ManagedElsewhere,
    NotFound,
)
from infrazen.manifests.connection import CloudConnection
from infrazen.manifests.names import REQUESTED_AT
from infrazen.secret_store.connection_secrets import connection_secrets
from infrazen.security.access import demo_actor
from infrazen.services import managed, syncs
from infrazen.services.audit import list_events
from infrazen.services.manifests import hand_over
from infrazen.settings import settings
from tests.cluster.cloud_connections import RESOURCE, define
from tests.connection_manifests import connection

RIGHTS = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {"name": "infrazen-ui"},
    "rules": [
        {
            "apiGroups": ["infrazen.io"],
            "resources": ["cloudconnections"],
            "verbs": ["list", "patch", "create"],
        },
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]},
    ],
}
"""All that pages need, writing connections included."""


@pytest.fixture(scope="module")
def server(control_plane):
    define(control_plane)
    return control_plane


@pytest.fixture
def ui(server, namespace, world, monkeypatch):
    """The installation, with the rights that the documents name, and the server behind it."""
    server.kubectl("create", "serviceaccount", "infrazen-ui", namespace=namespace)
    server.apply(RIGHTS, namespace=namespace)
    words = ("--role=infrazen-ui", f"--serviceaccount={namespace}:infrazen-ui")
    server.kubectl("create", "rolebinding", "infrazen-ui", *words, namespace=namespace)
    account = server.service_account("infrazen-ui", namespace=namespace)
    monkeypatch.setenv("INFRAZEN_CLUSTER", str(account.kubeconfig))
    monkeypatch.setenv("INFRAZEN_CLUSTER_WRITE_NAMESPACE", namespace)
    settings.cache_clear()
    yield server
    cluster().api.close()
    settings.cache_clear()


def settings_file():
    return Path(settings().cluster)


def manage(tenant, name):
    with the_database().writing() as session:
        connections.change(
            session,
            organization_id=tenant.organization_id,
            connection_id=tenant.connection_id,
            values={"managed_by": name},
        )


def applied(server, namespace, name="beget-main", organization="alpha"):
    server.apply(connection(name, organization=organization), namespace=namespace)


def annotations(server, namespace, name="beget-main"):
    return CloudConnection.read(
        server.get(RESOURCE, name, namespace=namespace)
    ).metadata.annotations


def test_what_a_resource_says_is_told_to_its_organization_alone(ui, namespace, world):
    for tenant in (world.alpha, world.beta):
        manage(tenant, f"{namespace}/beget-main")
    applied(ui, namespace)
    said = {"type": "Stalled", "status": "True", "reason": "SecretMissing", "message": "no Secret"}
    moment = "2026-11-26T09:00:00Z"
    patch = {"status": {"conditions": [{**said, "lastTransitionTime": moment}]}}
    words = ("patch", RESOURCE, "beget-main", "--subresource=status", "--type=merge", "--patch")
    ui.kubectl(*words, json.dumps(patch), namespace=namespace)

    [own] = managed.cluster_status(world.alpha.actor(Role.VIEWER)).managed.values()
    assert own.resource.says("Stalled").reason == "SecretMissing"
    assert own.trouble == ""
    [other] = managed.cluster_status(world.beta.actor(Role.VIEWER)).managed.values()
    assert other.resource is None


def test_a_sync_by_hand_sets_the_annotation_once_until_it_is_handled(ui, namespace, world):
    manage(world.alpha, f"{namespace}/beget-main")
    applied(ui, namespace)
    actor = world.alpha.actor(Role.FINOPS)
    asked = {"connection_id": world.alpha.connection_id}
    assert managed.ask_sync(actor, **asked) is True
    [first] = [v for k, v in annotations(ui, namespace).items() if k == REQUESTED_AT]
    assert managed.ask_sync(actor, **asked) is False
    assert world.alpha.connection_id in managed.cluster_status(actor).waiting
    assert annotations(ui, namespace)[REQUESTED_AT] == first

    patch = json.dumps({"status": {"lastHandledReconcileAt": first}})
    words = ("patch", RESOURCE, "beget-main", "--subresource=status", "--type=merge", "--patch")
    ui.kubectl(*words, patch, namespace=namespace)
    cluster().recent.forget(namespace)
    assert managed.cluster_status(actor).waiting == frozenset()
    assert managed.ask_all(actor) == 1
    assert annotations(ui, namespace)[REQUESTED_AT] > first
    assert syncs.sync_activity(actor).waiting == frozenset()
    events = list_events(world.alpha.actor(Role.OWNER), limit=10)
    written = [e.details["managed_by"] for e in events if "managed_by" in e.details]
    assert written == [f"{namespace}/beget-main"] * 2


def test_a_resource_that_is_gone_or_anothers_is_not_asked(ui, namespace, world):
    manage(world.alpha, f"{namespace}/beget-main")
    actor = world.alpha.actor(Role.FINOPS)
    with pytest.raises(NotFound, match="no custom resource"):
        managed.ask_sync(actor, connection_id=world.alpha.connection_id)
    applied(ui, namespace, organization="beta")
    cluster().recent.forget(namespace)
    with pytest.raises(NotFound, match="no custom resource"):
        managed.ask_sync(actor, connection_id=world.alpha.connection_id)
    assert REQUESTED_AT not in annotations(ui, namespace)


def test_a_namespace_without_rights_is_refused(ui, world):
    manage(world.alpha, "default/beget-main")
    actor = world.alpha.actor(Role.FINOPS)
    [found] = managed.cluster_status(actor).managed.values()
    assert found.trouble == ClusterRefused.reason
    with pytest.raises(ClusterRefused):
        managed.ask_sync(actor, connection_id=world.alpha.connection_id)
    assert managed.ask_all(actor) == 0


def test_a_connection_is_handed_over_with_its_secrets(ui, namespace, world):
    place = {
        "organization_id": world.alpha.organization_id,
        "connection_id": world.alpha.connection_id,
    }
    actor = world.alpha.actor(Role.ADMIN)
    card = hand_over(actor, connection_id=world.alpha.connection_id)
    assert card.connection.managed_by == f"{namespace}/alpha-main"
    assert card.connection.next_sync_at is None
    assert card.resources == 1  # the history stays

    found = CloudConnection.read(ui.get(RESOURCE, "alpha-main", namespace=namespace))
    assert found.spec.organization == "alpha"
    assert found.spec.suspend is card.connection.is_suspended
    secret = ui.get("secret", found.spec.credentials_secret_ref.name, namespace=namespace)
    values = {name: b64decode(value).decode() for name, value in secret["data"].items()}
    assert values == {**card.connection.credentials, "password": "alpha-canary-password"}

    with the_database().reading() as session:
        assert connection_secrets(session, **place) == {}
    with pytest.raises(ManagedElsewhere):
        hand_over(actor, connection_id=world.alpha.connection_id)
    [event] = [
        e
        for e in list_events(world.alpha.actor(Role.OWNER), limit=10)
        if e.action == "connection.hand_over"
    ]
    assert event.details == {"managed_by": f"{namespace}/alpha-main"}
    assert "canary" not in repr(event)


def test_a_name_that_is_taken_changes_nothing(ui, namespace, world):
    words = ("secret", "generic", "alpha-main-credentials", "--from-literal=key=theirs")
    ui.kubectl("create", *words, namespace=namespace)
    actor = world.alpha.actor(Role.ADMIN)
    with pytest.raises(Conflict, match="alpha-main-credentials"):
        hand_over(actor, connection_id=world.alpha.connection_id)
    assert ui.get(RESOURCE, namespace=namespace)["items"] == []
    secret = ui.get("secret", "alpha-main-credentials", namespace=namespace)
    assert list(secret["data"]) == ["key"]
    card = hand_over(actor, connection_id=world.alpha.connection_id, name="alpha-second")
    assert card.connection.managed_by == f"{namespace}/alpha-second"


def test_a_cluster_that_has_gone_is_told_so(ui, namespace, world, tmp_path, monkeypatch):
    manage(world.alpha, f"{namespace}/beget-main")
    gone = tmp_path / "kubeconfig"
    words = yaml.safe_load(settings_file().read_text())
    words["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:9"
    gone.write_text(yaml.safe_dump(words))
    monkeypatch.setenv("INFRAZEN_CLUSTER", str(gone))
    settings.cache_clear()
    actor = world.alpha.actor(Role.FINOPS)
    [found] = managed.cluster_status(actor).managed.values()
    assert found.trouble == ClusterUnavailable.reason
    with pytest.raises(ClusterUnavailable):
        managed.ask_sync(actor, connection_id=world.alpha.connection_id)
    assert managed.ask_all(actor) == 0


def test_the_demo_has_nothing_there(ui, world):
    assert managed.cluster_status(demo_actor(world.alpha.organization_id)).managed == {}
