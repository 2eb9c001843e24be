"""Attacks on a running server, by programs that keep to no rules of a page."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
import socketio

from infrazen.db.session import Database
from infrazen.domain.roles import Role
from infrazen.services import people
from infrazen.services.sign_in import sign_in, sign_out
from infrazen_ui.gate.events import FRAMEWORK_EVENTS
from infrazen_ui.states.session import SessionState
from tests.people import PASSWORD, Person, sign_in_colleague, sign_in_owner
from tests.served import Served, served
from tests.stores import sqlite_copy

LOAD = f"{SessionState.get_full_name()}.load"
SAY = "reflex___state____state.infrazen_ui___pages___gallery___state____gallery_state.say"
NOTICE = "__toast"
HYDRATE = next(name for name in FRAMEWORK_EVENTS if name.endswith("hydrate_and_load"))


@pytest.fixture(scope="module")
def store(migrated_sqlite, tmp_path_factory) -> Iterator[Database]:
    with sqlite_copy(migrated_sqlite, tmp_path_factory.mktemp("attacked")) as found:
        yield found


@pytest.fixture(scope="module")
def victim(store) -> Person:
    return sign_in_owner()


@pytest.fixture(scope="module")
def server(store, victim, tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("server")
    with served(folder, database=store.url, INFRAZEN_UI_GALLERY="true") as running:
        yield running


class Tab:
    """A websocket that says what it likes, and what it hears."""

    def __init__(self, server: Served, token: str, cookie: str = "", origin: str | None = None):
        self.client = socketio.AsyncClient(reconnection=False)
        self.heard: list[str] = []
        self._address = f"{server.url}/?token={token}"
        self._headers = {"Cookie": f"infrazen_session={cookie}"} if cookie else {}
        if origin:
            self._headers["Origin"] = origin

    async def open(self) -> None:
        self.client.on("event", self._hear, namespace="/_event")
        await self.client.connect(
            self._address,
            headers=self._headers,
            transports=["websocket"],
            namespaces=["/_event"],
            socketio_path="/_event",
            wait_timeout=10,
        )

    async def send(self, name: str, **payload) -> None:
        event = {"name": name, "payload": payload, "router_data": {"pathname": "/", "query": {}}}
        await self.client.emit("event", event, namespace="/_event")

    async def hears(self, word: str, *, within: float = 8) -> bool:
        """Whether ``word`` comes before ``within`` seconds have passed."""
        try:
            async with asyncio.timeout(within):
                while not any(word in said for said in self.heard):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        await self.client.disconnect()
        if self.client.eio.http is not None:
            await self.client.eio.http.close()

    def _hear(self, said) -> None:
        self.heard.append(json.dumps(said, ensure_ascii=False))


@asynccontextmanager
async def opened(*args, **options):
    tab = Tab(*args, **options)
    await tab.open()
    try:
        yield tab
    finally:
        await tab.close()


async def work_in(server: Served, token: str, victim: Person) -> None:
    """The victim uses a tab and closes it."""
    async with opened(server, token, victim.cookie) as tab:
        await tab.send(HYDRATE)
        await tab.send(LOAD)
        assert await tab.hears("Анна Петрова")


@pytest.mark.parametrize("cookie", ["", "made-up"])
def test_a_stolen_token_of_a_closed_tab_shows_nothing(server, victim, cookie):
    async def attack():
        token = f"closed-{cookie or 'none'}"
        await work_in(server, token, victim)
        async with opened(server, token, cookie) as tab:
            await tab.send(HYDRATE)
            assert await tab.hears("session_state")
            await tab.send(LOAD)
            assert await tab.hears("/login")
            assert not await tab.hears("Анна", within=0.3)

    asyncio.run(attack())


def test_a_stolen_token_of_an_open_tab_is_another_tab(server, victim):
    async def attack():
        async with opened(server, "open", victim.cookie) as mine:
            await mine.send(HYDRATE)
            await mine.send(LOAD)
            assert await mine.hears("Анна Петрова")
            async with opened(server, "open") as tab:
                await tab.send(HYDRATE)
                await tab.send(LOAD)
                assert await tab.hears("/login")
                assert not await tab.hears("Анна", within=0.3)

    asyncio.run(attack())


def test_a_stranger_runs_no_handler(server, victim):
    async def attack():
        async with opened(server, "stranger") as tab:
            await tab.send(SAY, tone="success")
            assert await tab.hears("/login")
            assert not await tab.hears(NOTICE, within=0.3)

    asyncio.run(attack())


def test_the_same_event_of_somebody_signed_in_runs(server, victim):
    async def use():
        async with opened(server, "honest", victim.cookie) as tab:
            await tab.send(SAY, tone="success")
            assert await tab.hears(NOTICE)

    asyncio.run(use())


@pytest.mark.parametrize(
    "payload", [{"tone": ["x"]}, {"tone": {"$gt": ""}}, {"tone": None}, {"wrong": 1}, {}]
)
def test_arguments_of_a_wrong_shape_leave_the_server_up(server, victim, payload):
    async def attack():
        async with opened(server, "odd", victim.cookie) as tab:
            await tab.send(SAY, **payload)
            await tab.send(LOAD)
            assert await tab.hears("Анна Петрова")

    asyncio.run(attack())


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost.evil.example", "null"])
def test_another_sites_page_gets_no_socket(server, victim, origin):
    async def attack():
        tab = Tab(server, "foreign", victim.cookie, origin)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await tab.open()
        await tab.close()

    asyncio.run(attack())


def test_our_own_page_gets_a_socket(server, victim):
    async def use():
        async with opened(server, "own", victim.cookie, server.url) as tab:
            await tab.send(LOAD)
            assert await tab.hears("Анна Петрова")

    asyncio.run(use())


def test_nothing_is_uploaded(server, victim):
    answer = httpx.post(
        f"{server.url}/_upload",
        headers={"reflex-client-token": "honest", "reflex-event-handler": SAY},
        cookies={"infrazen_session": victim.cookie},
        files={"files": b"x" * 1000},
    )
    assert answer.status_code == 404
    assert answer.json()["title"] == "Not found"


def test_no_other_site_reads_our_answers(server, victim):
    answer = httpx.get(
        f"{server.url}/ping",
        headers={"Origin": "http://evil.example"},
        cookies={"infrazen_session": victim.cookie},
    )
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/resources?q=диск", "/connections/new", "/no-such-page"])
def test_pages_ask_strangers_to_sign_in(server, path):
    answer = httpx.get(f"{server.url}{path}", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert "://" not in answer.headers["location"]


@pytest.mark.parametrize("path", ["//evil.example/", "/%2F/evil.example", "/\\evil.example"])
def test_the_way_back_leads_nowhere_else(server, path):
    with httpx.Client() as client:
        request = client.build_request("GET", server.url, headers={"Accept": "text/html"})
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = client.send(request)
    assert answer.headers.get("location", "/login").startswith("/login")


@pytest.mark.parametrize("path", ["/ping", "/login", "/infrazen.js", "/no-such-file.js"])
def test_every_answer_has_safe_headers(server, path):
    answer = httpx.get(f"{server.url}{path}")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_who_is_disabled_is_out_within_seconds(server, victim):
    colleague = sign_in_colleague(victim, Role.ADMIN)

    async def use():
        async with opened(server, "fired", colleague.cookie) as tab:
            await tab.send(LOAD)
            assert await tab.hears("Борис")
            people.set_enabled(victim.actor, user_id=colleague.actor.user_id, enabled=False)
            async with asyncio.timeout(8):
                while not any("/login" in said for said in tab.heard):
                    await tab.send(LOAD)
                    await asyncio.sleep(0.2)

    asyncio.run(use())


def test_who_signs_out_elsewhere_is_out_within_seconds(server, store, victim):
    second = sign_in(email=victim.email, password=PASSWORD).cookie

    async def use():
        async with opened(server, "elsewhere", second) as tab:
            await tab.send(LOAD)
            assert await tab.hears("Анна Петрова")
            sign_out(second)
            async with asyncio.timeout(8):
                while not any("/login" in said for said in tab.heard):
                    await tab.send(LOAD)
                    await asyncio.sleep(0.2)

    asyncio.run(use())
