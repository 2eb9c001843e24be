"""Pages and API beside a cluster: what it says, syncs by hand, connections written to it."""

import asyncio
import json
from base64 import b64decode
from pathlib import Path

import pytest
import yaml

from infrazen.cluster.access import cluster
from infrazen.cluster.api import ClusterApi
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
from infrazen.services.connection_changes import Changes, change_connection
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


def test_proxies_of_the_environment_are_not_on_the_way_to_the_cluster(
    ui, namespace, world, monkeypatch
):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    manage(world.alpha, f"{namespace}/beget-main")
    applied(ui, namespace)
    [own] = managed.cluster_status(world.alpha.actor(Role.VIEWER)).managed.values()
    assert (own.trouble, own.resource.name) == ("", "beget-main")


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
        kept = connection_secrets(session, **place)
    assert list(kept) == ["password"], "nothing is lost before a sync has proved the Secret"
    with pytest.raises(ManagedElsewhere):
        hand_over(actor, connection_id=world.alpha.connection_id)
    [event] = [
        e
        for e in list_events(world.alpha.actor(Role.OWNER), limit=10)
        if e.action == "connection.hand_over"
    ]
    assert event.details["managed_by"] == f"{namespace}/alpha-main"
    assert "canary" not in repr(event)


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


def break_off(monkeypatch, method, *, afterwards=False):
    """Let a request to the cluster fail once: before it was sent, or after it was carried out."""
    real = getattr(ClusterApi, method)

    def fails(self, *words, only_try=False, **how):
        if only_try:
            return real(self, *words, only_try=True, **how)
        monkeypatch.setattr(ClusterApi, method, real)
        if afterwards:
            real(self, *words, **how)
        raise ClusterUnavailable("it broke off")

    monkeypatch.setattr(ClusterApi, method, fails)


def outcomes(world):
    events = reversed(list_events(world.alpha.actor(Role.OWNER), limit=20))
    found = [(one.action, one.outcome) for one in events]
    return [(action.removeprefix("connection."), outcome) for action, outcome in found]


@pytest.mark.parametrize("afterwards", [False, True])
@pytest.mark.parametrize("method", ["create_secret", "create_connection"])
def test_a_hand_over_that_broke_off_is_gone_on_with(
    ui, namespace, world, monkeypatch, method, afterwards
):
    actor, asked = world.alpha.actor(Role.ADMIN), {"connection_id": world.alpha.connection_id}
    break_off(monkeypatch, method, afterwards=afterwards)
    with pytest.raises(ClusterUnavailable):
        hand_over(actor, **asked)
    card = hand_over(actor, **asked)
    assert card.connection.managed_by == f"{namespace}/alpha-main"
    found = CloudConnection.read(ui.get(RESOURCE, "alpha-main", namespace=namespace))
    assert not found.spec.suspend
    names = [one["metadata"]["name"] for one in ui.get("secret", namespace=namespace)["items"]]
    assert names == [found.spec.credentials_secret_ref.name]
    assert outcomes(world) == [
        ("begin_hand_over", "done"),
        ("hand_over", "ClusterUnavailable"),
        ("begin_hand_over", "done"),
        ("hand_over", "done"),
    ]


def test_what_was_changed_between_two_tries_is_what_is_handed_over(
    ui, namespace, world, monkeypatch
):
    actor, asked = world.alpha.actor(Role.ADMIN), {"connection_id": world.alpha.connection_id}
    break_off(monkeypatch, "create_connection", afterwards=True)
    with pytest.raises(ClusterUnavailable):
        hand_over(actor, **asked)
    changes = Changes(display_name="Another", credentials={"password": "alpha-canary-second"})
    asyncio.run(change_connection(actor, changes=changes, **asked))
    hand_over(actor, **asked)
    found = CloudConnection.read(ui.get(RESOURCE, "alpha-main", namespace=namespace))
    assert found.spec.display_name == "Another"
    secret = ui.get("secret", found.spec.credentials_secret_ref.name, namespace=namespace)
    assert b64decode(secret["data"]["password"]).decode() == "alpha-canary-second"


def test_a_resource_that_could_not_be_woken_is_woken_by_the_next_call(
    ui, namespace, world, monkeypatch
):
    actor, asked = world.alpha.actor(Role.ADMIN), {"connection_id": world.alpha.connection_id}
    break_off(monkeypatch, "change")
    with pytest.raises(ClusterUnavailable, match="still suspended"):
        hand_over(actor, **asked)
    hand_over(actor, **asked)
    found = CloudConnection.read(ui.get(RESOURCE, "alpha-main", namespace=namespace))
    assert not found.spec.suspend
    with pytest.raises(ManagedElsewhere):
        hand_over(actor, **asked)


def test_a_resource_that_somebody_else_made_is_left_as_it_is(ui, namespace, world):
    applied(ui, namespace, name="alpha-main")
    with pytest.raises(Conflict, match="alpha-main"):
        hand_over(world.alpha.actor(Role.ADMIN), connection_id=world.alpha.connection_id)
    assert ui.get("secret", namespace=namespace)["items"] == []
    found = CloudConnection.read(ui.get(RESOURCE, "alpha-main", namespace=namespace))
    assert found.spec.credentials_secret_ref.name == "beget-main"
    card = hand_over(
        world.alpha.actor(Role.ADMIN),
        connection_id=world.alpha.connection_id,
        name="alpha-second",
    )
    assert card.connection.managed_by == f"{namespace}/alpha-second"
