"""What must hold when many act at the same moment, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from infrazen.db.queries import findings, overrides, resource_counts, resource_totals
from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.db.queries.scope import Scope
from infrazen.db.session import Database, database
from infrazen.db.tables.connections import ConnectionKeyRow
from infrazen.db.tables.people import OrganizationRow, UserRow
from infrazen.domain.bulk_changes import BulkChange
from infrazen.domain.periods import utc_now
from infrazen.domain.recommendations import State
from infrazen.domain.roles import Role
from infrazen.errors import Conflict, InfraZenError, TooManyAttempts, Unauthenticated
from infrazen.secret_store.connection_secrets import connection_secrets, store_connection_secrets
from infrazen.security.access import system_actor
from infrazen.services import (
    audit,
    bulk_changes,
    keys,
    people,
    recommendations,
    resources,
    setup,
    sign_in,
)
from infrazen.services.attempts import PER_NAME
from tests.sync.made_up import MadeUp, made_up, server
from tests.waiting import wait_for
from tests.world import add_connection, add_recommendation

FORM = {
    "organization_name": "Acme",
    "name": "Anna",
    "email": "anna@example.com",
    "password": "correct horse battery",
}


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of ``calls``, or the errors they raised on purpose, all started together."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except InfraZenError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def kinds(results: list[Any]) -> list[type]:
    return [type(result) for result in results]


def test_the_chain_of_the_audit_log_never_forks(each_world):
    owner = each_world.alpha.actor(Role.OWNER)

    def add(number: int) -> Callable[[], Any]:
        return lambda: people.add_person(
            owner, email=f"c{number}@alpha.example", name="C", role=Role.VIEWER
        )

    results = at_once(*(add(number) for number in range(8)))
    assert set(kinds(results)) == {people.NewPassword}
    assert [each.sequence for each in audit.list_events(owner)] == list(range(8, 0, -1))
    assert audit.verify_log(owner) is None


def test_two_owners_cannot_both_resign(each_world):
    alpha = each_world.alpha
    first = alpha.actor(Role.OWNER)
    people.change_role(first, user_id=alpha.users[Role.ADMIN], role=Role.OWNER)
    for _ in range(3):
        results = at_once(
            *(
                lambda user=alpha.users[role]: people.change_role(
                    first, user_id=user, role=Role.VIEWER
                )
                for role in (Role.OWNER, Role.ADMIN)
            )
        )
        assert kinds(results).count(Conflict) == 1
        owners = [each for each in people.list_people(first) if each.role is Role.OWNER]
        assert len(owners) == 1
        for role in (Role.OWNER, Role.ADMIN):
            people.change_role(first, user_id=alpha.users[role], role=Role.OWNER)


def test_the_same_person_is_added_once(each_world):
    owner = each_world.alpha.actor(Role.OWNER)
    results = at_once(
        *[lambda: people.add_person(owner, email="x@alpha.example", name="X", role=Role.VIEWER)] * 4
    )
    assert kinds(results).count(people.NewPassword) == 1
    assert kinds(results).count(Conflict) == 3


def test_guesses_at_the_same_time_are_no_way_around(each_world):
    def guess() -> Any:
        return sign_in.sign_in(
            email=each_world.alpha.email(Role.OWNER), password="a wrong password", address="::1"
        )

    results = at_once(*[guess] * 10)
    assert kinds(results).count(Unauthenticated) == PER_NAME
    assert kinds(results).count(TooManyAttempts) == 10 - PER_NAME


def test_two_setups_make_one_owner(each_database):
    code = setup.issue_setup_code()

    def complete(number: int) -> Callable[[], Any]:
        return lambda: setup.complete_setup(
            code=code,
            **{**FORM, "email": f"anna-{number}@example.com"},
            address=f"192.0.2.{number}",
        )

    results = at_once(*(complete(number) for number in range(6)))
    assert kinds(results).count(sign_in.SignedIn) == 1
    with each_database.reading() as session:
        assert len(session.exec(select(UserRow)).all()) == 1
        assert len(session.exec(select(OrganizationRow)).all()) == 1


def test_first_secrets_of_a_connection_share_one_key(each_world):
    organization = each_world.alpha.organization_id
    with database().writing() as session:
        connection = add_connection(session, organization, "fresh")
    place = {"organization_id": organization, "connection_id": connection}

    def store(number: int) -> Callable[[], Any]:
        def run() -> None:
            with database().writing() as session:
                store_connection_secrets(session, **place, values={f"f{number}": f"value-{number}"})

        return run

    assert at_once(*(store(number) for number in range(6))) == [None] * 6
    with database().reading() as session:
        assert connection_secrets(session, **place) == {f"f{n}": f"value-{n}" for n in range(6)}


def test_no_data_key_is_made_under_a_master_key_that_is_being_retired(each_world):
    organization = each_world.alpha.organization_id
    for number in range(4):
        keys.rotate_keys()
        old = keys.key_status()[1].id
        with database().writing() as session:
            fresh = [add_connection(session, organization, f"r{number}-{n}") for n in range(4)]

        def store(connection: Any) -> Callable[[], Any]:
            def run() -> None:
                with database().writing() as session:
                    store_connection_secrets(
                        session,
                        organization_id=organization,
                        connection_id=connection,
                        values={"password": "a fresh secret"},
                    )

            return run

        results = at_once(lambda key=old: keys.retire_key(key), *map(store, fresh))
        assert results == [None] * 5
        with database().reading() as session:
            ring = {use.id for use in keys.key_status()}
            assert {row.master_key_id for row in session.exec(select(ConnectionKeyRow))} <= ring


@pytest.mark.parametrize(
    "tampering", ["UPDATE audit_event SET actor = 'mallory'", "DELETE FROM audit_event"]
)
def test_tampering_shows_on_both_databases(each_world, tampering):
    owner = each_world.alpha.actor(Role.OWNER)
    people.add_person(owner, email="x@alpha.example", name="X", role=Role.VIEWER)
    assert audit.verify_log(owner) is None
    with database().writing() as session:
        session.connection().exec_driver_sql(tampering)
    assert audit.verify_log(owner) == 1


def _set_owner(account: MadeUp) -> None:
    machine = account.resource_id("vps/id-1")
    actor = system_actor(account.organization_id)
    resources.set_business_context(actor, resource_ids=[machine], values={"owner": "anna"})


def _change_owner(account: MadeUp) -> None:
    which = bulk_changes.Which(ids=(account.resource_id("vps/id-1"),))
    change = BulkChange(context={"owner": "anna"})
    bulk_changes.change_resources(system_actor(account.organization_id), which=which, change=change)


def somebody_waits(store: Database) -> bool:
    """Whether any transaction waits for another's lock."""
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with store.reading() as session:
        return bool(session.scalar(asked))


