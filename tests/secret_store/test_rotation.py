"""Master keys change while everything runs, and nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from infrazen.db.tables.connections import ConnectionKeyRow
from infrazen.errors import Conflict, NotFound, SecretUnreadable
from infrazen.secret_store.connection_secrets import connection_secrets, store_connection_secrets
from infrazen.secret_store.rotation import (
    add_primary,
    ensure_master_key,
    key_uses,
    retire,
    rewrap_batch,
    waiting_for_rewrap,
)
from infrazen.settings import settings
from tests.secret_store.conftest import Account
from tests.world import add_connection

CONNECTIONS = 25


@pytest.fixture
def accounts(database, account) -> list[Account]:
    """Many connections, each with a secret."""
    with database.writing() as session:
        found = [
            Account(
                account.organization_id, add_connection(session, account.organization_id, f"c{n}")
            )
            for n in range(CONNECTIONS)
        ]
        for number, each in enumerate(found):
            store_connection_secrets(session, **each.place, values={"password": f"canary-{number}"})
    return found


def check_all(database, accounts):
    for number, each in enumerate(accounts):
        with database.reading() as session:
            assert connection_secrets(session, **each.place) == {"password": f"canary-{number}"}


def rotate(database) -> str:
    with database.writing() as session:
        old = key_uses(session)[0].id
        add_primary(session)
    last = None
    while True:
        with database.writing() as session:
            batch = rewrap_batch(session, after=last, limit=4)
        if batch.last is None:
            return old
        assert batch.unreadable == 0
        last = batch.last


def uses(database):
    with database.reading() as session:
        return {use.id: use for use in key_uses(session)}


def test_the_first_run_makes_a_key_and_the_next_does_not(database):
    with database.writing() as session:
        first = ensure_master_key(session)
        again = ensure_master_key(session)
    assert first.created
    assert not again.created
    assert first.path == again.path == settings().key_file.absolute()


def test_a_lost_key_file_is_never_replaced_while_secrets_depend_on_it(database, accounts):
    settings().key_file.unlink()
    with database.writing() as session, pytest.raises(SecretUnreadable, match="restore"):
        ensure_master_key(session)
    assert not settings().key_file.exists()


def test_rotating_twice_under_reads_and_writes_loses_nothing(database, accounts):
    done = threading.Event()
    rounds = []

    def read_on():
        while not done.is_set():
            check_all(database, accounts)
            rounds.append(1)

    def write_on(number):
        count = 0
        while not done.is_set():
            count += 1
            with database.writing() as session:
                place = Account(
                    accounts[0].organization_id,
                    add_connection(session, accounts[0].organization_id, f"new-{number}-{count}"),
                )
                store_connection_secrets(session, **place.place, values={"password": "fresh-one"})
            with database.reading() as session:
                assert connection_secrets(session, **place.place) == {"password": "fresh-one"}

    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit(read_on), pool.submit(read_on), pool.submit(write_on, 1)]
        try:
            for _ in range(2):
                old = rotate(database)
                with database.writing() as session:
                    retire(session, old)
                assert old not in uses(database)
        finally:
            done.set()
        for each in work:
            each.result()
    assert rounds
    check_all(database, accounts)
    assert len(uses(database)) == 1
    with database.reading() as session:
        assert waiting_for_rewrap(session) == 0


def test_whoever_began_reading_before_a_rotation_can_finish(database, accounts):
    """A reader sees the data key as it was wrapped when its transaction began."""
    with database.reading() as session:
        assert connection_secrets(session, **accounts[0].place)
        for _ in range(2):
            old = rotate(database)
            with database.writing() as other:
                retire(other, old)
        last = accounts[-1]
        found = connection_secrets(session, **last.place)
    assert found == {"password": f"canary-{CONNECTIONS - 1}"}
    assert len(uses(database)) == 1


def test_progress_can_be_counted(database, accounts):
    with database.writing() as session:
        add_primary(session)
        assert waiting_for_rewrap(session) == CONNECTIONS
        batch = rewrap_batch(session, after=None, limit=10)
        assert batch.done == 10
        assert waiting_for_rewrap(session) == CONNECTIONS - 10
    check_all(database, accounts)


def test_a_key_in_use_or_primary_or_unknown_is_not_retired(database, accounts):
    (only,) = uses(database)
    with database.writing() as session:
        with pytest.raises(Conflict, match="rotate first"):
            retire(session, only)
        with pytest.raises(NotFound, match="no-such-key"):
            retire(session, "no-such-key")
        add_primary(session)
        with pytest.raises(Conflict, match="still protected"):
            retire(session, only)
    check_all(database, accounts)


def test_a_key_that_cannot_be_opened_is_counted_and_left(database, accounts):
    with database.writing() as session:
        row = session.exec(select(ConnectionKeyRow)).first()
        row.wrapped = bytes(61)
        session.add(row)
        session.flush()
        add_primary(session)
        batch = rewrap_batch(session, after=None, limit=100)
    assert (batch.done, batch.unreadable) == (CONNECTIONS - 1, 1)


def test_keys_that_only_the_database_knows_are_shown(database, accounts):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE connection_key SET master_key_id = 'gone'")
    assert uses(database)["gone"].data_keys == CONNECTIONS
    assert not uses(database)["gone"].in_ring
