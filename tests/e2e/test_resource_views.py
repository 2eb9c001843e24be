"""Columns, saved views and comparing of the resource table, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, settle
from tests.e2e.test_accessibility import findings
from tests.e2e.test_resources import (
    LIST,
    _own_settings,
    fits,
    folder,
    owner,
    rows,
    server,
    shows,
    store,
    synced,
)

__all__ = ["_own_settings", "folder", "owner", "server", "store", "synced"]


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
    page.get_by_role("button", name="Как было изначально").click()
    heads(page, *USUAL)
    expect(page).to_have_url(re.compile(r"/resources$"))


def test_columns_move_from_the_keyboard(visit):
    page = visit(f"{LIST}?column=type&column=status&column=cost")
    heads(page, "Тип", "Статус", "Стоимость")
    open_columns(page)
    first = page.get_by_role("button", name="Правее: Тип")
    first.focus()
    page.keyboard.press("Enter")
    heads(page, "Статус", "Тип", "Стоимость")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    heads(page, "Статус", "Стоимость", "Тип")
    expect(first).to_be_focused()
    page.get_by_role("button", name="Левее: Тип").press("Enter")
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
