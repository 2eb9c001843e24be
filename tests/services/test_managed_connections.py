"""Connections of custom resources: made, kept, taken over, released, taken up again, erased."""

import asyncio
import json
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from infrazen.db.queries import audit, connections, runs
from infrazen.db.queries.audit import AuditFilter
from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.errors import AlreadyRunning, Conflict, Invalid, ManagedElsewhere, NotFound
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.security.access import system_actor
from infrazen.services import managed_removal
from infrazen.services.connections import (
    add_connection,
    edit_connection,
    list_connections,
    remove_connection,
    set_suspended,
)
from infrazen.services.managed_connections import apply_connection, forget_old_secrets
from infrazen.services.managed_removal import purge, purge_rows, release
from infrazen.services.resources import search_resources
from infrazen.services.syncs import list_snapshots, run_sync
from infrazen.sync.engine import Order, Trigger
from infrazen.sync.lease import claim
from tests.sync.account import draft
from tests.world import add_organization

HANDLE = "finops/beget-main"
ITS_OWN = {"audit_event", "organization", "master_key"}


@pytest.fixture
def acme(each_database):
    return organization(each_database, "acme")


@pytest.fixture
def other(each_database):
    return organization(each_database, "other")


def organization(store, slug):
    with store.writing() as session:
        ensure_master_key(session)
        return system_actor(add_organization(session, slug), name=HANDLE)


@pytest.fixture
def wanted(beget_simulator):
    """What a resource says, with changes."""
    return lambda **changes: draft(beget_simulator, **{"name": "beget-main", **changes})


def apply(actor, wanted, managed_by=HANDLE, uid=""):
    return asyncio.run(applied(actor, wanted, managed_by, uid))


async def applied(actor, wanted, managed_by, uid):
    return await apply_connection(actor, managed_by=managed_by, uid=uid, draft=wanted)


def add(actor, wanted):
    async def adding():
        return await add_connection(actor, draft=wanted, sync_now=False)

    return asyncio.run(adding()).connection


def sync(actor, made):
    order = Order(
        organization_id=actor.organization_id,
        connection_id=made.connection_id,
        trigger=Trigger.SCHEDULE,
        credentials=made.credentials,
    )
    return run_sync(actor, order, listener=lambda _progress: None)


def known(actor):
    return {card.connection.name: card.connection for card in list_connections(actor)}


def rows(store):
    with store.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in SQLModel.metadata.tables.values()
        }


def logged(store, actor):
    with store.reading() as session:
        wanted = AuditFilter()
        found = audit.events(session, organization_id=actor.organization_id, wanted=wanted)
    assert {event.details["managed_by"] for event in found if "managed_by" in event.details} == {
        HANDLE
    }
    return [event.action.removeprefix("connection.") for event in reversed(found)]


def test_it_is_made_once_and_syncs_with_what_it_was_handed(each_database, acme, wanted):
    made = apply(acme, wanted())
    assert apply(acme, wanted()).connection_id == made.connection_id
    sync(acme, made)
    assert len(search_resources(acme, wanted=ResourceFilter()).lines) == 10
    assert known(acme)["beget-main"].managed_by == HANDLE
    assert rows(each_database)["connection_secret"] == 0
    assert logged(each_database, acme) == ["add"]


def test_nobody_else_changes_it_or_syncs_it_without_its_credentials(acme, wanted):
    made = apply(acme, wanted())
    place = {"connection_id": made.connection_id}
    with pytest.raises(ManagedElsewhere):
        set_suspended(acme, suspended=True, **place)
    with pytest.raises(ManagedElsewhere):
        remove_connection(acme, keep_history=True, **place)
    with pytest.raises(ManagedElsewhere):
        asyncio.run(edit(acme, wanted(), made.connection_id))
    order = Order(organization_id=acme.organization_id, connection_id=made.connection_id)
    with pytest.raises(ManagedElsewhere, match=HANDLE):
        run_sync(acme, order, listener=lambda _progress: None)


async def edit(actor, wanted, connection_id):
    await edit_connection(actor, connection_id=connection_id, draft=wanted)


def test_a_name_that_another_account_has_is_varied(acme, wanted):
    add(acme, wanted(credentials={"login": "another", "password": "x"}))
    apply(acme, wanted())
    assert {name: one.managed_by for name, one in known(acme).items()} == {
        "beget-main": "",
        "beget-main-2": HANDLE,
    }


