"""The audit log's address: read with suspicion, and written so that it means the same."""

from datetime import date

import pytest

from infrazen.db.queries.audit import AuditFilter
from infrazen_ui.backend.audit_query import (
    AuditQuery,
    address,
    day_of,
    export_address,
    narrowed,
    parse,
    toggled,
)

EVERYTHING = AuditQuery(
    wanted=AuditFilter(
        actors=("anna@example.com (CI & co)", "local operator"),
        areas=("session", "user"),
        target="Рога и копыта?",
        is_done=False,
        since=date(2026, 11, 1),
        until=date(2026, 11, 23),
    ),
    before=120,
)


@pytest.mark.parametrize(
    "query", [AuditQuery(), EVERYTHING, AuditQuery(after=7), AuditQuery(wanted=EVERYTHING.wanted)]
)
def test_an_address_means_what_it_was_made_of(query):
    path, _, rest = address(query).partition("?")
    assert path == "/settings/audit"
    assert parse(rest) == (query, ())


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("area=nonsense", ("area",)),
        ("outcome=maybe", ("outcome",)),
        ("since=yesterday", ("since",)),
        ("since=1066-10-14", ("since",)),
        ("until=2026-11-31", ("until",)),
        ("until=20261123", ("until",)),
        ("before=0", ("before",)),
        ("before=-1", ("before",)),
        ("after=9999999999", ("after",)),
        ("before=٣", ("before",)),
        ("actor=%00", ("actor",)),
        ("x=1&y=2&x=3", ("x", "y")),
    ],
)
def test_what_makes_no_sense_is_left_out_and_named(asked, wrong):
    assert parse(asked) == (AuditQuery(), wrong)


def test_the_export_has_every_page():
    assert export_address(AuditQuery(before=5)) == "/api/v1/exports/audit.csv"
    assert "before" not in export_address(EVERYTHING)
    assert "outcome=refused" in export_address(EVERYTHING)


def test_choices_toggle_and_lead_to_the_latest():
    query = toggled(EVERYTHING, "area", "user")
    assert (query.wanted.areas, query.before) == (("session",), None)
    assert toggled(query, "area", "user").wanted == EVERYTHING.wanted
    assert toggled(query, "actor", "local operator").wanted.actors == EVERYTHING.wanted.actors[:1]
    assert toggled(query, "target", "other").wanted.target == "other"
    assert toggled(query, "target", query.wanted.target).wanted.target == ""
    assert toggled(query, "since", "x").wanted.since is None
    assert toggled(query, "outcome", "x").wanted.is_done is None


@pytest.mark.parametrize(
    ("facet", "value"), [("area", "nonsense"), ("colour", "red"), ("actor", ""), ("actor", "\x00")]
)
def test_odd_choices_change_nothing(facet, value):
    assert toggled(EVERYTHING, facet, value) == EVERYTHING


def test_days():
    assert day_of("2026-11-23") == date(2026, 11, 23)
    assert day_of("") is None
    assert narrowed(EVERYTHING, since=None).wanted.since is None
