"""The routes do what their services do, and answer with what clients need."""

import pytest

from infrazen.domain.roles import Role
from tests.world import PASSWORD


@pytest.fixture
def owner(api, world):
    return api.as_session(world.alpha.cookies[Role.OWNER])


def test_people_come_change_and_go(owner, api):
    added = owner.post(
        "/api/v1/users", json={"email": "Boris@alpha.example", "name": "Борис", "role": "finops"}
    )
    assert added.status_code == 201
    made, user = added.json()["password"], added.json()["member"]
    assert user["email"] == "boris@alpha.example"
    login = {"email": user["email"], "password": made}
    boris = api.at()
    assert boris.post("/api/auth/login", json=login).status_code == 200
    path = f"/api/v1/users/{user['user_id']}"
    assert owner.put(f"{path}/role", json={"role": "admin"}).json()["role"] == "admin"
    assert boris.get("/api/v1/me").json()["role"] == "admin"
    assert owner.put(f"{path}/access", json={"enabled": False}).json()["is_disabled"] is True
    assert boris.get("/api/v1/me").status_code == 401
    owner.put(f"{path}/access", json={"enabled": True})
    given = owner.put(f"{path}/password", json={"password": "given password"}).json()
    assert given["password"] is None
    assert boris.post("/api/auth/login", json={**login, "password": "given password"}).is_success
    assert owner.delete(path).status_code == 204
    assert boris.get("/api/v1/me").status_code == 401
    assert owner.delete(path).status_code == 404
    emails = [each["email"] for each in owner.get("/api/v1/users").json()["items"]]
    assert "boris@alpha.example" not in emails
    assert len(emails) == 5


def test_a_token_is_shown_once_used_and_revoked(owner, api):
    made = owner.post(
        "/api/v1/tokens", json={"name": "export", "scopes": ["user:read"], "days": 3}
    ).json()
    program = api.as_token(made["secret"])
    assert program.get("/api/v1/users").status_code == 200
    assert program.get("/api/v1/audit").status_code == 403
    assert program.get("/api/v1/me").json()["permissions"] == ["user:read"]
    assert program.patch("/api/v1/me", json={"name": "X"}).status_code == 403
    listed = owner.get("/api/v1/tokens").json()["items"]
    assert made["secret"] not in str(listed)
    revoked = owner.delete(f"/api/v1/tokens/{made['token']['id']}")
    assert revoked.json()["revoked_at"] is not None
    assert program.get("/api/v1/users").status_code == 401


def test_ones_own_account(owner, api):
    assert owner.patch("/api/v1/me", json={"name": "Анна", "language": "en"}).status_code == 204
    me = owner.get("/api/v1/me").json()
    assert (me["name"], me["language"]) == ("Анна", "en")
    other = api.at()
    other.post("/api/auth/login", json={"email": me["email"], "password": PASSWORD})
    change = {"current": PASSWORD, "new": "another password"}
    assert owner.put("/api/v1/me/password", json=change).status_code == 204
    assert owner.get("/api/v1/me").status_code == 200
    assert other.get("/api/v1/me").status_code == 401
    login = {"email": me["email"], "password": change["new"]}
    other.post("/api/auth/login", json=login)
    sign_ins = owner.get("/api/v1/me/sign-ins").json()["items"]
    assert sorted(each["is_current"] for each in sign_ins) == [False, True]
    theirs = next(each["id"] for each in sign_ins if not each["is_current"])
    assert owner.delete(f"/api/v1/me/sign-ins/{theirs}").status_code == 204
    assert other.get("/api/v1/me").status_code == 401
    other.post("/api/auth/login", json=login)
    assert owner.delete("/api/v1/me/sign-ins").status_code == 204
    assert other.get("/api/v1/me").status_code == 401


