"""A browser before the whole product: the built pages, a server, a fresh database."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from infrazen.db.session import Database
from infrazen.services.me import update_profile
from infrazen.services.sign_in import principal_for_session
from infrazen_ui.backend.visitors import TRUST_SECONDS
from tests.built import GALLERY, built_pages
from tests.people import Person, sign_in_owner
from tests.served import Served, served
from tests.stores import sqlite_copy

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

LEAVE_IN_STORAGE = """
for (const [name, value] of Object.entries(location.origin === "null" ? {} : %s))
  localStorage.getItem(name) ?? localStorage.setItem(name, value);
"""

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def web() -> Path:
    """The built pages, the gallery among them."""
    return built_pages()


@pytest.fixture(scope="session")
def store(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that the server uses, at hand for the test too."""
    with sqlite_copy(migrated_sqlite, tmp_path_factory.mktemp("store")) as found:
        yield found


@pytest.fixture(scope="session")
def owner(store: Database) -> Person:
    """The first owner, signed in."""
    return sign_in_owner()


@pytest.fixture(scope="session")
def server(
    web: Path, store: Database, owner: Person, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The product, with its owner."""
    folder = tmp_path_factory.mktemp("server")
    with served(folder, database=store.url, web=web, **GALLERY) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=LAUNCH)
        yield chromium
        chromium.close()


@contextmanager
def watched(browser: Browser, server: Served, **options) -> Iterator[BrowserContext]:
    """A browser context whose pages must not complain, nor ask other hosts."""
    options = {"locale": "ru-RU", "viewport": DESKTOP, "reduced_motion": "reduce"} | options
    context = browser.new_context(**options)
    troubles: list[str] = []
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    context.on("console", lambda said: _note(said, troubles))
    context.on("request", lambda request: _own(request.url, server, troubles))
    try:
        yield context
    finally:
        context.close()
    assert not troubles, troubles


def _note(said, troubles: list[str]) -> None:
    expected = ("/api/auth/", "/api/v1/me/password", "/no-such-page")
    refused = any(part in said.location["url"] for part in expected)
    left = "WebSocket is closed before the connection is established" in said.text
    if said.type in ("error", "warning") and not (
        (refused and "Failed to load" in said.text) or left
    ):
        troubles.append(said.text)


def _own(url: str, server: Served, troubles: list[str]) -> None:
    if not url.startswith((server.url, "data:", "blob:")):
        troubles.append(f"asked another host: {url}")


@pytest.fixture
def visit(browser: Browser, server: Served, owner: Person) -> Iterator[Visit]:
    """Opens a page as the owner (or as ``cookie``; empty for a stranger) and waits for it.

    Options are those of a browser context; ``language`` and ``theme`` are what an earlier
    visit has left in the browser's storage.
    """
    open_contexts = []
    speak_russian_again(owner)

    def visiting(
        path: str,
        *,
        cookie: str | None = None,
        language: str = "",
        theme: str = "",
        **options,
    ) -> Page:
        entered = watched(browser, server, **options)
        context = entered.__enter__()
        open_contexts.append(entered)
        token = owner.cookie if cookie is None else cookie
        if token:
            context.add_cookies([{"name": "infrazen_session", "value": token, "url": server.url}])
        stored = {"infrazen_language": language, "theme": theme}
        left = {name: value for name, value in stored.items() if value}
        context.add_init_script(LEAVE_IN_STORAGE % json.dumps(left))
        page = context.new_page()
        page.goto(server.url + path)
        settle(page)
        return page

    yield visiting
    for entered in open_contexts:
        entered.__exit__(None, None, None)


def speak_russian_again(owner: Person) -> None:
    """Undo an earlier test's choice, and wait until the server believes it."""
    found = principal_for_session(owner.cookie)
    if found is None or found.language != "ru":
        update_profile(owner.actor, language="ru")
        time.sleep(TRUST_SECONDS)


def settle(page: Page) -> None:
    """Wait until the server has said what the page shows."""
    page.locator("html[data-ready]").wait_for(state="attached")
