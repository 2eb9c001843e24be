"""Columns, saved views and comparing of the resource table, in a browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.db.queries.saved_views import Definition
from infrazen.services import saved_views
from tests.e2e.conftest import PHONE, settle
from tests.e2e.own.resource_table import LIST, fits, rows, shows
from tests.e2e.test_accessibility import findings
from tests.people import Person


def headers(page: Page) -> list[str]:
    found = page.get_by_role("columnheader").all_inner_texts()
    return [one.strip() for one in found if one.strip()]


def heads(page: Page, *titles: str) -> None:
    """Wait until the table has just these columns."""
    expected = [re.compile(rf"^\s*{re.escape(title)}\s*$") for title in ("", "Ресурс", *titles)]
    expect(page.get_by_role("columnheader")).to_have_text(expected)


def open_columns(page: Page) -> None:
    page.get_by_role("button", name="Столбцы").click()
    expect(page.locator("#columns-menu")).to_be_visible()


USUAL = ("Тип", "Статус", "Регион", "Владелец", "Изменён", "Стоимость")


def test_columns_are_chosen_kept_and_forgotten(visit):
    page = visit(LIST)
    shows(page, 10)
    heads(page, *USUAL)
    open_columns(page)
    menu = page.locator("#columns-menu")
    menu.get_by_role("button", name="Регион", exact=True).click()
    heads(page, "Тип", "Статус", "Владелец", "Изменён", "Стоимость")
    menu.get_by_role("button", name="Проект", exact=True).click()
    heads(page, "Тип", "Статус", "Владелец", "Проект", "Изменён", "Стоимость")
    expect(page).to_have_url(re.compile("column=type&column=status&column=owner&column=project"))
    page.keyboard.press("Escape")
    page.reload()
    settle(page)
    heads(page, "Тип", "Статус", "Владелец", "Проект", "Изменён", "Стоимость")
    page.goto(page.url.partition("?")[0])
    settle(page)
    heads(page, "Тип", "Статус", "Владелец", "Проект", "Изменён", "Стоимость")
    open_columns(page)
    page.get_by_role("button", name="Вернуть исходные").click()
    heads(page, *USUAL)
    expect(page).to_have_url(re.compile(r"/resources$"))


def test_columns_move_from_the_keyboard(visit):
    page = visit(f"{LIST}?column=type&column=status&column=cost")
    heads(page, "Тип", "Статус", "Стоимость")
    open_columns(page)
    first = page.get_by_role("button", name="Сдвинуть правее: Тип")
    first.focus()
    page.keyboard.press("Enter")
    heads(page, "Статус", "Тип", "Стоимость")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    heads(page, "Статус", "Стоимость", "Тип")
    expect(first).to_be_focused()
    page.get_by_role("button", name="Сдвинуть левее: Тип").press("Enter")
    heads(page, "Статус", "Тип", "Стоимость")


def test_a_tag_gets_a_column_and_a_column_sorts(visit):
    page = visit(f"{LIST}?column=cost_day")
    heads(page, "Стоимость в день")
    open_columns(page)
    page.get_by_label("Значение тега").fill("env")
    page.get_by_label("Значение тега").press("Enter")
    heads(page, "Тег env", "Стоимость в день")
    page.keyboard.press("Escape")
    header = page.get_by_role("columnheader", name="Стоимость в день")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("link", name="Выгрузить CSV")).to_have_attribute(
        "href", re.compile("column=tag%3Aenv&column=cost_day$")
    )


WIDE = "&".join(
    f"column={name}"
    for name in ("type", "status", "region", "zone", "service", "owner", "project", "created",
                 "last_seen", "changed", "cost_day", "cost_month", "tag:env")
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE])
def test_axe_finds_nothing_in_many_columns(visit, theme, viewport):
    options = {"viewport": viewport} if viewport else {}
    page = visit(f"{LIST}?{WIDE}", color_scheme=theme, **options)
    shows(page, 10)
    fits(page)
    expect(rows(page).first.locator("[data-key='cost_month']")).to_be_attached()
    assert findings(page) == []
    open_columns(page)
    assert findings(page, "#columns-menu") == []


def open_views(page: Page) -> Locator:
    page.locator("[data-views]").click()
    menu = page.locator("#views-menu")
    expect(menu).to_be_visible()
    return menu


def current(page: Page) -> Locator:
    return page.locator("[data-views] .views-name")


def changed(page: Page) -> Locator:
    return page.locator("[data-views] .facet-mark")


@pytest.fixture
def no_views(owner: Person) -> None:
    for view in saved_views.list_views(owner.actor):
        saved_views.remove_view(owner.actor, view_id=view.id)


def save_as(page: Page, name: str) -> None:
    open_views(page).get_by_role("button", name="Сохранить как новое…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Название").fill(name)
    dialog.get_by_role("button", name="Сохранить").click()
    expect(dialog).to_have_count(0)


def test_a_view_is_saved_changed_and_opened_again(visit, no_views):
    page = visit(f"{LIST}?type=vps&column=status&column=cost")
    shows(page, 2)
    save_as(page, "Серверы")
    expect(current(page)).to_have_text("Серверы")
    expect(page).to_have_url(re.compile(r"\?view=[0-9a-f-]{36}&type=vps&sort=cost&order=desc"))
    expect(changed(page)).to_have_count(0)
    page.get_by_role("columnheader", name="Статус").get_by_role("button").click()
    expect(changed(page)).to_have_count(1)
    open_views(page).get_by_role("button", name="Сохранить изменения").click()
    expect(changed(page)).to_have_count(0)
    open_views(page).get_by_role("link", name="Все ресурсы").click()
    shows(page, 10)
    expect(current(page)).to_have_text("Представления")
    open_views(page).get_by_role("link", name="Серверы").click()
    shows(page, 2)
    heads(page, "Статус", "Стоимость")
    expect(page.get_by_role("columnheader", name="Статус")).to_have_attribute(
        "aria-sort", "ascending"
    )


def test_a_view_opens_first_is_renamed_removed_and_brought_back(visit, no_views):
    page = visit(f"{LIST}?type=vps")
    shows(page, 2)
    save_as(page, "Серверы")
    expect(current(page)).to_have_text("Серверы")
    open_views(page).get_by_role("button", name="Открывать по умолчанию").click()
    page.get_by_role("navigation").get_by_role("link", name="Дашборд").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Дашборд")
    page.get_by_role("navigation").get_by_role("link", name="Ресурсы").click()
    shows(page, 2)
    expect(current(page)).to_have_text("Серверы")
    open_views(page).get_by_role("button", name="Переименовать…").click()
    page.get_by_role("dialog").get_by_label("Название").fill("VPS")
    page.keyboard.press("Enter")
    expect(current(page)).to_have_text("VPS")
    open_views(page).get_by_role("button", name="Удалить").click()
    expect(page.get_by_text("Представление «VPS» удалено.")).to_be_visible()
    expect(current(page)).to_have_text("Представления")
    shows(page, 2)
    page.get_by_role("button", name="Вернуть", exact=True).click()
    expect(current(page)).to_have_text("VPS")


def test_a_name_that_is_taken_is_said_in_the_form(visit, no_views, owner):
    saved_views.save_view(owner.actor, name="Серверы", definition=Definition())
    page = visit(LIST)
    shows(page, 10)
    open_views(page).get_by_role("button", name="Сохранить как новое…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Название").fill("серверы")
    dialog.get_by_role("button", name="Сохранить").click()
    expect(dialog.get_by_text("Представление с таким названием уже есть.")).to_be_visible()
    assert findings(page, "[role=dialog]") == []


def test_a_view_from_the_keyboard_and_the_palette(visit, no_views, owner):
    wanted = ResourceFilter(types=("vps",))
    saved_views.save_view(owner.actor, name="Мои сервера", definition=Definition(wanted=wanted))
    page = visit(LIST)
    shows(page, 10)
    page.keyboard.press("v")
    expect(page.locator("#views-menu")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("мои сер")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    shows(page, 2)
    expect(current(page)).to_have_text("Мои сервера")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE])
def test_axe_finds_nothing_in_views(visit, no_views, owner, theme, viewport):
    wanted = ResourceFilter(types=("vps", "quantum"))
    made = saved_views.save_view(
        owner.actor, name="Серверы", definition=Definition(wanted=wanted), is_shared=True
    )
    saved_views.choose_default_view(owner.actor, view_id=made.id)
    options = {"viewport": viewport} if viewport else {}
    page = visit(LIST, color_scheme=theme, **options)
    expect(page.get_by_text("В фильтре есть то, чего больше нет")).to_be_visible()
    fits(page)
    assert findings(page) == []
    open_views(page)
    assert findings(page, "#views-menu") == []


def compare_two(page: Page) -> None:
    for name in ("runner rus", "Objective Perrin"):
        page.get_by_role("checkbox", name=f"Выбрать: {name}").click()
    page.get_by_role("button", name="Сравнить").click()
    page.wait_for_url("**/resources/compare?**")
    expect(page.locator(".compare-head")).to_have_count(2, timeout=20_000)


def test_two_servers_are_compared_and_the_link_keeps(visit):
    page = visit(f"{LIST}?type=vps")
    shows(page, 2)
    compare_two(page)
    expect(page).to_have_url(re.compile(r"/resources/compare\?id=[0-9a-f-]{36}&id=[0-9a-f-]{36}$"))
    price = page.get_by_role("row").filter(has_text="Цена в день")
    expect(price).to_contain_text("9,73")
    expect(price).to_contain_text("22,00")
    expect(page.get_by_role("row").filter(has_text="Провайдер")).to_have_count(1)
    page.get_by_label("Только отличия").click()
    expect(page).to_have_url(re.compile(r"&only=1$"))
    expect(page.get_by_role("row").filter(has_text="Провайдер")).to_have_count(0)
    page.reload()
    settle(page)
    expect(page.get_by_label("Только отличия")).to_be_checked()
    expect(page.locator(".compare-head")).to_have_count(2)
    page.get_by_role("button", name="Убрать из сравнения: runner rus").click()
    expect(page.locator(".compare-head")).to_have_count(1)


def test_a_reader_compares_and_edits_nothing(visit, viewer):
    page = visit(f"{LIST}?type=vps", cookie=viewer.cookie)
    shows(page, 2)
    page.get_by_role("checkbox", name="Выбрать: runner rus").click()
    expect(page.get_by_role("button", name="Сравнить")).to_be_disabled()
    expect(page.get_by_role("button", name="Теги", exact=True)).to_have_count(0)
    page.get_by_role("checkbox", name="Выбрать: Objective Perrin").click()
    page.get_by_role("button", name="Сравнить").click()
    expect(page.locator(".compare-head")).to_have_count(2)


def test_what_is_not_there_is_said(visit):
    page = visit(f"{LIST}/compare?id=00000000-0000-4000-8000-000000000000")
    expect(page.get_by_text("Такого ресурса нет")).to_be_visible()
    page = visit(f"{LIST}/compare")
    expect(page.get_by_text("Сравнивать пока нечего")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE])
def test_axe_finds_nothing_in_a_comparison(visit, theme, viewport):
    options = {"viewport": viewport} if viewport else {}
    page = visit(f"{LIST}?type=vps", color_scheme=theme, **options)
    shows(page, 2)
    compare_two(page)
    fits(page)
    assert findings(page) == []
