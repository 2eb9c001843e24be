"""The demo's door: who is let in, where they end up, and what a demo that moves on does."""

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest
from reflex.event import Event

from infrazen.api.rate_limit import Shares
from infrazen.db.queries import demo as demo_queries
from infrazen.db.session import Database
from infrazen.errors import StorageUnavailable
from infrazen.security.tokens import digest
from infrazen.services import demo
from infrazen.services.me import update_profile
from infrazen.settings import settings
from infrazen_ui.backend.visitors import visitors
from infrazen_ui.gate import events
from infrazen_ui.gate.demo import is_stranger, own_page, way_in
from infrazen_ui.gate.events import FRAMEWORK_EVENTS, SessionGuard
from infrazen_ui.locales import Language
from infrazen_ui.states.audit_log import AuditState
from infrazen_ui.states.dashboard import DashboardState
from infrazen_ui.states.demo import DemoDoorState
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.my_profile import ProfileState
from infrazen_ui.states.my_sign_ins import SignInsState
from infrazen_ui.states.organization import OrganizationState
from infrazen_ui.states.people import PeopleState
from infrazen_ui.states.session import SessionState
from infrazen_ui.states.welcome import WelcomeState
from tests.demo_world import publish_small_demo
from tests.people import Person, sign_in_owner
from tests.served import Served, served
from tests.stores import keys_in, sqlite_copy
from tests.ui.browsers import run, tab
from tests.ui.test_attacks import opened, work_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def shown(data_dir, database, monkeypatch):
    """The published demo, where visitors are let in."""
    monkeypatch.setenv("INFRAZEN_DEMO", "true")
    settings.cache_clear()
    return publish_small_demo(database)


def pass_gate(app, state, name):
    return run(SessionGuard().preprocess(app, state, Event(name=name)))


RELOAD = f"{DashboardState.get_full_name()}.refresh"
LOAD = f"{SessionState.get_full_name()}.load"
SETTINGS = {
    f"{state.get_full_name()}.load"
    for state in (AuditState, OrganizationState, PeopleState, ProfileState, SignInsState)
}


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", "/"),
        ("next=/resources", "/resources"),
        ("next=%2Fresources%3Ftype%3Dvps%26page%3D2", "/resources?type=vps&page=2"),
        ("next=https://evil.example/", "/"),
        ("next=//evil.example", "/"),
        ("next=///evil.example", "/"),
        ("next=/%09/evil.example", "/"),
        ("next=/%5Cevil.example", "/"),
        ("next=javascript:alert(1)", "/"),
        ("next=/x%0d%0aSet-Cookie:%20a=b", "/"),
    ],
)
def test_the_way_on_leads_to_our_own_pages_only(query, page):
    assert own_page(query) == page


def test_strangers_are_shown_to_the_demo_and_people_to_sign_in(shown):
    visit = demo.enter_demo()
    assert way_in("/", "", "") == "/demo"
    assert way_in("/resources", "type=vps", visit.cookie) == "/demo?next=/resources%3Ftype%3Dvps"
    assert way_in("/resources", "", "a sign-in that ended") == "/login?next=/resources"


def test_a_visitor_sees_the_demo_as_nobody_in_the_browsers_language(app, shown):
    state = tab(demo.enter_demo().cookie)
    run(state.get_state(LanguageState)).language = "en"
    assert pass_gate(app, state, LOAD) is None
    session = run(state.get_state(SessionState))
    run(session.load())
    assert session.is_demo
    assert (session.name, session.email, session.organization) == ("Demo guest", "", "Showroom")
    assert "resource:write" in session.may
    assert not {"self", "connection:write", "user:read", "token:write"} & set(session.may)
    assert run(state.get_state(LanguageState)).language == "en"


def test_a_visitors_language_is_kept_nowhere_else(app, shown, database):
    owner = sign_in_owner()
    update_profile(owner.actor, language="ru")
    state = tab(demo.enter_demo().cookie)
    chooser = run(state.get_state(LanguageState))
    run(chooser.choose("en"))
    assert chooser.language == "en"
    other = tab(demo.enter_demo().cookie)
    assert Language.of(run(other.get_state(LanguageState)).language) is Language.RU


