"""Connections that custom resources manage, where the installation knows no cluster."""

import asyncio

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from infrazen.cluster import access
from infrazen.db.queries import connections
from infrazen.domain.roles import Permission, Role
from infrazen.errors import (
    ClusterUnavailable,
    Conflict,
    ManagedElsewhere,
    NotFound,
)
from infrazen.manifests.connection import CloudConnection
from infrazen.manifests.yaml_text import yaml_text
from infrazen.services import managed, syncs
from infrazen.services.connection_changes import Changes, change_connection, try_changes
from infrazen.services.connection_drafts import Draft
from infrazen.services.connections import (
    edit_connection,
    remove_connection,
    set_suspended,
    try_connection,
)
from infrazen.services.manifests import export_manifest, hand_over
from infrazen.settings import settings

DRAFT = Draft(provider="beget", display_name="Another name", credentials={"login": "x"})


@pytest.fixture
def ours(world, database):
    """An organization whose connection Git manages."""
    with database.writing() as session:
        connections.change(
            session,
            organization_id=world.alpha.organization_id,
            connection_id=world.alpha.connection_id,
            values={"managed_by": "finops/beget-main"},
        )
    return world.alpha


@pytest.mark.parametrize(
    "change",
    [
        lambda actor, id_: set_suspended(actor, connection_id=id_, suspended=True),
        lambda actor, id_: remove_connection(actor, connection_id=id_, keep_history=True),
        lambda actor, id_: remove_connection(actor, connection_id=id_, keep_history=False),
        lambda actor, id_: asyncio.run(edit_connection(actor, connection_id=id_, draft=DRAFT)),
        lambda actor, id_: asyncio.run(try_connection(actor, connection_id=id_, draft=DRAFT)),
        lambda actor, id_: asyncio.run(
            change_connection(actor, connection_id=id_, changes=Changes(display_name="Another"))
        ),
        lambda actor, id_: asyncio.run(
            try_changes(actor, connection_id=id_, changes=Changes(credentials={"password": "x"}))
        ),
        lambda actor, id_: syncs.request_sync(actor, connection_id=id_),
        lambda actor, id_: managed.ask_sync(actor, connection_id=id_),
        lambda actor, id_: export_manifest(actor, connection_id=id_),
    ],
)
def test_nothing_here_changes_what_git_manages(ours, database, change):
    place = {"organization_id": ours.organization_id, "connection_id": ours.connection_id}
    with database.reading() as session:
        before = connections.get(session, **place)
    with pytest.raises(ManagedElsewhere):
        change(ours.actor(Role.OWNER), ours.connection_id)
    with database.reading() as session:
        assert connections.get(session, **place) == before


def test_a_refusal_names_the_command(ours):
    with pytest.raises(ManagedElsewhere, match="kubectl annotate cloudconnection beget-main -n"):
        managed.ask_sync(ours.actor(Role.FINOPS), connection_id=ours.connection_id)


def test_all_syncs_are_asked_for_without_it(ours):
    assert managed.ask_all(ours.actor(Role.FINOPS)) == 0
    assert syncs.sync_activity(ours.actor(Role.FINOPS)).waiting == frozenset()


def test_without_a_cluster_only_the_place_is_known(ours):
    found = managed.cluster_status(ours.actor(Role.VIEWER))
    assert not found.is_known
    [one] = found.managed.values()
    assert (one.namespace, one.name, one.resource) == ("finops", "beget-main", None)


def test_others_go_through_the_same_door_into_the_queue(world):
    actor = world.beta.actor(Role.FINOPS)
    assert managed.ask_sync(actor, connection_id=world.beta.connection_id)
    assert managed.ask_all(actor) == 0
    with pytest.raises(NotFound):
        managed.ask_sync(actor, connection_id=world.alpha.connection_id)


def test_a_token_that_may_only_sync_does(world):
    actor = world.beta.token_actor(Role.FINOPS, frozenset({Permission.CONNECTION_SYNC}))
    assert managed.ask_sync(actor, connection_id=world.beta.connection_id)


def test_a_manifest_has_all_but_the_secrets(world):
    actor = world.alpha.actor(Role.VIEWER)
    found = export_manifest(actor, connection_id=world.alpha.connection_id, namespace="finops")
    assert "canary" not in found.yaml
    secret, resource = yaml.safe_load_all(found.yaml)
    assert secret["stringData"]["password"] == ""
    assert all(one["metadata"]["namespace"] == "finops" for one in (secret, resource))
    spec = CloudConnection.read(resource).spec
    assert spec.credentials_secret_ref.name == secret["metadata"]["name"]
    assert (spec.provider, spec.organization) == ("beget", "alpha")
    by_name = export_manifest(actor, name="alpha-main")
    assert "namespace" not in yaml.safe_load(by_name.yaml.split("---")[1])["metadata"]


def test_nothing_is_handed_over_where_that_is_not_allowed(world):
    with pytest.raises(Conflict):
        hand_over(world.alpha.actor(Role.OWNER), connection_id=world.alpha.connection_id)


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20)
leaves = texts | st.booleans() | st.none() | st.integers(-1000, 1000)
documents = st.dictionaries(
    texts,
    st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    ),
    min_size=1,
    max_size=4,
)


@given(st.lists(documents, min_size=1, max_size=3))
def test_any_document_is_read_back_from_its_yaml(given_documents):
    text = yaml_text(given_documents, notes="two\nlines")
    assert list(yaml.safe_load_all(text)) == given_documents


def test_a_kubeconfig_that_is_none_troubles_nobody(ours, tmp_path, monkeypatch):
    for text in ("{", "[]", "clusters: nonsense"):
        file = tmp_path / "kubeconfig"
        file.write_text(text)
        monkeypatch.setenv("INFRAZEN_CLUSTER", str(file))
        settings.cache_clear()
        [found] = managed.cluster_status(ours.actor(Role.VIEWER)).managed.values()
        assert found.trouble == ClusterUnavailable.reason
        access._cluster.cache_clear()
