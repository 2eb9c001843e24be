"""``infrazen up`` as a whole, with a page that stands for the built ones."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from infrazen.cli.exits import Exit
from infrazen.db.queries import runs, snapshots
from infrazen.domain.syncs import SyncStatus
from infrazen.errors import AlreadyRunning
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.providers import all_providers
from infrazen.security.access import demo_actor
from infrazen.services.connections import list_connections
from infrazen.services.demo import demo_organization
from infrazen.services.syncs import request_sync, sync_status
from tests.servers import free_port, is_free
from tests.sync.account import connect
from tests.waiting import wait_for

PAGE = "<!doctype html><title>built</title>"
SUMMARY = {
    "total": "117150.00",
    "trend_percent": -12.5,
    "savings": "10400.00",
    "recommendations": 3,
    "resources": 8,
    "providers": 2,
    "utilisation": {"cpu": 67, "ram": 81, "storage": 43, "network": 29},
}
"""What the demo's accounts come to, as anybody is told."""


@dataclass
class Up:
    """A running ``infrazen up`` and what it said when it was ready."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]

    def get(self, path):
        with urlopen(self.facts["url"] + path, timeout=10) as answer:
            return answer.status, answer.read().decode()

    def stop(self, sign=signal.SIGINT):
        self.process.send_signal(sign)
        self.process.communicate(timeout=15)
        return self.process.returncode


@pytest.fixture
def built(tmp_path):
    web = tmp_path / "web"
    (web / "build/client").mkdir(parents=True)
    (web / "build/client/index.html").write_text(PAGE)
    (web / "backend").mkdir()
    (web / "routes.json").write_text("[]")
    return web


@pytest.fixture
def start(data_dir, built):
    running = []

    def begin(*words):
        command = [sys.executable, "-m", "infrazen", "up", "--json", *words]
        process = subprocess.Popen(
            command,
            env={**os.environ, "REFLEX_WEB_WORKDIR": str(built)},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        running.append(process)
        return Up(process, json.loads(_document(process.stdout)))

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _document(stream):
    lines = []
    for line in stream:
        lines.append(line)
        if line == "}\n":
            break
    return "".join(lines)


def test_a_first_start_serves_pages_and_api_and_offers_the_setup(start, data_dir):
    up = start("--port", str(free_port()))
    assert up.get("/healthz")[0] == 200
    assert json.loads(up.get("/readyz")[1]) == {"database": "ok", "schema": "ok", "keys": "ok"}
    assert up.get("/api/openapi.json")[0] == 200
    assert PAGE in up.get("/")[1]
    assert up.facts["setup_url"].startswith(f"{up.facts['url']}/setup?code=")
    assert up.facts["simulators"] == {}
    assert (data_dir / "keys").exists()
    assert up.stop() == Exit.DONE


def test_a_trial_brings_every_cloud_and_takes_them_away(start):
    up = start("--port", str(free_port()), "--trial")
    clouds = up.facts["simulators"]
    assert sorted(clouds) == sorted(all_providers())
    for url in clouds.values():
        with urlopen(f"{url}/_simulator/state", timeout=10) as answer:
            assert answer.status == 200
    assert up.stop(signal.SIGTERM) == Exit.DONE
    for url in clouds.values():
        assert is_free(urlsplit(url).port)


def test_a_demo_is_built_beside_the_server_and_opens_to_anybody(start, database):
    up = start("--port", str(free_port()), "--demo")
    assert up.facts["demo_url"] == up.facts["url"]
    assert wait_for(demo_organization, seconds=120)
    summary = json.loads(up.get("/api/demo/summary")[1])
    assert summary == SUMMARY
    synced = wait_for(lambda: sync_by_visitor(database), seconds=60)
    assert (synced.status, synced.requested_by) == (SyncStatus.SUCCESS, "demo")
    assert json.loads(up.get("/api/demo/summary")[1]) == summary
    assert up.stop() == Exit.DONE


def sync_by_visitor(database):
    """The first connection's last sync, once a visitor's has ended; asks for it at first."""
    actor = demo_actor(demo_organization())
    (known, *_) = list_connections(actor)
    last = sync_status(actor, connection_id=known.connection.id).last
    if last.requested_by == actor.name:
        return last
    with suppress(AlreadyRunning):
        request_sync(actor, connection_id=known.connection.id)
    return None


def test_a_demo_without_schedules_is_refused(fresh):
    ran = fresh("up", "--demo", "--no-schedules")
    assert ran.returncode == Exit.USAGE
    assert "--demo needs schedules" in ran.stderr


@pytest.mark.parametrize("tell", [os.kill, os.killpg], ids=["the process", "its terminal"])
def test_a_stop_ends_syncs_that_are_at_work(start, database, beget_simulator, tell):
    beget_simulator.fault(Kind.SLOW, path="/v1/vps/server/list", seconds=60)
    connect(beget_simulator, sync_now=True)
    up = start("--port", str(free_port()))
    (run,) = wait_for(lambda: running(database), seconds=60)
    worker = int(run.worker.rpartition(":")[2])
    assert is_alive(worker)
    tell(up.process.pid, signal.SIGINT)
    up.process.communicate(timeout=20)
    assert up.process.returncode == Exit.DONE
    assert not is_alive(worker)
    with database.reading() as session:
        (snapshot,) = snapshots.history(session, organization_id=run.organization_id)
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, "Interrupted")


def running(database):
    with database.reading() as session:
        return runs.running(session)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_without_a_wish_it_takes_the_next_free_port(start):
    first, second = start(), start()
    assert first.facts["url"] != second.facts["url"]
    assert first.get("/healthz")[0] == second.get("/healthz")[0] == 200


def test_a_taken_port_is_one_clear_line(fresh):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        ran = fresh("up", "--port", str(holder.getsockname()[1]))
    assert ran.returncode == Exit.CONFLICT
    assert ran.stderr.startswith("error: port ")
    assert ran.stderr.count("\n") == 1


def test_pages_that_are_not_built_are_one_clear_line(fresh, tmp_path):
    ran = fresh("up", "--port", str(free_port()), REFLEX_WEB_WORKDIR=str(tmp_path / "none"))
    assert ran.returncode == Exit.STORAGE
    assert "make frontend" in ran.stderr


@pytest.mark.postgres
def test_a_servers_database_that_is_behind_is_one_clear_line(fresh, postgres):
    name = postgres.create()
    ran = fresh("up", "--port", str(free_port()), INFRAZEN_DATABASE_URL=postgres.url(name))
    assert ran.returncode == Exit.STORAGE
    assert "infrazen db upgrade" in ran.stderr
    postgres.drop(name)


@pytest.fixture
def fresh(data_dir):
    def run(*words, **environment):
        return subprocess.run(
            [sys.executable, "-m", "infrazen", *words],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run
