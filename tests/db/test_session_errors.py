"""What the database refuses becomes an error that says what to do and shows no value."""

import socket

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from infrazen.db.session import Database
from infrazen.db.tables.people import UserRow
from infrazen.errors import Invalid, StorageUnavailable
from tests.canary import CANARY, assert_absent


@pytest.mark.postgres
@pytest.mark.parametrize("email", ["a\x00b", "x" * 400])
def test_a_value_that_does_not_fit_is_the_callers_mistake(postgres_database, email):
    with pytest.raises(Invalid), postgres_database.writing() as session:
        session.add(UserRow(email=email, name="X"))


def test_an_error_carries_no_parameters(each_database):
    def add():
        with each_database.writing() as session:
            session.add(UserRow(email="same@example.com", name="X", password_hash=CANARY))

    add()
    with pytest.raises(IntegrityError) as failure:
        add()
    assert_absent(str(failure.value), where="an error of the database")
    with each_database.reading() as session:
        assert len(session.exec(select(UserRow)).all()) == 1


@pytest.mark.parametrize(
    "content", [b"no database" * 1000, b"SQLite format 3\x00" + b"\xff" * 8000]
)
def test_a_damaged_file_says_to_restore_it(tmp_path, content):
    (tmp_path / "infrazen.db").write_bytes(content)
    store = Database(f"sqlite:///{tmp_path / 'infrazen.db'}")
    with pytest.raises(StorageUnavailable, match="damaged: restore"), store.reading() as session:
        session.exec(select(UserRow)).all()
    store.dispose()


@pytest.mark.parametrize("url", ["mysql://user:canary@host/x", "oracle://host/x"])
def test_another_kind_of_database_is_refused_by_name(url):
    with pytest.raises(Invalid, match="PostgreSQL or SQLite") as failure:
        Database(url)
    assert "canary" not in str(failure.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    store = Database(f"sqlite:///{tmp_path / 'file' / 'data' / 'infrazen.db'}")
    with pytest.raises(StorageUnavailable, match="cannot be made"), store.reading():
        pass


def test_a_server_that_says_nothing_is_not_waited_for_long(monkeypatch):
    monkeypatch.setattr("infrazen.db.session.CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = Database(f"postgresql://someone@127.0.0.1:{port}/none")
        with pytest.raises(StorageUnavailable, match="does not answer"), store.reading() as session:
            session.exec(select(UserRow))
        store.dispose()