def test_a_page_follows_to_the_next_demo_by_loading_anew(app, shown, database):
    state = tab(demo.enter_demo().cookie)
    assert pass_gate(app, state, LOAD) is None
    following = publish_small_demo(database, "showroom-2")
    visitors().forget()
    update = pass_gate(app, state, LOAD)
    assert "anew" in str(update.events[0].payload)
    assert pass_gate(app, state, LOAD) is None
    session = run(state.get_state(SessionState))
    assert session._bound.endswith(str(following.organization_id))


def test_a_page_that_is_loaded_just_then_shows_the_new_demo(app, shown, database):
    state = tab(demo.enter_demo().cookie)
    pass_gate(app, state, LOAD)
    publish_small_demo(database, "showroom-2")
    visitors().forget()
    for name in sorted(FRAMEWORK_EVENTS):
        assert pass_gate(app, state, name) is None
    assert pass_gate(app, state, LOAD) is None


def test_a_visitor_who_asks_faster_than_people_is_not_answered(app, shown, monkeypatch):
    monkeypatch.setattr(events, "EVENTS_A_MINUTE", 3)
    monkeypatch.setattr(events, "_SHARES", Shares(lambda: 0.0))
    state = tab(demo.enter_demo().cookie)
    answered = [pass_gate(app, state, RELOAD) is None for _ in range(5)]
    assert answered == [True, True, True, False, False]
    assert pass_gate(app, tab(demo.enter_demo().cookie), RELOAD) is None
    owner = tab(sign_in_owner().cookie)
    assert all(pass_gate(app, owner, RELOAD) is None for _ in range(5))


def test_two_visitors_share_no_state(app, shown):
    first, second = demo.enter_demo(), demo.enter_demo()
    state = tab(first.cookie)
    pass_gate(app, state, LOAD)
    mine = run(state.get_state(SessionState))
    mine.name = "left by the first"
    bound = mine._bound
    assert digest(first.cookie) in bound
    state.router_data["headers"]["cookie"] = f"infrazen_session={second.cookie}"
    state._update_router_vars(state.router_data, {})
    pass_gate(app, state, LOAD)
    assert run(state.get_state(SessionState)).name == ""


def test_the_door_says_what_one_waits_for(app, shown, monkeypatch):
    state = tab()
    door = run(state.get_state(DemoDoorState))
    assert "enterDemo" in str(run(door.look()).args)
    monkeypatch.setattr(demo, "MOST_VISITS", 0)
    assert run(door.look()) is None
    assert door.phase == "crowded"
    monkeypatch.setenv("INFRAZEN_DEMO", "false")
    settings.cache_clear()
    run(door.look())
    assert door.phase == "closed"
    door.turned_away(True)
    assert door.phase == "cookieless"


def test_the_landing_page_shows_the_demos_figures_or_none(app, shown, monkeypatch):
    state = tab()
    welcome = run(state.get_state(WelcomeState))
    run(welcome.look())
    assert (welcome.is_live, welcome.has_demo) == (True, True)
    assert welcome.kpis["resources"] == "1"
    monkeypatch.setenv("INFRAZEN_DEMO", "false")
    settings.cache_clear()
    run(welcome.look())
    assert (welcome.is_live, welcome.has_demo) == (False, False)


@pytest.fixture(scope="module")
def store(migrated_sqlite, tmp_path_factory) -> Iterator[Database]:
    with sqlite_copy(migrated_sqlite, tmp_path_factory.mktemp("shown")) as found:
        yield found


@pytest.fixture(scope="module")
def owner(store) -> Person:
    return sign_in_owner()


