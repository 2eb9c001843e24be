"""What bad input gets from a sync: a clear end, the right reason, and nothing lost."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text, update

from infrazen.db.queries import quarantine
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.security import key_ring
from infrazen.security.key_ring import KeyFile
from infrazen.settings import settings
from infrazen.sync import engine
from infrazen.sync.lease import Watchdog
from tests.sync.account import Account, connect

ROOM = 2 << 20
NO_STATISTICS = {"collect_statistics": False}
NEVER_LOST = (
    "SELECT count(*) FROM resource WHERE is_active",
    "SELECT count(*) FROM resource_component",
    "SELECT sum(effective_cost) FROM cost_record",
)


@pytest.fixture
def account(each_database, beget_simulator) -> Account:
    account = connect(beget_simulator)
    assert account.sync().found == 10
    return account


def kept(account: Account) -> list[object]:
    with account.store.reading() as session:
        return [session.execute(text(question)).scalar() for question in NEVER_LOST]


def change_connection(account: Account, **values: object) -> None:
    with account.store.writing() as session:
        session.execute(
            update(CloudConnectionRow)
            .where(CloudConnectionRow.id == account.connection_id)
            .values(**values)
        )


def failed(snapshot) -> dict[str, str]:
    return {
        one["name"]: one["reason"]
        for one in snapshot.endpoints
        if one["status"] == EndpointStatus.FAILED
    }


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Kind.WRONG_PASSWORD, "CredentialsRefused"),
        (Kind.HTML, "UnexpectedPayload"),
        (Kind.TRUNCATE, "UnexpectedPayload"),
        (Kind.REDIRECT, "UnexpectedPayload"),
    ],
)
def test_a_fault_everywhere_ends_in_an_error_that_says_why(account, beget_simulator, kind, reason):
    before = kept(account)
    beget_simulator.fault(kind)
    snapshot = account.sync()
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, reason)
    assert snapshot.error_message
    assert kept(account) == before
    beget_simulator.clear_faults()
    assert account.sync().unchanged == 10


def test_a_second_factor_costs_the_cloud_api_only(account, beget_simulator):
    before = kept(account)
    beget_simulator.fault(Kind.SECOND_FACTOR)
    snapshot = account.sync()
    assert snapshot.status is SyncStatus.PARTIAL
    assert "SecondFactorRequired" in failed(snapshot).values()
    assert kept(account) == before


def test_a_token_that_expires_midway_is_renewed_without_a_word(account, beget_simulator):
    beget_simulator.fault(Kind.EXPIRED_TOKEN, times=1, after=2)
    assert set(failed(account.sync())) == {"legacy.mysql", "legacy.ftp"}


@pytest.mark.parametrize("kind", [Kind.UNKNOWN_FIELDS, Kind.UNKNOWN_ENUMS, Kind.DUPLICATES])
def test_what_is_new_to_us_costs_nothing(account, beget_simulator, kind):
    before = kept(account)
    beget_simulator.fault(kind)
    snapshot = account.sync()
    assert set(failed(snapshot)) == {"legacy.mysql", "legacy.ftp"}
    assert snapshot.deleted == 0
    assert kept(account)[0] == before[0]


def test_a_record_of_wrong_types_is_kept_aside_shown_and_taken_back(account, beget_simulator):
    before = kept(account)
    server = beget_simulator.ids("vps")[0]
    good = beget_simulator.record("vps", server)
    beget_simulator.change("vps", server, {"configuration": "large"})
    snapshot = account.sync()
    assert (snapshot.status, snapshot.quarantined, snapshot.deleted) == (SyncStatus.PARTIAL, 1, 0)
    assert kept(account) == before
    with account.store.reading() as session:
        (unread,) = quarantine.unresolved(
            session,
            organization_id=account.actor.organization_id,
            connection_id=account.connection_id,
        )
    assert unread.endpoint == "modern.vps"
    assert server in unread.key
    beget_simulator.put("vps", server, good)
    assert account.sync().quarantined == 0
    with account.store.reading() as session:
        assert quarantine.counts(session, organization_id=account.actor.organization_id) == {}


def test_an_account_that_became_empty_is_believed_where_it_can_be_read(account, beget_simulator):
    beget_simulator.reset("empty")
    snapshot = account.sync()
    assert (snapshot.found, snapshot.deleted) == (0, 10)
    with account.store.reading() as session:
        assert session.execute(text("SELECT count(*) FROM resource")).scalar() == 10


def test_an_account_with_a_hundred_thousand_resources_is_read_whole(database, beget_simulator):
    beget_simulator.reset("large", size=100_000)
    account = connect(beget_simulator, settings={"collect_statistics": False})
    first = account.sync()
    assert (first.found, first.created, first.deleted) == (100_000, 100_000, 0)
    again = account.sync()
    assert (again.unchanged, again.created, again.updated, again.deleted) == (100_000, 0, 0, 0)


def test_an_address_that_is_not_allowed_is_never_asked(account, beget_simulator, monkeypatch):
    monkeypatch.setenv("INFRAZEN_ALLOW_PRIVATE_ENDPOINTS", "false")
    settings.cache_clear()
    beget_simulator.forget_requests()
    snapshot = account.sync()
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, "EndpointNotAllowed")
    assert beget_simulator.requests() == []


def test_an_unknown_host_says_so(account, monkeypatch):
    monkeypatch.setenv("INFRAZEN_ALLOWED_ENDPOINTS", "no-such-host.invalid")
    settings.cache_clear()
    change_connection(account, endpoint="https://no-such-host.invalid")
    snapshot = account.sync()
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, "ProviderUnavailable")
    assert "no-such-host.invalid" in snapshot.error_message


def test_what_takes_too_long_costs_itself_alone(account, beget_simulator):
    change_connection(account, timeout_seconds=3)
    beget_simulator.fault(Kind.SLOW, "/v1/vps/server/list", seconds=60)
    before = kept(account)
    snapshot = account.sync()
    assert snapshot.status is SyncStatus.PARTIAL
    late = [one for one in snapshot.endpoints if one["reason"] == "TimeLimitReached"]
    assert late
    assert all("limit of 3 s" in one["message"] for one in late)
    assert any(one["status"] == EndpointStatus.SUCCEEDED for one in snapshot.endpoints)
    assert snapshot.duration_ms < 30_000
    assert kept(account) == before


def test_a_sync_in_which_nothing_ends_in_time_says_so(account, beget_simulator):
    change_connection(account, timeout_seconds=1)
    beget_simulator.fault(Kind.SLOW, "*", seconds=60)
    before = kept(account)
    snapshot = account.sync()
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, "TimeLimitReached")
    assert "limit of 1 s" in snapshot.error_message
    assert snapshot.duration_ms < 30_000
    assert kept(account) == before


def test_a_lost_key_is_named_and_costs_nothing(account, data_dir, monkeypatch):
    before = kept(account)
    (data_dir / "keys").unlink()
    KeyFile(data_dir / "keys").create()
    monkeypatch.setattr(key_ring, "_files", {})  # a fresh process remembers no key
    snapshot = account.sync()
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, "SecretUnreadable")
    assert kept(account) == before


def test_a_clock_that_jumps_back_leaves_durations_and_history_sane(account):
    jumped = iter((timedelta(0),))
    clock = Clock(now=lambda: utc_now() - next(jumped, timedelta(hours=2)))
    snapshot = account.sync(clock)
    assert snapshot.finished_at < snapshot.started_at
    assert snapshot.status is SyncStatus.PARTIAL
    assert 0 <= snapshot.duration_ms < 60_000


def test_a_full_disk_ends_in_an_error_and_leaves_what_was(database, beget_simulator):
    account = connect(beget_simulator, settings=NO_STATISTICS)
    account.sync()
    before = kept(account)
    beget_simulator.reset("large", size=3000)

    def fill(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 40}")

    database.dispose()
    event.listen(database.engine, "connect", fill)
    snapshot = account.sync()
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, "StorageUnavailable")
    assert "disk" in snapshot.error_message
    assert kept(account) == before
    event.remove(database.engine, "connect", fill)
    database.dispose()
    assert account.sync().found > 1000


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk to be made small; where nobody may mount one, the test is skipped."""
    folder = Path(tempfile.mkdtemp(prefix="infrazen-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    shutil.chown(folder, "postgres")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()


@pytest.mark.postgres
def test_a_full_disk_of_a_server_ends_in_an_error_and_leaves_what_was(
    postgres_database, beget_simulator, small_disk
):
    account = connect(beget_simulator, settings=NO_STATISTICS)
    account.sync()
    before = kept(account)
    postgres_database.dispose()
    _administer(postgres_database, f"CREATE TABLESPACE small LOCATION '{small_disk}'")
    name = postgres_database.url.rpartition("/")[2]
    _administer(postgres_database, f"ALTER DATABASE {name} SET TABLESPACE small")
    beget_simulator.reset("large", size=5000)
    _resize(small_disk, str(shutil.disk_usage(small_disk).used + ROOM))
    snapshot = account.sync()
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, "StorageUnavailable")
    assert "disk" in snapshot.error_message
    assert kept(account) == before
    _resize(small_disk, "1g")
    assert account.sync().found > 1000
    postgres_database.dispose()
    _administer(postgres_database, f"ALTER DATABASE {name} SET TABLESPACE pg_default")
    _administer(postgres_database, "DROP TABLESPACE small")


def _resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)


