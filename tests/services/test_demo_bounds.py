"""What anybody may do in the demo has a bound, and leaves no trace of who did it."""

import pytest
from sqlmodel import select

from infrazen.db.tables.people import AuditEventRow
from infrazen.domain.roles import Role
from infrazen.errors import ClosedInDemo, TooManyAttempts
from infrazen.security.access import demo_actor
from infrazen.services import audit, resources, use_case
from tests.demo_world import publish_small_demo

ADDRESS = "198.51.100.9"


@pytest.fixture
def demo(world, database):
    return publish_small_demo(database)


def visitor(demo):
    return demo_actor(demo.organization_id, address=ADDRESS)


def events(database, demo):
    with database.reading() as session:
        return session.exec(
            select(AuditEventRow).where(AuditEventRow.organization_id == demo.organization_id)
        ).all()


def test_visitors_change_only_so_much_until_the_demo_is_built_anew(
    demo, world, database, monkeypatch
):
    monkeypatch.setattr(use_case, "MOST_IN_DEMO", 2)
    for _ in range(2):
        resources.annotate(visitor(demo), resource_id=demo.resource_id, text="a note")
    with pytest.raises(TooManyAttempts) as refusal:
        resources.annotate(visitor(demo), resource_id=demo.resource_id, text="one too many")
    assert refusal.value.retry_after > 0
    assert len(events(database, demo)) == 2
    assert resources.get_resource(visitor(demo), resource_id=demo.resource_id)
    alpha = world.alpha
    for _ in range(3):
        resources.annotate(
            alpha.actor(Role.FINOPS), resource_id=alpha.resource_id, text="no bound for people"
        )


def test_what_visitors_try_in_vain_writes_nothing(demo, database):
    with pytest.raises(ClosedInDemo):
        audit.export_events(visitor(demo), wanted=audit.AuditFilter())
    assert not events(database, demo)


def test_a_visitors_change_keeps_no_address(demo, database):
    resources.annotate(visitor(demo), resource_id=demo.resource_id, text="a note")
    [event] = events(database, demo)
    assert (event.actor_kind, event.address) == ("demo", "")
