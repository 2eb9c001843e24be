"""Recommendations over the reference account: found, read, decided, taken back, set."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE
from tests.e2e.test_accessibility import findings


def cards(page: Page):
    return page.get_by_role("list", name=re.compile("Рекомендации|Recommendations"))


def test_the_list_says_what_why_and_how_much(visit):
    page = visit("/recommendations")
    listed = cards(page)
    expect(listed.get_by_role("heading", name="Лишние процессоры")).to_have_count(2)
    expect(listed).to_contain_text("Пик процессора 14,9 % при пороге 30 %".replace(" %", "\u00a0%"))
    expect(page.get_by_role("article").filter(has_text="Возможная экономия")).to_contain_text(
        re.compile(r"173,10")
    )
    expect(page.get_by_text("неизвестен класс хранения у 1 из 1 бакета")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_list_table_panel_and_form(visit, theme):
    page = visit("/recommendations", color_scheme=theme)
    expect(cards(page)).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size(PHONE)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cards(page).get_by_role("link", name="Лишние процессоры").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings(page, "[role=dialog]") == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Настроить правило: Лишняя память").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings(page, "[role=dialog]") == []


def test_in_english(visit, reader):
    page = visit("/recommendations?view=table", cookie=reader.cookie)
    expect(page.get_by_role("link", name="Oversized CPU").first).to_be_visible()
    text = page.get_by_role("main").inner_text()
    assert not re.search(r"[А-Яа-яЁё]", text.replace("Beget, основной", ""))
    assert findings(page) == []


def test_a_decision_is_made_by_keyboard_and_taken_back(visit):
    page = visit("/recommendations")
    accept = cards(page).get_by_role("button", name="Принять").first
    accept.focus()
    page.keyboard.press("Enter")
    said = page.get_by_role("note")
    expect(said).to_contain_text("Принята")
    expect(cards(page).get_by_role("button", name="Взять в работу")).to_have_count(1)
    said.get_by_role("button", name="Отменить").click()
    expect(cards(page).get_by_role("button", name="Взять в работу")).to_have_count(0)


def test_dismissing_asks_for_a_reason_and_can_be_undone(visit):
    page = visit("/recommendations")
    card = cards(page).get_by_role("listitem").filter(has_text="Баланс на исходе")
    card.get_by_role("button", name="Отклонить").click()
    question = page.get_by_role("dialog")
    question.get_by_role("button", name="Отклонить").click()
    expect(question).to_contain_text("Напишите причину")
    question.get_by_label("Причина").fill("Платит головная компания")
    question.get_by_role("button", name="Отклонить").click()
    expect(question).to_be_hidden()
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Отклонённые").click()
    expect(cards(page)).to_contain_text("Платит головная компания")
    page.get_by_role("button", name="Вернуть в активные").click()
    expect(page.get_by_text("Ничего не отклонено")).to_be_visible()


def test_what_is_snoozed_says_until_when(visit):
    page = visit("/recommendations?rule=low_balance")
    page.get_by_role("button", name="Отложить").click()
    page.get_by_role("button", name="На неделю").click()
    page.get_by_role("button", name="Отложенные").click()
    expect(cards(page)).to_contain_text("до ")
    page.get_by_role("button", name="Вернуть в активные").or_(
        page.get_by_role("button", name="Принять")
    ).first.click()


def test_the_panel_has_evidence_price_and_history(visit):
    page = visit("/recommendations")
    cards(page).get_by_role("link", name="Лишние процессоры").first.click()
    panel = page.get_by_role("dialog")
    for words in ("108 замеров за", "Калькулятор цен", "540,00", "Панель Beget", "Найдена"):
        expect(panel).to_contain_text(words)
    expect(page).to_have_url(re.compile("open="))
    page.go_back()
    expect(panel).to_be_hidden()


def test_a_rule_is_set_within_its_limits(visit):
    page = visit("/recommendations")
    page.get_by_role("button", name="Настроить правило: Лишние процессоры").click()
    form = page.get_by_role("dialog")
    window = form.get_by_label("Окно наблюдения, дней")
    window.fill("999")
    form.get_by_role("button", name="Сохранить").click()
    expect(form.get_by_role("alert")).to_contain_text("от 1 до 90")
    window.fill("30")
    form.get_by_role("button", name="Сохранить").click()
    expect(form).to_be_hidden()
    saved = page.get_by_role("note").filter(has_text="Лишние процессоры")
    expect(saved).to_be_visible()
    assert window_of(page) == "30"
    saved.get_by_role("button", name="Отменить").click()
    expect(saved).to_have_count(0)
    assert window_of(page) == "14"


def window_of(page: Page) -> str:
    """What the rule's form says, which is closed again."""
    page.get_by_role("button", name="Настроить правило: Лишние процессоры").click()
    form = page.get_by_role("dialog")
    value = form.get_by_label("Окно наблюдения, дней").input_value()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    return value


