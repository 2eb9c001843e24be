"""Pages that go on from a place hold every row once, in the order of the whole list."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infrazen.db.queries import resource_list, snapshot_changes, snapshot_states
from infrazen.db.queries.resource_filter import Presence, ResourceFilter, SortKey
from infrazen.domain.resources import ResourceStatus
from tests.sync.made_up import made_up, server

NAMES = ("Альфа", "alpha", "БЕТА", "100%_sure", "o'hara", "")


def seen(number):
    facts = {
        "name": NAMES[number % len(NAMES)],
        "region": ("ru1", "ru2", "")[number % 3],
        "status": (ResourceStatus.RUNNING, ResourceStatus.STOPPED)[number % 2],
        "type": ("vps", "domain")[number % 5 == 0],
    }
    if number % 4 == 3:
        facts["price"] = None
    return server(number, daily=str(number % 7), **facts)


@pytest.fixture
def account(each_database):
    account = made_up(each_database)
    account.sync(*(seen(number) for number in range(40)))
    account.sync(*(seen(number) for number in range(5, 45)))
    account.sync(*(seen(number) for number in range(5, 40)))
    return account


def ids_of(lines):
    return [line.id for line in lines]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sort=st.sampled_from(SortKey),
    descending=st.booleans(),
    presence=st.sampled_from(Presence),
    limit=st.integers(1, 50),
)
def test_resources(account, sort, descending, presence, limit):
    wanted = ResourceFilter(presence=presence)
    order = {"sort": sort, "descending": descending}
    with account.store.reading() as session:
        place = (session, account.organization_id, wanted)
        whole = ids_of(resource_list.page(*place, **order, limit=1000))
        found, last = [], None
        while lines := resource_list.page(*place, **order, after=last, limit=limit):
            found += ids_of(lines)
            last = resource_list.place_of(lines[-1], sort)
    assert found == whole
    assert len(whole) == {Presence.ACTIVE: 35, Presence.DELETED: 10, Presence.ALL: 45}[presence]


@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize(("number", "count"), [(0, 40), (1, 45), (2, 40)])
def test_states(account, number, count, limit):
    which = {
        "organization_id": account.organization_id,
        "snapshot_id": account.snapshots[number],
    }
    with account.store.reading() as session:
        whole = snapshot_states.states_at(session, **which)
        found, last = [], None
        while lines := snapshot_states.states_at(session, **which, after=last, limit=limit):
            found += lines
            last = (lines[-1].type, lines[-1].name, lines[-1].resource_id)
    assert found == whole
    assert len(whole) == count


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_changes_between_two_snapshots(account, limit):
    first, *_, last = account.snapshots
    which = {"organization_id": account.organization_id, "older": first, "newer": last}
    with account.store.reading() as session:
        whole = snapshot_changes.changes_between(session, **which)
        found, last = [], None
        while page := snapshot_changes.changes_between(session, **which, after=last, limit=limit):
            found += page
            last = snapshot_changes.place_of(page[-1])
    assert found == whole
    assert len(whole) == 15


@pytest.mark.parametrize("limit", [1, 4, 100])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_changes_in_a_snapshot(account, number, limit):
    which = {
        "organization_id": account.organization_id,
        "snapshot_id": account.snapshots[number],
    }
    with account.store.reading() as session:
        whole = snapshot_changes.changes(session, **which, limit=1000)
        found, last = [], None
        while page := snapshot_changes.changes(session, **which, after=last, limit=limit):
            found += page
            last = snapshot_changes.place_of(page[-1])
    assert found == whole
    kinds = [line.change.value for line in whole]
    assert kinds == sorted(kinds, reverse=True)
