"""The command palette, by keyboard alone."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE
from tests.e2e.test_accessibility import findings


def palette(page):
    return page.get_by_role("dialog", name="Поиск страниц, ресурсов и действий")


def test_a_few_letters_and_enter_lead_to_a_page(visit):
    page = visit("/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Поиск страниц")
    expect(field).to_be_focused()
    options = palette(page).get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.type("журнал")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/settings/audit"))
    expect(palette(page)).to_be_hidden()


def test_an_action_opens_its_form(visit):
    page = visit("/resources")
    page.keyboard.press("Control+k")
    page.keyboard.type("добавить польз")
    expect(palette(page).get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Добавить пользователя")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/settings/people/?$"))


def test_it_closes_and_gives_the_focus_back(visit):
    page = visit("/settings/appearance")
    opener = page.get_by_role("button", name="Найти…").first
    opener.click()
    page.keyboard.type("zzzz")
    expect(palette(page).get_by_text("Ничего не нашлось")).to_be_visible()
    page.keyboard.press("Escape")
    expect(palette(page)).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Поиск страниц")).to_have_value("")
    expect(palette(page).get_by_role("option", name="Дашборд")).to_be_visible()
    page.mouse.click(5, 5)
    expect(palette(page)).to_be_hidden()


def test_axe_finds_nothing_in_it(visit):
    page = visit("/settings", color_scheme="dark")
    page.keyboard.press("Control+k")
    expect(palette(page).get_by_role("option").first).to_be_visible()
    assert findings(page, "#palette") == []


def test_on_a_phone_the_menu_opens_it(visit):
    page = visit("/", viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Открыть меню").tap()
    page.get_by_role("dialog", name="Разделы").get_by_role("button", name="Найти…").tap()
    option = palette(page).get_by_role("option", name="Ресурсы")
    option.tap()
    expect(page).to_have_url(re.compile("/resources"))
