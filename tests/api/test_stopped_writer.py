"""A process that is stopped while it writes keeps SQLite's one lock: what others get."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrazen.db.session import ANSWER_MS, SQLITE_BUSY_MS
from tests.people import sign_in_owner

WRITE = """
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], isolation_level=None)
store.execute("BEGIN IMMEDIATE")
print("writing", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def owner(api):
    return sign_in_owner()


@pytest.fixture
def stopped_writer(owner, data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that was stopped in the middle of its transaction."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITE, str(data_dir / "infrazen.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGSTOP)
        yield process
        process.kill()


def test_a_change_is_refused_until_the_lock_is_free(api, owner, stopped_writer, monkeypatch):
    monkeypatch.setattr("infrazen.services.use_case.ANSWER_MS", 50)
    me = api.as_session(owner.cookie)
    refused = me.patch("/api/v1/me", json={"name": "Анна"})
    assert (refused.status_code, refused.json()["reason"]) == (503, "StorageBusy")
    assert refused.json()["retry_after"] == int(refused.headers["retry-after"]) == 5
    stopped_writer.kill()
    stopped_writer.wait()
    assert me.patch("/api/v1/me", json={"name": "Анна"}).status_code < 300


def test_what_only_reads_goes_on(api, owner, stopped_writer):
    me = api.as_session(owner.cookie)
    assert me.get("/api/v1/me").status_code == 200
    assert me.get("/api/v1/resources").status_code == 200


def test_signing_in_is_refused_as_well(api, owner, stopped_writer, monkeypatch):
    monkeypatch.setattr("infrazen.services.attempts.ANSWER_MS", 50)
    asked = {"email": "anna@example.com", "password": "does not matter"}
    refused = api.post("/api/auth/login", json=asked)
    assert (refused.status_code, refused.json()["reason"]) == (503, "StorageBusy")


def test_who_waits_for_an_answer_waits_less_than_a_sync():
    assert ANSWER_MS < SQLITE_BUSY_MS
