"""A connection with a key ring behind it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from infrazen.db.session import Database
from infrazen.secret_store.rotation import ensure_master_key
from tests.world import add_connection, add_organization


@dataclass(frozen=True, slots=True)
class Account:
    """One connection, and keyword arguments that name it."""

    organization_id: UUID
    connection_id: UUID

    @property
    def place(self) -> dict[str, Any]:
        return {"organization_id": self.organization_id, "connection_id": self.connection_id}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, database: Database) -> Database:
    """An empty database, on SQLite and then on PostgreSQL."""
    return database if request.param == "sqlite" else request.getfixturevalue("postgres_database")


@pytest.fixture
def account(database: Database) -> Account:
    """A connection in an organization of its own; the key ring is there."""
    with database.writing() as session:
        ensure_master_key(session)
        organization = add_organization(session, "acme")
        return Account(organization, add_connection(session, organization, "main"))
