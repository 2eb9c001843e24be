"""Every page in English and in both themes, and how it comes: nothing jumps, nothing is silent."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from infrazen.db.queries.resource_list import ResourceFilter
from infrazen.db.session import Database
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.services.resources import list_resources
from infrazen.services.rules import list_rules, set_rule
from tests.e2e.accounts import account_of, apart, person_of
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_accessibility import findings, turn
from tests.people import Person
from tests.simulators import simulator
from tests.sync.account import Account

SETTINGS = ("", "/profile", "/appearance", "/sessions", "/tokens", "/organization", "/people")
PAGES = (
    "/",
    "/connections",
    "/connections/{connection}",
    "/resources",
    "/resources/{resource}",
    "/resources/compare?id={resource}&id={other}",
    "/resources/00000000-0000-4000-8000-000000000000",
    "/recommendations",
    *(f"/settings{section}" for section in SETTINGS),
    "/settings/audit",
    "/no-such-page",
)
RUSSIAN_BY_NATURE = {"Анна", "Петрова", "АП", "Нейрокола", "Русский"}
"""Names that people gave, and what a language calls itself."""
STEADY = ("/", "/connections", "/resources", "/resources/{resource}", "/recommendations")
MOST_SHIFT = 0.1
"""What web.dev calls good."""
_WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def account(store: Database, owner: Person, cloud: SimulatorControl) -> Account:
    """The reference account, synced twice, under an English name."""
    found = account_of(store, owner, cloud, display_name="Beget, main")
    apart(found.sync)
    apart(found.sync)
    return found


@pytest.fixture(scope="module")
def places(account: Account) -> dict[str, object]:
    """What stands for the ids in addresses."""
    first, second, *_ = list_resources(account.actor, wanted=ResourceFilter(types=("vps",)))
    return {"connection": account.connection_id, "resource": first.id, "other": second.id}


def loaded(page: Page) -> Page:
    """The page, once nothing of it waits."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.locator("main .skeleton")).to_have_count(0)
    return page


@pytest.mark.parametrize("path", PAGES)
def test_it_is_all_english_and_axe_finds_nothing_in_either_theme(visit, reader, places, path):
    page = loaded(visit(path.format(**places), cookie=reader.cookie, language="en"))
    if "compare" in path:
        expect(page.locator(".compare-table")).to_be_visible()
    said = page.get_by_role("main").inner_text()
    assert set(re.findall(r"\w*[А-Яа-яЁё]\w*", said)) <= RUSSIAN_BY_NATURE
    for theme in ("light", "dark"):
        turn(page, theme)
        assert findings(page) == [], theme


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", STEADY)
def test_nothing_jumps_while_it_comes(visit, browser, server, owner, places, path, viewport):
    with browser.new_context(viewport=viewport, locale="ru-RU") as context:
        cookie = {"name": "infrazen_session", "value": owner.cookie, "url": server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.add_init_script(_WATCH_SHIFTS)
        page.goto(server.url + path.format(**places))
        page.locator("html[data-ready]").wait_for(state="attached")
        loaded(page)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.shifted") < MOST_SHIFT


def test_what_is_missing_says_why_and_leads_on(visit, store):
    person = person_of(store, "waiting")
    for one in apart(lambda: list_rules(person.actor)):
        apart(partial(set_rule, person.actor, rule=one.id, is_enabled=False))
    with simulator("beget") as cloud:
        account = account_of(store, person, cloud)
        page = loaded(visit("/resources", cookie=person.cookie))
        expect(page.get_by_role("heading", name="Данных пока нет")).to_be_visible()
        assert findings(page) == []
        apart(account.sync)
    page = loaded(visit("/recommendations", cookie=person.cookie))
    expect(page.get_by_role("heading", name="Все правила выключены")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("link", name="К правилам").click()
    expect(page.locator("#rules")).to_be_in_viewport()
