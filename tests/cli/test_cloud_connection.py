"""A sync of a custom resource, as its Job runs it: from the environment to a result."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from infrazen.cli.exits import Exit
from infrazen.db.queries import audit, connections, runs, sealed
from infrazen.db.queries.audit import AuditFilter
from infrazen.errors import StorageUnavailable
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.services import managed_removal
from infrazen.services.keys import ensure_master_key
from infrazen.services.organizations import ensure_organization
from infrazen.settings import settings
from infrazen.sync.engine import Trigger
from infrazen.sync.lease import claim
from tests.canary import CANARY, assert_absent, assert_absent_from_files
from tests.cli.conftest import PASSWORD

HANDLE = "finops/beget-main"


@pytest.fixture
def acme(database):
    ensure_master_key()
    return ensure_organization("Acme", slug="acme")


@pytest.fixture
def hand(monkeypatch, beget_simulator):
    """Put a CloudConnection and its credentials into the environment, as a Job's are."""

    def handing(name="beget-main", namespace="finops", credentials=None, **spec):
        document = {
            "namespace": namespace,
            "name": name,
            "uid": "0e9b9f4e-52f1-4e0b-9c86-1f5a52b1a0a1",
            "generation": 1,
            "spec": {
                "provider": "beget",
                "organization": "acme",
                "credentialsSecretRef": {"name": "beget-secret"},
                "endpoint": beget_simulator.url,
                **spec,
            },
        }
        monkeypatch.setenv("INFRAZEN_CLOUD_CONNECTION", json.dumps(document))
        for variable in [name for name in os.environ if name.startswith("INFRAZEN_CREDENTIAL_")]:
            monkeypatch.delenv(variable)
        known = {"login": "demo", "password": PASSWORD} if credentials is None else credentials
        for field, value in known.items():
            monkeypatch.setenv(f"INFRAZEN_CREDENTIAL_{field.upper()}", value)

    return handing


@pytest.fixture
def sync(infrazen, acme, tmp_path):
    """Run what a Job runs; gives how it ended and its termination message."""
    log = tmp_path / "termination-log"

    def run(*words):
        log.write_text("")
        ran = infrazen(
            *("sync", "run", "--from-environment", "--trigger", "Schedule"),
            *("--requested-by", HANDLE, "--result-file", str(log), "--quiet"),
            "--exit-zero-on-partial",
            *words,
        )
        return ran, json.loads(log.read_text())

    return run


def stored(database, organization):
    with database.reading() as session:
        return connections.every(session, organization_id=organization.id)


def test_the_first_sync_makes_the_connection_and_says_its_id(sync, hand, database, acme):
    hand(displayName="Beget, основной", schedule="0 3 * * *", settings={"collectMailboxes": False})
    ran, told = sync()
    assert ran.code == Exit.DONE, ran.err
    (known,) = stored(database, acme)
    assert (known.name, known.display_name) == ("beget-main", "Beget, основной")
    assert (known.managed_by, known.schedule) == (HANDLE, "0 3 * * *")
    assert known.settings == {"collect_mailboxes": False}
    assert known.credentials == {"login": "demo"}
    assert (told["connectionId"], told["phase"]) == (str(known.id), "Partial")
    assert told["resources"]["found"] == 10
    with database.reading() as session:
        place = {"organization_id": acme.id, "connection_id": known.id}
        assert sealed.connection_secrets(session, **place) == [], "secrets stay in the cluster"


def test_the_next_sync_keeps_it(sync, hand, database, acme):
    hand()
    _, first = sync()
    ran, told = sync()
    assert ran.code == Exit.DONE
    assert told["connectionId"] == first["connectionId"]
    assert told["resources"]["unchanged"] == 10
    assert len(stored(database, acme)) == 1
    assert actions(database, acme) == ["connection.add"], "nothing was changed: nothing to log"


