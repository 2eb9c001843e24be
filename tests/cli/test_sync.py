"""One sync by hand: its summary, its result and the exit code of every outcome."""

import json
import os
import re
import stat
import subprocess
import sys

import pytest

from infrazen.cli.exits import Exit
from infrazen.db.queries import connections, sync_queue
from infrazen.errors import InfraZenError
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.services.organizations import default_organization
from infrazen.settings import settings
from infrazen.sync import engine
from infrazen.sync.lease import claim
from tests.canary import CANARY, assert_absent, assert_absent_from_files
from tests.cli.conftest import PASSWORD

LAST_SYNC = [
    "snapshotId",
    "connectionId",
    "jobName",
    "trigger",
    "phase",
    "startTime",
    "completionTime",
    "resources",
    "cost",
    "endpoints",
]


@pytest.fixture
def result_file(tmp_path):
    return tmp_path / "result.json"


@pytest.fixture
def sync(infrazen, connected, result_file):
    """Sync with a result file; gives what ran and what the file says."""

    def run(*words, name=connected):
        ran = infrazen(
            "sync", "run", *([name] if name else []), *words, "--result-file", result_file
        )
        return ran, json.loads(result_file.read_text())

    return lambda *words, **options: run(*(str(word) for word in words), **options)


def stored(database, name):
    with database.reading() as session:
        return connections.by_name(session, organization_id=default_organization().id, name=name)


def test_the_reference_account_is_partial_and_says_what_was_closed(infrazen, connected):
    ran = infrazen("sync", "run", connected)
    assert ran.code == Exit.PARTIAL
    facts = dict(re.split(r" {2,}", line, maxsplit=1) for line in ran.out.splitlines()[:9])
    assert facts["status"] == "partial"
    assert facts["found"].startswith("10 resources (Domain 6, ")
    assert facts["changed"] == "10 created, 0 updated, 0 deleted, 0 unchanged"
    assert facts["payable"] == "60.73 RUB a day, 1847.00 RUB a month"
    assert facts["listed"] == "121.46 RUB a day, 3668.90 RUB a month"
    said = "permission missing: Cannot access method mysql"
    assert f"Hosting MySQL databases (legacy.mysql): {said}" in ran.out
    assert ran.err == "", "nobody watches, so there is no progress"


def test_json_is_the_status_of_the_custom_resource(sync, connected, monkeypatch):
    monkeypatch.setenv("INFRAZEN_JOB_NAME", "beget-main-29394")
    ran, kept = sync("--json", "--trigger", "schedule", "--requested-by", "anna")
    assert ran.code == Exit.PARTIAL
    assert ran.json == kept
    assert list(ran.json) == LAST_SYNC
    assert (ran.json["trigger"], ran.json["phase"]) == ("Schedule", "Partial")
    assert ran.json["jobName"] == "beget-main-29394"
    assert ran.json["resources"] == {
        "found": 10,
        "created": 10,
        "updated": 0,
        "deleted": 0,
        "unchanged": 0,
    }
    assert ran.json["cost"] == {
        "currency": "RUB",
        "payable": {"daily": "60.73", "monthly": "1847.00"},
        "listed": {"daily": "121.46", "monthly": "3668.90"},
    }
    assert ran.json["endpoints"] == [
        {"name": f"legacy.{part}", "status": "Failed", "message": f"Cannot access method {part}"}
        for part in ("mysql", "ftp")
    ]


def test_partial_can_count_as_done(sync):
    ran, kept = sync("--exit-zero-on-partial")
    assert ran.code == Exit.DONE
    assert kept["phase"] == "Partial"


def test_success(infrazen, connected, sync, beget_simulator):
    beget_simulator.remove("closed", "mysql")
    beget_simulator.remove("closed", "ftp")
    ran, kept = sync()
    assert (ran.code, kept["phase"], kept["endpoints"]) == (Exit.DONE, "Succeeded", [])
    assert "not read" not in ran.out


def test_quiet_says_nothing_and_writes_the_result(sync):
    ran, kept = sync("--quiet")
    assert ran.out == ""
    assert "ended: partial" in ran.err, "it logs as the server does"
    assert kept["phase"] == "Partial"


def test_quiet_logs_a_failure_like_everything_else(sync, beget_simulator, monkeypatch):
    monkeypatch.setenv("INFRAZEN_LOG_FORMAT", "json")
    settings.cache_clear()
    beget_simulator.fault(Kind.WRONG_PASSWORD)
    ran, _ = sync("--quiet")
    assert ran.code == Exit.CREDENTIALS_REFUSED
    last = [json.loads(line) for line in ran.err.splitlines()][-1]
    assert last["level"] == "ERROR"
    assert "AUTH_ERROR" in last["message"]


def test_a_worker_names_its_connection_by_id(infrazen, connected, database):
    known = stored(database, connected)
    ids = ("--connection-id", str(known.id), "--organization-id", str(known.organization_id))
    ran = infrazen("sync", "run", *ids, "--trigger", "Schedule", "--requested-by", "schedule")
    assert ran.code == Exit.PARTIAL
    (done,) = infrazen("sync", "history", "--json").json
    assert (done["trigger"], done["requested_by"]) == ("Schedule", "schedule")


