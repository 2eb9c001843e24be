"""The demo over the API: for anybody to read, and what visitors' cookies open."""

from datetime import timedelta

import pytest

from infrazen.api.routers.demo import used_percent
from infrazen.db.queries.scope import resource_id
from infrazen.db.queries.usage import Utilisation
from infrazen.db.tables.people import OrganizationRow
from infrazen.domain.people import OrganizationKind
from infrazen.domain.periods import local_day, utc_now
from infrazen.domain.roles import Role
from infrazen.services import demo
from infrazen.settings import settings
from tests.demo_world import add_demo, publish_small_demo
from tests.people import PASSWORD, sign_in_owner
from tests.sync.made_up import made_up, server
from tests.world import add_recommendation

READS = ("summary", "connections", "resources", "recommendations", "costs")


@pytest.fixture
def switched_on(data_dir, monkeypatch):
    monkeypatch.setenv("INFRAZEN_DEMO", "true")
    settings.cache_clear()


@pytest.fixture
def shown(switched_on, world, database):
    """The published demo, beside two organizations of people."""
    return publish_small_demo(database)


@pytest.mark.parametrize("what", READS)
def test_anybody_reads_the_demo_and_nothing_else(what, shown, api):
    answer = api.get(f"/api/demo/{what}", origin=None)
    assert answer.status_code == 200
    assert "alpha" not in answer.text
    assert "canary" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("what", READS)
def test_nothing_is_changed_there(what, shown, api):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert api.request(method, f"/api/demo/{what}").status_code == 405


@pytest.mark.parametrize("what", READS)
def test_without_a_demo_the_answer_says_so(what, switched_on, api, database):
    add_demo(database)
    answer = api.get(f"/api/demo/{what}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["reason"] == "NotFound"
    assert "no demo" in answer.json()["detail"]


def test_a_demo_that_is_switched_off_is_none(world, database, api):
    publish_small_demo(database)
    assert api.get("/api/demo/summary").status_code == 404


def test_the_summary_has_these_figures_and_no_others(switched_on, database, api):
    account = made_up(database)
    with database.writing() as session:
        row = session.get_one(OrganizationRow, account.organization_id)
        row.kind = OrganizationKind.DEMO
        session.add(row)
    demo.publish_demo(account.organization_id)
    today = local_day(utc_now(), "Europe/Moscow")
    for back, daily in ((35, "20.10"), (1, "10.05"), (0, "10.05")):
        account.day = today - timedelta(days=back)
        account.sync(server(1, daily=daily))
    with database.writing() as session:
        place = (account.organization_id, account.connection_id)
        resource = resource_id(account.connection_id, server(1).key)
        add_recommendation(session, *place, resource, saving="120.50")
    assert api.get("/api/demo/summary").json() == {
        "total": "20.10",
        "trend_percent": -50.0,
        "savings": "120.50",
        "recommendations": 1,
        "resources": 1,
        "providers": 1,
        "utilisation": {"cpu": None, "ram": None, "storage": None, "network": None},
    }


@pytest.mark.parametrize(
    ("measured", "shown"),
    [
        ({}, None),
        ({"network_in": 12.4}, 12),
        ({"network_in": 12.4, "network_out": 28.6}, 29),
        ({"cpu": 90.0}, None),
    ],
)
def test_of_two_directions_the_busier_one_counts(measured, shown):
    one = {"unit": "Mbit/s", "resources": 1, "used": None, "available": None}
    found = [Utilisation(metric=name, percent=value, **one) for name, value in measured.items()]
    assert used_percent(found, "network_in", "network_out") == shown


def test_lists_hold_the_demos_things(shown, api):
    [connection] = api.get("/api/demo/connections").json()["items"]
    assert connection["id"] == str(shown.connection_id)
    assert set(connection) == {
        "id",
        "name",
        "display_name",
        "provider",
        "state",
        "resources",
        "costs",
    }
    [resource] = api.get("/api/demo/resources?limit=1").json()["items"]
    assert resource["id"] == str(shown.resource_id)
    [advice] = api.get("/api/demo/recommendations").json()["items"]
    assert advice["id"] == str(shown.recommendation_id)


def test_a_filter_by_somebodys_connection_finds_nothing(shown, world, api):
    for what in ("resources", "recommendations"):
        answer = api.get(f"/api/demo/{what}?connection_id={world.alpha.connection_id}")
        assert answer.json()["items"] == []


def test_who_asks_too_often_is_told_to_wait(shown, api, monkeypatch):
    monkeypatch.setenv("INFRAZEN_API_REQUESTS_PER_MINUTE", "3")
    settings.cache_clear()
    said = [api.get("/api/demo/summary").status_code for _ in range(4)]
    assert said == [200, 200, 200, 429]


def test_a_visitors_cookie_opens_the_demo_and_no_more(shown, world, api):
    client = api.as_session(demo.enter_demo().cookie)
    listed = client.get("/api/v1/resources").json()["items"]
    assert [one["id"] for one in listed] == [str(shown.resource_id)]
    assert client.get(f"/api/v1/resources/{world.alpha.resource_id}").status_code == 404
    assert client.get("/api/v1/exports/resources.csv").status_code == 200
    for closed in ("me", "organization", "users", "tokens", "audit", "me/sign-ins"):
        answer = client.get(f"/api/v1/{closed}")
        assert answer.status_code == 403, closed
        assert answer.json()["reason"] == "ClosedInDemo"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        (
            "POST",
            "connections/test",
            {
                "provider": "beget",
                "credentials": {"login": "x", "password": "y"},
                "endpoint": "http://169.254.169.254/",
            },
        ),
        ("PATCH", "connections/{id}", {"endpoint": "http://127.0.0.1:1/"}),
        ("POST", "connections/{id}/test", {"endpoint": "http://127.0.0.1:1/"}),
        ("POST", "connections/{id}/suspend", None),
        ("DELETE", "connections/{id}", None),
        ("POST", "tokens", {"name": "x", "scopes": ["cost:read"], "days": 30}),
        ("PATCH", "me", {"language": "en"}),
        ("PUT", "me/password", {"current": "", "new": "battery horse correct"}),
        ("PATCH", "organization", {"name": "Mine"}),
        (
            "POST",
            "users",
            {"email": "me@example.com", "name": "Me", "role": "owner"},
        ),
    ],
)
def test_a_visitors_cookie_points_nothing_elsewhere(shown, api, method, path, body):
    client = api.as_session(demo.enter_demo().cookie)
    answer = client.request(method, f"/api/v1/{path.format(id=shown.connection_id)}", json=body)
    assert (answer.status_code, answer.json()["reason"]) == (403, "ClosedInDemo")


