"""The demo is built anew when it is time, and whoever looks never sees it half made."""

from datetime import timedelta

import pytest

from infrazen.db.queries import connections, demo_builds, organizations, resource_list
from infrazen.db.queries.resource_list import ResourceFilter
from infrazen.demo import making
from infrazen.demo.build import build
from infrazen.demo.clouds import demo_clouds
from infrazen.demo.upkeep import LONGEST, QUIET, Due, due, lead_home
from infrazen.domain.people import OrganizationKind
from infrazen.domain.periods import utc_now
from infrazen.domain.recommendations import State
from infrazen.domain.syncs import SyncStatus
from infrazen.errors import AlreadyRunning, EndpointNotAllowed, Forbidden, InfraZenError
from infrazen.provider_kit.clock import Clock
from infrazen.security.access import demo_actor
from infrazen.services.costs import get_dashboard
from infrazen.services.demo import demo_organization
from infrazen.services.organizations import change_organization
from infrazen.services.recommendations import decide, list_recommendations
from infrazen.services.resources import list_resources, set_tags
from infrazen.sync.engine import Order, run
from infrazen.sync.leadership import Leadership


def demos(database):
    with database.reading() as session:
        return {
            one.id for one in organizations.all_organizations(session, kind=OrganizationKind.DEMO)
        }


def known(database, organization_id):
    with database.reading() as session:
        return connections.every(session, organization_id=organization_id)


def figures(actor):
    shown = get_dashboard(actor)
    return (
        shown.expenses[0].total,
        shown.expenses[0].trend_percent,
        shown.savings,
        shown.resources,
        {one.metric: round(one.percent) for one in shown.utilisation},
    )


def test_without_a_demo_it_is_due(ready):
    assert due(utc_now()) is Due.MISSING


def made_at(database, organization_id):
    with database.reading() as session:
        return demo_builds.made_at(session, organization_id)


def test_a_demo_stays_until_its_day_is_over(demo, database):
    now = made_at(database, demo.organization_id)
    assert due(now) is None
    assert due(now + timedelta(days=1)) is Due.NEW_DAY


def test_what_visitors_changed_is_reset_once_they_are_quiet(demo, monkeypatch):
    monkeypatch.setattr("infrazen.demo.upkeep.local_day", lambda _moment, _zone: demo.day)
    actor = demo_actor(demo.organization_id)
    (line, *_) = list_resources(actor, wanted=ResourceFilter())
    with pytest.raises(Forbidden):
        change_organization(actor, name="Guests")
    assert due(utc_now() + LONGEST) is None
    set_tags(actor, resource_ids=[line.id], put={"team": "guests"})
    now = utc_now()
    assert due(now) is None
    assert due(now + QUIET - timedelta(minutes=1)) is None
    assert due(now + QUIET) is Due.CHANGED
    monkeypatch.setattr("infrazen.demo.upkeep.QUIET", 2 * LONGEST)
    assert due(now + LONGEST) is Due.CHANGED


def test_a_new_build_takes_the_place_of_the_one_before_with_all_that_was_done_there(demo, database):
    before = demo_actor(demo.organization_id)
    recommendation = list_recommendations(before)[0]
    decide(before, recommendation_ids=[recommendation.id], state=State.DISMISSED, reason="not now")
    assert get_dashboard(before).savings.count == 2
    seen = []
    built = build(told=lambda _done, _of: seen.append(demo_organization()))
    assert set(seen) == {demo.organization_id}
    assert demo_organization() == built.organization_id
    assert demos(database) == {built.organization_id}
    assert get_dashboard(demo_actor(built.organization_id)).savings.count == 3
    with database.reading() as session:
        assert not resource_list.page(session, demo.organization_id, ResourceFilter(), limit=1)


def test_a_build_that_breaks_leaves_the_demo_as_it_is_and_nothing_behind(
    demo, database, monkeypatch
):
    def broken(*_args, **_facts):
        raise InfraZenError("no")

    monkeypatch.setattr(making, "run", broken)
    with pytest.raises(InfraZenError):
        build()
    assert demo_organization() == demo.organization_id
    assert demos(database) == {demo.organization_id}


def test_two_do_not_build_at_once(ready, monkeypatch):
    other = Leadership(ready, making.LEASE)
    monkeypatch.setattr(other, "_holder", "elsewhere:1")
    assert other.lead()
    with pytest.raises(AlreadyRunning):
        build()
    assert demos(ready) == set()


def test_a_visitors_sync_reads_the_same_account_on_this_machine(demo, database, at):
    moment = made_at(database, demo.organization_id) + timedelta(seconds=1)
    at(moment)
    actor = demo_actor(demo.organization_id)
    before = figures(actor)
    with demo_clouds() as clouds:
        clouds.turn_to(moment, anchor=demo.day)
        lead_home(clouds.urls)
        for one in known(database, demo.organization_id):
            assert one.endpoint == clouds.urls[one.provider]
            order = Order(organization_id=demo.organization_id, connection_id=one.id)
            ended = run(database, order, clock=Clock(now=lambda: moment))
            assert ended.status is SyncStatus.SUCCESS
    assert figures(actor) == before


def test_its_simulators_are_the_only_addresses_of_this_machine_that_open(demo, database):
    (one, *_) = known(database, demo.organization_id)
    order = Order(organization_id=demo.organization_id, connection_id=one.id)
    with demo_clouds():
        ended = run(database, order)
    assert (ended.status, ended.reason) == (SyncStatus.ERROR, EndpointNotAllowed.reason)


def test_its_connections_go_on_by_themselves(demo, database):
    for one in known(database, demo.organization_id):
        assert one.schedule
        assert one.next_sync_at > one.created_at + timedelta(days=50)
