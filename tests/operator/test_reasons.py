"""Reasons: stable words, each with a meaning and, where something is wrong, a way out."""

import re

import pytest

from infrazen.errors import InfraZenError
from infrazen_operator.reasons import CREDENTIALS_AT_FAULT, KNOWN, STALLING, Reason, told

WELL = {
    Reason.SYNCED,
    Reason.PARTLY_SYNCED,
    Reason.NOT_SYNCED,
    Reason.IDLE,
    Reason.AS_EXPECTED,
    Reason.CREDENTIALS_ACCEPTED,
    Reason.SPEC_CHANGED,
    Reason.SYNC_REQUESTED,
    Reason.CREDENTIALS_CHANGED,
    Reason.RELEASING,
    Reason.RELEASED,
    Reason.PURGING,
    Reason.PURGED,
}
OF_PEOPLE = {
    "ClosedInDemo",
    "ClusterRefused",
    "ClusterUnavailable",
    "TooManyAttempts",
    "Unauthenticated",
}
"""Errors of which no sync can end."""


def kinds(root=InfraZenError):
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


def test_every_reason_is_explained_in_sentences():
    assert set(Reason) <= set(KNOWN)
    for reason, known in KNOWN.items():
        assert re.fullmatch(r"[A-Z][A-Za-z]+", reason)
        assert known.meaning.endswith(".")
        assert bool(known.way_out) != (reason in WELL), reason
        assert not known.way_out or known.way_out.endswith(".")


def test_every_error_that_a_sync_can_end_with_is_explained():
    raised = {kind.reason for kind in kinds() if kind.__module__ == "infrazen.errors"}
    assert raised - set(KNOWN) == OF_PEOPLE


def test_what_stalls_is_known():
    assert CREDENTIALS_AT_FAULT < STALLING <= set(KNOWN)


def test_a_message_says_what_happened_and_what_to_do():
    assert told(Reason.OUT_OF_MEMORY, "").startswith("The sync used more memory")
    assert told("Throttled", "slow down") == (
        "Slow down. It is tried again when the next sync is due."
    )
    assert told("Throttled", "Really?").startswith("Really? It")
    assert told("NeverHeardOf", "") == "The sync failed."


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("the provider said no", "The provider said no."),
        ("couldn't find key x", "Couldn't find key x."),
        ("spec.timeZone: no time zone", "spec.timeZone: no time zone."),
        ("https://api.example.com says no", "https://api.example.com says no."),
        ("legacy.mysql is closed", "legacy.mysql is closed."),
        ("", "There was no sync yet."),
    ],
)
def test_what_is_told_is_a_sentence(said, begins):
    assert told(Reason.NOT_SYNCED, said) == begins
