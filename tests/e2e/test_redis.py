"""With Redis the states of open pages live there, so that they outlast a server."""

import re
from collections.abc import Iterator

import pytest
import redis
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import GALLERY, settle, watched
from tests.served import free_port, served
from tests.servers import redis_server
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with redis_server() as running:
        yield running


def test_states_live_in_redis_and_the_page_goes_on_with_another_server(
    browser: Browser, web, store, owner, tmp_path, address
):
    port = free_port()
    place = {"database": store.url, "web": web, "port": port, "REFLEX_REDIS_URL": address}
    context = browser.new_context(locale="ru-RU", reduced_motion="reduce")
    page = context.new_page()
    with served(tmp_path, **place, **GALLERY) as server:
        cookie = {"name": "infrazen_session", "value": owner.cookie, "url": server.url}
        context.add_cookies([cookie])
        page.goto(f"{server.url}/resources?q=nothing-like-this")
        settle(page)
        expect(page.locator("[data-search]")).to_have_value("nothing-like-this")
        kept = redis.Redis.from_url(address)
        wait_for(lambda: any(b"infrazen_ui" in key for key in kept.keys("*")), seconds=60)
    with served(tmp_path, **place, **GALLERY):
        expect(page.get_by_text("Нет связи с сервером")).to_be_hidden(timeout=20_000)
        page.locator("[data-search]").fill("nothing-else")
        expect(page).to_have_url(re.compile("nothing-else"), timeout=20_000)
    context.close()


def test_a_stranger_with_a_tabs_token_gets_nothing_from_redis(
    browser: Browser, web, store, owner, tmp_path, address
):
    with served(
        tmp_path, database=store.url, web=web, REFLEX_REDIS_URL=address, **GALLERY
    ) as server:
        with watched(browser, server) as context:
            context.add_cookies(
                [{"name": "infrazen_session", "value": owner.cookie, "url": server.url}]
            )
            page = context.new_page()
            page.goto(f"{server.url}/connections")
            settle(page)
            token = page.evaluate("sessionStorage.getItem('token')")
            expect(page.get_by_role("button", name="Профиль: Анна Петрова")).to_be_visible()
        stranger = browser.new_context(locale="ru-RU")
        page = stranger.new_page()
        page.add_init_script(f"sessionStorage.setItem('token', {token!r})")
        page.goto(f"{server.url}/login")
        settle(page)
        assert "Анна Петрова" not in page.content()
        stranger.close()
