"""The command palette: what it finds for whom, and where that leads."""

import asyncio

import pytest

from infrazen.db.session import Database
from infrazen.domain.roles import Role
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.services.connections import add_connection
from infrazen.sync.engine import Order
from infrazen.sync.engine import run as run_sync
from infrazen_ui.layout.menu import entries
from infrazen_ui.layout.page import PUBLIC_ROUTES
from infrazen_ui.present.palette import ACTS, PLACES
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.palette import PaletteState
from infrazen_ui.states.session import SessionState
from tests.people import Person, sign_in_colleague
from tests.sync.account import draft
from tests.ui.browsers import run, tab


def opened(person: Person, *, language: str = "") -> PaletteState:
    browser = tab(person.cookie)
    run(run(browser.get_state(SessionState)).load())
    if language:
        run(browser.get_state(LanguageState)).language = language
    state = run(browser.get_state(PaletteState))
    run(state.begin())
    return state


def titles(state: PaletteState) -> list[str]:
    return [entry["title"] for group in state.groups for entry in group["entries"]]


def search(state: PaletteState, words: object) -> list[str]:
    run(state.search(words))
    return titles(state)


@pytest.fixture
def synced(database: Database, owner: Person, beget_simulator: SimulatorControl) -> Person:
    """The owner, with the reference account read."""
    with database.writing() as session:
        ensure_master_key(session)
    card = asyncio.run(add_connection(owner.actor, draft=draft(beget_simulator), sync_now=False))
    order = Order(organization_id=owner.actor.organization_id, connection_id=card.connection.id)
    run_sync(database, order)
    return owner


def test_every_page_without_an_id_is_in_it(app):
    app._apply_decorated_pages()
    known = {place.href for place in PLACES}
    assert {entry.route for entry in entries()} - {"/_components/shell"} <= known
    pages = {f"/{route}".removesuffix("/index") or "/" for route in app._unevaluated_pages}
    hidden = {*PUBLIC_ROUTES, "/404", "/_components", "/_components/shell", "/_components/bare"}
    assert {page for page in pages if "[" not in page} - hidden == known


def test_it_opens_with_pages_and_actions(owner):
    state = opened(owner)
    assert [group["label"] for group in state.groups] == ["Страницы", "Действия"]
    assert "Журнал действий" in titles(state)
    assert "Добавить пользователя" in titles(state)
    assert not state.is_vain


@pytest.mark.parametrize("role", Role)
def test_it_offers_only_what_one_may_do(owner, role):
    person = owner if role is Role.OWNER else sign_in_colleague(owner, role)
    offered = set(titles(opened(person)))
    managing, syncing = {"Добавить подключение", "Добавить пользователя"}, Role.FINOPS
    assert (managing <= offered) is (role in (Role.OWNER, Role.ADMIN))
    syncs = "Синхронизировать все подключения" in offered
    assert syncs is (role in (Role.OWNER, Role.ADMIN, syncing))
    assert ("Создать API-токен" in offered) is (role is not Role.VIEWER)


def test_it_finds_pages_in_either_language(owner):
    state = opened(owner)
    assert "Пользователи" in search(state, "пОЛЬЗ")
    assert "Журнал действий" in search(state, "audit")
    assert search(opened(owner, language="en"), "журнал") == ["Audit log"]


def test_it_finds_connections_and_resources(synced):
    state = opened(synced)
    found = search(state, "objective perrin")
    assert found[0] == "Objective Perrin"
    (entry,) = [
        one for group in state.groups for one in group["entries"] if one["kind"] == "resource"
    ]
    assert entry["href"].startswith("/resources/")
    assert entry["note"].startswith("Виртуальный сервер")
    run(state.search("beget"))
    kinds = {one["kind"] for group in state.groups for one in group["entries"]}
    assert "connection" in kinds
    assert "вариант" in state.said


def test_it_says_when_nothing_is_found(owner):
    state = opened(owner)
    assert search(state, "zzzzzz") == []
    assert state.is_vain
    assert state.said == "0 вариантов"


@pytest.mark.parametrize(
    "odd", [None, 3, True, ["x"], {"$": 1}, "\x00", "%_' or 1=1 --", "x" * 5000]
)
def test_odd_words_find_nothing_wrong(owner, odd):
    run(opened(owner).search(odd))


def test_actions_that_are_no_page_are_done(owner):
    state = opened(owner)
    offered = {one["act"] for group in state.groups for one in group["entries"]} - {""}
    assert offered == set(ACTS)
    assert all(run(state.act(name)) for name in ACTS)
    for odd in ("drop everything", None, 3):
        assert run(state.act(odd)) is None
