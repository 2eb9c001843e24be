"""The frame around every page, and the parts in it, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE

SHELL = "/_components/shell"
GALLERY = "/_components"


def profile(page: Page, name: str = "Профиль: Анна Петрова"):
    return page.get_by_role("button", name=name)


def test_the_page_says_what_it_is(visit):
    page = visit(SHELL)
    expect(page).to_have_title("Страница · InfraZen")
    assert page.get_attribute("html", "lang") == "ru"
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Разделы")).to_be_visible()
    current = page.get_by_role("link", name="Страница", exact=True)
    expect(current.first).to_have_attribute("aria-current", "page")


def test_no_link_is_dead(visit):
    page = visit(SHELL)
    links = page.locator(".sidebar a, .topbar a").evaluate_all("all => all.map(a => a.href)")
    assert links
    for link in set(links) - {f"{page.url.split('/_')[0]}/"}:
        assert page.request.get(link).ok, link


def test_the_sidebar_folds_and_stays_folded(visit):
    page = visit(SHELL)
    sidebar = page.locator(".sidebar")
    wide = sidebar.bounding_box()["width"]
    page.get_by_role("button", name="Свернуть или развернуть меню").click()
    page.wait_for_function("document.querySelector('.sidebar').offsetWidth < 80")
    page.reload()
    page.wait_for_function("document.querySelector('.sidebar').offsetWidth < 80")
    expect(sidebar.get_by_role("link", name="Страница")).to_have_count(1)
    page.get_by_role("button", name="Свернуть или развернуть меню").click()
    page.wait_for_function(f"document.querySelector('.sidebar').offsetWidth == {wide}")


def test_the_language_switches_at_once_and_is_remembered(visit):
    page = visit(SHELL)
    profile(page).click()
    page.get_by_role("button", name="English").click()
    expect(page).to_have_title("Page · InfraZen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page")
    assert page.get_attribute("html", "lang") == "en"
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Page")
    expect(page).to_have_title("Page · InfraZen")
    profile(page, "Profile: Анна Петрова").click()
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Страница")


def test_a_stored_language_shows_no_other_first(visit):
    page = visit("/login", cookie="", language="en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.add_init_script("""
        window.seen = new Set();
        const look = () => {
          const title = document.querySelector("h1");
          if (title && getComputedStyle(title).visibility === "visible") seen.add(title.innerText);
          requestAnimationFrame(look);
        };
        look();
    """)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.evaluate("[...seen]") == ["Sign in"]


def test_the_theme_follows_the_system_until_it_is_chosen(visit):
    page = visit(SHELL, color_scheme="dark")
    expect(page.locator("html")).to_have_class(re.compile(r"\bdark\b"))
    profile(page).click()
    page.get_by_role("button", name="Светлая").click()
    expect(page.locator("html")).to_have_class(re.compile(r"\blight\b"))
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile(r"\blight\b"))


def test_the_profile_menu_closes_by_escape_and_gives_the_focus_back(visit):
    page = visit(SHELL)
    profile(page).focus()
    page.keyboard.press("Enter")
    menu = page.locator("#profile-menu")
    expect(menu).to_be_visible()
    expect(menu).to_contain_text("Нейрокола")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(profile(page)).to_be_focused()


def test_the_keyboard_skips_to_the_content(visit):
    page = visit(SHELL)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="К содержимому")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_slash_searches_and_j_and_k_walk_the_table(visit):
    page = visit(SHELL)
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("j/k")
    expect(search).to_have_value("j/k")
    page.get_by_role("main").focus()
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_columns_say_how_they_are_sorted(visit):
    page = visit(SHELL)
    cost = page.get_by_role("columnheader", name="Стоимость")
    expect(cost).to_have_attribute("aria-sort", "descending")
    cost.get_by_role("button").click()
    expect(cost).to_have_attribute("aria-sort", "ascending")
    name = page.get_by_role("columnheader", name="Ресурс")
    name.get_by_role("button").click()
    expect(name).to_have_attribute("aria-sort", "ascending")
    expect(cost).to_have_attribute("aria-sort", "none")


LOWER = "airy => document.querySelector('[data-row]').getBoundingClientRect().height < airy"


def test_density_is_remembered(visit):
    page = visit(SHELL)
    row = page.locator("[data-row]").first
    airy = row.bounding_box()["height"]
    page.get_by_role("button", name="Плотность").click()
    page.wait_for_function(LOWER, arg=airy)
    page.reload()
    expect(row).to_be_visible()
    page.wait_for_function(LOWER, arg=airy)


def test_a_dialog_keeps_the_focus_and_gives_it_back(visit):
    page = visit(GALLERY)
    opener = page.get_by_role("button", name="Диалог", exact=True)
    opener.click()
    dialog = page.get_by_role("dialog", name="Новое подключение")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_accessible_description(re.compile("шифруются"))
    for _ in range(8):
        page.keyboard.press("Tab")
        assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_question_can_be_declined(visit):
    page = visit(GALLERY)
    page.get_by_role("button", name="Вопрос", exact=True).click()
    question = page.get_by_role("dialog", name="Удалить подключение?")
    question.get_by_role("button", name="Отмена").click()
    expect(question).to_be_hidden()


def test_tabs_move_with_arrows(visit):
    page = visit(GALLERY)
    first, second = page.get_by_role("tab").all()
    first.click()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="История")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(first).to_have_attribute("aria-selected", "true")


def test_a_notice_shows_up(visit):
    page = visit(GALLERY)
    page.get_by_role("button", name="Уведомление").click()
    expect(page.get_by_text("Подключение сохранено")).to_be_visible()


def test_copying_says_so(visit, server):
    page = visit(GALLERY, permissions=["clipboard-read", "clipboard-write"])
    button = page.get_by_role("tabpanel").locator(".copyable .copy-button")
    button.click()
    expect(button).to_contain_text("Скопировано")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "f88ce2cf-8570-4ad0-bb67-824ac5308c34"


def test_a_chart_can_be_read_as_a_table(visit):
    page = visit(GALLERY)
    figure = page.get_by_role("figure", name="Динамика расходов")
    expect(figure.locator("svg.recharts-surface")).to_be_visible()
    figure.get_by_text("Показать таблицей").click()
    rows = figure.get_by_role("row")
    expect(rows).to_have_count(31)
    expect(rows.nth(12)).to_contain_text("—")


def test_the_phone_menu(visit):
    page = visit(SHELL, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(page.locator(".sidebar")).to_be_hidden()
    opener = page.get_by_role("button", name="Открыть меню")
    opener.click()
    menu = page.get_by_role("dialog", name="Разделы")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("link", name="Страница")).to_be_visible()
    expect(menu.get_by_role("button", name="Выйти")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    opener.click()
    page.mouse.click(PHONE["width"] - 10, 400)
    expect(menu).to_be_hidden()


@pytest.mark.parametrize("path", [SHELL, GALLERY, "/login", "/setup?code=x", "/no-such-page"])
def test_nothing_runs_out_of_the_page(visit, path):
    page = visit(path)
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    for width in (1440, 1024, 900, 768, 640, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(fits, timeout=5_000)


def test_a_file_is_fetched_by_the_browser_itself(visit):
    page = visit(SHELL)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Выгрузить CSV").click()
    assert fetched.value.suggested_filename
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_rows_are_cards_on_a_phone(visit):
    page = visit(SHELL, viewport=PHONE)
    row = page.locator("[data-row]").first
    label = (
        row.locator(".cell").nth(1).evaluate("cell => getComputedStyle(cell, '::before').content")
    )
    assert label == '"Тип"'
    expect(page.get_by_role("rowheader", name="Objective Perrin")).to_be_visible()
