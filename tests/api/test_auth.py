"""Cookies, tokens, and requests that come from elsewhere."""

import re

import pytest

from infrazen.domain.roles import Role
from infrazen.security.sessions import SESSION_COOKIE
from infrazen.services import setup
from infrazen.settings import settings
from tests.world import PASSWORD

FORM = {"email": "owner@alpha.example", "password": PASSWORD}
SETUP = {
    "organization_name": "Acme",
    "name": "Anna",
    "email": "anna@example.com",
    "password": "correct horse battery",
}


def cookie_line(answer) -> str:
    return answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "body", [{"json": FORM}, {"data": FORM}, {"files": {k: (None, v) for k, v in FORM.items()}}]
)
def test_signing_in_sets_a_cookie_no_script_can_read(api, world, body):
    answer = api.post("/api/auth/login", **body)
    assert answer.status_code == 200
    assert set(answer.json()) == {"expires_at"}
    assert re.fullmatch(
        rf"{SESSION_COOKIE}=[\w-]{{43}}; HttpOnly; Max-Age=43\d\d\d; Path=/; SameSite=lax",
        cookie_line(answer),
    )
    me = api.get("/api/v1/me").json()
    assert (me["email"], me["role"], me["organization_slug"]) == (FORM["email"], "owner", "alpha")
    assert "user:write" in me["permissions"]


def test_on_https_the_cookie_is_secure(api, world, monkeypatch):
    monkeypatch.setenv("INFRAZEN_PUBLIC_URL", "https://infrazen.test")
    settings.cache_clear()
    answer = api.post("/api/auth/login", json=FORM, origin="https://infrazen.test")
    assert "; Secure" in cookie_line(answer)


def test_a_wrong_password_sets_no_cookie(api, world):
    answer = api.post("/api/auth/login", json={**FORM, "password": "wrong password"})
    assert answer.status_code == 401
    assert answer.json()["reason"] == "Unauthenticated"
    assert "set-cookie" not in answer.headers


def test_too_many_failures_say_when_to_come_back(api, world):
    for _ in range(5):
        api.post("/api/auth/login", json={**FORM, "password": "wrong password"})
    answer = api.post("/api/auth/login", json=FORM)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert api.at("198.51.100.1").post("/api/auth/login", json=FORM).status_code == 200


def test_the_address_behind_a_trusted_proxy_counts(api, world, monkeypatch):
    monkeypatch.setenv("INFRAZEN_TRUSTED_PROXIES", "192.0.2.0/24, 10.0.0.0/8")
    settings.cache_clear()

    def enter(forwarded, password="wrong password"):
        return api.post(
            "/api/auth/login",
            json={**FORM, "password": password},
            headers={"X-Forwarded-For": forwarded},
        ).status_code

    assert [enter("203.0.113.1, 198.51.100.1, 10.0.0.9") for _ in range(5)] == [401] * 5
    assert enter("198.51.100.1", PASSWORD) == 429
    assert enter("198.51.100.1, 198.51.100.2", PASSWORD) == 200


def test_an_ipv4_address_counts_as_one_on_a_socket_of_both_families(api, world, monkeypatch):
    monkeypatch.setenv("INFRAZEN_TRUSTED_PROXIES", "203.0.113.0/24")
    settings.cache_clear()
    proxy = api.at("::ffff:203.0.113.7")
    for forwarded in ("198.51.100.1", "::ffff:198.51.100.1") * 2:
        proxy.post(
            "/api/auth/login",
            json={**FORM, "password": "wrong password"},
            headers={"X-Forwarded-For": forwarded},
        )
    api.at("198.51.100.1").post("/api/auth/login", json={**FORM, "password": "wrong password"})
    assert api.at("198.51.100.1").post("/api/auth/login", json=FORM).status_code == 429
    assert api.at("203.0.113.7").post("/api/auth/login", json=FORM).status_code == 200


