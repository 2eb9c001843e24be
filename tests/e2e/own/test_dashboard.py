"""The dashboard over the reference account, synced from the real simulator."""

import re
import threading

import pytest
from playwright.sync_api import expect

from infrazen.domain.syncs import Trigger
from infrazen.services.syncs import request_sync
from infrazen.sync.engine import Order, run
from tests.e2e.accounts import account_of, apart, person_of
from tests.e2e.conftest import PHONE
from tests.e2e.test_accessibility import findings
from tests.e2e.test_serving import KIB, weight


def read(locator) -> str:
    """What a person reads: one kind of space."""
    return re.sub(r"\s+", " ", locator.inner_text())


def card(page, title):
    return page.locator("section.card").filter(
        has=page.get_by_role("heading", name=title, exact=True)
    )


def test_the_freshness_line_opens_into_each_connection(visit):
    page = visit("/")
    page.get_by_text("По подключениям").click()
    line = page.get_by_role("listitem").filter(has_text="ресурсы, цены и загрузка")
    expect(line).to_contain_text("счетов нет, расходы по ценам")


def test_the_reference_account_adds_up(visit):
    page = visit("/")
    expect(page).to_have_title("Дашборд · InfraZen")
    ledger = card(page, "Из чего складывается оплата")
    listed, twice, payable = (read(term) for term in ledger.locator(".term").all())
    assert "Сумма всех строк 121,46 ₽/день 3 668,90 ₽/мес" in listed
    assert "60,73 ₽/день 1 821,90 ₽/мес" in twice
    assert "К оплате 60,73 ₽/день 1 847,00 ₽/мес" in payable
    assert "Ресурсы объясняют 60,73 ₽ из 60,73 ₽/день" in read(ledger.locator("summary"))
    lines = [read(row) for row in ledger.get_by_role("row").all()]
    assert [
        re.sub(r" (Облачная MySQL|Виртуальный сервер|Хранилище S3)", "", one) for one in lines
    ] == [
        "Строка В день В месяц",
        "Тариф аккаунта «Cloud» 60,73 ₽ 1 847,00 ₽",
        "Cloud database 1 29,00 ₽ 870,00 ₽",
        "Objective Perrin 22,00 ₽ 660,00 ₽",
        "runner rus 9,73 ₽ 291,90 ₽",
        "Humane Orrin 0,00 ₽ 0,00 ₽",
        "Сумма всех строк 121,46 ₽ 3 668,90 ₽",
        "Ресурсы внутри тарифа 100 % 60,73 ₽ 1 821,90 ₽",
        "Остаток: тариф хостинга «Cloud» 0,00 ₽ 25,10 ₽",
        "К оплате 60,73 ₽ 1 847,00 ₽",
    ]


def test_the_key_figures(visit):
    page = visit("/")
    figures = [read(one) for one in page.locator(".kpi").all()]
    assert figures == [
        "Расходы за 30 дней 60,73 ₽ не с чем сравнить",
        "К оплате сейчас 60,73 ₽/день 1 847,00 ₽/мес",
        "Возможная экономия 173,10 ₽/мес 2 рекомендации",
        "Активные ресурсы 10 4 типа",
        "Подключения 1 1 требует внимания",
    ]


def test_what_needs_attention(visit, account):
    page = visit("/")
    balance, partial = page.locator(".alert").all()
    assert "Beget, основной: денег хватит на 2 дня На счёте 174,51 ₽." in read(balance)
    expect(balance).to_have_attribute("data-tone", "danger")
    assert "Недоступно 2 раздела: Базы MySQL хостинга, FTP-аккаунты." in read(partial)
    link = partial.get_by_role("link", name="Открыть подключение")
    expect(link).to_have_attribute("href", f"/connections/{account.connection_id}")


def test_utilisation_says_what_counts(visit):
    page = visit("/")
    use = read(card(page, "Загрузка"))
    assert "Память" in use
    assert "3,4 ГБ из 6 ГБ · учтено 3 ресурса" in use
    expect(page.get_by_role("meter")).to_have_count(4)


def test_the_chart_shows_one_day_and_its_table_the_gaps(visit):
    page = visit("/")
    figure = page.get_by_role("figure", name="Динамика расходов")
    expect(figure.locator(".recharts-bar-rectangle path")).to_have_count(1)
    figure.get_by_text("Показать таблицей").click()
    rows = figure.get_by_role("row")
    expect(rows).to_have_count(31)
    assert read(rows.nth(1)).endswith("— —")
    assert read(rows.nth(30)).endswith("60,73 ₽ 60,73 ₽")


def test_the_period_is_in_the_address(visit):
    page = visit("/?days=7")
    heading = page.locator(".kpi").first
    expect(heading).to_contain_text("Расходы за 7 дней")
    page.get_by_role("link", name="Год", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?days=365$"))
    expect(heading).to_contain_text("Расходы за год")
    current = page.get_by_role("navigation", name="Период").locator("[aria-current=true]")
    expect(current).to_have_text("Год")
    page.go_back()
    expect(heading).to_contain_text("Расходы за 7 дней")


@pytest.mark.parametrize("days", ["31", "-1", "abc", "", "30%00", "1e9"])
def test_a_strange_period_is_the_usual_one(visit, days):
    page = visit(f"/?days={days}")
    expect(page.locator(".kpi").first).to_contain_text("Расходы за 30 дней")


def test_the_file_has_the_period_of_the_screen(visit):
    page = visit("/?days=7")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Выгрузить CSV").click()
    assert fetched.value.suggested_filename == "infrazen-costs-7-days.csv"
    lines = fetched.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].endswith(",60.73,RUB")