@pytest.mark.postgres
def test_a_database_that_goes_away_midway_is_repaired_by_the_next_run(
    postgres_database, beget_simulator, monkeypatch
):
    account = connect(beget_simulator)
    account.sync()
    before = kept(account)
    original = engine.apply

    def apply_without_database(session, *args):
        session.connection()
        _throw_everybody_out(postgres_database)
        return original(session, *args)

    monkeypatch.setattr(engine, "apply", apply_without_database)
    ended = account.sync_ended()
    assert (ended.status, ended.reason) == (SyncStatus.ERROR, "StorageUnavailable")
    monkeypatch.setattr(engine, "apply", original)
    assert kept(account) == before
    assert account.sync().unchanged == 10


@pytest.mark.postgres
def test_a_database_that_stays_away_leaves_the_run_to_the_watchdog(
    postgres_database, beget_simulator, monkeypatch
):
    monkeypatch.setenv("INFRAZEN_LEASE_SECONDS", "5")
    settings.cache_clear()
    account = connect(beget_simulator)

    original = engine.apply

    def apply_without_database(session, *args):
        session.connection()
        _allow(postgres_database, connections=False)
        _throw_everybody_out(postgres_database)
        return original(session, *args)

    monkeypatch.setattr(engine, "apply", apply_without_database)
    monkeypatch.setattr(engine.time, "sleep", lambda _seconds: None)
    ended = account.sync_ended()
    assert ended.reason == "StorageUnavailable"
    _allow(postgres_database, connections=True)
    now = [0.0]
    watchdog = Watchdog(account.store, clock=lambda: now[0])
    closed = watchdog.look()
    now[0] += 6
    closed += watchdog.look()
    assert [run.snapshot_id for run in closed] == [ended.snapshot_id]


def _throw_everybody_out(store) -> None:
    url, _, name = store.url.replace("+psycopg", "").rpartition("/")
    with psycopg.connect(f"{url}/postgres", autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


def _allow(store, *, connections: bool) -> None:
    name = store.url.rpartition("/")[2]
    _administer(store, f"ALTER DATABASE {name} ALLOW_CONNECTIONS {connections}")


def _administer(store, statement: str) -> None:
    url = store.url.replace("+psycopg", "").rpartition("/")[0]
    with psycopg.connect(f"{url}/postgres", autocommit=True) as admin:
        admin.execute(statement)
