"""The resource pages in a browser, over Beget's reference account read from its simulator."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE, settle
from tests.e2e.own.resource_table import (
    LIST,
    choose,
    fits,
    names,
    open_resource,
    plain,
    rows,
    shows,
)
from tests.e2e.test_accessibility import findings


def test_ten_resources_and_what_they_cost(visit):
    page = visit(LIST)
    shows(page, 10)
    expect(page.get_by_role("status").filter(has_text="10 ресурсов")).to_be_visible()
    total = plain(page.get_by_role("group", name="Стоимость по выбранному").inner_text())
    assert "60,73 ₽/день" in total
    assert "1 821,90 ₽/мес" in total
    assert "второй раз платить не нужно" in total
    server_row = plain(rows(page).filter(has_text="runner rus").inner_text())
    assert "9,73 ₽/день" in server_row
    assert "291,90 ₽/мес" in server_row
    assert "по прайсу" in server_row


def test_a_filter_lives_in_the_address(visit):
    page = visit(LIST)
    choose(page, "Тип", "Виртуальный сервер")
    shows(page, 2)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"type=vps"))
    choose(page, "Статус", "Работает")
    expect(page).to_have_url(re.compile(r"type=vps&status=running"))
    page.keyboard.press("Escape")
    page.reload()
    settle(page)
    shows(page, 2)
    expect(page.locator(".chip")).to_have_count(2)
    page.go_back()
    expect(page).to_have_url(re.compile(r"type=vps$"))
    expect(page.locator(".chip")).to_have_count(1)
    page.get_by_role("button", name="Убрать фильтр «Тип»").click()
    shows(page, 10)
    expect(page).to_have_url(re.compile(r"/resources$"))
    page.go_back()
    shows(page, 2)
    page.go_forward()
    shows(page, 10)


def test_counts_beside_the_choices(visit):
    page = visit(f"{LIST}?status=inactive")
    page.get_by_role("search").get_by_role("button", name="Тип").click()
    menu = page.locator("#facet-type")
    expect(menu.get_by_role("button")).to_have_count(1)
    expect(menu.get_by_role("button", name="Домен")).to_contain_text("5")


def test_search_waits_for_a_pause_and_keeps_what_is_typed(visit):
    page = visit(LIST)
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    box.press_sequentially("runner", delay=30)
    shows(page, 1)
    expect(page).to_have_url(re.compile(r"q=runner$"))
    box.press_sequentially(" rus", delay=30)
    expect(page).to_have_url(re.compile(r"q=runner\+rus$"))
    expect(box).to_have_value("runner rus")
    box.fill("такого нет")
    expect(page.get_by_text("Ничего не нашлось")).to_be_visible()
    page.get_by_role("button", name="Сбросить фильтры").click()
    shows(page, 10)
    expect(box).to_have_value("")


def test_sorting_and_turning_round(visit):
    page = visit(LIST)
    header = page.get_by_role("columnheader", name="Ресурс")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert names(page) == sorted(names(page))
    expect(page).to_have_url(re.compile(r"sort=name&order=asc"))
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    assert names(page) == sorted(names(page), reverse=True)


@pytest.mark.parametrize(
    ("language", "label", "name", "ascending", "descending"),
    [
        ("ru", "Сортировка", "Имя", "По возрастанию", "По убыванию"),
        ("en", "Sort by", "Name", "Ascending", "Descending"),
    ],
)
def test_a_phone_sorts_without_headers(visit, reader, language, label, name, ascending, descending):
    cookie = reader.cookie if language == "en" else None
    page = visit(LIST, viewport=PHONE, has_touch=True, cookie=cookie, language=language)
    shows(page, 10)
    by = page.get_by_role("combobox", name=label, exact=True)
    expect(by).to_have_value("cost")
    turn = page.locator(".sorting").get_by_role("button")
    expect(turn).to_contain_text(descending)
    by.select_option(label=name)
    expect(page).to_have_url(re.compile(r"sort=name&order=asc$"))
    expect(turn).to_contain_text(ascending)
    assert names(page) == sorted(names(page))
    by.focus()
    page.keyboard.press("Tab")
    expect(turn).to_be_focused()
    page.keyboard.press("Enter")
    expect(turn).to_contain_text(descending)
    expect(page).to_have_url(re.compile(r"sort=name&order=desc$"))
    assert names(page) == sorted(names(page), reverse=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(page) == []
    page.set_viewport_size(DESKTOP)
    expect(page.locator(".sorting")).to_be_hidden()
    expect(page.locator("thead th[data-key=name]")).to_have_attribute("aria-sort", "descending")


def test_the_total_leads_to_what_there_is_to_pay(visit):
    page = visit(LIST)
    shows(page, 10)
    line = page.locator(".inventory-payable")
    assert "25,10 ₽ = 1 847,00 ₽/мес" in plain(line.inner_text())
    choose(page, "Тип", "Виртуальный сервер")
    shows(page, 2)
    expect(line).to_have_count(0)
    page.goto(page.url.split("?")[0])
    line.click()
    expect(page.locator(".kpi-grid").first).to_contain_text("847,00")


def test_pages(visit, monkeypatch):
    page = visit(f"{LIST}?size=25&page=9")
    expect(page).to_have_url(re.compile(r"\?size=25$"))
    shows(page, 10)
    expect(page.locator(".pages-shown")).to_have_text("1–10 из 10")
    expect(page.get_by_role("button", name="Следующая страница")).to_be_disabled()
    page.get_by_label("Строк на странице").select_option("100")
    expect(page).to_have_url(re.compile(r"size=100$"))


def test_an_address_that_makes_no_sense_still_shows_resources(visit):
    page = visit(f"{LIST}?status=burning&page=-1&sort=secret&type=vps")
    shows(page, 2)
    expect(page.get_by_role("note")).to_contain_text("status")


def test_j_k_and_enter(visit):
    page = visit(LIST)
    shows(page, 10)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Objective Perrin")


def test_the_csv_is_what_the_table_shows(visit):
    page = visit(f"{LIST}?type=vps&type=mysql&sort=name&order=asc")
    shows(page, 3)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Выгрузить CSV").click()
    text = Path(fetched.value.path()).read_text(encoding="utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text)))
    assert [line["name"] for line in found] == names(page)
    assert [line["daily_cost"] for line in found] == ["29", "22", "9.73"]
    assert fetched.value.suggested_filename == "infrazen-resources.csv"


@pytest.mark.parametrize(
    ("name", "cpu", "highest", "memory", "percent", "points"),
    [
        ("runner rus", "7,66 %", "14,86 %", "991,38 МБ", "48,41 %", (108, 114)),
        ("Objective Perrin", "9,19 %", "12,77 %", "1 145,82 МБ", "55,95 %", ()),
    ],
)
def test_a_servers_figures(visit, name, cpu, highest, memory, percent, points):
    page = visit(LIST)
    open_resource(page, name)
    first = page.locator(".metric").filter(has_text="Процессор")
    second = page.locator(".metric").filter(has_text="Память")
    expect(first.locator("svg.recharts-surface")).to_be_visible()
    shown = plain(first.inner_text())
    assert cpu in shown
    assert highest in shown
    assert "низкая" in shown
    shown = plain(second.inner_text())
    assert memory in shown
    assert percent in shown
    assert "средняя" in shown
    for metric, count in zip((first, second), points, strict=False):
        assert f"{count} замеров" in plain(metric.inner_text())


def test_what_a_server_is(visit):
    page = visit(LIST)
    open_resource(page, "runner rus")
    expect(page.get_by_text("Ресурс появился в аккаунте", exact=True)).to_be_visible()
    main = plain(page.get_by_role("main").inner_text())
    for words in ("2 ядра", "2 ГБ", "30 ГБ", "150 Мбит/с", "9,73 ₽/день", "291,90 ₽/мес"):
        assert words in main, words
    assert "версия 1.108.2" in main
    assert "входит в плату за аккаунт" in main
    link = page.get_by_role("main").get_by_role("link", name="Beget, основной")
    assert re.search(r"/connections/[0-9a-f-]{36}$", link.get_attribute("href"))
    page.reload()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("runner rus")
    page.get_by_label("Путь").get_by_role("link", name="Ресурсы").click()
    shows(page, 10)


def test_metrics_over_another_time(visit):
    page = visit(LIST)
    open_resource(page, "runner rus")
    week = page.get_by_role("button", name="7 дней")
    week.click()
    expect(week).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".metric svg.recharts-surface").first).to_be_visible()


def test_tags_are_kept_found_and_taken_away(visit):
    page = visit(LIST)
    open_resource(page, "Objective Perrin")
    page.get_by_placeholder("Ключ").fill("команда")
    page.get_by_placeholder("Значение").fill("веб")
    page.get_by_role("button", name="Добавить", exact=True).click()
    expect(page.get_by_text("Тег сохранён")).to_be_visible()
    page.reload()
    settle(page)
    page.locator(".tag-link").filter(has_text="команда").click()
    shows(page, 1)
    expect(page.locator(".chip")).to_contain_text("команда = веб")
    open_resource(page, "Objective Perrin")
    page.get_by_role("button", name="Убрать тег команда").click()
    expect(page.get_by_text("Тегов нет.")).to_be_visible()


def test_whom_it_belongs_to_is_kept_and_can_be_undone(visit):
    page = visit(LIST)
    open_resource(page, "Cloud database 1")
    page.get_by_label("Владелец").fill("Анна Петрова")
    page.get_by_label("Окружение").fill("production")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Сохранено")).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_label("Владелец")).to_have_value("Анна Петрова")
    page.goto(page.url.split("/resources")[0] + LIST)
    settle(page)
    expect(rows(page).filter(has_text="Cloud database 1")).to_contain_text("production")
    open_resource(page, "Cloud database 1")
    page.get_by_label("Владелец").fill("Кто-то другой")
    page.get_by_role("button", name="Сохранить").click()
    page.get_by_role("button", name="Вернуть прежнее").click()
    expect(page.get_by_label("Владелец")).to_have_value("Анна Петрова")


def test_notes(visit):
    page = visit(LIST)
    open_resource(page, "neurocola.com")
    page.get_by_label("Новая заметка").fill("Продлить до декабря")
    page.get_by_role("button", name="Добавить заметку").click()
    note = page.locator(".note")
    expect(note).to_contain_text("Продлить до декабря")
    note.get_by_role("button", name="Удалить заметку").click()
    expect(page.get_by_text("Заметок нет.")).to_be_visible()


def test_a_secret_shows_once_asked_and_leaves_nothing(visit):
    page = visit(LIST, permissions=["clipboard-read", "clipboard-write"])
    open_resource(page, "runner rus")
    expect(page.locator(".secret")).to_contain_text("отпечаток")
    page.locator(".secret").get_by_role("button", name="Показать").click()
    question = page.get_by_role("dialog", name="Показать секрет?")
    expect(question).to_contain_text("журнал действий")
    question.get_by_role("button", name="Показать").click()
    value = page.locator("#secret-panel code")
    expect(value).to_be_visible()
    clear = value.inner_text()
    assert len(clear) > 5
    assert findings(page, "#secret-panel") == []
    page.locator("#secret-panel").get_by_role("button", name="Скопировать").click()
    assert page.evaluate("navigator.clipboard.readText()") == clear
    page.keyboard.press("Escape")
    expect(value).to_be_hidden()
    assert clear not in page.content()


def test_a_secret_hides_by_itself(visit):
    page = visit(LIST)
    page.clock.install()
    open_resource(page, "runner rus")
    page.locator(".secret").get_by_role("button", name="Показать").click()
    page.get_by_role("dialog").get_by_role("button", name="Показать").click()
    value = page.locator("#secret-panel code")
    expect(value).to_be_visible()
    clear = value.inner_text()
    page.clock.fast_forward(31_000)
    expect(value).to_be_hidden()
    assert clear not in page.content()


def test_a_viewer_reads_and_edits_nothing(visit, viewer):
    page = visit(LIST, cookie=viewer.cookie)
    shows(page, 10)
    expect(page.get_by_role("link", name="Выгрузить CSV")).to_have_count(0)
    open_resource(page, "runner rus")
    expect(page.get_by_text("Кому принадлежит")).to_be_visible()
    for name in ("Сохранить", "Добавить", "Добавить заметку", "Показать"):
        expect(page.get_by_role("main").get_by_role("button", name=name, exact=True)).to_have_count(
            0
        )
    expect(page.get_by_role("main").get_by_role("textbox")).to_have_count(0)


@pytest.mark.parametrize("name", ["no-uuid", "00000000-0000-4000-8000-000000000000"])
def test_a_resource_that_is_not_there(visit, name):
    page = visit(f"{LIST}/{name}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Такого ресурса нет")
    page.get_by_role("link", name="Ко всем ресурсам").click()
    shows(page, 10)


def test_english(visit, reader):
    page = visit(f"{LIST}?type=vps", cookie=reader.cookie, language="en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Resources")
    expect(rows(page).first).to_contain_text("Running")
    open_resource(page, "runner rus")
    main = page.get_by_role("main").inner_text()
    assert "₽9.73/day" in main
    assert not re.search("[а-яё]", main.replace("Beget, основной", "").lower())


_LABEL = "cell => getComputedStyle(cell, '::before').content"


def test_on_a_phone(visit):
    page = visit(LIST, viewport=PHONE, has_touch=True, is_mobile=True)
    shows(page, 10)
    fits(page)
    kind, cost = (rows(page).first.locator(f"[data-key='{key}']") for key in ("type", "cost"))
    assert kind.evaluate(_LABEL) == "none"
    assert kind.bounding_box()["x"] < cost.bounding_box()["x"]
    choose(page, "Тип", "Виртуальный сервер")
    shows(page, 2)
    page.keyboard.press("Escape")
    open_resource(page, "runner rus")
    expect(page.locator(".metric svg.recharts-surface").first).to_be_visible()
    for width in (320, 390, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        fits(page)


def test_columns_of_ones_own_have_names_on_a_phone(visit):
    page = visit(f"{LIST}?column=type&column=cost", viewport=PHONE)
    shows(page, 10)
    assert rows(page).first.locator("[data-key='type']").evaluate(_LABEL) == '"Тип"'
    fits(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE])
def test_axe_finds_nothing(visit, theme, viewport):
    options = {"viewport": viewport} if viewport else {}
    page = visit(f"{LIST}?status=running", color_scheme=theme, **options)
    shows(page, 4)
    assert findings(page) == []
    page.get_by_role("search").get_by_role("button", name="Статус").click()
    assert findings(page, "#facet-status") == []
    page.keyboard.press("Escape")
    open_resource(page, "runner rus")
    expect(page.locator(".metric svg.recharts-surface").first).to_be_visible()
    assert findings(page) == []