def test_search_narrows_the_table_and_the_way_to_all(visit):
    page = visit("/")
    table = page.get_by_role("table", name="Самое дорогое")
    expect(table.locator("[data-row]")).to_have_count(8)
    page.keyboard.press("/")
    page.keyboard.type("runner")
    expect(table.locator("[data-row]")).to_have_count(1)
    every = page.get_by_role("link", name="Все ресурсы")
    expect(every).to_have_attribute("href", "/resources?q=runner")
    page.get_by_role("searchbox").fill("no such thing")
    expect(page.get_by_text("Ничего не нашлось")).to_be_visible()
    page.get_by_role("button", name="Сбросить фильтры").click()
    expect(table.locator("[data-row]")).to_have_count(8)


def test_types_lead_to_their_lists(visit):
    page = visit("/")
    link = page.get_by_role("link", name="Виртуальный сервер 2")
    expect(link).to_have_attribute("href", "/resources?provider=beget&type=vps")


def test_in_english(visit, reader):
    page = visit("/", cookie=reader.cookie)
    expect(page).to_have_title("Dashboard · InfraZen")
    text = read(page.get_by_role("main"))
    assert "Payable ₽60.73/day ₽1,847.00/mo" in text
    assert not re.search(r"[А-Яа-яЁё]", text.replace("Beget, основной", ""))


def test_on_a_phone(visit):
    page = visit("/", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(page.get_by_role("navigation", name="Период")).to_be_visible()
    expect(page.get_by_role("link", name="Выгрузить CSV")).to_be_visible()
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    for width in (1440, 1181, 1024, 901, 768, 640, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(fits, timeout=5_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(visit, theme):
    page = visit("/", color_scheme=theme)
    assert findings(page) == []
    page.set_viewport_size(PHONE)
    assert findings(page) == []


def test_light_to_load(visit, server):
    page = visit("/setup")
    assert weight(page, f"{server.url}/") <= 750 * KIB


def test_a_newcomer_is_led_to_the_first_connection(visit, store):
    page = visit("/", cookie=person_of(store, "newcomer").cookie)
    expect(page.get_by_role("heading", name="Подключите первое облако")).to_be_visible()
    expect(page.get_by_role("button", name="Синхронизировать всё")).to_have_count(0)
    assert findings(page) == []
    page.get_by_role("link", name="Добавить подключение").click()
    expect(page.get_by_role("dialog", name="Новое подключение")).to_be_visible()


def test_a_viewer_sees_no_button_that_would_refuse(visit, viewer):
    page = visit("/", cookie=viewer.cookie)
    expect(page.locator(".kpi")).to_have_count(5)
    for name in ("Синхронизировать всё", "Выгрузить CSV", "Добавить"):
        expect(page.get_by_text(name, exact=True)).to_have_count(0)


def test_a_first_sync_shows_progress_and_then_the_account(visit, store, cloud):
    person = person_of(store, "first")
    account = account_of(store, person, cloud)
    request_sync(person.actor, connection_id=account.connection_id)
    page = visit("/", cookie=person.cookie)
    expect(page.get_by_role("heading", name="Идёт первая синхронизация")).to_be_visible()
    expect(page.get_by_text("Синхронизация в очереди")).to_be_visible()
    order = Order(
        organization_id=person.actor.organization_id,
        connection_id=account.connection_id,
        trigger=Trigger.MANUAL,
    )
    working = threading.Thread(target=run, args=(store, order))
    working.start()
    expect(page.locator(".kpi").nth(3)).to_contain_text("10", timeout=30_000)
    expect(page.get_by_text("Синхронизация завершена")).to_be_visible()
    working.join()


def test_syncing_all_says_so_and_goes_on_by_itself(visit, store, cloud):
    person = person_of(store, "again")
    account = account_of(store, person, cloud)
    apart(account.sync)
    page = visit("/", cookie=person.cookie)
    page.get_by_role("button", name="Синхронизировать всё").click()
    expect(page.get_by_text("Запущена синхронизация 1 подключения")).to_be_visible()
    expect(page.get_by_text("Синхронизация в очереди")).to_be_visible()
    apart(account.sync)
    expect(page.get_by_text("Синхронизация завершена")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("С прошлой синхронизации без изменений")).to_be_visible()


def test_a_refused_first_sync_says_why(visit, store, cloud):
    person = person_of(store, "refused")
    account = account_of(store, person, cloud, credentials={"login": "demo", "password": "wrong"})
    apart(account.sync_ended)
    page = visit("/", cookie=person.cookie)
    alert = page.locator(".alert")
    expect(alert).to_contain_text("не удалось прочитать")
    expect(alert).to_contain_text("Облако не приняло учётные данные")
    expect(page.get_by_role("heading", name="Подключённые облака")).to_be_visible()