@pytest.fixture(scope="module")
def server(store, owner, tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("server")
    with keys_in(folder):
        publish_small_demo(store)
    with served(folder, database=store.url, INFRAZEN_DEMO="true") as running:
        yield running


def get(server, path, cookie="", **headers):
    cookies = {"infrazen_session": cookie} if cookie else {}
    return httpx.get(f"{server.url}{path}", headers={**HTML, **headers}, cookies=cookies)


def visits(store):
    with store.reading() as session:
        return demo_queries.visits(session)


@pytest.mark.parametrize("path", ["/", "/resources?q=диск", "/connections/new"])
def test_a_strangers_browser_is_let_in_with_the_page(server, path):
    answer = get(server, path)
    assert "location" not in answer.headers
    cookie = answer.headers["set-cookie"]
    assert re.match(r"infrazen_session=demo\.[\w-]{43};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert answer.headers["cache-control"] == "no-store"


def test_whoever_is_in_stays_in_by_the_same_cookie(server, store):
    visit = get(server, "/").cookies["infrazen_session"]
    before = visits(store)
    assert "set-cookie" not in get(server, "/resources", visit).headers
    assert visits(store) == before


def test_a_visit_that_has_ended_is_begun_anew(server):
    answer = get(server, "/resources", "demo.ended-long-ago")
    assert answer.cookies["infrazen_session"].startswith("demo.")


def test_a_sign_in_is_never_replaced(server, store, owner):
    before = visits(store)
    for path in ("/", "/resources", "/login", "/welcome"):
        assert "set-cookie" not in get(server, path, owner.cookie).headers
    answer = get(server, "/demo?next=/resources", owner.cookie)
    assert (answer.status_code, answer.headers["location"]) == (303, "/resources")
    assert "set-cookie" not in answer.headers
    assert "set-cookie" not in get(server, "/resources", "a-sign-in-that-ended").headers
    assert visits(store) == before


@pytest.mark.parametrize("path", ["/login", "/setup", "/welcome"])
def test_public_pages_let_nobody_in_unasked(server, path):
    answer = get(server, path)
    assert "set-cookie" not in answer.headers
    assert "location" not in answer.headers


def test_a_visitors_socket_hears_of_the_demo_alone(server, owner):
    visit = get(server, "/").cookies["infrazen_session"]

    async def look():
        async with opened(server, "visitor", visit) as tab:
            await tab.send(LOAD)
            assert await tab.hears("Showroom")
            for name in sorted(SETTINGS):
                await tab.send(name)
            await tab.send(LOAD)
            assert not await tab.hears("Нейрокола", within=0.5)
            assert not await tab.hears("anna@example.com", within=0.1)

    asyncio.run(look())


def test_a_visit_does_not_open_the_tab_of_somebody_signed_in(server, owner):
    visit = get(server, "/").cookies["infrazen_session"]

    async def attack():
        await work_in(server, "stolen", owner)
        async with opened(server, "stolen", visit) as tab:
            await tab.send(LOAD)
            assert await tab.hears("Showroom")
            assert not await tab.hears("Анна", within=0.5)

    asyncio.run(attack())


def test_a_socket_without_a_cookie_is_shown_the_door(server):
    async def knock():
        async with opened(server, "nobody") as tab:
            await tab.send(LOAD)
            assert await tab.hears("/demo")
            assert not await tab.hears("Showroom", within=0.3)

    asyncio.run(knock())


def test_only_a_page_lets_in(server, store):
    before = visits(store)
    for path in ("/infrazen.js", "/ping", "/api/v1/me", "/api/demo/summary"):
        assert "set-cookie" not in httpx.get(f"{server.url}{path}").headers
    assert "set-cookie" not in httpx.head(f"{server.url}/", headers=HTML).headers
    assert visits(store) == before


def test_the_door_leads_on_to_the_page_that_was_wanted(server):
    answer = get(server, "/demo?next=/resources%3Ftype%3Dvps")
    assert (answer.status_code, answer.headers["location"]) == (303, "/resources?type=vps")
    assert answer.cookies["infrazen_session"].startswith("demo.")
    assert get(server, "/demo?next=//evil.example").headers["location"] == "/"


def test_a_silent_database_breaks_no_page(app, shown, monkeypatch):
    def silent(token):
        raise StorageUnavailable("away")

    monkeypatch.setattr(visitors(), "_lookup", silent)
    for cookie, is_stranger_then in (("", True), ("demo.visit", False), ("sign-in", False)):
        headers = [(b"cookie", f"infrazen_session={cookie}".encode())] if cookie else []
        scope = {"type": "http", "headers": headers}
        assert run(is_stranger(scope)) is is_stranger_then
