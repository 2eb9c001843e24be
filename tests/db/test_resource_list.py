"""The resource table against a plain Python model of it."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infrazen.db.queries import (
    resource_counts,
    resource_detail,
    resource_list,
    resource_search,
    scope,
)
from infrazen.db.queries.resource_counts import Sum
from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.money import Money
from infrazen.domain.resources import ResourceStatus
from tests.sync.made_up import made_up, server
from tests.world import add_organization

REGIONS = ("ru1", "ru2", "")
STATUSES = (ResourceStatus.RUNNING, ResourceStatus.STOPPED)
NAMES = ("Альфа", "alpha", "БЕТА", "100%_sure", "gamma ray", "o'hara")


def seen(number):
    priced = number % 4 != 3
    facts = {
        "name": f"{NAMES[number % len(NAMES)]} {number}",
        "region": REGIONS[number % 3],
        "status": STATUSES[number % 2],
        "type": ("vps", "domain")[number % 5 == 0],
        "tags": {"env": ("prod", "dev")[number % 2], "id": str(number)} if number % 3 else {},
    }
    if not priced:
        facts["price"] = None
    return server(number, daily=str(Decimal(number) / 4), **facts)


WRITTEN = (
    {"owner": "Анна", "environment": "prod", "project": "Сайт"},
    {"owner": "Борис", "environment": "prod"},
)
ALL = [seen(number) for number in range(60)]


@pytest.fixture
def account(each_database):
    account = made_up(each_database)
    account.sync(*ALL)
    account.sync(*ALL[:50])
    with each_database.writing() as session:
        for number, who in enumerate(WRITTEN):
            ids = [account.resource_id(one.key) for one in ALL[number :: len(WRITTEN) + 1]]
            place = {"organization_id": account.organization_id, "resource_ids": ids}
            resource_detail.set_business_context(session, **place, values=who)
    return account


def written(one):
    """What people wrote on it."""
    number = ALL.index(one) % (len(WRITTEN) + 1)
    return WRITTEN[number] if number < len(WRITTEN) else {}


filters = st.builds(
    ResourceFilter,
    text=st.sampled_from(
        ["", "альфа", "ALPHA", "бета", "%", "_", "ray gamma", "'", "env=prod", "no"]
    ),
    types=st.sampled_from([(), ("vps",), ("domain", "vps")]),
    statuses=st.sampled_from([(), (ResourceStatus.RUNNING,)]),
    regions=st.sampled_from([(), ("ru1",), ("ru1", "")]),
    providers=st.sampled_from([(), ("beget",), ("yandex",)]),
    owners=st.sampled_from([(), ("Анна",), ("Анна", ""), ("",)]),
    environments=st.sampled_from([(), ("prod",), ("dev",)]),
    projects=st.sampled_from([(), ("Сайт", "")]),
    tags=st.sampled_from([{}, {"env": "prod"}, {"env": ""}, {"id": "", "env": "dev"}]),
    presence=st.sampled_from(Presence),
)


def matches(one, wanted, *, alive):
    words = " ".join(
        [one.name, one.external_id, one.type, one.service, one.region]
        + [f"{key}={value}" for key, value in one.tags.items()]
    ).lower()
    present = {Presence.ACTIVE: alive, Presence.DELETED: not alive, Presence.ALL: True}
    status = one.status if alive else ResourceStatus.DELETED
    return (
        present[wanted.presence]
        and all(word in words for word in wanted.text.lower().split())
        and (not wanted.types or one.type in wanted.types)
        and (not wanted.statuses or status in wanted.statuses)
        and (not wanted.regions or one.region in wanted.regions)
        and (not wanted.owners or written(one).get("owner", "") in wanted.owners)
        and (not wanted.environments or written(one).get("environment", "") in wanted.environments)
        and (not wanted.projects or written(one).get("project", "") in wanted.projects)
        and (not wanted.providers or "beget" in wanted.providers)
        and all(
            key in one.tags and (not value or one.tags[key] == value)
            for key, value in wanted.tags.items()
        )
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    wanted=filters,
    sort=st.sampled_from(SortKey),
    descending=st.booleans(),
    few=st.sampled_from([0, 10_000]),
)
def test_filter_sort_page_count_and_sum(account, wanted, sort, descending, few):
    model = [one for n, one in enumerate(ALL) if matches(one, wanted, alive=n < 50)]
    with account.store.reading() as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(resource_list, "FEW", few)  # either way of finding them
        patch.setattr(resource_list, "VERY_FEW", few)
        whole = (session, account.organization_id, wanted)
        how = {"sort": sort, "descending": descending, "limit": 14}
        offsets = range(0, 70, 14)
        pages = [resource_list.page(*whole, **how, offset=offset) for offset in offsets]
        found = resource_counts.summary(*whole)
        searched = [resource_search.search(*whole, **how, offset=offset) for offset in offsets]
    assert searched == [(page, found) for page in pages]
    lines = [line for page in pages for line in page]
    assert sorted(line.external_id for line in lines) == sorted(o.external_id for o in model)
    assert found.count == len(model)
    costs = [line.daily_cost for line in lines if line.daily_cost is not None]
    assert sum((money.amount for money in found.daily), Decimal(0)) == sum(costs, Decimal(0))
    if sort is SortKey.COST:
        ranks = [-1 if line.daily_cost is None else line.daily_cost for line in lines]
        assert ranks == sorted(ranks, reverse=descending)


def test_a_tag_of_both_kinds_is_counted_once(account):
    resource = scope.resource_id(account.connection_id, ALL[1].key)
    with account.store.writing() as session:
        resource_detail.set_user_tags(
            session,
            organization_id=account.organization_id,
            resource_ids=[resource],
            put={"env": "dev"},
            remove=[],
        )
        wanted = ResourceFilter(tags={"env": "dev", "id": "1"})
        (line,), found = resource_search.search(session, account.organization_id, wanted)
    assert (line.id, found.count) == (resource, 1)
    assert found.daily == (Money(Decimal("0.25"), "RUB"),)


def test_sums_keep_months_as_stated_and_know_what_the_account_contains(account):
    own = seen(1).price
    apart = msgspec.structs.replace(
        own, daily_micro=3_000_000, monthly_micro=91_250_000, in_account_rate=False
    )
    dollars = msgspec.structs.replace(apart, currency="USD")
    account.sync(server(1), server(2, price=apart), server(3, price=dollars), server(4, price=None))
    with account.store.reading() as session:
        found = resource_counts.summary(session, account.organization_id, ResourceFilter())
    rubles, foreign = found.sums
    assert found.count == 4
    assert rubles.stated == Rate(Decimal(25), Decimal(660) + Decimal("91.25"))
    assert rubles.in_account_rate == Rate(Decimal(22), Decimal(660))
    assert foreign == Sum(
        currency="USD", stated=Rate(Decimal(3), Decimal("91.25")), in_account_rate=ZERO_RATE
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=filters)
def test_facets_count_what_text_tags_and_presence_leave(account, wanted):
    left = replace(wanted, types=(), statuses=(), regions=(), providers=())
    left = replace(left, owners=(), environments=(), projects=())
    with account.store.reading() as session:
        facets = resource_counts.facets(session, account.organization_id, wanted)
        found = resource_counts.summary(session, account.organization_id, left)
    assert sum(one.count for one in facets) == found.count


def test_facets_count_every_active_resource_once(account):
    with account.store.reading() as session:
        facets = resource_counts.facets(session, account.organization_id)
        counts = resource_counts.counts(session, account.organization_id)
    assert sum(one.count for one in facets) == 50
    assert counts == {account.connection_id: 50}
    stopped = sum(one.count for one in facets if one.status is ResourceStatus.STOPPED)
    assert stopped == sum(one.status is ResourceStatus.STOPPED for one in ALL[:50])


def test_facets_know_what_people_wrote(account):
    wanted = ResourceFilter(text="vps")
    with account.store.reading() as session:
        for asked in (None, wanted):
            facets = resource_counts.facets(session, account.organization_id, asked)
            owners = {one.owner for one in facets}
            assert owners == {"Анна", "Борис", ""}
            mine = sum(one.count for one in facets if one.owner == "Анна")
            found = replace(asked or ResourceFilter(), owners=("Анна",))
            summary = resource_counts.summary(session, account.organization_id, found)
            assert mine == summary.count > 0


def test_a_tag_is_looked_for_where_there_is_nothing_at_all(each_database):
    with each_database.writing() as session:
        organization_id = add_organization(session, "empty")
    with each_database.reading() as session:
        found = resource_counts.summary(session, organization_id, ResourceFilter(tags={"env": ""}))
    assert (found.count, found.sums) == (0, ())
