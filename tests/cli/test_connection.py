import io
import os
import pty
import subprocess
import sys

import pytest

from infrazen.cli.exits import Exit
from infrazen.db.queries import sync_queue
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.settings import settings
from tests.canary import CANARY, assert_absent
from tests.cli.conftest import NAME, PASSWORD


def queue_length(database):
    with database.reading() as session:
        return sync_queue.length(session)


def give(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_adding_connects_and_queues_the_first_sync(add, database, infrazen):
    ran = add(NAME, "--display-name", "Beget, основной", "--schedule", "", "--json")
    assert ran.code == Exit.DONE, ran.err
    assert ran.json["display_name"] == "Beget, основной"
    assert ran.json["credentials"] == {"login": "demo"}
    assert [secret["field"] for secret in ran.json["secrets"]] == ["password"]
    assert (ran.json["schedule"], ran.json["next_sync_at"]) == ("", None)
    assert queue_length(database) == 1
    assert PASSWORD not in ran.out + ran.err


def test_no_sync_means_none(add, database):
    assert add(NAME, "--no-sync").code == Exit.DONE
    assert queue_length(database) == 0


def test_a_test_first_tells_which_parts_are_open(add, beget_simulator):
    beget_simulator.fault(Kind.SECOND_FACTOR, path="/v1/auth")
    ran = add(NAME, "--test")
    assert ran.code == Exit.DONE
    lines = {line.partition("  ")[0]: line for line in ran.err.splitlines()}
    assert lines["Account"].endswith("open")
    assert "closed, second factor required" in lines["Cloud API sign-in"]
    assert "174.51 RUB" in lines["balance"]


def test_nothing_is_stored_where_the_test_fails(add, infrazen, beget_simulator):
    beget_simulator.fault(Kind.WRONG_PASSWORD)
    ran = add(NAME, "--test", "--json")
    assert ran.code == Exit.CREDENTIALS_REFUSED
    assert ran.error["reason"] == "CredentialsRefused"
    assert infrazen("connection", "list", "--json").json == []


def test_the_secret_comes_from_standard_input(infrazen, beget_simulator, monkeypatch):
    give(monkeypatch, f"{PASSWORD}\n")
    words = ("--set", "login=demo", "--secret-file", "-", "--endpoint", beget_simulator.url)
    ran = infrazen("connection", "add", "beget", NAME, *words, "--test")
    assert ran.code == Exit.DONE, ran.err


def test_a_secret_is_no_argument(infrazen, database):
    ran = infrazen("connection", "add", "beget", NAME, "--set", f"password={CANARY}", "--json")
    assert ran.code == Exit.USAGE
    assert ran.error["field"] == "password"
    assert "--secret-file" in ran.error["message"]
    assert_absent(ran.out + ran.err, where="the output")


def test_a_pair_without_a_sign_is_not_repeated(infrazen):
    ran = infrazen("connection", "add", "beget", NAME, "--set", CANARY.replace("=", ""))
    assert ran.code == Exit.USAGE
    assert "key=value" in ran.err
    assert CANARY.replace("=", "") not in ran.err


def test_nobody_is_asked_where_nobody_is(infrazen, monkeypatch):
    give(monkeypatch, "")
    ran = infrazen("connection", "add", "beget", NAME, "--set", "login=demo", "--json")
    assert ran.code == Exit.USAGE
    assert ran.error["field"] == "password"
    assert "--secret-file" in ran.error["message"]


def test_a_person_is_asked_for_the_secret_and_does_not_see_it(beget_simulator, database, data_dir):
    keyboard, terminal = pty.openpty()
    words = ["connection", "add", "beget", NAME, "--set", "login=demo", "--test"]
    process = subprocess.Popen(
        [sys.executable, "-m", "infrazen", *words, "--endpoint", beget_simulator.url],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "INFRAZEN_ALLOW_PRIVATE_ENDPOINTS": "true", "TERM": "dumb"},
        start_new_session=True,
    )
    os.close(terminal)
    shown = read_until(keyboard, b"API password: ")
    os.write(keyboard, f"{PASSWORD}\n".encode())
    shown += read_until(keyboard, b"here and now")
    assert process.wait(30) == Exit.DONE
    os.close(keyboard)
    assert PASSWORD.encode() not in shown
    assert b"open" in shown