def test_what_was_stored_here_is_forgotten_once_the_cluster_has_brought_data(
    sync, hand, infrazen, database, acme, beget_simulator, secret_file
):
    words = ("connection", "add", "beget", "beget-main", "--set", "login=demo")
    more = ("--endpoint", beget_simulator.url, "--secret-file", str(secret_file), "--no-sync")
    assert infrazen(*words, *more, "--organization", "acme").code == Exit.DONE
    (known,) = stored(database, acme)
    place = {"organization_id": acme.id, "connection_id": known.id}

    def kept():
        with database.reading() as session:
            return len(sealed.connection_secrets(session, **place))

    beget_simulator.fault(Kind.WRONG_PASSWORD)
    hand()
    ran, _ = sync()
    assert (ran.code, kept()) == (Exit.CREDENTIALS_REFUSED, 1), "nothing is proved"
    beget_simulator.reset()
    ran, _ = sync()
    assert (ran.code, kept()) == (Exit.DONE, 0)


def test_a_changed_spec_changes_it_and_is_logged_by_name(sync, hand, database, acme):
    hand()
    sync()
    hand(displayName="Renamed", schedule="", suspend=True)
    sync()
    (known,) = stored(database, acme)
    assert (known.display_name, known.schedule, known.is_suspended) == ("Renamed", "", True)
    assert known.next_sync_at is None
    latest = events(database, acme)[0]
    assert (latest.action, latest.actor, latest.target) == (
        "connection.edit",
        HANDLE,
        "beget-main",
    )
    assert latest.details["changed"] == ["display_name", "is_suspended", "schedule"]


def events(database, organization):
    with database.reading() as session:
        return audit.events(session, organization_id=organization.id, wanted=AuditFilter())


def actions(database, organization):
    return [event.action for event in events(database, organization)]


def test_people_see_what_a_sync_by_hand_finds(infrazen, hand, acme):
    hand()
    ran = infrazen("sync", "run", "--from-environment")
    assert ran.code == Exit.PARTIAL
    assert "10 resources" in ran.out


def test_an_unknown_organization_is_told_without_naming_others(sync, hand, acme):
    hand(organization="nobody")
    ran, told = sync()
    assert (ran.code, told["reason"]) == (Exit.NOT_FOUND, "NotFound")
    assert "'nobody'" in told["message"]
    assert "spec.organization" in told["message"]
    assert "acme" not in told["message"]
    assert told["connectionId"] is None


def test_no_organization_is_the_only_one(sync, hand, database, acme):
    hand(organization="")
    assert sync()[0].code == Exit.DONE
    assert len(stored(database, acme)) == 1


def test_no_organization_among_several_is_a_conflict(sync, hand, acme):
    ensure_organization("Other", slug="other")
    hand(organization="")
    ran, told = sync()
    assert (ran.code, told["reason"]) == (Exit.CONFLICT, "Conflict")
    assert "spec.organization" in told["message"]


@pytest.mark.parametrize(
    ("credentials", "word"),
    [({"login": "demo"}, "password is required"), ({"login": "demo", "password": ""}, "password")],
)
def test_a_key_that_the_secret_lacks_is_named(sync, hand, credentials, word):
    hand(credentials=credentials)
    ran, told = sync()
    assert (ran.code, told["reason"]) == (Exit.USAGE, "Invalid")
    assert "the Secret beget-secret" in told["message"]
    assert word in told["message"]


@pytest.mark.parametrize("value", [None, "", "{", '{"spec": {}}'])
def test_what_is_no_connection_is_refused(sync, hand, monkeypatch, value):
    hand()
    if value is None:
        monkeypatch.delenv("INFRAZEN_CLOUD_CONNECTION")
    else:
        monkeypatch.setenv("INFRAZEN_CLOUD_CONNECTION", value)
    ran, told = sync()
    assert (ran.code, told["reason"]) == (Exit.USAGE, "Invalid")


def test_an_address_that_is_not_allowed_makes_no_connection(
    sync, hand, database, acme, monkeypatch
):
    monkeypatch.setenv("INFRAZEN_ALLOW_PRIVATE_ENDPOINTS", "false")
    settings.cache_clear()
    hand()
    ran, told = sync()
    assert (ran.code, told["reason"]) == (Exit.ADDRESS_NOT_ALLOWED, "EndpointNotAllowed")
    assert stored(database, acme) == []


def test_refused_credentials_are_told_and_the_connection_is_there_to_say_so(
    sync, hand, database, acme, beget_simulator
):
    hand(credentials={"login": "demo", "password": "wrong"})
    ran, told = sync()
    assert (ran.code, told["reason"]) == (Exit.CREDENTIALS_REFUSED, "CredentialsRefused")
    (known,) = stored(database, acme)
    assert told["connectionId"] == str(known.id)


