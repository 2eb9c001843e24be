"""One change to many resources: what it would do, what it did, and how it is taken back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.db.tables.resources import ResourceBulkChangeRow
from infrazen.domain.bulk_changes import BulkChange, planned, taken_back
from infrazen.domain.periods import utc_now
from infrazen.errors import Conflict, Invalid, NotFound
from infrazen.security.access import system_actor
from infrazen.services.bulk_changes import (
    Which,
    change_resources,
    preview_change,
    undo_change,
)
from infrazen.services.resources import get_resource, set_business_context, set_tags
from tests.sync.made_up import made_up, server

EVERY = Which(wanted=ResourceFilter())


@pytest.fixture
def account(each_database):
    """Three servers; the first belongs to Anna and has a tag of its own."""
    account = made_up(each_database)
    account.sync(*(server(n, tags={"from": "cloud"}) for n in (1, 2, 3)))
    first = [account.resource_id("vps/id-1")]
    set_business_context(actor(account), resource_ids=first, values={"owner": "Anna"})
    set_tags(actor(account), resource_ids=first, put={"team": "web", "old": "yes"})
    return account


def actor(account):
    return system_actor(account.organization_id)


def written(account, number):
    view = get_resource(actor(account), resource_id=account.resource_id(f"vps/id-{number}"))
    own = {tag.key: tag.value for tag in view.tags if tag.source == "user"}
    return view.resource.owner, view.resource.project, own


def test_a_change_is_looked_at_made_and_taken_back(account):
    before = [written(account, n) for n in (1, 2, 3)]
    change = BulkChange(context={"owner": "Boris"}, put={"team": "core"})
    seen = preview_change(actor(account), which=EVERY, change=change)
    assert (seen.found, seen.changing, seen.overwriting) == (3, 3, 1)
    assert [written(account, n) for n in (1, 2, 3)] == before
    made = change_resources(actor(account), which=EVERY, change=change)
    assert (made.found, made.changed) == (3, 3)
    assert written(account, 1) == ("Boris", None, {"team": "core", "old": "yes"})
    assert written(account, 3) == ("Boris", None, {"team": "core"})
    assert undo_change(actor(account), change_id=made.id) == 3
    assert [written(account, n) for n in (1, 2, 3)] == before


def test_what_is_so_already_is_not_changed(account):
    change = BulkChange(context={"owner": "Anna"})
    assert preview_change(actor(account), which=EVERY, change=change).changing == 2
    change_resources(actor(account), which=EVERY, change=change)
    again = change_resources(actor(account), which=EVERY, change=change)
    assert (again.id, again.changed) == (None, 0)


def test_tags_are_replaced_and_the_clouds_own_stay(account):
    change = BulkChange(put={"team": "core"}, only_these=True)
    change_resources(actor(account), which=EVERY, change=change)
    assert written(account, 1)[2] == {"team": "core"}
    first = get_resource(actor(account), resource_id=account.resource_id("vps/id-1"))
    assert "from" in {tag.key for tag in first.tags}


def test_undoing_leaves_what_somebody_changed_since(account):
    made = change_resources(
        actor(account), which=EVERY, change=BulkChange(context={"owner": "Boris", "project": "X"})
    )
    second = [account.resource_id("vps/id-2")]
    set_business_context(actor(account), resource_ids=second, values={"owner": "Vera"})
    undo_change(actor(account), change_id=made.id)
    assert written(account, 1)[:2] == ("Anna", None)
    assert written(account, 2)[:2] == ("Vera", None)


def test_a_change_is_taken_back_once_and_within_a_day(account):
    made = change_resources(
        actor(account), which=EVERY, change=BulkChange(context={"owner": "Boris"})
    )
    undo_change(actor(account), change_id=made.id)
    with pytest.raises(Conflict):
        undo_change(actor(account), change_id=made.id)
    late = change_resources(
        actor(account), which=EVERY, change=BulkChange(context={"owner": "Boris"})
    )
    with account.store.writing() as session:
        session.execute(
            update(ResourceBulkChangeRow).values(created_at=utc_now() - timedelta(days=2))
        )
    with pytest.raises(Conflict):
        undo_change(actor(account), change_id=late.id)


def test_one_that_is_not_there_spoils_all(account):
    ids = [account.resource_id("vps/id-1"), account.resource_id("vps/id-9")]
    change = BulkChange(context={"owner": "Boris"})
    with pytest.raises(NotFound):
        change_resources(actor(account), which=Which(ids=ids), change=change)
    assert written(account, 1)[0] == "Anna"


@pytest.mark.parametrize(
    "change",
    [
        BulkChange(),
        BulkChange(context={"password": "x"}),
        BulkChange(context={"owner": "x" * 201}),
        BulkChange(put={" ": "x"}),
        BulkChange(put={"team": "two\nlines"}),
    ],
)
def test_what_makes_no_sense_is_refused(account, change):
    with pytest.raises(Invalid):
        preview_change(actor(account), which=EVERY, change=change)


names = st.sampled_from(["owner", "project", "tag.a", "tag.b"])
documents = st.dictionaries(names, st.sampled_from(["x", "y"]))
changes = st.builds(
    BulkChange,
    context=st.dictionaries(
        st.sampled_from(["owner", "project"]), st.none() | st.sampled_from(["x", "y"])
    ),
    put=st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"])),
    remove=st.lists(st.sampled_from(["a", "b"])).map(tuple),
    only_these=st.booleans(),
)


@given(documents, changes)
def test_taking_back_is_exact(before, change):
    plan = planned(before, change)
    after = applied(before, plan)
    assert planned(after, change) == {}
    assert applied(after, taken_back(after, plan)) == before


def applied(facts, plan):
    result = {**facts, **{name: after for name, (_, after) in plan.items()}}
    return {name: value for name, value in result.items() if value is not None}
