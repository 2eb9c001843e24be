"""The audit log shows every event and every change to it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from infrazen.db.columns import utc_now
from infrazen.db.queries import audit as audit_queries
from infrazen.domain.roles import Role
from infrazen.services import audit, people


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