def test_a_key_is_not_made_where_it_would_be_lost(sync, hand, data_dir, database, acme):
    (data_dir / "keys").unlink()
    hand()
    ran, told = sync()
    assert (ran.code, told["reason"]) == (Exit.KEYS, "SecretUnreadable")
    assert "INFRAZEN_MASTER_KEYS" in told["message"]
    assert not (data_dir / "keys").exists()


def test_a_second_job_of_the_same_connection_finds_it_running(sync, hand, database, acme):
    hand()
    sync()
    (known,) = stored(database, acme)
    claim(database, known, trigger=Trigger.MANUAL, requested_by="x")
    ran, told = sync()
    assert (ran.code, told["reason"]) == (Exit.ALREADY_RUNNING, "AlreadyRunning")
    assert told["connectionId"] == str(known.id)


def test_two_first_jobs_at_once_make_one_connection(hand, database, acme, beget_simulator):
    beget_simulator.fault(Kind.SLOW, path="/v1/vps/server/list", seconds=3, times=2)
    hand()
    command = [sys.executable, "-m", "infrazen", "sync", "run", "--from-environment", "--quiet"]
    both = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(2)]
    codes = {process.wait(60) for process in both}
    assert codes == {Exit.PARTIAL, Exit.ALREADY_RUNNING}
    assert len(stored(database, acme)) == 1


def test_sigterm_closes_the_run_and_says_so(hand, database, acme, beget_simulator, tmp_path):
    beget_simulator.fault(Kind.SLOW, path="/v1/vps/server/list", seconds=60)
    hand()
    log = tmp_path / "log"
    command = [sys.executable, "-m", "infrazen", "sync", "run", "--from-environment", "--quiet"]
    with subprocess.Popen([*command, "--result-file", str(log)]) as process:
        wait_until_it_reads(database, beget_simulator)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == Exit.INTERRUPTED
    told = json.loads(log.read_text())
    (known,) = stored(database, acme)
    assert (told["reason"], told["connectionId"]) == ("Interrupted", str(known.id))
    with database.reading() as session:
        assert runs.running(session) == []
    assert known.last_status == "error"


def wait_until_it_reads(database, beget_simulator):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with database.reading() as session:
            found = runs.running(session)
        if found and any(asked["path"] == "/v1/auth" for asked in beget_simulator.requests()):
            return
        time.sleep(0.05)
    raise AssertionError("the sync did not get that far")


def test_nobody_syncs_it_without_its_credentials(sync, hand, infrazen, acme):
    hand()
    sync()
    ran = infrazen("sync", "run", "beget-main", "--organization", "acme", "--json")
    assert (ran.code, ran.error["reason"]) == (Exit.CONFLICT, "ManagedElsewhere")
    assert HANDLE in ran.error["message"]


def test_no_secret_is_stored_or_said(sync, hand, beget_simulator, tmp_path, infrazen, acme):
    beget_simulator.reset(secret=CANARY)
    hand(credentials={"login": "demo", "password": PASSWORD, "token": CANARY})
    said = []
    for words in (("--json",), ("--debug",)):
        ran, told = sync(*words)
        said.append(ran.out + ran.err + json.dumps(told))
    beget_simulator.fault(Kind.WRONG_PASSWORD)
    hand(credentials={"login": "demo", "password": CANARY})
    ran, told = sync("--debug")
    said.append(ran.out + ran.err + json.dumps(told))
    ran = infrazen("connection", "show", "beget-main", "--organization", "acme", "--json")
    assert_absent("".join((*said, ran.out)), where="the output")
    assert_absent_from_files(tmp_path / "data")


@pytest.mark.parametrize(
    "words", [("a-name", "--from-environment"), ("--from-environment", "--connection-id", "0" * 32)]
)
def test_the_connection_is_named_once(infrazen, words):
    assert infrazen("sync", "run", *words).code == Exit.USAGE


@pytest.fixture
def clean_up(infrazen, tmp_path):
    """Release or purge as a Job of the operator does; gives what ran and what it left."""
    log = tmp_path / "cleanup-log"

    def run(word, *words):
        words = (*words, "--managed-by", HANDLE, "--result-file", str(log))
        ran = infrazen("connection", word, *words)
        return ran, json.loads(log.read_text())

    return run


