"""A product for pictures: a fresh one in a folder of its own, somebody in it, and its server."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from packages import VENV
from steps import ROOT, StepFailed

from infrazen.db.migrations import upgrade
from infrazen.db.session import Database, using
from infrazen.domain.roles import Role
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.security.access import Actor
from infrazen.services.me import update_profile
from infrazen.services.people import add_person
from infrazen.services.sign_in import principal_for_session, sign_in
from infrazen.serving.ports import hold_port, port_of

CHROMIUM = "/usr/bin/chromium"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    actor: Actor
    cookie: str


@contextmanager
def fresh_product(folder: Path) -> Iterator[Database]:
    """An empty installation in ``folder``, in force for this process and its children."""
    os.environ["INFRAZEN_DATA_DIR"] = str(folder)
    os.environ["INFRAZEN_ALLOW_PRIVATE_ENDPOINTS"] = "true"
    store = Database(f"sqlite:///{folder / 'infrazen.db'}")
    upgrade(store)
    with using(store):
        with store.writing() as session:
            ensure_master_key(session)
        yield store
    store.dispose()


def newcomer(by: Actor, *, email: str, name: str, role: Role, language: str = "ru") -> Person:
    """Somebody new in the organization of ``by``, signed in."""
    password = os.urandom(16).hex()
    add_person(by, email=email, name=name, role=role, password=password)
    person = signed_in(sign_in(email=email, password=password).cookie)
    update_profile(person.actor, language=language)
    return person


def signed_in(cookie: str) -> Person:
    """Whoever has this session."""
    principal = principal_for_session(cookie)
    if principal is None:
        raise StepFailed("nobody could sign in")
    return Person(principal.actor, cookie)


@contextmanager
def served() -> Iterator[str]:
    """The address of the running product."""
    with hold_port(host="127.0.0.1", wanted=None, first=8100) as listener:
        port = port_of(listener)
    command = [VENV / "bin/infrazen", "up", "--no-schedules", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx.get(f"{address}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise StepFailed("InfraZen did not start: try `make run` by itself")