def test_two_resources_of_one_name_in_two_namespaces(acme, wanted):
    apply(acme, wanted())
    apply(acme, wanted(credentials={"login": "b", "password": "x"}), managed_by="b/beget-main")
    assert {one.managed_by for one in known(acme).values()} == {HANDLE, "b/beget-main"}


def test_two_resources_of_one_account_are_a_conflict_that_names_the_other(acme, wanted):
    apply(acme, wanted())
    with pytest.raises(Conflict, match=HANDLE):
        apply(acme, wanted(), managed_by="b/beget-main")
    apply(acme, wanted(credentials={"login": "b", "password": "x"}), managed_by="b/beget-main")
    with pytest.raises(Conflict, match=HANDLE):
        apply(acme, wanted(), managed_by="b/beget-main")


def test_one_made_by_hand_is_taken_over_with_its_history_by_its_name(each_database, acme, wanted):
    by_hand = add(acme, wanted())
    order = Order(organization_id=acme.organization_id, connection_id=by_hand.id)
    run_sync(acme, order, listener=lambda _progress: None)
    made = apply(acme, wanted())
    assert made.connection_id == by_hand.id
    assert rows(each_database)["connection_secret"] == 1, "until a sync has proved the Secret"
    sync(acme, made)
    (latest, _) = list_snapshots(acme, connection_id=made.connection_id)
    assert (latest.created, latest.unchanged) == (0, 10)
    assert logged(each_database, acme)[-1] == "take-over"
    assert forget_old_secrets(acme, connection_id=by_hand.id)
    assert not forget_old_secrets(acme, connection_id=by_hand.id), "twice is fine"
    assert rows(each_database)["connection_secret"] == 0, "they are in the cluster now"
    assert logged(each_database, acme)[-1] == "forget-secrets"


def test_one_taken_over_and_never_synced_is_given_back_as_it_was(each_database, acme, wanted):
    by_hand = add(acme, wanted(schedule="0 3 * * *"))
    apply(acme, wanted(schedule="0 3 * * *"))
    assert release(HANDLE) == 1
    back = known(acme)["beget-main"]
    assert (back.id, back.managed_by) == (by_hand.id, "")
    assert back.next_sync_at is not None
    order = Order(organization_id=acme.organization_id, connection_id=by_hand.id)
    run_sync(acme, order, listener=lambda _progress: None)
    assert len(search_resources(acme, wanted=ResourceFilter()).lines) == 10
    assert logged(each_database, acme) == ["add", "take-over", "release"]


def test_secrets_of_one_taken_over_go_to_no_other_account(each_database, acme, wanted):
    add(acme, wanted())
    apply(acme, wanted())
    apply(acme, wanted(credentials={"login": "another", "password": "x"}))
    assert rows(each_database)["connection_secret"] == 0


def test_what_is_managed_here_keeps_its_secrets(each_database, acme, wanted):
    by_hand = add(acme, wanted())
    assert not forget_old_secrets(acme, connection_id=by_hand.id)
    assert rows(each_database)["connection_secret"] == 1


def test_one_made_by_hand_of_another_name_is_a_conflict_that_says_how_to_take_it_over(acme, wanted):
    add(acme, wanted(name="by-hand"))
    with pytest.raises(Conflict, match="by-hand: give the CloudConnection that name"):
        apply(acme, wanted())


def test_one_made_by_hand_is_not_taken_over_without_its_secrets(each_database, acme, wanted):
    """A login is no secret: who knows no more has no right to the connection or its data."""
    by_hand = add(acme, wanted())
    with pytest.raises(Conflict, match="with the credentials that are stored there"):
        apply(acme, wanted(credentials={"login": "demo", "password": "guessed"}))
    assert known(acme)[by_hand.name].managed_by == ""
    assert rows(each_database)["connection_secret"] == 1


def test_accounts_that_only_their_key_tells_apart(acme, wanted):
    """Yandex Cloud has one secret and nothing public: the same name is not the same account."""
    facts = {"provider": "yandex", "endpoint": "", "settings": {}}
    add(acme, wanted(**facts, credentials={"key": "one-key"}))
    made = apply(acme, wanted(**facts, credentials={"key": "another-key"}))
    assert known(acme)["beget-main-2"].id == made.connection_id
    assert known(acme)["beget-main"].managed_by == ""
    taken = apply(acme, wanted(**facts, credentials={"key": "one-key"}), managed_by="b/beget-main")
    assert known(acme)["beget-main"].id == taken.connection_id


