"""Databases that were not made as UTF-8."""

import pytest
from sqlalchemy import create_engine, text

from infrazen.db.migrations import upgrade
from infrazen.db.session import Database, using
from infrazen.services.organizations import ensure_organization
from tests.servers import PostgresServer


@pytest.mark.postgres
def test_a_database_without_an_encoding_keeps_russian_names(postgres: PostgresServer):
    admin = create_engine(
        postgres.url("postgres").replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(
            text("CREATE DATABASE plain TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
        )
    admin.dispose()
    store = Database(postgres.url("plain"))
    upgrade(store)
    with using(store):
        assert ensure_organization("Пример", slug="example").name == "Пример"
    with store.reading() as session:
        kept = session.execute(text("SELECT name FROM organization")).scalar_one()
    store.dispose()
    assert kept == "Пример"
