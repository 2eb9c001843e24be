"""A connection that is slow, breaks in mid-click or whose server is gone: nothing gets lost.

The network between browser and server does what the test says, so nothing here depends on
how fast anything is: what is held back stays until it is let go, or is lost.
"""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from infrazen.domain.roles import Role
from infrazen.services.me import update_profile
from infrazen.services.people import list_people
from tests.e2e.accounts import account_of, own_keys
from tests.e2e.conftest import GALLERY, settle
from tests.e2e.network import Network, network
from tests.people import Person, sign_in_colleague
from tests.served import Served, free_port, served
from tests.simulators import simulator
from tests.waiting import wait_for

FORM = "/settings/people?new=1"
LONG = 60_000
WORDS = {
    "ru": {
        "add": "Добавить пользователя",
        "email": "Электронная почта",
        "name": "Имя",
        "lost": "Нет связи с сервером",
        "slow": "Ждём ответа сервера",
        "broke": "Последнее действие могло не выполниться",
        "close": "Закрыть",
    },
    "en": {
        "add": "Add a user",
        "email": "E-mail",
        "name": "Name",
        "lost": "No connection to the server",
        "slow": "Waiting for the server",
        "broke": "Your last action may not have been carried out",
        "close": "Close",
    },
}


@pytest.fixture(scope="module")
def speakers(owner: Person) -> dict[str, Person]:
    """Whoever speaks the language."""
    english = sign_in_colleague(owner, Role.ADMIN)
    update_profile(english.actor, language="en")
    return {"ru": owner, "en": english}


@pytest.fixture(scope="module")
def server(web, store, owner, folder) -> Iterator[Served]:
    """The product without clouds."""
    with served(folder, database=store.url, web=web, **GALLERY) as running:
        yield running


@pytest.fixture
def wire(server: Served) -> Iterator[Network]:
    with network(int(server.url.rpartition(":")[2])) as made:
        yield made


