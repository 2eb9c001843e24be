import pytest
from sqlalchemy import inspect

from infrazen.db import migrations
from infrazen.db.session import Database
from infrazen.errors import StorageUnavailable


def test_migrations_and_tables_agree(each_database: Database):
    assert migrations.is_current(each_database)
    assert migrations.differences(each_database) == []


def test_upgrading_twice_changes_nothing(each_database: Database):
    assert migrations.upgrade(each_database) == []


def test_a_database_that_is_behind_says_what_to_do(data_dir):
    store = Database(f"sqlite:///{data_dir / 'empty.db'}")
    from infrazen.db.queries import connections

    with pytest.raises(StorageUnavailable, match="infrazen db upgrade"), store.reading() as session:
        connections.every(session)


def test_every_table_of_one_organization_names_it(each_database: Database):
    shared = {"alembic_version", "auth_session", "instance", "lease", "login_attempt"}
    shared |= {"demo_visit", "organization", "user_account"}
    tables = inspect(each_database.engine)
    for name in set(tables.get_table_names()) - shared:
        columns = {column["name"]: column for column in tables.get_columns(name)}
        assert "organization_id" in columns, name
        assert not columns["organization_id"]["nullable"], name