def key(account, number):
    return json.dumps(
        {"id": f"key-{number}", "service_account_id": account, "private_key": f"canary-{number}"}
    )


SAME_ACCOUNT = {
    "selectel": [
        {"account_id": "1234", "username": "one", "password": "x"},
        {"account_id": "1234", "username": "another", "password": "y"},
        {"account_id": "5678", "username": "one", "password": "x"},
    ],
    "yandex": [{"key": key("aje1", 1)}, {"key": key("aje1", 2)}, {"key": key("aje2", 1)}],
}
"""Two ways into one account, and one into another."""


@pytest.mark.parametrize("provider", SAME_ACCOUNT)
def test_one_account_is_recognised_whichever_key_or_user_opens_it(
    each_database, acme, wanted, provider
):
    facts = {"provider": provider, "endpoint": "", "settings": {}}
    first, second, other = SAME_ACCOUNT[provider]
    made = apply(acme, wanted(**facts, credentials=first))
    with pytest.raises(Conflict, match=HANDLE):
        apply(acme, wanted(**facts, credentials=second), managed_by="b/beget-main")
    with pytest.raises(Conflict, match="connected already"):
        add(acme, wanted(**facts, name="by-hand", credentials=second))
    by_hand = add(acme, wanted(**facts, name="by-hand", credentials=other))
    with pytest.raises(Conflict, match="connected already as by-hand"):
        apply(acme, wanted(**facts, credentials=other))
    with pytest.raises(Conflict, match="connected already"):
        asyncio.run(edit(acme, wanted(**facts, name="by-hand", credentials=second), by_hand.id))
    assert apply(acme, wanted(**facts, credentials=second)).connection_id == made.connection_id
    with each_database.reading() as session:
        found = connections.every(session, organization_id=acme.organization_id)
    assert "canary" not in "".join(one.account_mark for one in found)


def test_one_key_may_read_what_has_nothing_in_common(acme, wanted):
    """Teams that share a service account have folders, or clouds, of their own."""
    facts = {"provider": "yandex", "endpoint": "", "credentials": {"key": key("aje1", 1)}}
    made = apply(acme, wanted(**facts, settings={"folder_ids": "b1a, b1b"}))
    team = {"managed_by": "team/beget-main"}
    for overlapping in ({}, {"folder_ids": "b1b, b1c"}, {"cloud_ids": "b1z"}):
        with pytest.raises(Conflict, match=HANDLE):
            apply(acme, wanted(**facts, settings=overlapping), **team)
    other = apply(acme, wanted(**facts, settings={"folder_ids": "b1c"}), **team)
    assert other.connection_id != made.connection_id
    with pytest.raises(Conflict, match=HANDLE):
        apply(acme, wanted(**facts, settings={"folder_ids": "b1c b1a"}), **team)
    with pytest.raises(Conflict, match="connected already"):
        add(acme, wanted(**facts, name="by-hand", settings={"folder_ids": "b1a"}))
    by_hand = add(acme, wanted(**facts, name="by-hand", settings={"folder_ids": "b1d"}))
    with pytest.raises(Conflict, match="connected already"):
        asyncio.run(edit(acme, wanted(**facts, name="by-hand", settings={}), by_hand.id))
    apart = wanted(**facts, name="by-hand", settings={"folder_ids": "b1e"})
    asyncio.run(edit(acme, apart, by_hand.id))
    assert known(acme)["by-hand"].settings == apart.settings


@pytest.mark.parametrize("provider", SAME_ACCOUNT)
def test_it_is_recognised_where_no_mark_was_kept_yet(each_database, acme, wanted, provider):
    facts = {"provider": provider, "endpoint": "", "settings": {}}
    first, second, _ = SAME_ACCOUNT[provider]
    by_hand = add(acme, wanted(**facts, name="by-hand", credentials=first))
    with each_database.writing() as session:
        place = {"organization_id": acme.organization_id, "connection_id": by_hand.id}
        connections.change(session, **place, values={"account_mark": ""})
    with pytest.raises(Conflict, match="connected already"):
        add(acme, wanted(**facts, name="again", credentials=second))