def test_a_secret_of_the_demo_stays_one(shown, api):
    client = api.as_session(demo.enter_demo().cookie)
    found = client.get(f"/api/v1/resources/{shown.resource_id}")
    assert "canary" not in found.text
    answer = client.post(f"/api/v1/resources/{shown.resource_id}/secrets/admin/reveal")
    assert answer.status_code == 403
    assert "canary" not in answer.text


def test_a_page_elsewhere_cannot_use_a_visitors_cookie(shown, api):
    client = api.as_session(demo.enter_demo().cookie)
    path = f"/api/v1/connections/{shown.connection_id}/sync"
    assert client.post(path, origin="https://evil.example").status_code == 403
    assert client.post(path).status_code == 202


def test_nobody_elsewhere_sees_the_demo(shown, world, api):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    for path in ("resources", "connections", "users", "audit", "me/organizations", "snapshots"):
        assert shown.slug not in client.get(f"/api/v1/{path}").text
    assert client.get(f"/api/v1/resources/{shown.resource_id}").status_code == 404
    switch = client.put(
        "/api/v1/me/organization", json={"organization_id": str(shown.organization_id)}
    )
    assert switch.status_code == 404


def test_signing_in_ends_the_visit(switched_on, database, api):
    publish_small_demo(database)
    owner = sign_in_owner()
    visit = demo.enter_demo()
    client = api.as_session(visit.cookie)
    answer = client.post("/api/auth/login", json={"email": owner.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "infrazen_session=" in answer.headers["set-cookie"]
    assert api.as_session(visit.cookie).get("/api/v1/resources").status_code == 401


def test_leaving_ends_the_visit(shown, api):
    visit = demo.enter_demo()
    assert api.as_session(visit.cookie).post("/api/auth/logout").status_code == 204
    assert api.as_session(visit.cookie).get("/api/v1/resources").status_code == 401
