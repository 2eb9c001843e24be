"""Secrets of connections: kept sealed, opened in place, never rewritten for nothing."""

import pytest
from sqlmodel import select

from infrazen.db.tables.connections import ConnectionKeyRow, ConnectionSecretRow
from infrazen.errors import SecretUnreadable
from infrazen.logs import HIDDEN, redact
from infrazen.secret_store.connection_secrets import (
    connection_secrets,
    forget_connection_secrets,
    secret_facts,
    store_connection_secrets,
)
from infrazen.security.key_ring import KeyRing, format_ring, new_key
from infrazen.settings import settings
from tests.canary import assert_absent_from_database, assert_absent_from_files
from tests.secret_store.conftest import Account
from tests.world import add_connection, add_organization

VALUES = {"password": "canary-of-the-password", "token": "canary-of-the-token"}


def store(database, account, values=VALUES, **more):
    with database.writing() as session:
        store_connection_secrets(session, **account.place, values=values, **more)


def stored(database, account):
    with database.reading() as session:
        return connection_secrets(session, **account.place)


def facts(database, account):
    with database.reading() as session:
        found = secret_facts(
            session,
            organization_id=account.organization_id,
            connections=[account.connection_id],
        )
    return {fact.field: fact for fact in found.get(account.connection_id, ())}


def test_what_is_stored_comes_back(database, account):
    assert stored(database, account) == {}
    store(database, account)
    assert stored(database, account) == VALUES
    assert redact(f"used {VALUES['token']}") == f"used {HIDDEN}"


def test_nothing_readable_is_in_the_database(database, account, data_dir):
    store(database, account)
    for value in VALUES.values():
        assert_absent_from_database(database, canary=value)
        assert_absent_from_files(data_dir, canary=value)


def test_facts_tell_that_it_is_set_and_nothing_more(database, account):
    store(database, account)
    found = facts(database, account)
    assert set(found) == set(VALUES)
    assert all(len(fact.fingerprint) == 8 for fact in found.values())
    assert not any(value in repr(found) for value in VALUES.values())


def test_an_unchanged_value_is_not_written_again(database, account):
    store(database, account)
    before = facts(database, account)
    store(database, account, {"password": VALUES["password"], "token": "another-token"})
    after = facts(database, account)
    assert after["password"] == before["password"]
    assert after["token"].fingerprint != before["token"].fingerprint
    assert after["token"].set_at > before["token"].set_at


def test_fields_not_named_stay_and_removed_ones_go(database, account):
    store(database, account)
    store(database, account, {"password": "a-new-password"})
    assert stored(database, account) == {"password": "a-new-password", "token": VALUES["token"]}
    store(database, account, {}, remove=["token"])
    assert stored(database, account) == {"password": "a-new-password"}


def test_forgetting_leaves_no_key(database, account):
    store(database, account)
    with database.writing() as session:
        forget_connection_secrets(session, **account.place)
    assert stored(database, account) == {}
    with database.reading() as session:
        assert session.exec(select(ConnectionKeyRow)).all() == []


def test_another_organization_gets_nothing(database, account):
    store(database, account)
    with database.writing() as session:
        other = add_organization(session, "other")
    with database.reading() as session:
        place = {"organization_id": other, "connection_id": account.connection_id}
        assert connection_secrets(session, **place) == {}
        chosen = [account.connection_id]
        assert secret_facts(session, organization_id=other, connections=chosen) == {}


@pytest.fixture
def neighbour(database, account) -> Account:
    """Another connection, in another organization, with secrets of its own."""
    with database.writing() as session:
        organization = add_organization(session, "neighbour")
        other = Account(organization, add_connection(session, organization, "main"))
        store_connection_secrets(session, **other.place, values=VALUES)
    return other


def test_a_secret_moved_to_another_connection_does_not_open(database, account, neighbour):
    store(database, account)
    with database.writing() as session:
        rows = session.exec(
            select(ConnectionSecretRow).where(ConnectionSecretRow.field == "password")
        ).all()
        first, second = rows
        first.ciphertext, second.ciphertext = second.ciphertext, first.ciphertext
        session.add_all(rows)
    for each in (account, neighbour):
        with pytest.raises(SecretUnreadable, match="'password'"):
            stored(database, each)


def theirs(rows, neighbour):
    return next(row for row in rows if row.connection_id == neighbour.connection_id)


def test_a_data_key_moved_along_does_not_help(database, account, neighbour):
    store(database, account)
    with database.writing() as session:
        secrets = session.exec(
            select(ConnectionSecretRow).where(ConnectionSecretRow.field == "password")
        ).all()
        wrapped = session.exec(select(ConnectionKeyRow)).all()
        secrets[0].ciphertext = secrets[1].ciphertext = theirs(secrets, neighbour).ciphertext
        wrapped[0].wrapped = wrapped[1].wrapped = theirs(wrapped, neighbour).wrapped
        session.add_all([*secrets, *wrapped])
    with pytest.raises(SecretUnreadable, match="data key"):
        stored(database, account)


def test_swapped_fields_do_not_open(database, account):
    store(database, account)
    with database.writing() as session:
        one, two = session.exec(select(ConnectionSecretRow)).all()
        one.ciphertext, two.ciphertext = two.ciphertext, one.ciphertext
        session.add_all([one, two])
    with pytest.raises(SecretUnreadable):
        stored(database, account)


@pytest.mark.parametrize(
    ("table", "column"), [(ConnectionSecretRow, "ciphertext"), (ConnectionKeyRow, "wrapped")]
)
def test_a_flipped_byte_is_noticed(database, account, table, column):
    store(database, account, {"password": VALUES["password"]})
    with database.writing() as session:
        row = session.exec(select(table)).one()
        changed = bytearray(getattr(row, column))
        changed[-1] ^= 1
        setattr(row, column, bytes(changed))
        session.add(row)
    with pytest.raises(SecretUnreadable):
        stored(database, account)


def test_with_the_master_key_lost_new_credentials_start_afresh(database, account, monkeypatch):
    store(database, account)
    monkeypatch.setenv(
        "INFRAZEN_MASTER_KEYS", format_ring(KeyRing((new_key(),))).replace("\n", ",")
    )
    settings.cache_clear()
    with pytest.raises(SecretUnreadable):
        stored(database, account)
    store(database, account, {"password": "entered-again"})
    assert stored(database, account) == {"password": "entered-again"}