def test_without_trust_a_forwarded_address_is_ignored(api, world):
    for number in range(5):
        api.post(
            "/api/auth/login",
            json={**FORM, "password": "wrong password"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
    assert api.post("/api/auth/login", json=FORM).status_code == 429


def test_signing_out_ends_the_session_and_takes_the_cookie(api, world):
    api.post("/api/auth/login", json=FORM)
    held = api.http.cookies[SESSION_COOKIE]
    answer = api.post("/api/auth/logout")
    assert answer.status_code == 204
    assert f'{SESSION_COOKIE}="";' in cookie_line(answer)
    assert api.as_session(held).get("/api/v1/me").status_code == 401
    assert api.at().post("/api/auth/logout").status_code == 204


def test_setup_signs_the_first_owner_in_once(api):
    code = setup.issue_setup_code()
    assert api.post("/api/auth/setup", json={**SETUP, "code": "wrong"}).status_code == 403
    weak = api.post("/api/auth/setup", json={**SETUP, "code": code, "password": "short"})
    assert (weak.status_code, weak.json()["field"]) == (422, "password")
    assert "short" not in weak.text
    assert api.post("/api/auth/setup", json={**SETUP, "code": code}).status_code == 200
    assert api.get("/api/v1/me").json()["role"] == "owner"
    again = api.at().post("/api/auth/setup", json={**SETUP, "code": code})
    assert again.json()["reason"] == "Conflict"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://infrazen.test:81", None]
)
def test_a_change_from_another_page_is_refused(api, world, origin):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    answer = client.patch("/api/v1/me", json={"name": "Mallory"}, origin=origin)
    assert answer.status_code == 403
    assert client.get("/api/v1/me").json()["name"] != "Mallory"


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/setup", "/api/auth/logout"])
def test_no_other_page_signs_people_in_or_out(api, world, path):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    body = {**FORM, **SETUP, "code": "x"} if path.endswith("setup") else FORM
    assert client.post(path, json=body, origin="https://evil.example").status_code == 403
    assert client.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://infrazen.test", "https://infrazen.test", "https://public.example:8443"]
)
def test_our_own_pages_may_change_things(api, world, monkeypatch, origin):
    monkeypatch.setenv("INFRAZEN_PUBLIC_URL", "https://public.example:8443/")
    settings.cache_clear()
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    assert client.patch("/api/v1/me", json={"name": "Anna"}, origin=origin).status_code == 204


def test_an_unencrypted_page_of_an_encrypted_installation_is_not_ours(api, world, monkeypatch):
    """Whoever sits on the line can write such a page."""
    monkeypatch.setenv("INFRAZEN_PUBLIC_URL", "https://infrazen.test")
    settings.cache_clear()
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    answer = client.patch("/api/v1/me", json={"name": "M"}, origin="http://infrazen.test")
    assert answer.status_code == 403
    answer = client.patch("/api/v1/me", json={"name": "A"}, origin="https://infrazen.test")
    assert answer.status_code == 204


def test_a_browser_that_says_same_origin_is_believed(api, world):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = client.patch("/api/v1/me", json={"name": "Anna"}, origin=None, headers=headers)
    assert answer.status_code == 204


def test_a_token_needs_no_origin_and_goes_before_the_cookie(api, world):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    client.http.headers["Authorization"] = f"Bearer {world.beta.tokens[Role.OWNER]}"
    assert client.get("/api/v1/me", origin=None).json()["organization_slug"] == "beta"
    made = client.post(
        "/api/v1/users",
        json={"email": "x@beta.example", "name": "X", "role": "viewer"},
        origin=None,
    )
    assert made.status_code == 201
    client.http.headers["Authorization"] = "Bearer izt_unknown"
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_ends_with_its_time_its_role_and_its_person(api, world, database):
    alpha = world.alpha
    token, finops = api.as_token(alpha.tokens[Role.FINOPS]), alpha.users[Role.FINOPS]
    owner = api.as_session(alpha.cookies[Role.OWNER])
    tags = {"resource_ids": [str(alpha.resource_id)], "put": {"team": "web"}}
    assert token.patch("/api/v1/resources/tags", json=tags).status_code == 204
    owner.put(f"/api/v1/users/{finops}/role", json={"role": "finance"})
    assert token.patch("/api/v1/resources/tags", json=tags).status_code == 403
    assert token.get("/api/v1/resources").status_code == 200
    owner.put(f"/api/v1/users/{finops}/role", json={"role": "viewer"})
    assert token.get("/api/v1/resources").status_code == 401
    owner.put(f"/api/v1/users/{finops}/role", json={"role": "finops"})
    owner.put(f"/api/v1/users/{finops}/access", json={"enabled": False})
    assert token.get("/api/v1/resources").status_code == 401
    late = api.as_token(alpha.tokens[Role.ADMIN])
    assert late.get("/api/v1/resources").status_code == 200
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE api_token SET expires_at = '2026-01-01 00:00:00.000000'"
        )
    assert late.get("/api/v1/resources").status_code == 401


def test_another_scheme_of_authorization_leaves_the_cookie_in_force(api, world):
    client = api.as_session(world.alpha.cookies[Role.OWNER])
    answer = client.get("/api/v1/me", headers={"Authorization": "Basic Zm9vOmJhcg=="})
    assert answer.status_code == 200


def test_nobody_is_told_how_to_be_somebody(api):
    answer = api.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
