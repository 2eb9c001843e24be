"""The audit log shows every event and every change to it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from infrazen.db.columns import utc_now
from infrazen.db.queries import audit as audit_queries
from infrazen.db.queries.audit import AuditFilter
from infrazen.domain.roles import Role
from infrazen.errors import Forbidden
from infrazen.services import audit, organizations, people


@pytest.fixture
def owner(world):
    return world.alpha.actor(Role.OWNER)


@pytest.fixture
def log(world, owner):
    """Five events of alpha."""
    for number in range(5):
        people.add_person(
            owner, email=f"p{number}@alpha.example", name=f"P{number}", role=Role.VIEWER
        )


def append(database, world, **details):
    with database.writing() as session:
        audit_queries.append(
            session,
            organization_id=world.alpha.organization_id,
            actor="somebody",
            actor_kind="user",
            action="test",
            target="x" * 1_000,
            outcome="done",
            address="",
            details=details,
            at=utc_now(),
        )


def test_events_are_numbered_and_read_latest_first(log, owner):
    events = audit.list_events(owner)
    assert [each.sequence for each in events] == [5, 4, 3, 2, 1]
    assert events[0].details == {"role": "viewer"}
    assert [each.sequence for each in audit.list_events(owner, before=3)] == [2, 1]
    assert [each.sequence for each in audit.list_events(owner, limit=2)] == [5, 4]
    assert [each.sequence for each in audit.list_events(owner, after=2, limit=2)] == [4, 3]
    assert audit.list_events(owner, after=5) == []
    assert len(audit.list_events(owner, limit=-1)) == 1


def test_an_untouched_log_is_whole(log, owner):
    assert audit.verify_log(owner) is None


@pytest.mark.parametrize(
    ("tampering", "shows_at"),
    [
        ("UPDATE audit_event SET actor = 'mallory' WHERE sequence = 3", 3),
        ("UPDATE audit_event SET details = '{}' WHERE sequence = 2", 2),
        ("UPDATE audit_event SET created_at = '2020-01-01 00:00:00.000000' WHERE sequence = 4", 4),
        ("UPDATE audit_event SET sequence = 9 WHERE sequence = 5", 5),
        ("DELETE FROM audit_event WHERE sequence = 3", 3),
        ("DELETE FROM audit_event WHERE sequence = 1", 1),
        ("DELETE FROM audit_event WHERE sequence = 5", 5),
        ("DELETE FROM audit_event", 1),
        ("UPDATE audit_event SET hash = previous_hash WHERE sequence = 1", 1),
    ],
)
def test_any_tampering_shows(log, owner, database, tampering, shows_at):
    with database.writing() as session:
        session.connection().execute(text(tampering))
    assert audit.verify_log(owner) == shows_at


def test_writers_at_the_same_time_keep_one_chain(world, owner):
    def add(number):
        people.add_person(
            owner, email=f"c{number}@alpha.example", name=f"C{number}", role=Role.VIEWER
        )

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(12)))
    assert [each.sequence for each in audit.list_events(owner)] == list(range(12, 0, -1))
    assert audit.verify_log(owner) is None


def test_whatever_the_details_the_chain_holds(world, owner, database):
    append(
        database,
        world,
        number=1e22,
        money=1.10,
        nothing=None,
        yes=True,
        many=[{"a": 1}, "\x00 nul", "\ud83d"],
        id=owner.user_id,
    )
    assert audit.verify_log(owner) is None
    (event,) = audit.list_events(owner)
    assert len(event.target) == 400
    assert event.details["many"] == [{"a": 1}, " nul", ""]
    assert event.details["id"] == str(owner.user_id)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditFilter(), [4, 3, 2, 1]),
        (AuditFilter(areas=("user",)), [4, 3, 1]),
        (AuditFilter(areas=("organization", "token")), [2]),
        (AuditFilter(target="p1@alpha.example"), [3]),
        (AuditFilter(is_done=False), [4]),
        (AuditFilter(is_done=True, areas=("user",)), [3, 1]),
        (AuditFilter(actors=("nobody",)), []),
        (AuditFilter(areas=("us%",)), []),
    ],
)
def test_a_filter_narrows_the_log(world, owner, wanted, found):
    people.add_person(owner, email="p0@alpha.example", name="P0", role=Role.VIEWER)
    organizations.change_organization(owner, name="Alpha Ltd")
    people.add_person(owner, email="p1@alpha.example", name="P1", role=Role.VIEWER)
    viewer = world.alpha.actor(Role.VIEWER)
    with pytest.raises(Forbidden):
        people.add_person(viewer, email="p2@alpha.example", name="P2", role=Role.VIEWER)
    assert [each.sequence for each in audit.list_events(owner, wanted=wanted)] == found


def test_days_are_those_of_the_organization(world, owner, database):
    organizations.change_organization(owner, time_zone="Asia/Omsk")
    just_before_midnight = datetime(2026, 3, 9, 18, 30, tzinfo=UTC)  # half past midnight in Omsk
    with database.writing() as session:
        audit_queries.append(
            session,
            organization_id=world.alpha.organization_id,
            actor="somebody",
            actor_kind="user",
            action="test.day",
            target="",
            outcome="done",
            address="",
            details={},
            at=just_before_midnight,
        )

    def seen(since, until):
        wanted = AuditFilter(areas=("test",), since=since, until=until)
        return len(audit.list_events(owner, wanted=wanted))

    assert seen(date(2026, 3, 10), date(2026, 3, 10)) == 1
    assert seen(date(2026, 3, 9), date(2026, 3, 9)) == 0
    assert seen(date(2026, 3, 11), None) == 0
    assert seen(None, date(2026, 3, 10)) == 1


def test_everybody_in_the_log_is_listed_once(log, owner):
    assert audit.list_actors(owner) == [owner.name]


def test_the_export_holds_what_the_filter_finds_and_is_logged(log, owner):
    wanted = AuditFilter(target="p3@alpha.example")
    header, row = audit.export_events(owner, wanted=wanted).splitlines()
    assert header.endswith("sequence,at,actor,actor_kind,action,target,outcome,address,details")
    assert "user.add,p3@alpha.example,done" in row
    assert '""role"": ""viewer""' in row
    (latest,) = audit.list_events(owner, limit=1)
    assert (latest.action, latest.details) == ("export.audit", {"rows": 1})


def test_an_export_is_longer_than_a_page(log, owner, monkeypatch):
    monkeypatch.setattr(audit, "CHUNK", 2)
    lines = audit.export_events(owner, wanted=AuditFilter()).splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == ["5", "4", "3", "2", "1"]