@pytest.mark.parametrize(("word", "is_kept"), [("release", True), ("purge", False)])
def test_what_a_resource_leaves(sync, hand, clean_up, infrazen, acme, database, word, is_kept):
    hand()
    sync()
    ran, _ = clean_up(word, "--json", "--uid", "of-another")
    assert (ran.code, ran.json["connections"]) == (Exit.DONE, 0)
    ran, told = clean_up(word, "--json", "--uid", "0e9b9f4e-52f1-4e0b-9c86-1f5a52b1a0a1")
    assert (ran.code, told["phase"], ran.json["connections"]) == (Exit.DONE, "Succeeded", 1)
    assert stored(database, acme) == []
    history = infrazen("sync", "history", "--organization", "acme", "--json").json
    assert bool(history) is is_kept
    ran, told = clean_up(word)
    assert (ran.code, told["phase"]) == (Exit.DONE, "Succeeded"), "twice is fine"
    assert "manages nothing" in ran.out


def test_all_are_released_where_the_cluster_is_another(sync, hand, infrazen, database, acme):
    hand()
    sync()
    assert infrazen("connection", "release").code == Exit.USAGE
    assert infrazen("connection", "release", "--all", "--managed-by", HANDLE).code == Exit.USAGE
    ran = infrazen("connection", "release", "--all", "--json")
    assert (ran.code, ran.json["connections"]) == (Exit.DONE, 1)
    assert stored(database, acme) == []


def test_a_purge_says_how_far_it_is(sync, hand, clean_up, acme):
    hand()
    sync()
    ran, _ = clean_up("purge")
    assert "0 of about 1,6" in ran.err
    assert "is erased" in ran.out


def test_a_purge_in_passes_leaves_word_of_how_far_it_is(sync, hand, clean_up, database, acme):
    hand()
    sync()
    ran, told = clean_up("purge", "--seconds", "0")
    first = told["purge"]
    assert (ran.code, told["phase"]) == (Exit.DONE, "Succeeded")
    assert f"{first['erased']:,} of about 1,6" in ran.out
    assert "run it again for the rest" in ran.out
    assert first["erased"] > 0
    assert first["left"] == first["total"] - first["erased"]
    ran, told = clean_up("purge", "--seconds", "600", "--json")
    assert told["purge"] == {"erased": first["left"], "total": first["total"], "left": 0}
    assert stored(database, acme) == []
    _, told = clean_up("purge", "--seconds", "0")
    assert told["purge"]["left"] == 0, "what manages nothing is done"


def test_a_purge_that_is_broken_off_says_how_far_it_was(sync, hand, clean_up, acme, monkeypatch):
    hand()
    sync()
    purge_rows = managed_removal.purge_rows

    def broken(actor, *, connection_id, limit):
        if limit < 100:
            raise StorageUnavailable("the database is gone")
        monkeypatch.setattr(managed_removal, "ROWS_A_BATCH", 10)
        return purge_rows(actor, connection_id=connection_id, limit=limit)

    monkeypatch.setattr(managed_removal, "purge_rows", broken)
    monkeypatch.setattr(managed_removal, "ROWS_A_BATCH", 100)
    ran, told = clean_up("purge")
    assert (ran.code, told["reason"]) == (Exit.STORAGE, "StorageUnavailable")
    assert "rows are erased, the next try goes on from there" in told["message"]
    assert 0 < told["purge"]["left"] < told["purge"]["total"]


@pytest.mark.parametrize("word", ["release", "purge"])
def test_it_waits_for_a_sync_that_runs(sync, hand, clean_up, database, acme, word):
    hand()
    sync()
    claim(database, stored(database, acme)[0], trigger=Trigger.MANUAL, requested_by="x")
    ran, told = clean_up(word)
    assert (ran.code, told["reason"]) == (Exit.ALREADY_RUNNING, "AlreadyRunning")


@pytest.mark.parametrize("handle", ["", "name", "a/b/c", "../x", "A/b"])
def test_what_is_no_resource_is_refused(infrazen, handle):
    for word in ("release", "purge"):
        assert infrazen("connection", word, "--managed-by", handle).code == Exit.USAGE
