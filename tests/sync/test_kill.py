"""kill -9 at every stage: the run is closed in time, and the next one repairs everything."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from infrazen.db.queries import connections, runs
from infrazen.db.queries.connections import Connection
from infrazen.db.tables.snapshots import SyncSnapshotRow
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import SyncStatus, Trigger
from infrazen.errors import AlreadyRunning, StorageUnavailable
from infrazen.settings import settings
from infrazen.sync.lease import Watchdog, claim
from tests.sync.account import Account, connect
from tests.sync.dying_worker import STAGES

ROOT = Path(__file__).parents[2]
LEASE_SECONDS = 5


@pytest.fixture(autouse=True)
def short_lease(data_dir, monkeypatch):
    monkeypatch.setenv("INFRAZEN_LEASE_SECONDS", str(LEASE_SECONDS))
    settings.cache_clear()


@pytest.fixture
def account(each_database, beget_simulator, monkeypatch) -> Account:
    monkeypatch.setenv("INFRAZEN_DATABASE_URL", each_database.url)
    return connect(beget_simulator)


@contextmanager
def worker(account: Account, stage: str) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-m",
        "tests.sync.dying_worker",
        stage,
        str(account.actor.organization_id),
        str(account.connection_id),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def stored_connection(account: Account) -> Connection:
    with account.store.reading() as session:
        return connections.get(
            session,
            organization_id=account.actor.organization_id,
            connection_id=account.connection_id,
        )


def look_silent(account: Account) -> None:
    with account.store.writing() as session:
        session.execute(update(SyncSnapshotRow).values(beat_at=utc_now() - timedelta(hours=1)))


def kill_at(account: Account, stage: str) -> None:
    with worker(account, stage) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"reached {stage}\n"


def close_dead(account: Account) -> float:
    """Seconds until the watchdog has closed the dead run."""
    watchdog, started = Watchdog(account.store), time.monotonic()
    while not watchdog.look():
        assert time.monotonic() - started < 60
        time.sleep(0.2)
    return time.monotonic() - started


def contents(account: Account) -> list[object]:
    """All that a sync writes, apart from its own moment."""
    questions = (
        "SELECT type, external_id, name, status, daily_cost, is_active FROM resource ORDER BY 1, 2",
        "SELECT count(*) FROM resource_state",
        "SELECT count(*), sum(effective_cost) FROM cost_record",
        "SELECT measure, sum(total) FROM cost_trend GROUP BY 1 ORDER BY 1",
        "SELECT count(*) FROM resource_component",
        "SELECT count(*) FROM resource_usage_summary",
        "SELECT payable_daily, listed_daily FROM reconciliation",
    )
    with account.store.reading() as session:
        return [list(session.execute(text(question))) for question in questions]


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_sync_is_closed_and_the_next_repairs_everything(account, stage):
    kill_at(account, stage)
    assert contents(account)[0] == []
    assert close_dead(account) < LEASE_SECONDS + 10
    with account.store.reading() as session:
        (dead,) = session.execute(
            text("SELECT status, error_reason, finished_at FROM sync_snapshot")
        )
    assert dead[:2] == ("error", "WorkerDied")
    assert dead[2] is not None
    assert account.sync().status is SyncStatus.PARTIAL
    assert len(contents(account)[0]) == 10
    again = account.sync()
    assert (again.unchanged, again.found) == (10, 10)


def test_a_sync_killed_after_its_end_has_ended_well(account):
    kill_at(account, "committed")
    with account.store.reading() as session:
        (ended,) = session.execute(text("SELECT status, finished_at FROM sync_snapshot"))
    assert ended[0] == "partial"
    assert ended[1] is not None
    assert len(contents(account)[0]) == 10
    again = account.sync()
    assert (again.unchanged, again.found) == (10, 10)


def test_a_sync_killed_over_an_older_one_leaves_that_one_whole(account, beget_simulator):
    account.sync()
    before = contents(account)
    servers = beget_simulator.ids("vps")
    beget_simulator.change("vps", servers[0], {"display_name": "renamed"})
    kill_at(account, "costs written")
    assert contents(account) == before
    close_dead(account)
    assert account.sync().updated == 1


def test_a_worker_that_slept_through_its_lease_writes_nothing(account):
    """A machine that was suspended, or a process that was stopped, and wakes up later."""
    wakes_up_too_late(account, "reading")


@pytest.mark.postgres
def test_a_worker_that_slept_in_its_transaction_writes_nothing(
    postgres_database, beget_simulator, monkeypatch
):
    """The server ends a transaction that does nothing for long; its locks are in the way.

    On SQLite the one lock keeps everybody out, so nobody can close its run meanwhile.
    """
    monkeypatch.setenv("INFRAZEN_DATABASE_URL", postgres_database.url)
    wakes_up_too_late(connect(beget_simulator), "costs written")


def put_to_sleep(process: subprocess.Popen[str], account: Account) -> None:
    """Stop the process, but not in the moment in which a heartbeat holds SQLite's one lock."""
    while True:
        process.send_signal(signal.SIGSTOP)
        try:
            with account.store.writing():
                return
        except StorageUnavailable:
            process.send_signal(signal.SIGCONT)
            time.sleep(0.1)


def wakes_up_too_late(account: Account, stage: str) -> None:
    with worker(account, stage) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        put_to_sleep(process, account)
        close_dead(account)
        assert account.sync().created == 10
        before = contents(account)
        process.send_signal(signal.SIGCONT)
        process.stdin.write("go on\n")
        process.stdin.flush()
        assert process.stdout.readline() == "error\n"
    assert contents(account) == before
    with account.store.reading() as session:
        ended = session.execute(
            text("SELECT status, error_reason FROM sync_snapshot ORDER BY started_at")
        )
        assert list(ended) == [("error", "WorkerDied"), ("partial", None)]


def test_a_second_run_of_one_connection_is_refused(account):
    with worker(account, "reading") as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(AlreadyRunning, match="last sign of life"):
            account.sync_ended()


def test_a_living_run_is_never_taken_for_dead(account):
    watchdog = Watchdog(account.store)
    with worker(account, "reading") as process:
        assert process.stdout is not None
        process.stdout.readline()
        until = time.monotonic() + LEASE_SECONDS + 3
        while time.monotonic() < until:
            assert watchdog.look() == []
            time.sleep(0.5)


def test_a_claim_closes_a_dead_run_that_is_in_its_way(account):
    kill_at(account, "reading")
    look_silent(account)
    naps: list[float] = []
    connection = stored_connection(account)
    claim(
        account.store,
        connection,
        trigger=Trigger.MANUAL,
        requested_by="a test",
        wait=naps.append,
    )
    assert len(naps) == 1


def test_a_clock_that_jumps_ahead_does_not_kill_a_living_run(account):
    """The run looks silent for an hour, but it moves while it is being watched."""
    connection = stored_connection(account)
    run = claim(account.store, connection, trigger=Trigger.MANUAL, requested_by="a test")
    look_silent(account)

    def live(_seconds: float) -> None:
        with account.store.writing() as session:
            assert runs.beat(session, run, now=utc_now(), progress=None)

    with pytest.raises(AlreadyRunning):
        claim(account.store, connection, trigger=Trigger.MANUAL, requested_by="another", wait=live)