def read_until(descriptor, mark):
    seen = b""
    while mark not in seen:
        try:
            piece = os.read(descriptor, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    assert mark in seen, seen
    return seen


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("nimbus", "x"), Exit.USAGE, "provider"),
        (("beget", "Not A Handle"), Exit.USAGE, "name"),
        (("beget", "x", "--set", "user=demo"), Exit.USAGE, "user"),
        (("beget", "x", "--schedule", "every day"), Exit.USAGE, "schedule"),
        (("beget", "x", "--time-zone", "Mars/Olympus"), Exit.USAGE, "time_zone"),
        (("beget", "x", "--setting", "statistics_seconds=1"), Exit.USAGE, "statistics_seconds"),
        (("beget", "x", "--setting", "colour=blue"), Exit.USAGE, "colour"),
        (("beget", "x", "--display-name", ""), Exit.USAGE, "display_name"),
        (("beget", "x", "--endpoint", "no address"), Exit.USAGE, None),
    ],
)
def test_bad_input_names_the_field(infrazen, secret_file, data_dir, words, code, field):
    known = ["--set", "login=demo", "--secret-file", str(secret_file), "--no-sync"]
    ran = infrazen("connection", "add", *words, *known, "--json")
    assert ran.code == code, ran.err
    assert ran.error.get("field") == field or field is None
    assert infrazen("connection", "list", "--json").json == []


def test_a_private_address_has_an_exit_code_of_its_own(add, monkeypatch, infrazen):
    monkeypatch.setenv("INFRAZEN_ALLOW_PRIVATE_ENDPOINTS", "false")
    settings.cache_clear()
    ran = add(NAME, "--json")
    assert ran.code == Exit.ADDRESS_NOT_ALLOWED
    assert ran.error["reason"] == "EndpointNotAllowed"


def test_one_account_is_connected_once_and_a_name_is_one_connections(connected, add):
    assert add("another").code == Exit.CONFLICT
    assert add(connected).code == Exit.CONFLICT


def test_listing_and_showing_tell_everything_but_secrets(connected, infrazen):
    assert infrazen("sync", "run", connected).code == Exit.PARTIAL
    listed = infrazen("connection", "list")
    assert connected in listed.out
    assert "60.73 RUB" in listed.out
    (document,) = infrazen("connection", "list", "--json").json
    assert document["costs"][0]["payable"] == {"daily": "60.73", "monthly": "1847.00"}
    assert document["costs"][0]["listed"] == {"daily": "121.46", "monthly": "3668.90"}
    shown = infrazen("connection", "show", connected)
    for fact in ("login", "demo", "days to block", "174.51 RUB", "set, fingerprint"):
        assert fact in shown.out
    assert infrazen("connection", "show", connected, "--json").json == document
    assert PASSWORD not in listed.out + shown.out


def test_an_empty_list_says_what_to_do(infrazen):
    assert "infrazen connection add" in infrazen("connection", "list").out


@pytest.mark.parametrize(
    "words",
    [
        ("connection", "show"),
        ("connection", "edit"),
        ("connection", "test"),
        ("connection", "suspend"),
        ("connection", "resume"),
        ("connection", "remove"),
        ("connection", "unread"),
        ("sync", "run"),
        ("sync", "status"),
        ("sync", "history"),
        ("sync", "request"),
    ],
)
def test_what_is_not_there_is_not_found(infrazen, words):
    ran = infrazen(*words, "nowhere", "--json")
    assert ran.code == Exit.NOT_FOUND
    assert "nowhere" in ran.error["message"]


def test_editing_changes_what_is_said_and_keeps_the_rest(connected, infrazen):
    ran = infrazen(
        "connection",
        "edit",
        connected,
        "--display-name",
        "Beget",
        "--schedule",
        "30 4 * * *",
        "--setting",
        "collect_mailboxes=false",
        "--timeout",
        "600",
        "--json",
    )
    assert ran.code == Exit.DONE, ran.err
    assert (ran.json["display_name"], ran.json["schedule"]) == ("Beget", "30 4 * * *")
    assert ran.json["settings"] == {"collect_mailboxes": False}
    assert ran.json["timeout_seconds"] == 600
    assert ran.json["credentials"] == {"login": "demo"}
    assert infrazen("connection", "test", connected).code == Exit.DONE
    renamed = infrazen(
        "connection", "edit", connected, "--rename", "other", "--setting", "collect_mailboxes="
    )
    assert renamed.code == Exit.DONE
    assert infrazen("connection", "show", "other", "--json").json["settings"] == {}


