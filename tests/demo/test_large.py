"""The large demo: twelve accounts, a size that is asked for, more than a year."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from infrazen.db.queries import connections, demo_builds, organizations
from infrazen.db.queries.resource_list import ResourceFilter
from infrazen.demo.build import remove_leftovers
from infrazen.demo.large import ACCOUNTS, LEAST, NAME, build_large, sizes
from infrazen.demo.upkeep import due, lead_home
from infrazen.domain.people import OrganizationKind
from infrazen.domain.periods import utc_now
from infrazen.provider_kit.simulation.serving import make_simulator
from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.providers import provider
from infrazen.security.access import demo_actor
from infrazen.services.costs import get_dashboard
from infrazen.services.demo import demo_organization, publish_demo
from infrazen.services.resources import list_resources

ANCHOR = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_twelve_accounts_have_the_resources_that_were_asked_for_and_a_year(ready, at):
    told = []
    built = build_large(size=LEAST, now=NOON, told=lambda done, of: told.append((done, of)))
    assert told == [(n, 36) for n in range(36)]
    with ready.reading() as session:
        made = organizations.organization(session, built.organization_id)
        known = connections.every(session, organization_id=built.organization_id)
        days = session.execute(text("SELECT min(day), max(day) FROM billed_day")).one()
        deleted = session.scalar(text("SELECT count(*) FROM resource WHERE NOT is_active"))
    assert (made.name, made.kind) == (NAME, OrganizationKind.DEMO)
    assert Counter(one.provider for one in known) == {"yandex": 5, "selectel": 5, "beget": 2}
    assert {one.schedule for one in known} == {""}, "nobody answers at their addresses any more"
    first, last = (date.fromisoformat(str(day)) for day in days)
    assert last == ANCHOR
    assert (last - first).days > 13 * 30
    at(NOON)
    shown = get_dashboard(demo_actor(built.organization_id))
    assert shown.resources == LEAST
    assert shown.expenses[0].total > 0
    assert len(list_resources(demo_actor(built.organization_id), wanted=ResourceFilter())) > 0
    assert deleted > 0, "some machines are gone by now"
    assert demo_organization() is None, "visitors see it only where that is asked for"


@pytest.fixture
def lasting(ready):
    with ready.writing() as session:
        return demo_builds.add(
            session,
            name=NAME,
            time_zone="Europe/Moscow",
            currency="RUB",
            now=utc_now() - timedelta(days=3),
            lasts=True,
        )


def demos(database):
    with database.reading() as session:
        every = organizations.all_organizations(session, kind=OrganizationKind.DEMO)
        return {one.id for one in every}


def test_it_is_not_taken_away_with_what_nobody_sees(ready, lasting):
    with ready.writing() as session:
        demo_builds.add(session, name="x", time_zone="UTC", currency="RUB", now=utc_now())
    remove_leftovers()
    assert demos(ready) == {lasting}


def test_published_it_stays_and_its_accounts_lead_nowhere(ready, lasting):
    publish_demo(lasting)
    assert due(utc_now()) is None
    lead_home({"yandex": "http://127.0.0.1:1"})
    remove_leftovers()
    assert demo_organization() == lasting


def test_a_newer_one_takes_its_place(ready, lasting):
    with ready.writing() as session:
        newer = demo_builds.add(
            session, name=NAME, time_zone="UTC", currency="RUB", now=utc_now(), lasts=True
        )
        assert demo_builds.remove_lasting(session, besides={newer}) == 1
    assert demos(ready) == {newer}


@pytest.mark.parametrize("size", [LEAST, 999, 5000])
def test_every_account_has_something_and_together_they_have_the_size(size):
    parts = sizes(size)
    assert sum(parts) == size
    assert min(parts) > 0
    assert sum(account.share for account in ACCOUNTS) == 100


def grown(slug, *, seed=1, moment=NOON):
    setting = Setting(world="large", size=400, seed=seed, moment=moment, anchor=ANCHOR)
    kept = make_simulator(provider(slug), setting=setting).collections
    return {name: {id_: one.get(id_) for id_ in one.ids()} for name, one in kept.items()}


@pytest.mark.parametrize("slug", ["yandex", "selectel"])
def test_the_same_seed_and_day_make_the_same_account(slug):
    assert grown(slug) == grown(slug)
    assert grown(slug) != grown(slug, seed=2)


@pytest.mark.parametrize(
    ("slug", "kind"), [("yandex", "disks"), ("selectel", "volumes@msk"), ("selectel", "servers@")]
)
def test_an_account_grew_to_its_size(slug, kind):
    """What is there later was there as it is, only more of it."""

    def count(days_ago):
        kept = grown(slug, moment=NOON - timedelta(days=days_ago))
        return sum(len(records) for name, records in kept.items() if name.startswith(kind))

    counts = [count(days_ago) for days_ago in (399, 200, 45, 0)]
    assert counts == sorted(counts)
    assert 0 < counts[0] < counts[1] < counts[3]


def test_in_yandex_cloud_some_grew_and_some_are_gone():
    kept = grown("yandex")
    ends = [
        period.get("to")
        for record in kept["history"].values()
        for period in record["periods"]
        if "is" not in period
    ]
    gone = [end for end in ends if end]
    assert gone
    assert all(end <= str(ANCHOR) for end in gone)
    resized = [record for record in kept["history"].values() if "is" in record["periods"][0]]
    assert resized
    listed = kept["instances"].keys() - {
        id_ for id_, record in kept["history"].items() if record["periods"][-1].get("to")
    }
    others = ("snapshots", "addresses", "images", "buckets")
    boots = sum(name.startswith(("boot-", "batch-")) for name in map(_name, kept["disks"].values()))
    lone = len(kept["disks"]) - boots
    assert len(listed) + lone + sum(len(kept[name]) for name in others) == 400


def _name(record):
    return record["name"]