FAULTS = {
    "credentials refused": (
        [(Kind.WRONG_PASSWORD, "*")],
        Exit.CREDENTIALS_REFUSED,
        "CredentialsRefused",
    ),
    "second factor": (
        [(Kind.FORBIDDEN, "/api/*"), (Kind.SECOND_FACTOR, "/v1/auth")],
        Exit.SECOND_FACTOR,
        "SecondFactorRequired",
    ),
    "permission missing": (
        [(Kind.FORBIDDEN, "/api/*"), (Kind.HTML, "/v1/auth")],
        Exit.NOT_ALLOWED,
        "PermissionMissing",
    ),
    "throttled": ([(Kind.THROTTLE, "*")], Exit.TRY_LATER, "Throttled"),
    "HTML": ([(Kind.HTML, "*")], Exit.PROVIDER, "UnexpectedPayload"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_the_cloud_refuses(sync, beget_simulator, infrazen, connected, name):
    faults, code, reason = FAULTS[name]
    for kind, path in faults:
        beget_simulator.fault(kind, path=path, seconds=7200)
    ran, kept = sync("--json")
    assert ran.code == code
    assert ran.json == kept
    assert list(kept) == [*LAST_SYNC, "reason", "message"]
    assert (kept["phase"], kept["reason"]) == ("Failed", reason)
    assert kept["cost"] is None
    assert kept["endpoints"]
    assert ran.error["reason"] == reason
    assert ran.error["message"].startswith(kept["message"])
    (done,) = infrazen("sync", "history", connected, "--json").json
    assert (done["id"], done["error_reason"]) == (kept["snapshotId"], reason)


def test_a_failure_is_one_line_for_people_and_names_what_was_not_read(
    infrazen, connected, beget_simulator
):
    beget_simulator.fault(Kind.WRONG_PASSWORD)
    ran = infrazen("sync", "run", connected)
    assert ran.code == Exit.CREDENTIALS_REFUSED
    assert ran.err.startswith("error: ")
    assert ran.err.count("\n") == 1
    assert "because" in ran.out
    assert "not read:" in ran.out


def test_a_cloud_that_is_not_there(sync, beget_simulator, database, connected):
    with database.writing() as session:
        known = stored(database, connected)
        connections.change(
            session,
            organization_id=known.organization_id,
            connection_id=known.id,
            values={"endpoint": "http://nowhere.invalid"},
        )
    ran, kept = sync()
    assert (ran.code, kept["reason"]) == (Exit.TRY_LATER, "ProviderUnavailable")


def test_an_address_that_is_not_allowed_any_more(sync, monkeypatch):
    monkeypatch.setenv("INFRAZEN_ALLOW_PRIVATE_ENDPOINTS", "false")
    settings.cache_clear()
    ran, kept = sync()
    assert (ran.code, kept["reason"]) == (Exit.ADDRESS_NOT_ALLOWED, "EndpointNotAllowed")
    assert kept["snapshotId"]


def test_one_run_at_a_time(sync, infrazen, connected, database):
    held = claim(
        database, stored(database, connected), trigger=engine.Trigger.MANUAL, requested_by="x"
    )
    ran, kept = sync()
    assert (ran.code, kept["reason"]) == (Exit.ALREADY_RUNNING, "AlreadyRunning")
    assert kept["snapshotId"] is None
    assert kept["connectionId"] == str(stored(database, connected).id)
    status = infrazen("sync", "status", connected, "--json").json
    assert status["running"]["id"] == str(held.snapshot_id)
    assert "syncing" in infrazen("sync", "status", connected).out
    assert infrazen("sync", "request", connected).code == Exit.ALREADY_RUNNING


def test_a_connection_that_is_not_there_has_a_result_too(sync):
    ran, kept = sync(name="nowhere")
    assert (ran.code, kept["phase"], kept["reason"]) == (Exit.NOT_FOUND, "Failed", "NotFound")


def test_an_organization_that_is_not_the_connections(sync, connected, database):
    known = stored(database, connected)
    other = "00000000-0000-0000-0000-000000000000"
    ran, kept = sync("--connection-id", known.id, "--organization-id", other, name=None)
    assert (ran.code, kept["reason"]) == (Exit.NOT_FOUND, "NotFound")


def test_a_database_that_does_not_answer(fresh_infrazen, result_file):
    ran = fresh_infrazen(
        "sync",
        "run",
        "beget-main",
        "--result-file",
        str(result_file),
        INFRAZEN_DATABASE_URL="postgresql://someone:canary@127.0.0.1:1/none",
    )
    assert ran.code == Exit.STORAGE
    assert json.loads(result_file.read_text())["reason"] == "StorageUnavailable"
    assert "canary" not in ran.out + ran.err + result_file.read_text()


def test_a_key_that_is_gone(sync, data_dir):
    (data_dir / "keys").unlink()
    settings.cache_clear()
    ran, kept = sync()
    assert (ran.code, kept["reason"]) == (Exit.KEYS, "SecretUnreadable")


def test_a_setting_that_makes_no_sense(sync, monkeypatch):
    monkeypatch.setenv("INFRAZEN_LEASE_SECONDS", "soon")
    settings.cache_clear()
    ran, kept = sync()
    assert (ran.code, kept["reason"]) == (Exit.USAGE, "Settings")
    assert "INFRAZEN_LEASE_SECONDS" in kept["message"]


def test_a_defect_of_ours(sync, monkeypatch):
    monkeypatch.setattr(engine, "apply", lambda *_: 1 / 0)
    ran, kept = sync()
    assert (ran.code, kept["reason"]) == (Exit.BUG, InfraZenError.reason)
    assert "Traceback" in ran.err, "the log has the details"


def test_a_defect_before_the_run_has_a_result_too(sync, monkeypatch):
    monkeypatch.setattr("infrazen.cli.sync_run.run_sync", lambda *_, **__: 1 / 0)
    ran, kept = sync()
    assert (ran.code, kept["reason"]) == (Exit.BUG, "InternalError")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("a-name", "--connection-id", "00000000-0000-0000-0000-000000000000"),
        ("--connection-id", "no uuid"),
        ("a-name", "--trigger", "Whim"),
    ],
)
def test_a_command_line_that_makes_no_sense(infrazen, words):
    assert infrazen("sync", "run", *words).code == Exit.USAGE