@pytest.mark.postgres
@pytest.mark.parametrize("write", [_set_owner, _change_owner])
def test_a_resource_is_counted_once_when_a_sync_and_a_person_write(
    postgres_database: Database, write: Callable[[MadeUp], None]
):
    account = made_up(postgres_database)
    account.sync(server(1))

    with ThreadPoolExecutor(1) as pool:
        with postgres_database.writing() as session:
            overrides.hold(session, account.connection_id)
            resource_totals.refresh(session, account.connection_id)
            written = pool.submit(write, account)
            wait_for(lambda: somebody_waits(postgres_database))
        written.result()
    with postgres_database.reading() as session:
        found = resource_counts.summary(session, account.organization_id, ResourceFilter())
    assert (found.count, [one.stated.daily for one in found.sums]) == (1, [22])


@pytest.mark.postgres
def test_a_decision_outlives_the_sync_that_refreshes_what_it_is_about(
    postgres_database: Database,
):
    account = made_up(postgres_database)
    account.sync(server(1))
    place = (account.organization_id, account.connection_id)
    with postgres_database.writing() as session:
        one = add_recommendation(session, *place, account.resource_id("vps/id-1"), saving="60")
    actor = system_actor(account.organization_id)
    scope = Scope(
        organization_id=account.organization_id,
        connection_id=account.connection_id,
        provider="beget",
        snapshot_id=account.snapshots[-1],
        now=utc_now(),
    )
    with ThreadPoolExecutor(1) as pool:
        with postgres_database.writing() as session:
            findings.lock(session, account.connection_id)
            [known] = findings.stored(session, account.connection_id)
            decided = pool.submit(
                recommendations.decide, actor, recommendation_ids=[one], state=State.ACCEPTED
            )
            wait_for(lambda: decided.done() or somebody_waits(postgres_database))
            known.misses = 1
            findings.write(session, scope, [known])
        decided.result()
    found = recommendations.get_recommendation(actor, recommendation_id=one).recommendation
    assert (found.state, found.promised_monthly) == (State.ACCEPTED, 60)