def test_an_edit_that_fails_its_test_changes_nothing(connected, infrazen, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text(CANARY)
    ran = infrazen("connection", "edit", connected, "--secret-file", str(wrong), "--test")
    assert ran.code == Exit.CREDENTIALS_REFUSED
    assert_absent(ran.out + ran.err, where="the output")
    assert infrazen("connection", "test", connected).code == Exit.DONE
    assert infrazen("connection", "edit", connected, "--secret-file", str(wrong)).code == Exit.DONE
    assert infrazen("connection", "test", connected).code == Exit.CREDENTIALS_REFUSED


def test_another_address_wants_the_secret_anew(connected, infrazen):
    ran = infrazen("connection", "edit", connected, "--endpoint", "http://localhost:1", "--json")
    assert ran.code == Exit.USAGE
    assert ran.error["field"] == "password"


def test_secrets_can_be_forgotten_but_not_needed_ones(connected, infrazen, tmp_path):
    token = tmp_path / "token"
    token.write_text("token=simulator-token")
    assert infrazen("connection", "edit", connected, "--secret-file", str(token)).code == Exit.DONE
    shown = infrazen("connection", "show", connected, "--json").json
    assert {secret["field"] for secret in shown["secrets"]} == {"password", "token"}
    ran = infrazen("connection", "edit", connected, "--forget", "token", "--json")
    assert [secret["field"] for secret in ran.json["secrets"]] == ["password"]
    refused = infrazen("connection", "edit", connected, "--forget", "password", "--json")
    assert (refused.code, refused.error["field"]) == (Exit.USAGE, "password")


def test_testing_says_what_is_open_and_why_the_rest_is_not(connected, infrazen, beget_simulator):
    beget_simulator.fault(Kind.WRONG_PASSWORD, path="/v1/auth")
    ran = infrazen("connection", "test", connected, "--json")
    assert ran.code == Exit.DONE
    parts = {part["title"]: part for part in ran.json["parts"]}
    assert parts["Account"]["is_open"]
    assert not parts["Cloud API sign-in"]["is_open"]
    assert parts["Cloud API sign-in"]["reason"] == "CredentialsRefused"
    assert ran.json["account"]["balance"] == "174.51"


def test_suspending_stops_the_schedule_and_resuming_starts_it(connected, infrazen):
    assert infrazen("connection", "suspend", connected, "--json").json["next_sync_at"] is None
    assert infrazen("connection", "show", connected, "--json").json["state"] == "suspended"
    ran = infrazen("connection", "resume", connected)
    assert f"{connected} syncs next at" in ran.out


def test_removing_keeps_the_history_unless_it_is_purged(connected, infrazen, add):
    assert infrazen("sync", "run", connected).code == Exit.PARTIAL
    assert infrazen("connection", "remove", connected, "--yes").code == Exit.DONE
    assert infrazen("connection", "list", "--json").json == []
    (kept,) = infrazen("sync", "history", "--json").json
    assert kept["connection"] == "(removed)"
    assert infrazen("snapshot", "show", kept["id"]).code == Exit.DONE
    assert add(connected).code == Exit.DONE
    assert infrazen("sync", "run", connected).code == Exit.PARTIAL
    assert infrazen("connection", "remove", connected, "--purge", "--yes").code == Exit.DONE
    assert [one["id"] for one in infrazen("sync", "history", "--json").json] == [kept["id"]]


def test_removing_asks_first(connected, infrazen, monkeypatch):
    give(monkeypatch, "")
    ran = infrazen("connection", "remove", connected)
    assert ran.code == Exit.USAGE
    assert "--yes" in ran.err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert infrazen("connection", "remove", connected).code == Exit.INTERRUPTED
    assert infrazen("connection", "show", connected).code == Exit.DONE


def test_records_that_could_not_be_read_are_listed_with_their_reason(
    connected, infrazen, beget_simulator
):
    assert "every record was read" in infrazen("connection", "unread", connected).out
    beget_simulator.fault(Kind.WRONG_TYPES, path="/v1/vps/server/list")
    summary = infrazen("sync", "run", connected)
    assert summary.code == Exit.PARTIAL
    assert f"infrazen connection unread {connected}" in summary.out
    (record,) = infrazen("connection", "unread", connected, "--json").json
    assert record["endpoint"] == "modern.vps"
    assert record["reason"] in infrazen("connection", "unread", connected).out
    beget_simulator.clear_faults()
    infrazen("sync", "run", connected)
    assert infrazen("connection", "unread", connected, "--json").json == []
