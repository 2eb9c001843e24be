"""axe finds nothing serious, on any page, in either theme, wide or narrow."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE

PAGES = ["/login", "/setup?code=x", "/no-such-page", "/_components", "/_components/shell"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page: Page, within: str = "html") -> list[str]:
    """Everything that axe calls moderate or worse inside ``within``."""
    options = {"runOnly": {"type": "tag", "values": RULES}}
    violations = Axe().run(page, context=within, options=options).response["violations"]
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in violations
        if found["impact"] in ("moderate", "serious", "critical")
        for node in found["nodes"]
    ]


def turn(page: Page, theme: str) -> None:
    """Let the system be ``theme``, and wait until every colour has followed."""
    page.emulate_media(color_scheme=theme)
    expect(page.locator("html")).to_have_class(re.compile(theme), timeout=20_000)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.parametrize("path", PAGES)
def test_pages(visit, path):
    page = visit(path)
    for theme in ("light", "dark"):
        turn(page, theme)
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)
            assert findings(page) == [], (theme, viewport)


def test_in_english(visit):
    page = visit("/_components/shell", language="en", cookie="")
    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_over_a_page(visit, theme):
    page = visit("/_components", color_scheme=theme)
    for opener in ("Диалог", "Вопрос", "Панель"):
        page.get_by_role("button", name=opener, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert findings(page, "[role=dialog]") == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Действия").click()
    expect(page.locator("#gallery-menu")).to_be_visible()
    assert findings(page, "#gallery-menu") == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Уведомление").click()
    expect(page.get_by_text("Подключение сохранено")).to_be_visible()
    assert findings(page, "[data-sonner-toaster]") == []


def test_the_menus_of_the_shell(visit):
    page = visit("/_components/shell")
    page.get_by_role("button", name="Профиль: Анна Петрова").click()
    expect(page.locator("#profile-menu")).to_be_visible()
    assert findings(page, "#profile-menu") == []
    page.keyboard.press("Escape")
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Открыть меню").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings(page, "dialog") == []


def test_a_refused_sign_in(visit):
    page = visit("/login", cookie="")
    page.get_by_label("Электронная почта").fill("axe@example.com")
    page.get_by_label("Пароль", exact=True).fill("wrong-password-1")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert findings(page, "form") == []
