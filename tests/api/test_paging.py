"""Cursors come back as they were made, and nothing else is one."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Annotated

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.api import create_api
from infrazen.api.paging import Place as Spot
from infrazen.api.paging import cursor_at, page_of, position_at
from infrazen.db.columns import utc_now
from infrazen.db.session import Database, database
from infrazen.db.tables.resources import ResourceLogRow, ResourceMetricRow
from infrazen.db.tables.snapshots import QuarantinedRecordRow, ResourceStateRow, SyncSnapshotRow
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.roles import Permission, Role
from infrazen.domain.syncs import Change, SyncStatus, Trigger
from infrazen.errors import Invalid
from infrazen.services import people, tokens
from tests.api.conftest import ApiClient
from tests.api.test_authorization_matrix import DOCUMENT
from tests.world import Tenant, World, add_connection


class Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    cost: Annotated[int, msgspec.Meta(ge=0)]
    name: str


@given(st.integers(0, 2**63 - 1), st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_cursor_leads_back(cost, name):
    place = Place(cost, name)
    assert position_at(cursor_at(place), Place) == place


@given(st.text(max_size=60))
def test_whatever_comes_is_a_place_or_refused(text):
    with contextlib.suppress(Invalid):
        place = position_at(text, Place)
        assert cursor_at(place)
        assert place.cost >= 0


@pytest.mark.parametrize(
    "cursor",
    ["", "W10", cursor_at(Place(1, "x")) + "A", "WzEsInh dXQ", "WzEsMl0", "Wy0xLCJ4Il0", "ы"],
)
def test_tampered_cursors_are_refused(cursor):
    with pytest.raises(Invalid):
        position_at(cursor, Place)


def test_no_cursor_is_the_first_page():
    assert position_at(None, Place) is None


class Number(Spot):
    value: int
    id: int


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 999))), st.integers(1, 7), st.data())
def test_pages_of_a_whole_list_hold_every_item_once_whatever_goes_meanwhile(found, limit, data):
    seen, cursor, left = [], None, set(found)
    while True:
        items, cursor = page_of(left, lambda one: Number(*one), Number, cursor=cursor, limit=limit)
        seen += items
        if cursor is None:
            break
        left -= set(data.draw(st.lists(st.sampled_from(sorted(left)))))
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)
    assert left <= set(seen) <= found


SHORT = {
    "listProviders": "as many as InfraZen has code for",
    "listMySignIns": "those that have not ended",
    "listMyOrganizations": "a person is in a few",
    "listAccountComponents": "software of one account",
    "getReconciliation": "one a currency",
    "listResourceCosts": "400 days at most",
    "listResourceOverrides": "a name and a price, and what they were before",
    "listActors": "people and tokens of one organization",
    "getBilledDay": "one a currency",
    "getRecommendationTotals": "one a currency",
    "listRecommendationRules": "as many as InfraZen has code for",
    "decideSeveralRecommendations": "those that were asked for",
}
"""Lists that answer whole, and why they never get long."""


def test_every_list_that_can_be_long_has_pages():
    whole = set()
    for methods in DOCUMENT["paths"].values():
        for facts in methods.values():
            answer = facts["responses"].get("200", {}).get("content", {}).get("application/json")
            name = answer["schema"].get("$ref", "").rpartition("/")[2] if answer else ""
            taken = {each["name"] for each in facts.get("parameters", [])}
            if name.startswith("Page_") and not {"cursor", "limit"} <= taken:
                whole.add(facts["operationId"])
    assert whole == set(SHORT)


def events(_database: Database, tenant: Tenant) -> str:
    for number in range(7):
        people.add_person(
            tenant.actor(Role.OWNER), email=f"p{number}@x.example", name="P", role=Role.VIEWER
        )
    return "/api/v1/audit"


def persons(database: Database, tenant: Tenant) -> str:
    events(database, tenant)
    return "/api/v1/users"


def api_tokens(_database: Database, tenant: Tenant) -> str:
    for _ in range(4):
        tokens.create_token(tenant.actor(Role.OWNER), name="x", scopes=[Permission.COST_READ])
    return "/api/v1/tokens"


def connected(database: Database, tenant: Tenant) -> str:
    with database.writing() as session:
        for number in range(6):
            add_connection(session, tenant.organization_id, f"more-{number}")
    return "/api/v1/connections"


def readings(database: Database, tenant: Tenant) -> str:
    now = utc_now()
    with database.writing() as session:
        session.add_all(
            ResourceMetricRow(
                organization_id=tenant.organization_id,
                connection_id=tenant.connection_id,
                resource_id=tenant.resource_id,
                metric="cpu",
                at=now - timedelta(minutes=minute),
                value=minute,
            )
            for minute in range(1, 9)
        )
    return f"/api/v1/resources/{tenant.resource_id}/readings?metric=cpu"


def unread(database: Database, tenant: Tenant) -> str:
    with database.writing() as session:
        session.add_all(
            QuarantinedRecordRow(
                organization_id=tenant.organization_id,
                connection_id=tenant.connection_id,
                endpoint="modern.vps",
                record_key=str(number),
                reason="no id",
                raw="{}",
                last_seen_at=utc_now() - timedelta(seconds=number // 3),
            )
            for number in range(8)
        )
    return f"/api/v1/connections/{tenant.connection_id}/unread-records"


def history(database: Database, tenant: Tenant) -> str:
    place = {"organization_id": tenant.organization_id, "connection_id": tenant.connection_id}
    with database.writing() as session:
        for number in range(7):
            run = SyncSnapshotRow(
                **place,
                trigger=Trigger.MANUAL,
                status=SyncStatus.SUCCESS,
                fence=tenant.resource_id,
                config={},
            )
            session.add(run)
            session.flush()
            session.add(
                ResourceStateRow(
                    **place,
                    snapshot_id=run.id,
                    resource_id=tenant.resource_id,
                    observed_at=utc_now() - timedelta(hours=number // 2),
                    change=Change.UPDATED,
                    status=ResourceStatus.RUNNING,
                    changed_fields=["name"],
                )
            )
    return f"/api/v1/resources/{tenant.resource_id}/history"


def lifecycle(database: Database, tenant: Tenant) -> str:
    return history(database, tenant).replace("/history", "/lifecycle")


def log(database: Database, tenant: Tenant) -> str:
    with database.writing() as session:
        session.add_all(
            ResourceLogRow(
                organization_id=tenant.organization_id,
                resource_id=tenant.resource_id,
                at=utc_now() - timedelta(hours=number // 2),
                operation=("START", "STOP")[number % 2],
            )
            for number in range(8)
        )
    return f"/api/v1/resources/{tenant.resource_id}/log"


LISTS = [events, persons, api_tokens, connected, readings, unread, history, lifecycle, log]


@pytest.mark.parametrize("fill", LISTS)
def test_pages_hold_every_item_once_in_the_order_of_the_list(fill, each_world: World):
    path = httpx.URL(fill(database(), each_world.alpha))

    def page(**wanted):
        return client.get(str(path.copy_merge_params(wanted))).json()

    with asyncio.Runner() as runner:
        client = ApiClient(create_api(), runner).as_session(each_world.alpha.cookies[Role.OWNER])
        whole = page(limit=200)
        found = page(limit=3)
        seen = found["items"]
        while found["next_cursor"]:
            found = page(limit=3, cursor=found["next_cursor"])
            seen += found["items"]
    assert whole["next_cursor"] is None
    assert len(whole["items"]) >= 7
    assert [shown(one) for one in seen] == [shown(one) for one in whole["items"]]


def shown(item: dict[str, object]) -> dict[str, object]:
    """An item without what a request itself may change."""
    return {name: value for name, value in item.items() if name not in {"used_at", "seen_at"}}


@pytest.mark.parametrize("limit", [0, -1, 201, "many"])
def test_limits_are_bounded(api, world, limit):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    answer = client.get("/api/v1/audit", params={"limit": limit})
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")
