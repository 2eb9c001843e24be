"""Recommendations on the command line: found, read, decided, and why rules are silent."""

from datetime import timedelta
from uuid import uuid4

import pytest

from infrazen.cli.exits import Exit
from infrazen.domain.periods import utc_now


@pytest.fixture
def run(infrazen, connected):
    """``infrazen recommendation`` over the simulated account, synced once."""
    ran = infrazen("sync", "run", connected)
    assert ran.code in {Exit.DONE, Exit.PARTIAL}, ran.err
    return lambda *words: infrazen("recommendation", *words)


def found(run, *words: str) -> list[dict]:
    return run("list", "--json", *words).json


def test_listing_shows_what_waits_the_largest_saving_first(run):
    rules = [one["rule"] for one in found(run)]
    assert rules == ["oversized_cpu", "oversized_cpu", "low_balance"]
    assert [one["monthly_saving"] for one in found(run)] == ["120.00", "53.10", "0.00"]
    text = run("list").out
    assert text.splitlines()[0].startswith("RECOMMENDATION")
    assert "Oversized CPU" in text
    assert "120.00 RUB" in text
    assert "(account)" in text


def test_filters_narrow_the_list(run):
    assert len(found(run, "--rule", "oversized_cpu", "--limit", "1")) == 1
    assert [one["resource"] for one in found(run, "--text", "runner")] == ["runner rus"]
    assert [one["rule"] for one in found(run, "--category", "risk")] == ["low_balance"]
    assert len(found(run, "--confidence", "low", "--category", "rightsize")) == 2
    assert found(run, "--state", "done") == []
    assert len(found(run, "--all", "--limit", "0", "--connection", "beget-main")) == 3
    assert run("list", "--connection", "nowhere").code == Exit.NOT_FOUND
    assert "rules" in run("list", "--state", "snoozed").out


def test_showing_says_why_and_what_to_change(run):
    largest = found(run)[0]
    text = run("show", largest["id"]).out
    for words in ("Oversized CPU: Objective Perrin", "threshold percent", "cpu", "2 → 1"):
        assert words in text
    shown = run("show", largest["id"], "--json").json
    assert shown["evidence"]["threshold_percent"] == 30
    assert [event["after"] for event in shown["history"]] == ["open"]
    assert run("show", str(uuid4())).code == Exit.NOT_FOUND


def test_decisions_are_made_one_by_one_and_together(run):
    first, second = (one["id"] for one in found(run, "--rule", "oversized_cpu"))
    for word, state in (("accept", "accepted"), ("start", "in_progress"), ("done", "done")):
        moved = run(word, first, second, "--reason", "At the weekend.", "--json")
        assert [one["state"] for one in moved.json] == [state, state]
    assert moved.json[0]["promised_monthly"] == "120.00"
    assert run("reopen", first).code == Exit.DONE
    assert run("show", first, "--json").json["promised_monthly"] is None


def test_putting_away_wants_a_reason_or_a_day(run):
    one = found(run)[0]["id"]
    assert run("dismiss", one).code == Exit.USAGE
    assert run("dismiss", one, "--reason", "A reserve.", "--json").json[0]["state"] == "dismissed"
    assert run("snooze", one, "--until", "2099-01-01").code == Exit.USAGE
    run("reopen", one)
    day = (utc_now() + timedelta(days=30)).date().isoformat()
    assert run("snooze", one, "--until", day, "--json").json[0]["snoozed_until"] == day
    assert run("accept", str(uuid4())).code == Exit.NOT_FOUND


def test_every_rule_says_what_it_found_and_why_not(run):
    rules = {one["id"]: one for one in run("rules", "--json").json}
    assert (rules["oversized_cpu"]["asked"], rules["oversized_cpu"]["found"]) == (3, 2)
    assert rules["storage_class"]["silent"] == [{"reason": "no_class", "resources": 1}]
    assert "no class: 1 of 1" in run("rules").out