def test_organizations(owner, world):
    (mine,) = owner.get("/api/v1/me/organizations").json()["items"]
    assert (mine["slug"], mine["role"]) == ("alpha", "owner")
    there = {"organization_id": str(world.beta.organization_id)}
    assert owner.put("/api/v1/me/organization", json=there).status_code == 404
    here = {"organization_id": mine["id"]}
    assert owner.put("/api/v1/me/organization", json=here).status_code == 204
    changed = owner.patch("/api/v1/organization", json={"time_zone": "Asia/Omsk"}).json()
    assert changed["time_zone"] == "Asia/Omsk"
    assert owner.get("/api/v1/organization").json() == changed


def test_the_log_can_be_read_and_verified(owner, database):
    owner.patch("/api/v1/organization", json={"name": "Renamed"})
    (event,) = owner.get("/api/v1/audit").json()["items"]
    assert (event["action"], event["address"]) == ("organization.change", "192.0.2.7")
    whole = {"intact": True, "first_broken": None}
    assert owner.get("/api/v1/audit/verification").json() == whole
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE audit_event SET actor = 'mallory'")
    assert owner.get("/api/v1/audit/verification").json()["first_broken"] == 1


def test_a_name_and_a_price_are_said_and_taken_back(owner, world):
    path = f"/api/v1/resources/{world.alpha.resource_id}"
    assert owner.put(f"{path}/name", json={"name": "Shop"}).status_code == 204
    price = {"amount": "300", "period": "month", "reason": "a contract"}
    assert owner.put(f"{path}/price", json=price).status_code == 204
    full = owner.get(path).json()
    assert (full["name"], full["daily_cost"], full["cost_source"]) == ("Shop", "10.00", "manual")
    assert full["provided"] == {"name": "alpha-vps", "price": None}
    assert [one["field"] for one in full["overrides"]] == ["price", "name"]
    (listed,) = owner.get("/api/v1/resources", params={"text": "shop"}).json()["items"]
    assert listed["provided"]["name"] == "alpha-vps"
    for field in ("name", "price"):
        assert owner.delete(f"{path}/{field}").status_code == 204
    full = owner.get(path).json()
    assert (full["name"], full["daily_cost"]) == ("alpha-vps", None)
    said = owner.get(f"{path}/overrides").json()["items"]
    assert [one["ended_by"] for one in said] == ["owner@alpha.example"] * 2


def test_a_price_without_a_reason_is_none(owner, world):
    path = f"/api/v1/resources/{world.alpha.resource_id}/price"
    for wrong in ({"reason": "  "}, {"amount": "-1"}, {"amount": "1e3"}, {"period": "year"}):
        price = {"amount": "300", "period": "month", "reason": "a contract", **wrong}
        assert owner.put(path, json=price).status_code == 422, wrong


def test_a_change_to_many_is_looked_at_made_and_taken_back(owner, world):
    path = "/api/v1/resources/changes"
    change = {"filter": {"text": "alpha"}, "context": {"owner": "anna"}, "put": {"team": "web"}}
    seen = owner.post(f"{path}/preview", json=change).json()
    assert seen == {"found": 1, "changing": 1, "overwriting": 0}
    made = owner.post(path, json=change).json()
    assert made["changed"] == 1
    full = owner.get(f"/api/v1/resources/{world.alpha.resource_id}").json()
    assert full["context"]["owner"] == "anna"
    assert owner.post(f"{path}/{made['id']}/undo").json() == {"changed": 1}
    assert owner.post(f"{path}/{made['id']}/undo").status_code == 409
    full = owner.get(f"/api/v1/resources/{world.alpha.resource_id}").json()
    assert (full["context"]["owner"], full["tags"]) == (None, [])


def test_a_change_names_resources_one_way(owner, world):
    ids = [str(world.alpha.resource_id)]
    context = {"owner": "anna"}
    for which in ({}, {"resource_ids": ids, "filter": {}}):
        path = "/api/v1/resources/changes/preview"
        assert owner.post(path, json={**which, "context": context}).status_code == 422
