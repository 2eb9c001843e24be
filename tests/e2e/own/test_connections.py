"""Connecting a cloud on the screen, from the form to the figures, at the real simulator."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from infrazen.services.connections import list_connections, remove_connection
from tests.e2e.conftest import DESKTOP, GALLERY, PHONE, settle
from tests.e2e.test_accessibility import findings, turn
from tests.people import PASSWORD
from tests.served import Served, served

LIST = "/connections"
SYNC_MS = 30_000
THIN = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def server(web, store, owner, cloud, folder) -> Iterator[Served]:
    """The product with its schedules and the trial cloud."""
    trial = {
        "INFRAZEN_SIMULATORS": f"beget={cloud.url}",
        "INFRAZEN_ALLOW_PRIVATE_ENDPOINTS": "true",
    }
    with served(folder, database=store.url, web=web, schedules=True, **GALLERY, **trial) as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(owner, cloud):
    """No connection, and the reference account in the cloud."""
    cloud.reset()
    yield
    for card in list_connections(owner.actor):
        remove_connection(owner.actor, connection_id=card.connection.id, keep_history=False)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def card_of(page: Page, name: str = "Beget") -> Locator:
    return page.get_by_role("article", name=name)


def open_form(page: Page) -> Locator:
    page.get_by_role("button", name="Добавить", exact=True).click()
    dialog(page).get_by_role("button", name="Beget").click()
    return dialog(page)


def fill_in_trial(page: Page) -> None:
    page.get_by_role("button", name="Заполнить для пробного аккаунта").click()
    expect(dialog(page).get_by_label("Логин", exact=True)).to_have_value("demo")


def add_trial(page: Page) -> Locator:
    """Add the trial account, and wait for its first sync; its card."""
    form = open_form(page)
    fill_in_trial(page)
    form.get_by_role("button", name="Подключить", exact=True).click()
    expect(form).to_be_hidden()
    card = card_of(page)
    expect(card.get_by_text("Частично")).to_be_visible(timeout=SYNC_MS)
    return card


def choose(page: Page, what: str, name: str = "Beget") -> None:
    """Open the menu of a card and choose."""
    page.get_by_role("button", name=f"Ещё действия: {name}").click()
    page.get_by_role("button", name=what, exact=True).click()


def plain(found: Locator) -> str:
    return found.inner_text().replace(THIN, " ").replace("\N{NO-BREAK SPACE}", " ")


def test_from_signing_in_to_the_synced_account(visit, cloud):
    page = visit(LIST, cookie="")
    page.get_by_label("Электронная почта").fill("anna@example.com")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Подключите первое облако")).to_be_visible()
    page.get_by_role("button", name="Beget").click()
    form = dialog(page)
    fill_in_trial(page)
    form.get_by_role("button", name="Проверить подключение").click()
    expect(form.get_by_text("Провайдер принял учётные данные")).to_be_visible()
    expect(form.get_by_text("Вход в облачный API")).to_be_visible()
    form.get_by_role("button", name="Подключить", exact=True).click()
    expect(page.get_by_text("Подключение «Beget» добавлено")).to_be_visible()
    expect(page.get_by_text("Beget: синхронизировано частично")).to_be_visible(timeout=SYNC_MS)
    card = card_of(page)
    expect(card.get_by_text("Частично")).to_be_visible()
    expect(card.get_by_role("link", name="10 ресурсов")).to_be_visible()
    shown = plain(card)
    for words in (
        "60,73 ₽/день",
        "1 847,00 ₽/мес",
        "2 раздела не прочитаны",
        "Базы MySQL хостинга",
        "legacy.mysql",
        "FTP-аккаунты",
        "legacy.ftp",
        "Баланса хватит на 2 дня",
    ):
        assert words in shown, words
    page.get_by_role("link", name="Дашборд").click()
    payable = page.locator(".kpi", has_text="К оплате сейчас")
    expect(payable).to_contain_text("60,73")
    expect(payable).to_contain_text("/день")
    expect(page.locator(".kpi", has_text="Активные ресурсы")).to_contain_text("10")


def test_progress_is_live_and_survives_a_reload(visit, cloud):
    page = visit(LIST)
    card = add_trial(page)
    cloud.fault("slow", path="/v1/*", seconds=1.5)
    card.get_by_role("button", name="Синхронизировать").click()
    bar = card.get_by_role("progressbar")
    expect(card.get_by_text(re.compile(r"\d+ из \d+ разделов"))).to_be_visible(timeout=SYNC_MS)
    first = card.locator(".progress-note").inner_text()
    expect(card.locator(".progress-note")).not_to_have_text(first)
    page.reload()
    settle(page)
    expect(bar).to_be_visible()
    expect(card.get_by_text(re.compile(r"\d+ из \d+ разделов"))).to_be_visible()
    cloud.clear_faults()
    expect(page.get_by_text("Beget: синхронизировано частично")).to_be_visible(timeout=SYNC_MS)
    expect(bar).to_be_hidden()
    expect(card.get_by_role("button", name="Синхронизировать")).to_be_enabled()


def test_a_wrong_password_is_told_at_the_field(visit, server):
    page = visit(LIST)
    form = open_form(page)
    fill_in_trial(page)
    password = form.get_by_label("Пароль API", exact=True)
    password.fill("wrong-canary-71c0")
    form.get_by_role("button", name="Проверить подключение").click()
    expect(form.get_by_role("alert")).to_contain_text("Облако не приняло учётные данные")
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_be_focused()
    expect(password).to_have_accessible_description(re.compile("Провайдер не принял"))
    expect(password).to_have_value("wrong-canary-71c0")
    assert "wrong-canary-71c0" not in server.log.read_text()


def test_what_is_missing_is_marked_and_nothing_is_lost(visit):
    page = visit(f"{LIST}?add=beget")
    form = dialog(page)
    form.get_by_label("Название").fill("Основной аккаунт")
    form.get_by_role("button", name="Подключить", exact=True).click()
    login = form.get_by_label("Логин", exact=True)
    expect(login).to_be_focused()
    expect(login).to_have_accessible_description(re.compile("Заполните это поле"))
    expect(form.get_by_label("Название")).to_have_value("Основной аккаунт")
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/connections/?$"))


def test_an_own_schedule_is_explained(visit):
    page = visit(f"{LIST}?add=beget")
    form = dialog(page)
    cron = form.get_by_label("Строка cron")
    expect(cron).to_be_hidden()
    form.get_by_label("Синхронизация").select_option("custom")
    expect(cron).to_be_visible()
    fill_in_trial(page)
    cron.fill("каждый день")
    form.get_by_role("button", name="Подключить", exact=True).click()
    expect(cron).to_have_accessible_description(re.compile("Это не строка cron"))


def test_a_blank_secret_stays(visit):
    page = visit(LIST)
    card = add_trial(page)
    choose(page, "Изменить и проверить")
    form = dialog(page)
    expect(form.get_by_label("Логин", exact=True)).to_have_value("demo")
    password = form.get_by_label("Пароль API")
    expect(password).to_have_value("")
    expect(password).to_have_accessible_description(re.compile(r"Задан, отпечаток [0-9a-f]+"))
    form.get_by_label("Название").fill("Основной")
    form.get_by_role("button", name="Проверить подключение").click()
    expect(form.get_by_text("Провайдер принял учётные данные")).to_be_visible()
    form.get_by_role("button", name="Сохранить").click()
    expect(form).to_be_hidden()
    card = card_of(page, "Основной")
    card.get_by_role("button", name="Синхронизировать").click()
    expect(page.get_by_text("Основной: синхронизировано частично")).to_be_visible(timeout=SYNC_MS)


def test_suspending_and_resuming(visit):
    page = visit(LIST)
    card = add_trial(page)
    choose(page, "Приостановить")
    expect(card.get_by_text("Приостановлено")).to_be_visible()
    choose(page, "Возобновить")
    expect(card.get_by_text("Частично")).to_be_visible()


def test_removing_asks_for_the_name_before_history_goes(visit, owner):
    page = visit(LIST)
    add_trial(page)
    choose(page, "Удалить")
    question = dialog(page)
    question.get_by_role("radio", name=re.compile("Стереть")).check()
    question.get_by_role("button", name="Удалить").click()
    expect(question.get_by_text("Название не совпадает")).to_be_visible()
    question.get_by_label(re.compile("введите название")).fill("Beget")
    question.get_by_role("button", name="Удалить").click()
    expect(page.get_by_role("heading", name="Подключите первое облако")).to_be_visible()
    assert list_connections(owner.actor) == []


def test_history_says_why_and_what_changed(visit, cloud):
    page = visit(LIST)
    card = add_trial(page)
    server, *_ = cloud.ids("vps")
    cloud.change("vps", server, {"status": "STOPPED"})
    card.get_by_role("link", name="Почему и что делать").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beget")
    said = page.get_by_text("Cannot access method mysql")
    expect(said).not_to_be_visible()
    page.get_by_text("Технические подробности").first.click()
    expect(said).to_be_visible()
    expect(page.get_by_text("«Доступ к API»").first).to_be_visible()
    page.get_by_role("button", name="Синхронизировать").click()
    lines = page.locator(".sync-line")
    expect(lines).to_have_count(2, timeout=SYNC_MS)
    expect(lines.first).to_contain_text("10 ресурсов: 1 изменился")
    expect(lines.first).to_have_attribute("aria-expanded", "true")
    change = page.locator(".change")
    expect(change).to_have_count(1)
    expect(change.locator("del", has_text="работает")).to_be_visible()
    expect(change.locator("ins", has_text="остановлен")).to_be_visible()
    lines.nth(1).click()
    expect(page.locator(".change")).to_have_count(10)


def test_a_viewer_gets_no_buttons(visit, viewer):
    add_trial(visit(LIST))
    page = visit(LIST, cookie=viewer.cookie)
    card = card_of(page)
    expect(card.get_by_role("link", name="История")).to_be_visible()
    for name in ("Добавить", "Синхронизировать", re.compile("Ещё действия")):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_an_address_that_leads_nowhere_says_so(visit):
    page = visit(f"{LIST}/00000000-0000-0000-0000-000000000000")
    expect(page.get_by_role("heading", name="Такого подключения нет")).to_be_visible()
    page.get_by_role("link", name="Ко всем подключениям").click()
    expect(page.get_by_role("heading", name="Подключите первое облако")).to_be_visible()


def test_a_narrow_phone_shows_all_of_a_card(visit):
    page = visit(LIST)
    add_trial(page)
    page.set_viewport_size({"width": 320, "height": 844})
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    page.wait_for_function(fits, timeout=5_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Подключения")
    card_of(page).get_by_role("link", name="История").click()
    expect(page.locator(".change").first).to_be_visible()
    page.wait_for_function(fits, timeout=5_000)


def test_the_form_tells_when_its_schedule_is_due(visit):
    page = visit(LIST)
    page.get_by_role("button", name="Beget").click()
    form = dialog(page)
    expect(form.locator(".form-upcoming")).to_have_text(re.compile("^Ближайшие: .+:00 и .+:00$"))
    form.get_by_label("Синхронизация").select_option("custom")
    form.get_by_label("Строка cron").fill("15 4 * * *")
    expect(form.locator(".form-upcoming")).to_have_text(
        re.compile("^Ближайшие: .+, 04:15 и .+, 04:15$")
    )


def test_in_english(visit):
    add_trial(visit(LIST))
    page = visit(LIST, language="en")
    page.evaluate("localStorage.setItem('infrazen_language', 'en')")
    page.get_by_role("button", name=re.compile("Профиль|Profile")).click()
    page.get_by_role("button", name="English").click()
    card = card_of(page)
    expect(card.get_by_text("Partial")).to_be_visible()
    card.get_by_text("Account information").click()
    assert not re.search("[а-яё]", plain(card.locator(".account")).lower())
    page.get_by_role("button", name="Add", exact=True).click()
    assert not re.search("[а-яё]", plain(dialog(page)).lower())


def test_the_keyboard_alone_adds_a_connection(visit):
    page = visit(f"{LIST}?add=beget")
    form = dialog(page)
    fill = form.get_by_role("button", name="Заполнить для пробного аккаунта")
    fill.focus()
    page.keyboard.press("Enter")
    name = form.get_by_label("Название")
    expect(form.get_by_label("Логин", exact=True)).to_have_value("demo")
    name.focus()
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    expect(card_of(page)).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_runs_out(visit, viewport):
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    card = add_trial(visit(LIST))
    assert card
    page = visit(LIST, viewport=viewport)
    card_of(page).get_by_text("Информация об аккаунте").click()
    for theme in ("light", "dark"):
        turn(page, theme)
        assert findings(page) == [], theme
        assert page.evaluate(fits)
        for what in ("Изменить и проверить", "Удалить"):
            choose(page, what)
            expect(dialog(page)).to_be_visible()
            assert findings(page, "[role=dialog]") == [], (theme, what)
            page.keyboard.press("Escape")
            expect(dialog(page)).to_be_hidden()
    card_of(page).get_by_role("link", name="История").click()
    expect(page.locator(".change").first).to_be_visible()
    for theme in ("light", "dark"):
        turn(page, theme)
        assert findings(page) == [], theme
        assert page.evaluate(fits)