@pytest.mark.parametrize("place", ["no-folder/result.json", "."])
def test_a_result_file_that_cannot_be_is_refused_before_anything_is_done(
    infrazen, connected, tmp_path, place
):
    ran = infrazen("sync", "run", connected, "--result-file", str(tmp_path / place))
    assert ran.code == Exit.USAGE
    assert infrazen("sync", "history", "--json").json == []


def test_the_result_replaces_an_older_one_and_leaves_nothing_beside(sync, result_file, tmp_path):
    result_file.write_text("x" * 10_000)
    before = set(tmp_path.iterdir())
    _, kept = sync()
    assert kept["phase"] == "Partial"
    assert set(tmp_path.iterdir()) == before
    assert stat.S_IMODE(result_file.stat().st_mode) == 0o666 & ~current_umask()


def current_umask():
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_no_secret_is_in_any_output_file_or_log(
    infrazen, add, beget_simulator, secret_file, tmp_path, caplog
):
    secret_file.write_text(CANARY)
    beget_simulator.reset(secret=CANARY)
    with_canary = tmp_path / "both"
    with_canary.write_text(f"password={PASSWORD}\ntoken={CANARY}")
    infrazen("connection", "add", "beget", "x", "--set", "login=demo", "--secret-file",
             str(with_canary), "--endpoint", beget_simulator.url, "--no-sync")  # fmt: skip
    said = []
    for words in (
        ("sync", "run", "x", "--result-file", str(tmp_path / "data" / "result.json")),
        ("sync", "run", "x", "--json"),
        ("sync", "history", "--json"),
        ("sync", "status", "x", "--json"),
        ("snapshot", "show", "--json"),
        ("snapshot", "diff", "--json"),
        ("connection", "show", "x", "--json"),
        ("connection", "test", "x", "--json"),
        ("connection", "list", "--json"),
        ("connection", "unread", "x", "--json"),
    ):
        ran = infrazen(*words, "--debug")
        said.append(ran.out + ran.err)
    assert_absent("".join(said), where="the output")
    assert_absent_from_files(tmp_path / "data")


def test_history_is_latest_first_of_one_or_all(infrazen, connected, beget_simulator):
    assert "infrazen sync run" in infrazen("sync", "history").out
    infrazen("sync", "run", connected)
    beget_simulator.fault(Kind.WRONG_PASSWORD)
    infrazen("sync", "run", connected)
    latest, first = infrazen("sync", "history", connected, "--json").json
    assert (latest["status"], first["status"]) == ("error", "partial")
    assert first["payable_daily"] == "60.73"
    assert len(infrazen("sync", "history", "--limit", "1", "--json").json) == 1
    lines = infrazen("sync", "history").out.splitlines()
    assert connected in lines[1]
    assert "60.73 RUB" in lines[2]


def test_a_request_waits_for_the_server_once(infrazen, connected, database):
    assert infrazen("sync", "request", connected, "--json").json["queued"]
    assert not infrazen("sync", "request", connected, "--json").json["queued"]
    with database.reading() as session:
        assert sync_queue.length(session) == 1
    assert "waiting" in infrazen("sync", "status", connected).out
    infrazen("sync", "run", connected)
    status = infrazen("sync", "status", connected, "--json").json
    assert (status["state"], status["running"]) == ("idle", None)
    assert status["last"]["found"] == 10


def test_a_worker_imports_no_web_framework(data_dir):
    code = (
        "import infrazen.cli.sync, sys; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"fastapi", "starlette", "uvicorn", "reflex", "alembic", "argon2", "prometheus_client"}
    assert not heavy & set(done.stdout.split())