def test_by_hand_two_keys_are_two_accounts_as_well(acme, wanted):
    facts = {"provider": "yandex", "endpoint": "", "settings": {}}
    add(acme, wanted(**facts, name="one", credentials={"key": "one-key"}))
    add(acme, wanted(**facts, name="another", credentials={"key": "another-key"}))
    with pytest.raises(Conflict):
        add(acme, wanted(**facts, name="third", credentials={"key": "one-key"}))
    assert set(known(acme)) == {"one", "another"}


def test_what_makes_no_sense_makes_nothing(acme, wanted):
    for wrong, field in (
        ({"credentials": {"login": "demo"}}, "password"),
        ({"schedule": "* * * * *"}, "schedule"),
        ({"time_zone": "Nowhere/Atall"}, "time_zone"),
        ({"settings": {"regions": "x"}}, "regions"),
    ):
        with pytest.raises(Invalid) as refused:
            apply(acme, wanted(**wrong))
        assert refused.value.field == field
    assert known(acme) == {}


def test_released_it_is_history_until_the_resource_comes_back(each_database, acme, wanted):
    made = apply(acme, wanted())
    sync(acme, made)
    assert release(HANDLE) == 1
    assert release(HANDLE) == 0, "twice is fine"
    assert known(acme) == {}
    assert len(list_snapshots(acme)) == 1
    assert not search_resources(acme, wanted=ResourceFilter()).lines
    again = apply(acme, wanted())
    assert again.connection_id == made.connection_id
    sync(acme, again)
    assert len(search_resources(acme, wanted=ResourceFilter()).lines) == 10
    assert len(list_snapshots(acme)) == 2
    assert logged(each_database, acme) == ["add", "release", "take-up"]


def test_a_namesake_in_another_cluster_is_refused_and_touches_nothing(each_database, acme, wanted):
    made = apply(acme, wanted(), uid="here")
    before = rows(each_database)
    for name in ("demo", "another"):
        with pytest.raises(Conflict, match="in another cluster") as refused:
            apply(acme, wanted(credentials={"login": name, "password": "x"}), uid="there")
        assert f"infrazen connection release --managed-by {HANDLE}" in str(refused.value)
    assert release(HANDLE, uid="there") == 0
    assert purge(HANDLE, uid="there").connections == 0
    assert rows(each_database) == before
    assert apply(acme, wanted(), uid="here").connection_id == made.connection_id


def test_one_that_was_made_anew_takes_up_what_its_predecessor_left(acme, wanted):
    made = apply(acme, wanted(), uid="before")
    assert release(HANDLE, uid="before") == 1
    assert apply(acme, wanted(), uid="after").connection_id == made.connection_id
    assert release(HANDLE, uid="before") == 0, "a late Job of the predecessor"
    assert known(acme)["beget-main"].managed_uid == "after"


def test_who_runs_the_installation_says_that_a_predecessor_is_gone(acme, wanted):
    made = apply(acme, wanted(), uid="lost")
    assert release(HANDLE) == 1
    assert apply(acme, wanted(), uid="found").connection_id == made.connection_id


def test_connections_from_before_learn_the_uid_by_their_next_sync(each_database, acme, wanted):
    apply(acme, wanted())
    apply(acme, wanted(), uid="here")
    assert known(acme)["beget-main"].managed_uid == "here"
    assert logged(each_database, acme) == ["add"]


def test_taken_up_again_its_name_may_be_taken(acme, wanted):
    made = apply(acme, wanted())
    release(HANDLE)
    add(acme, wanted(credentials={"login": "another", "password": "x"}))
    assert apply(acme, wanted()).connection_id == made.connection_id
    assert known(acme)["beget-main-2"].id == made.connection_id


def test_a_resource_made_anew_for_another_provider_leaves_the_old_history(acme, wanted):
    made = apply(acme, wanted())
    facts = {"provider": "yandex", "endpoint": "", "settings": {}}
    new = apply(acme, wanted(**facts, credentials={"key": "one-key"}))
    assert new.connection_id != made.connection_id
    assert {one.id for one in known(acme).values()} == {new.connection_id}


def test_a_resource_that_moves_to_another_organization_leaves_its_history(acme, other, wanted):
    made = apply(acme, wanted())
    assert release(HANDLE, besides=acme.organization_id) == 0
    assert release(HANDLE, besides=other.organization_id) == 1
    moved = apply(other, wanted())
    assert moved.connection_id != made.connection_id
    assert known(acme) == {}
    assert set(known(other)) == {"beget-main"}