def test_a_rule_goes_back_to_its_defaults_and_is_asked_at_once(visit):
    page = visit("/recommendations")
    page.get_by_role("button", name="Настроить правило: Лишняя память").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Запас, %").fill("150")
    form.get_by_role("button", name="Сохранить").click()
    expect(form).to_be_hidden()
    page.get_by_role("button", name="Настроить правило: Лишняя память").click()
    expect(form.get_by_label("Запас, %")).to_have_value("150")
    form.get_by_role("button", name="Вернуть исходные").click()
    expect(form).to_be_hidden()
    page.get_by_role("button", name="Настроить правило: Лишняя память").click()
    expect(form.get_by_label("Запас, %")).to_have_value("20")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Проверить сейчас").click()
    expect(page.get_by_text("Проверка окончена")).to_be_visible()


def test_rows_are_walked_opened_and_picked_by_keyboard(visit):
    page = visit("/recommendations?view=table")
    rows = page.locator("[data-row]")
    expect(rows.nth(1)).to_be_visible()
    for key, at in (("j", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("k", 0), ("End", -1), ("Home", 0)):
        page.keyboard.press(key)
        expect(rows.nth(at) if at >= 0 else rows.last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page = visit("/resources")
    expect(page.locator("[data-row]").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.get_by_text("Выбрано: 1 ресурс")).to_be_visible()


def test_the_question_mark_tells_of_the_keys_which_can_be_switched_off(visit):
    page = visit("/recommendations")
    help_ = page.get_by_role("dialog", name="Горячие клавиши")
    page.keyboard.press("?")
    expect(help_).to_contain_text("Следующая строка")
    assert findings(page, "#shortcuts") == []
    help_.get_by_role("button", name="Выключить").click()
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(help_).to_be_hidden()
    expect(page.locator("[data-row]:focus")).to_have_count(0)
    page.get_by_role("button", name="Профиль").click()
    page.get_by_role("button", name="Горячие клавиши").click()
    help_.get_by_role("button", name="Включить").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-row]:focus")).to_have_count(1)


@pytest.mark.parametrize("path", ["/", "/resources", "/recommendations"])
def test_pages_print_on_white_without_controls(visit, path):
    page = visit(path, color_scheme="dark", theme="dark")
    expect(page.locator(".card").first).to_be_visible()
    page.set_viewport_size({"width": 718, "height": 1000})
    page.emulate_media(media="print")
    card = page.locator(".card").first
    expect(card).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".sidebar")).to_be_hidden()
    expect(page.locator(".page-actions")).to_be_hidden()
    expect(page.locator(".toolbar").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    for drawing in page.locator(".chart-drawing svg.recharts-surface").all():
        box = drawing.bounding_box()
        assert box is not None
        assert 100 < box["width"] <= 718
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_other_pages_show_what_concerns_them(visit):
    page = visit("/")
    expect(page.get_by_role("link", name="Лишние процессоры").first).to_be_visible()
    page = visit("/resources")
    page.get_by_role("link", name="runner rus").click()
    expect(page.get_by_role("link", name="Лишние процессоры")).to_have_count(1)


def test_a_viewer_reads_and_decides_nothing(visit, viewer):
    page = visit("/recommendations", cookie=viewer.cookie)
    expect(cards(page).get_by_role("heading").first).to_be_visible()
    expect(page.get_by_role("button", name="Принять")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Настроить"))).to_have_count(0)