@contextmanager
def opened(browser: Browser, url: str, owner: Person, *, path: str = FORM) -> Iterator[Page]:
    """A page of the owner's; what the console says of a lost network is no trouble here."""
    context = browser.new_context(locale="ru-RU", reduced_motion="reduce")
    context.set_default_timeout(LONG)
    cookie = {"name": "infrazen_session", "value": owner.cookie, "url": url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(url + path)
    settle(page)
    yield page
    context.close()


def fill(page: Page, words: dict[str, str], email: str) -> Locator:
    """Enter a colleague into the open form; the form."""
    form = page.get_by_role("dialog")
    form.get_by_label(words["email"]).fill(email)
    form.get_by_label(words["name"], exact=True).fill("Борис Годунов")
    form.get_by_role("radio").nth(1).check()
    return form


def still_there(page: Page, words: dict[str, str], email: str) -> None:
    form = page.get_by_role("dialog")
    expect(form.get_by_label(words["email"])).to_have_value(email)
    expect(form.get_by_label(words["name"], exact=True)).to_have_value("Борис Годунов")
    expect(form.get_by_role("radio").nth(1)).to_be_checked()


def submit(page: Page, words: dict[str, str]) -> None:
    page.get_by_role("dialog").get_by_role("button", name=words["add"]).click()


def how_many(owner: Person, email: str) -> int:
    return sum(one.email == email for one in list_people(owner.actor))


def is_added_once(page: Page, owner: Person, email: str) -> None:
    expect(page.get_by_role("table").get_by_text(email)).to_have_count(1, timeout=LONG)
    assert how_many(owner, email) == 1


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_typed_and_clicked_without_a_connection_waits_for_it(
    browser, wire, owner, speakers, language
):
    words, email = WORDS[language], f"offline-{language}@example.com"
    with opened(browser, wire.url, speakers[language]) as page:
        fill(page, words, email)
        wire.cut()
        expect(page.get_by_text(words["lost"])).to_be_visible(timeout=LONG)
        submit(page, words)
        submit(page, words)
        wire.heal()
        expect(page.get_by_text(words["lost"])).to_be_hidden(timeout=LONG)
        is_added_once(page, owner, email)
        expect(page.get_by_text(words["broke"])).to_be_hidden()


def test_a_form_stays_as_it_is_while_the_connection_comes_and_goes(browser, wire, owner):
    words, email = WORDS["ru"], "flicker@example.com"
    with opened(browser, wire.url, owner) as page:
        fill(page, words, email)
        for _ in range(2):
            wire.cut()
            expect(page.get_by_text(words["lost"])).to_be_visible(timeout=LONG)
            wire.heal()
            expect(page.get_by_text(words["lost"])).to_be_hidden(timeout=LONG)
            settle(page)
            still_there(page, words, email)
        submit(page, words)
        is_added_once(page, owner, email)


def test_what_was_done_while_its_answer_got_lost_is_on_the_page_afterwards(browser, wire, owner):
    words, email = WORDS["ru"], "answered@example.com"
    with opened(browser, wire.url, owner) as page:
        fill(page, words, email)
        wire.hold_answers()
        submit(page, words)
        wait_for(lambda: how_many(owner, email), seconds=60)
        wire.cut()
        expect(page.get_by_text(words["lost"])).to_be_visible(timeout=LONG)
        wire.heal()
        is_added_once(page, owner, email)
        expect(page.get_by_text(words["broke"])).to_be_hidden()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_click_that_never_arrived_is_told_of(browser, wire, owner, speakers, language):
    words, email = WORDS[language], f"unheard-{language}@example.com"
    with opened(browser, wire.url, speakers[language]) as page:
        fill(page, words, email)
        wire.hold_questions()
        submit(page, words)
        expect(page.get_by_text(words["slow"])).to_be_visible(timeout=LONG)
        wire.cut()
        expect(page.get_by_text(words["lost"])).to_be_visible(timeout=LONG)
        wire.heal()
        expect(page.get_by_text(words["broke"])).to_be_visible(timeout=LONG)
        assert how_many(owner, email) == 0
        still_there(page, words, email)
        submit(page, words)
        is_added_once(page, owner, email)
        expect(page.get_by_text(words["broke"])).to_be_hidden()


def test_an_answer_that_takes_its_time_is_waited_for(browser, wire, owner):
    words, email = WORDS["ru"], "patient@example.com"
    with opened(browser, wire.url, owner) as page:
        fill(page, words, email)
        wire.hold_answers()
        submit(page, words)
        expect(page.get_by_text(words["slow"])).to_be_visible(timeout=LONG)
        wire.heal()
        is_added_once(page, owner, email)
        expect(page.get_by_text(words["slow"])).to_be_hidden()


def test_a_slow_network_shows_the_shape_of_the_page_first(browser, server, owner):
    slow = {"latency": 300, "downloadThroughput": 60_000, "uploadThroughput": 30_000}
    context = browser.new_context(locale="ru-RU", reduced_motion="reduce")
    context.set_default_timeout(LONG)
    context.add_cookies([{"name": "infrazen_session", "value": owner.cookie, "url": server.url}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, **slow})
    page.goto(f"{server.url}/connections", wait_until="commit")
    expect(page.locator("main [role='status'] .skeleton").first).to_be_visible(timeout=LONG)
    expect(page.get_by_role("heading", name="Подключите первое облако")).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="Ресурсы").first.click()
    expect(page).to_have_url(re.compile("/resources"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ресурсы")
    context.close()


def test_a_form_outlives_a_restart_of_the_server(browser, web, store, owner, tmp_path):
    words, email, port = WORDS["ru"], "restarted@example.com", free_port()
    product = {"database": store.url, "web": web, "port": port, **GALLERY}
    with served(tmp_path, **product) as server:
        page_of = opened(browser, server.url, owner)
        page = page_of.__enter__()
        fill(page, words, email)
    expect(page.get_by_text(words["lost"])).to_be_visible(timeout=LONG)
    submit(page, words)
    with served(tmp_path, **product):
        expect(page.get_by_text(words["lost"])).to_be_hidden(timeout=LONG)
        is_added_once(page, owner, email)
        expect(page.get_by_text(words["broke"])).to_be_hidden()
        page_of.__exit__(None, None, None)


def test_a_server_that_dies_in_mid_click_is_told_of_and_the_form_is_kept(
    browser, web, store, owner, tmp_path
):
    words, email, port = WORDS["ru"], "killed@example.com", free_port()
    product = {"database": store.url, "web": web, "port": port, **GALLERY}
    with served(tmp_path, **product) as server:
        page_of = opened(browser, server.url, owner)
        page = page_of.__enter__()
        fill(page, words, email)
        wait_for(lambda: is_kept(tmp_path, "PersonFormState"), seconds=60)
        os.kill(server.pid, signal.SIGSTOP)
        submit(page, words)
        expect(page.get_by_text(words["slow"])).to_be_visible(timeout=LONG)
        os.kill(server.pid, signal.SIGKILL)
        expect(page.get_by_text(words["lost"])).to_be_visible(timeout=LONG)
    with served(tmp_path, **product):
        expect(page.get_by_text(words["broke"])).to_be_visible(timeout=LONG)
        assert how_many(owner, email) == 0
        still_there(page, words, email)
        submit(page, words)
        is_added_once(page, owner, email)
        page_of.__exit__(None, None, None)


def is_kept(folder: Path, state: str) -> bool:
    """Whether the server has written this state of the page down."""
    return any(state.encode() in path.read_bytes() for path in (folder / "pages").glob("*.pkl"))


def test_a_sync_that_is_watched_goes_on_after_a_restart(browser, web, store, owner, tmp_path):
    port = free_port()
    product = {
        "database": store.url,
        "web": web,
        "port": port,
        "schedules": True,
        "INFRAZEN_ALLOW_PRIVATE_ENDPOINTS": "true",
        **GALLERY,
    }
    with own_keys(store, tmp_path), simulator("beget") as cloud:
        account_of(store, owner, cloud, display_name="Beget")
        cloud.fault("slow", seconds=30)
        with served(tmp_path, **product) as server:
            page_of = opened(browser, server.url, owner, path="/connections")
            page = page_of.__enter__()
            card = page.get_by_role("article", name="Beget")
            card.get_by_role("button", name="Синхронизировать").click()
            expect(card.get_by_role("progressbar")).to_be_visible(timeout=LONG)
        cloud.clear_faults()
        expect(page.get_by_text(WORDS["ru"]["lost"])).to_be_visible(timeout=LONG)
        with served(tmp_path, **product):
            expect(page.get_by_text(WORDS["ru"]["lost"])).to_be_hidden(timeout=LONG)
            expect(card.get_by_role("progressbar")).to_be_hidden(timeout=LONG)
            card.get_by_role("button", name="Синхронизировать").click()
            expect(card.get_by_text("Частично")).to_be_visible(timeout=LONG)
            page_of.__exit__(None, None, None)
