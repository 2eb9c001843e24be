"""For each module here a product of its own: what happens in it concerns no other test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infrazen.db.session import Database
from infrazen.domain.roles import Role
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.services.me import update_profile
from tests.e2e.accounts import account_of, apart, own_keys, signed_in
from tests.e2e.conftest import GALLERY
from tests.people import Person, sign_in_colleague, sign_in_owner
from tests.served import Served, served
from tests.simulators import simulator
from tests.stores import sqlite_copy
from tests.sync.account import Account
from tests.world import add_user


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's data directory."""
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def store(folder: Path, migrated_sqlite: Path) -> Iterator[Database]:
    """The server's database."""
    with sqlite_copy(migrated_sqlite, folder) as found:
        yield found


@pytest.fixture(scope="module")
def owner(store: Database) -> Person:
    """The first owner, signed in."""
    return sign_in_owner()


@pytest.fixture(scope="module")
def viewer(owner: Person) -> Person:
    """Somebody of the same organization who only reads."""
    return apart(lambda: sign_in_colleague(owner, Role.VIEWER))


@pytest.fixture(scope="module")
def reader(store: Database, owner: Person) -> Person:
    """Somebody of the same organization who reads English, and whose name is in it."""
    with store.writing() as session:
        add_user(session, owner.actor.organization_id, "english@example.com", Role.OWNER)
    person = signed_in("english@example.com")
    update_profile(person.actor, name="Ann Smith", language="en")
    return person


@pytest.fixture(scope="module")
def keys(store: Database, folder: Path) -> Iterator[None]:
    """This process seals with the server's keys, and connects to private endpoints."""
    with own_keys(store, folder):
        yield


@pytest.fixture(scope="module")
def cloud(keys: None) -> Iterator[SimulatorControl]:
    """Beget's simulator with its reference account."""
    with simulator("beget") as control:
        yield control


@pytest.fixture(scope="module")
def account(store: Database, owner: Person, cloud: SimulatorControl) -> Account:
    """The reference account, synced once."""
    connected = account_of(store, owner, cloud)
    apart(connected.sync)
    return connected


@pytest.fixture(scope="module")
def server(
    web: Path, store: Database, owner: Person, account: Account, folder: Path
) -> Iterator[Served]:
    """The product with the account in it."""
    with served(folder, database=store.url, web=web, **GALLERY) as running:
        yield running
