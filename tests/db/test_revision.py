import pytest
from sqlalchemy import text

from infrazen.db import migrations, revision
from infrazen.db.session import Database
from infrazen.errors import StorageUnavailable


def test_the_newest_revision_is_the_one_that_alembic_knows():
    assert revision.head() == migrations.head()


def test_a_migrated_database_is_current(each_database):
    assert revision.is_current(each_database)
    with each_database.engine.connect() as connection:
        assert revision.current(connection) == migrations.current(connection)


def test_an_older_database_is_not_current(each_database):
    with each_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert not revision.is_current(each_database)


def test_an_empty_database_has_no_revision(tmp_path):
    store = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert not revision.is_current(store)
    store.dispose()


def test_a_database_that_is_gone_says_so():
    store = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StorageUnavailable, match="does not answer"):
        revision.is_current(store)
