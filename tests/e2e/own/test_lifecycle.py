"""A resource's page in a browser: its lifecycle, what people say of it, and no resource at all."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from infrazen.db.session import Database
from infrazen.provider_kit.simulation.control import SimulatorControl
from tests.e2e.accounts import apart
from tests.e2e.conftest import DESKTOP, PHONE, settle
from tests.e2e.own.resource_table import LIST, fits, open_resource, plain, rows, shows
from tests.e2e.test_accessibility import findings
from tests.sync.account import Account

NAME = "runner rus"
SCREENS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]


@pytest.fixture(scope="module")
def account(account: Account, store: Database, cloud: SimulatorControl) -> Account:
    """The reference account, in which a server got more cores and a higher price."""
    server = _id_of(store, NAME)
    larger = {"cpu_count": 4, "price_day": 31.5, "price_month": 945}
    configuration = cloud.record("vps", server)["configuration"] | larger
    cloud.change("vps", server, {"configuration": configuration})
    apart(account.sync)
    return account


def _id_of(store: Database, name: str) -> str:
    with store.reading() as session:
        sql = text("SELECT external_id FROM resource WHERE name = :name")
        return str(session.execute(sql, {"name": name}).scalar_one())


@contextmanager
def hidden(store: Database, table: str) -> Iterator[None]:
    """A table that the server looks for in vain meanwhile."""
    _execute(store, f"ALTER TABLE {table} RENAME TO hidden_{table}")
    try:
        yield
    finally:
        _execute(store, f"ALTER TABLE hidden_{table} RENAME TO {table}")


def _execute(store: Database, sql: str) -> None:
    with store.writing() as session:
        session.execute(text("PRAGMA legacy_alter_table = ON"))
        session.execute(text(sql))


def opened(page: Page, name: str = NAME) -> Page:
    open_resource(page, name)
    expect(page.locator(".lifecycle .timeline-entry").first).to_be_visible()
    return page


def test_the_cost_and_what_moved_it(visit):
    page = opened(visit(LIST))
    life = page.locator(".lifecycle")
    changed = life.locator(".timeline-entry").first
    expect(changed).to_contain_text("Процессор")
    shown = plain(changed.inner_text())
    assert "2 ядра" in shown
    assert "4 ядра" in shown
    assert "9,73 ₽/день → 31,50 ₽/день" in shown
    expect(life.locator(".recharts-bar-rectangle")).to_have_count(1)
    table = life.locator(".chart .collapsible")
    table.locator("summary").click()
    row = table.locator("tbody tr").last
    expect(row).to_contain_text("31,50")
    expect(row).to_contain_text("2 события")


def test_a_mark_leads_to_its_entry_from_the_keyboard(visit):
    page = opened(visit(LIST))
    mark = page.locator(".lifecycle .chart-mark:visible")
    expect(mark).to_have_count(1)
    expect(mark).to_have_accessible_name(re.compile("2 события"))
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lifecycle .timeline-entry").first).to_be_focused()


def test_a_mark_stands_over_its_day(visit):
    page = opened(visit(LIST))
    bar, mark = page.locator(".lifecycle .recharts-bar-rectangle path"), page.locator(".chart-mark")
    for days in ("90 дней", "30 дней"):
        chosen = page.locator(".lifecycle").get_by_role("button", name=days)
        chosen.click()
        expect(chosen).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".lifecycle")).to_have_attribute("aria-busy", "false")
        expect(bar).to_have_count(1)
        places = [one.bounding_box() for one in (bar.first, mark.locator("visible=true").first)]
        middles = [box["x"] + box["width"] / 2 for box in places if box]
        assert abs(middles[0] - middles[1]) < 2, middles


def test_the_period_is_the_readers_choice(visit):
    page = opened(visit(LIST))
    life = page.locator(".lifecycle")
    expect(life.locator(".section-note")).to_contain_text("всего")
    life.get_by_role("button", name="Год", exact=True).click()
    expect(life.locator(".section-note")).to_contain_text("по неделям")
    expect(life.get_by_role("button", name="RUB")).to_have_count(0)


@pytest.mark.parametrize(("theme", "viewport"), SCREENS)
def test_axe_finds_nothing_on_the_page(visit, theme, viewport):
    page = opened(visit(LIST, color_scheme=theme, viewport=viewport))
    page.locator(".lifecycle .chart summary").click()
    assert findings(page) == []
    fits(page)


def test_it_prints_with_its_chart(visit):
    page = opened(visit(LIST))
    page.emulate_media(media="print")
    expect(page.locator(".lifecycle .recharts-bar-rectangle")).to_have_count(1)
    expect(page.locator(".lifecycle .timeline-entry").first).to_be_visible()


def test_every_page_waits_in_its_own_shape(visit, server, browser, owner):
    with browser.new_context() as context:
        cookie = {"name": "infrazen_session", "value": owner.cookie, "url": server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.route_web_socket("**/_event/**", lambda _socket: None)
        shapes = {
            "/": ".kpi-grid.five",
            "/connections": ".connections",
            "/resources": ".table-skeleton",
            f"{LIST}/00000000-0000-4000-8000-000000000000": ".resource-columns",
            "/recommendations": ".kpi-grid",
            "/settings": ".settings-tiles",
            "/settings/profile": ".settings-body",
            "/settings/audit": ".settings-body .table-skeleton",
        }
        for path, shape in shapes.items():
            page.goto(server.url + path)
            waiting = page.locator(f"main {shape} .skeleton").first
            expect(waiting).to_be_visible()


def test_a_page_that_cannot_be_read_says_so_and_tries_again(visit, store):
    page = opened(visit(LIST))
    with hidden(store, "resource_annotation"):
        page.reload()
        settle(page)
        expect(page.get_by_role("alert")).to_be_visible()
        assert findings(page) == []
        again = page.get_by_role("main").get_by_role("button", name="Повторить")
        expect(again).to_be_visible()
    again.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_a_lifecycle_that_cannot_be_read_leaves_the_rest_of_the_page(visit, store):
    page = opened(visit(LIST))
    with hidden(store, "recommendation_event"):
        page.reload()
        settle(page)
        again = page.locator(".lifecycle").get_by_role("button", name="Повторить")
        expect(again).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
        assert findings(page, ".lifecycle") == []
    again.click()
    expect(page.locator(".lifecycle .timeline-entry").first).to_be_visible()


@pytest.mark.parametrize(("theme", "viewport"), SCREENS)
def test_a_resource_that_is_not_there_passes_axe(visit, theme, viewport):
    page = visit(f"{LIST}/no-such-thing", color_scheme=theme, viewport=viewport)
    expect(page.get_by_role("heading", level=1)).to_have_text("Такого ресурса нет")
    assert findings(page) == []


def test_a_name_and_a_price_are_said_and_taken_back(visit):
    page = opened(visit(LIST), "Objective Perrin")
    main = page.get_by_role("main")
    main.get_by_role("button", name="Переименовать").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Имя в InfraZen").fill("Магазин")
    dialog.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Магазин")
    life = page.locator(".lifecycle")
    expect(life).to_contain_text("Дали название «Магазин»")
    main.get_by_role("button", name="Указать цену вручную").click()
    dialog.get_by_label("Сколько стоит").fill("много")
    dialog.get_by_role("button", name="Сохранить").click()
    expect(dialog.get_by_text("Введите сумму числом")).to_be_visible()
    dialog.get_by_label("Сколько стоит").fill("450")
    dialog.get_by_label("Почему").fill("скидка по договору")
    dialog.get_by_role("button", name="Сохранить").click()
    expect(page.locator(".resource-day")).to_contain_text("15,00")
    expect(life).to_contain_text("скидка по договору")
    main.get_by_role("button", name="Изменить цену").click()
    dialog.get_by_role("button", name="Вернуть данные Beget").click()
    expect(page.locator(".resource-day")).to_contain_text("22,00")
    expect(life).to_contain_text("Вернули цену провайдера")
    main.get_by_role("button", name="Переименовать").click()
    dialog.get_by_role("button", name="Вернуть данные Beget").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Objective Perrin")
    assert findings(page) == []


@pytest.mark.parametrize(("theme", "viewport"), SCREENS)
def test_axe_finds_nothing_in_the_forms_of_a_resource(visit, theme, viewport):
    page = opened(visit(LIST, color_scheme=theme, viewport=viewport))
    for opener in ("Переименовать", "Указать цену вручную"):
        page.get_by_role("main").get_by_role("button", name=opener).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert findings(page, "[role=dialog]") == []
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def test_many_are_changed_at_once_and_back(visit):
    page = visit(f"{LIST}?type=vps")
    shows(page, 2)
    page.get_by_role("checkbox", name="Выбрать все на странице").click()
    bar = page.get_by_role("region", name="Действия с выбранными ресурсами")
    expect(bar).to_contain_text("Выбрано: 2 ресурса")
    bar.get_by_role("button", name="Кому принадлежит").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Владелец").fill("Анна")
    dialog.get_by_label("Владелец").press("Tab")
    expect(dialog.get_by_role("status")).to_contain_text("Изменится 2 из 2")
    dialog.get_by_role("button", name="Применить").click()
    expect(bar).to_contain_text("Изменено: 2 ресурса")
    expect(rows(page).filter(has_text="Анна")).to_have_count(2)
    bar.get_by_role("button", name="Отменить").click()
    expect(rows(page).filter(has_text="Анна")).to_have_count(0)
    expect(page.get_by_text("Вернули прежнее: 2 ресурса")).to_be_visible()


@pytest.mark.parametrize(("theme", "viewport"), SCREENS)
def test_axe_finds_nothing_while_many_are_changed(visit, theme, viewport):
    page = visit(f"{LIST}?type=vps", color_scheme=theme, viewport=viewport)
    shows(page, 2)
    page.get_by_role("checkbox", name=f"Выбрать: {NAME}").click()
    bar = page.get_by_role("region", name="Действия с выбранными ресурсами")
    expect(bar).to_be_visible()
    # At the page's end the bar covers no row; elsewhere it may lie on half a check box.
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert findings(page) == []
    fits(page)
    for opener in ("Кому принадлежит", "Теги"):
        bar.get_by_role("button", name=opener).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert findings(page, "[role=dialog]") == []
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
