"""Who is let in to look at the demo, for how long, and as whom."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from infrazen.db.tables.people import DemoVisitRow, OrganizationRow, UserRow
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Role
from infrazen.errors import NotFound, TooManyAttempts, Unauthenticated
from infrazen.security.access import DEMO_READS, DEMO_SCOPES, ActorKind
from infrazen.security.sessions import VISIT_LASTS
from infrazen.services import demo, sign_in
from infrazen.services.demo import VISITS_A_NETWORK, WINDOW, Door
from infrazen.settings import settings
from tests.demo_world import add_demo, publish_small_demo
from tests.people import PASSWORD, sign_in_owner


@pytest.fixture
def switched_on(data_dir, monkeypatch):
    monkeypatch.setenv("INFRAZEN_DEMO", "true")
    settings.cache_clear()


@pytest.fixture
def shown(switched_on, database):
    """The published demo, where visitors are let in."""
    return publish_small_demo(database)


def rows(database):
    with database.reading() as session:
        return len(session.exec(select(DemoVisitRow)).all())


def age(database, by):
    with database.writing() as session:
        for row in session.exec(select(DemoVisitRow)).all():
            row.created_at -= by
            row.expires_at -= by


def test_without_the_setting_the_door_is_closed(database):
    publish_small_demo(database)
    assert demo.demo_door() is Door.CLOSED
    with pytest.raises(NotFound):
        demo.enter_demo()
    with pytest.raises(NotFound):
        demo.reader_of_demo()


def test_until_a_demo_is_published_it_is_being_built(switched_on, database):
    organization_id = add_demo(database)
    assert demo.demo_door() is Door.BUILDING
    with pytest.raises(NotFound):
        demo.enter_demo()
    demo.publish_demo(organization_id)
    assert demo.demo_door() is Door.OPEN
    assert demo.enter_demo().cookie


def test_a_visitor_is_nobody_and_may_what_the_demo_allows(shown):
    visit = demo.enter_demo(address="192.0.2.7")
    found = sign_in.principal_for_session(visit.cookie, address="192.0.2.7")
    assert found.is_visitor
    assert found.actor.kind is ActorKind.DEMO
    assert found.actor.scopes == DEMO_SCOPES
    assert found.organization_id == shown.organization_id
    assert (found.user_id, found.actor.user_id, found.email) == (None, None, "")
    assert found.expires_at == visit.expires_at
    assert demo.reader_of_demo().actor.scopes == DEMO_READS


def test_visits_work_on_both_databases(switched_on, each_database):
    publish_small_demo(each_database)
    visit = demo.enter_demo(address="2001:db8::1")
    assert sign_in.principal_for_session(visit.cookie).is_visitor
    sign_in.sign_out(visit.cookie)
    assert sign_in.principal_for_session(visit.cookie) is None


def test_nobody_signs_in_as_a_visitor(shown, database):
    demo.enter_demo()
    with database.reading() as session:
        assert session.exec(select(UserRow)).all() == []
    for email in ("demo", "demo@example.com", ""):
        with pytest.raises(Unauthenticated):
            sign_in.sign_in(email=email, password="")


def test_a_made_up_visit_opens_nothing(shown):
    assert sign_in.principal_for_session("demo.made-up") is None
    assert sign_in.principal_for_token(demo.enter_demo().cookie) is None


def test_a_visit_ends_with_its_time_and_is_forgotten(shown, database):
    visit = demo.enter_demo()
    age(database, VISIT_LASTS)
    assert sign_in.principal_for_session(visit.cookie) is None
    demo.enter_demo()
    assert rows(database) == 1


def test_a_visit_ends_when_the_demo_is_switched_off(shown, monkeypatch):
    visit = demo.enter_demo()
    monkeypatch.setenv("INFRAZEN_DEMO", "false")
    settings.cache_clear()
    assert sign_in.principal_for_session(visit.cookie) is None


def test_visitors_follow_to_the_next_demo(shown, database):
    visit = demo.enter_demo()
    following = publish_small_demo(database, "showroom-2")
    with database.writing() as session:
        session.delete(session.get_one(OrganizationRow, shown.organization_id))
    found = sign_in.principal_for_session(visit.cookie)
    assert found.organization_id == following.organization_id
    assert found.organization_slug == "showroom-2"


def test_without_any_demo_left_visitors_are_out(shown, database):
    visit = demo.enter_demo()
    with database.writing() as session:
        session.delete(session.get_one(OrganizationRow, shown.organization_id))
    assert sign_in.principal_for_session(visit.cookie) is None
    assert demo.demo_door() is Door.BUILDING


def test_a_network_lets_in_so_many_and_no_more(shown, database):
    for _ in range(VISITS_A_NETWORK):
        demo.enter_demo(address="198.51.100.9")
    assert demo.demo_door(address="198.51.100.9") is Door.CROWDED
    with pytest.raises(TooManyAttempts) as refusal:
        demo.enter_demo(address="198.51.100.9")
    assert 0 < refusal.value.retry_after <= WINDOW.total_seconds()
    assert demo.enter_demo(address="198.51.100.10")
    assert rows(database) == VISITS_A_NETWORK + 1
    age(database, WINDOW + timedelta(seconds=1))
    assert demo.demo_door(address="198.51.100.9") is Door.OPEN


def test_one_network_of_ipv6_is_one_whatever_its_hosts_call_themselves(shown, monkeypatch):
    monkeypatch.setattr(demo, "VISITS_A_NETWORK", 2)
    for host in ("1", "2"):
        demo.enter_demo(address=f"2001:db8::{host}")
    assert demo.demo_door(address="2001:db8::3") is Door.CROWDED
    assert demo.demo_door(address="2001:db8:0:1::3") is Door.OPEN


def test_there_is_an_end_to_how_many_are_remembered(shown, monkeypatch):
    monkeypatch.setattr(demo, "MOST_VISITS", 3)
    for number in range(3):
        demo.enter_demo(address=f"198.51.100.{number}")
    assert demo.demo_door(address="203.0.113.1") is Door.CROWDED


def test_no_address_and_no_cookie_is_kept(shown, database):
    visit = demo.enter_demo(address="198.51.100.9")
    with database.reading() as session:
        kept = repr(session.exec(select(DemoVisitRow)).one())
    assert "198.51.100.9" not in kept
    assert visit.cookie not in kept


def test_a_real_sign_in_is_never_taken_for_a_visit(shown, database):
    owner = sign_in_owner()
    found = sign_in.principal_for_session(owner.cookie)
    assert not found.is_visitor
    assert found.role is Role.OWNER
    assert sign_in.sign_in(email=owner.email, password=PASSWORD).cookie
    with database.writing() as session:
        session.exec(update(DemoVisitRow).values(expires_at=utc_now()))
    assert sign_in.principal_for_session(owner.cookie)
