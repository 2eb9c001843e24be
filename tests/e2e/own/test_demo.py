"""The demo as a stranger meets it: the landing page, inside, what is closed, and out again."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from infrazen.db.queries import demo as demo_queries
from infrazen.demo.build import build
from infrazen.services.demo import publish_demo
from tests.demo_world import add_demo
from tests.e2e.accounts import apart
from tests.e2e.conftest import GALLERY, PHONE, settle
from tests.e2e.test_accessibility import findings
from tests.people import PASSWORD
from tests.served import served


@pytest.fixture(scope="module")
def built(store, owner, keys):
    """Today's demo, built the way it always is; returns its organization's id."""
    return apart(build).organization_id


@pytest.fixture(scope="module")
def server(web, store, owner, built, folder):
    with served(folder, database=store.url, web=web, INFRAZEN_DEMO="true", **GALLERY) as running:
        yield running


def banner(page: Page):
    return page.get_by_role("complementary", name=re.compile("Демо-режим|Demo mode"))


def press_until(page: Page, focused, key: str = "Tab", most: int = 80) -> None:
    """Walk with a key until ``focused`` has the focus."""
    for _ in range(most):
        if focused.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{focused} was not reached")


def test_home_opens_on_the_living_demo(visit):
    page = visit("/", cookie="")
    expect(page).to_have_url(re.compile(r"^http://localhost:\d+/$"))
    expect(banner(page)).to_contain_text("Вы смотрите демо")
    expect(page.get_by_text("117").first).to_be_visible()
    [cookie] = [one for one in page.context.cookies() if one["name"] == "infrazen_session"]
    assert cookie["httpOnly"]
    assert cookie["value"].startswith("demo.")


def test_from_the_landing_page_to_an_accepted_recommendation_by_keyboard_alone(visit):
    page = visit("/welcome", cookie="")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Мультиоблачный FinOps")
    way = page.get_by_role("link", name="Открыть демо").first
    press_until(page, way)
    page.keyboard.press("Enter")
    expect(banner(page)).to_be_visible()
    settle(page)
    link = page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Рекомендации")
    press_until(page, link)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/recommendations"))
    accept = page.get_by_role("button", name=re.compile("^Принять")).first
    expect(accept).to_be_visible()
    press_until(page, accept, most=150)
    page.keyboard.press("Enter")
    expect(page.get_by_role("note").first).to_contain_text("Принята")
    undo = page.get_by_role("note").get_by_role("button", name="Отменить")
    press_until(page, undo, key="Shift+Tab", most=150)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Взять в работу")).to_have_count(0)


def test_what_is_closed_says_so_and_leads_on(visit):
    page = visit("/settings", cookie="")
    for section in ("profile", "sessions", "tokens", "organization", "people", "audit"):
        page.goto(re.sub(r"/settings.*", f"/settings/{section}", page.url))
        settle(page)
        expect(page.get_by_role("heading", name="В демо это закрыто")).to_be_visible()
        assert page.locator("[data-sonner-toast]").count() == 0
    page.get_by_role("main").get_by_role("link", name="Подключить своё облако").click()
    expect(page).to_have_url(re.compile("/login"))


def test_appearance_is_the_browsers_own_and_stays_open(visit):
    page = visit("/settings/appearance", cookie="")
    page.get_by_role("button", name="Тёмная").first.click()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    other = visit("/settings/appearance", cookie="")
    expect(other.locator("html")).to_have_class(re.compile("light"))


def test_the_language_of_one_visitor_is_not_anothers(visit):
    page = visit("/settings", cookie="", language="en")
    expect(banner(page)).to_contain_text("You are looking at the demo")
    other = visit("/settings", cookie="")
    expect(banner(other)).to_contain_text("Вы смотрите демо")


def test_connections_are_read_and_not_written(visit):
    page = visit("/connections", cookie="")
    expect(page.get_by_text("Selectel").first).to_be_visible()
    for closed in ("Добавить подключение", "Изменить", "Удалить"):
        expect(page.get_by_role("button", name=closed)).to_have_count(0)


def test_leaving_leads_to_the_landing_page_and_in_again(visit):
    page = visit("/resources", cookie="")
    banner(page).get_by_role("button", name="Выйти из демо").click()
    expect(page).to_have_url(re.compile(r"/welcome/?$"))
    assert "infrazen_session" not in {one["name"] for one in page.context.cookies()}
    page.get_by_role("link", name="Открыть демо").first.click()
    expect(banner(page)).to_be_visible()


def test_signing_in_ends_the_visit(visit, owner):
    page = visit("/", cookie="")
    banner(page).get_by_role("link", name="Подключить своё облако").click()
    page.get_by_label("Электронная почта").fill(owner.email)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Профиль: Анна Петрова")).to_be_visible()
    expect(banner(page)).to_have_count(0)
    expect(page.get_by_role("heading", name="Первые шаги")).to_be_visible()


def test_who_is_signed_in_is_never_moved_into_the_demo(visit, owner):
    for path in ("/", "/demo"):
        page = visit(path)
        expect(page.get_by_role("button", name="Профиль: Анна Петрова")).to_be_visible()
        expect(banner(page)).to_have_count(0)


def test_a_page_follows_to_a_demo_that_was_built_anew(visit, store, built):
    page = visit("/settings", cookie="")
    expect(page.get_by_role("button", name=re.compile("Профиль"))).to_be_visible()
    following = add_demo(store, "the-next-one")
    publish_demo(following)
    try:
        place = page.locator(".profile-organization").first
        expect(place).to_have_text("The-Next-One", timeout=120_000)
        expect(banner(page)).to_be_visible()
    finally:
        publish_demo(built)


def test_a_demo_that_is_being_built_opens_by_itself(visit, store, built):
    with store.writing() as session:
        demo_queries.publish(session, uuid4())
    page = visit("/resources", cookie="")
    expect(page.get_by_role("heading", name="Готовим демо…")).to_be_visible()
    assert findings(page) == []
    publish_demo(built)
    expect(page).to_have_url(re.compile(r"/resources/?$"), timeout=60_000)
    expect(banner(page)).to_be_visible()


@pytest.mark.parametrize("path", ["/welcome", "/login", "/settings/people", "/"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wide_or_narrow(visit, path, theme):
    page = visit(path, cookie="", color_scheme=theme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size(PHONE)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_landing_page_shows_the_demos_own_figures(visit, language):
    page = visit("/welcome", cookie="", language=language, viewport=PHONE)
    title = {"ru": "Демо-компания прямо сейчас", "en": "The demo company right now"}[language]
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text(re.compile("117.150|117,150")).first).to_be_visible()
