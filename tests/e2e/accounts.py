"""People of organizations of their own, with a cloud account at the simulator or without."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from infrazen.db.session import Database
from infrazen.domain.roles import Role
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.services.connections import add_connection
from infrazen.services.sign_in import principal_for_session, sign_in
from tests.people import Person
from tests.stores import keys_in
from tests.sync.account import Account, draft
from tests.world import PASSWORD, add_organization, add_user

R = TypeVar("R")


def person_of(store: Database, slug: str, role: Role = Role.OWNER) -> Person:
    """Somebody signed in, alone in a new organization."""
    email = f"{role}@{slug}.example"
    with store.writing() as session:
        add_user(session, add_organization(session, slug), email, role)
    return signed_in(email)


def signed_in(email: str) -> Person:
    """A person of ``tests.world``, with a session."""
    cookie = sign_in(email=email, password=PASSWORD).cookie
    principal = principal_for_session(cookie)
    assert principal is not None
    return Person(cookie, principal.actor, email)


def account_of(store: Database, person: Person, simulator: SimulatorControl, **changes) -> Account:
    """The simulator's account, connected in the person's organization but not yet synced."""

    def add():
        return asyncio.run(
            add_connection(person.actor, draft=draft(simulator, **changes), sync_now=False)
        )

    card = apart(add)
    return Account(store=store, actor=person.actor, connection_id=card.connection.id)


def apart(work: Callable[[], R]) -> R:
    """The result of ``work``, done in another thread: the browser's driver runs in this one."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(work).result()


@contextmanager
def own_keys(store: Database, folder: Path) -> Iterator[None]:
    """A data directory for what this process seals, where private endpoints are allowed."""
    with keys_in(folder, INFRAZEN_ALLOW_PRIVATE_ENDPOINTS="true"):
        with store.writing() as session:
            ensure_master_key(session)
        yield