def test_purged_in_batches_not_a_row_is_left(each_database, acme, wanted, monkeypatch):
    made = apply(acme, wanted())
    sync(acme, made)
    sync(acme, made)
    monkeypatch.setattr(managed_removal, "ROWS_A_BATCH", 100)
    far = []
    done = purge(HANDLE, on_progress=far.append)
    assert (done.connections, done.rows) == (1, done.of)
    assert len(far) > 5
    assert far[0].rows == 0
    assert [one.rows for one in far] == sorted(one.rows for one in far)
    assert all(after.rows - before.rows <= 100 for before, after in pairwise(far))
    left = {name for name, count in rows(each_database).items() if count}
    assert left <= ITS_OWN, left - ITS_OWN
    assert purge(HANDLE).connections == 0, "twice is fine"
    assert logged(each_database, acme)[-1] == "purge"


def test_a_purge_that_was_broken_off_goes_on(each_database, acme, wanted, monkeypatch):
    made = apply(acme, wanted())
    sync(acme, made)

    monkeypatch.setattr(managed_removal, "ROWS_A_BATCH", 200)
    far = []

    def stop(erasure):
        far.append(erasure)
        if erasure.rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        purge(HANDLE, on_progress=stop)
    assert known(acme)["beget-main"].is_suspended, "it is there still, and nothing starts it"
    done = purge(HANDLE)
    assert (done.of, done.now) == (far[0].of, far[0].of - far[-1].rows)
    assert known(acme) == {}
    assert rows(each_database)["cost_record"] == 0
    assert logged(each_database, acme).count("purge") == 1


def test_a_purge_in_passes_says_how_far_it_is_and_comes_on_with_each(
    each_database, acme, wanted, monkeypatch
):
    sync(acme, apply(acme, wanted()))
    monkeypatch.setattr(managed_removal, "ROWS_A_BATCH", 400)
    told = [purge(HANDLE, seconds=0)]
    while told[-1].left:
        assert set(known(acme)) == {"beget-main"}
        told.append(purge(HANDLE, seconds=0))
        assert told[-1].rows == told[-2].rows + told[-1].now
        assert told[-1].left < told[-2].left
        assert told[-1].now or not told[-1].left
    assert len(told) > 5
    assert {one.of for one in told} == {told[-1].rows}
    assert known(acme) == {}
    assert logged(each_database, acme).count("purge") == 1


def test_what_was_half_erased_and_is_used_again_is_counted_anew(
    each_database, acme, wanted, monkeypatch
):
    sync(acme, apply(acme, wanted()))
    monkeypatch.setattr(managed_removal, "ROWS_A_BATCH", 400)
    before = purge(HANDLE, seconds=0)
    sync(acme, apply(acme, wanted()))
    again = purge(HANDLE, seconds=0)
    assert again.rows == again.now
    assert again.of > before.left
    assert purge(HANDLE).left == 0
    assert rows(each_database)["resource"] == 0


def test_purging_leaves_everything_else_alone(each_database, acme, wanted):
    by_hand = add(acme, wanted(name="by-hand"))
    order = Order(organization_id=acme.organization_id, connection_id=by_hand.id)
    run_sync(acme, order, listener=lambda _progress: None)
    before = rows(each_database)
    credentials = {"login": "b", "password": "x"}
    apply(acme, wanted(credentials=credentials))
    purge(HANDLE)
    after = rows(each_database)
    assert {**after, "audit_event": 0} == {**before, "audit_event": 0}


@pytest.mark.parametrize("end", [release, purge])
def test_it_is_not_taken_from_a_sync_that_runs(each_database, acme, wanted, end):
    made = apply(acme, wanted())
    with each_database.reading() as session:
        known = connections.get(
            session, organization_id=acme.organization_id, connection_id=made.connection_id
        )
    claim(each_database, known, trigger=Trigger.SCHEDULE, requested_by="x")
    with pytest.raises(AlreadyRunning):
        end(HANDLE)
    with pytest.raises(AlreadyRunning):
        purge_rows(acme, connection_id=made.connection_id, limit=1)
    with each_database.reading() as session:
        assert len(runs.running(session)) == 1


def test_only_what_a_resource_manages_is_purged(acme, wanted):
    by_hand = add(acme, wanted())
    with pytest.raises(NotFound):
        purge_rows(acme, connection_id=by_hand.id, limit=1)
