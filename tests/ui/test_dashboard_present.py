"""What the dashboard makes of figures, in both languages."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from infrazen.db.queries.resource_counts import TypeCount
from infrazen.domain.accounts import AccountInfo, AccountStatus
from infrazen.domain.billing import BilledDay
from infrazen.domain.money import Money
from infrazen.domain.periods import local_day, utc_now
from infrazen.security.access import system_actor
from infrazen.services.connection_views import ConnectionState
from infrazen.services.costs import Balance, Savings, Utilisation, get_dashboard
from infrazen_ui.locales import Language
from infrazen_ui.present.dashboard import sections
from infrazen_ui.present.dashboard.alerts import balance_tone
from infrazen_ui.present.dashboard.inventory import resources_href
from tests.sync.made_up import charge_of, made_up, server

RU, EN = Language.RU, Language.EN


def plain(shown) -> str:
    return (
        str(shown)
        .replace("\\u202f", " ")
        .replace("\\xa0", " ")
        .replace("\N{NARROW NO-BREAK SPACE}", " ")
        .replace("\N{NO-BREAK SPACE}", " ")
    )


@pytest.fixture
def shown(database):
    """Three days of an account whose rate holds its two servers and a plan of 5 ₽."""
    account = made_up(database)
    today = local_day(utc_now(), "Europe/Moscow")
    for back in (3, 1, 0):
        account.day = today - timedelta(days=back)
        account.sync(
            server(1, daily="20"), server(2, daily="10"), charge=charge_of("35", "1064.58")
        )
    return dashboard_of(account, days=7)


def dashboard_of(account, *, days):
    return get_dashboard(system_actor(account.organization_id), days=days)


def of(shown, language=RU, **more):
    return sections.of(shown, language, **more)


def with_card(shown, **changes):
    (card,) = shown.connections
    return replace(shown, connections=(replace(card, **changes),))


def test_types_of_one_name_say_whose_they_are(shown):
    bucket, disk = (
        TypeCount(provider="yandex", type=type_, count=2) for type_ in ("bucket", "disk")
    )
    shown = replace(shown, types=(bucket, replace(bucket, provider="selectel"), disk))
    chips = of(shown)["types"]
    assert [chip["title"] for chip in chips] == ["Бакет · Yandex Cloud", "Бакет · Selectel", "Диск"]
    assert chips[1]["href"] == "/resources?provider=selectel&type=bucket"


def test_a_ledger_ends_with_what_is_payable(shown):
    (ledger,) = of(shown)["ledgers"]
    lines = [(line["kind"], plain(line["name"]), plain(line["day"])) for line in ledger["lines"]]
    assert lines == [
        ("stated", "Тариф аккаунта «Cloud»", "35,00 ₽"),
        ("stated", "server 1", "20,00 ₽"),
        ("stated", "server 2", "10,00 ₽"),
        ("sum", "Сумма всех строк", "65,00 ₽"),
        ("part", "Ресурсы внутри тарифа", "30,00 ₽"),
        ("part", "Остаток: тариф хостинга «Cloud»", "5,00 ₽"),
        ("payable", "К оплате", "35,00 ₽"),
    ]
    assert (ledger["percent"], plain(ledger["percent_text"])) == (85.7, "86 %")
    assert plain(ledger["explained"]) == "Ресурсы объясняют 30,00 ₽ из 35,00 ₽/день"


def test_an_equation_says_what_is_stated_twice(shown):
    shown_in = of(shown, EN)
    (equation,) = shown_in["equations"]
    assert shown_in["has_twice"]
    days = [equation[name]["day"] for name in ("listed", "twice", "payable")]
    assert days == ["₽65.00/day", "₽30.00/day", "₽35.00/day"]


def test_days_without_a_record_are_gaps(shown):
    chart = of(shown)["chart"]
    assert [day["c1"] for day in chart["days"]] == [None, None, None, 35, None, 35, 35]
    assert [plain(day["total"]) for day in chart["days"][3:5]] == ["35,00 ₽", "—"]
    assert "записано 3 дня из 7" in chart["note"]
    assert chart["series"] == [{"key": "c1", "name": "Made-Up", "paint": "var(--chart-1)"}]


def test_a_year_is_drawn_by_weeks_with_nothing_lost(database):
    account = made_up(database)
    today = local_day(utc_now(), "Europe/Moscow")
    for back in (20, 1, 0):
        account.day = today - timedelta(days=back)
        account.sync(server(1, daily="20"))
    quarter, year = (of(dashboard_of(account, days=days))["chart"] for days in (90, 365))
    assert (quarter["when"], len(quarter["days"])) == ("День", 90)
    assert year["when"] == "Неделя"
    assert len(year["days"]) in (53, 54)
    assert sum(step["c1"] or 0 for step in year["days"]) == 60
    assert year["days"][0]["c1"] is None
    assert "по неделям" in year["note"]


def test_many_connections_share_seven_colours_and_one_for_the_rest(shown):
    (expenses,) = shown.expenses
    (only,) = expenses.connections
    many = tuple(replace(only, name=f"cloud {n}") for n in range(10))
    chart = of(replace(shown, expenses=(replace(expenses, connections=many),)))["chart"]
    assert [one["name"] for one in chart["series"]][-2:] == ["cloud 6", "Остальные"]
    assert chart["days"][6]["c8"] == 3 * 35
    assert chart["days"][0]["c8"] is None


def test_a_currency_that_is_not_there_is_the_first_one(shown):
    assert of(shown, currency="EUR")["currency"] == "RUB"


def test_savings_are_not_invented(shown):
    figures = of(shown)["kpis"]
    assert figures["savings"] == []
    assert figures["savings_note"] == "Рекомендаций пока нет"
    found = Savings(count=3, monthly=(Money(Decimal(10400), "RUB"), Money(Decimal(7), "USD")))
    figures = of(replace(shown, savings=found))["kpis"]
    assert plain(figures["savings"]) == "['10 400 ₽', '7,00 $']"
    assert figures["savings_note"] == "3 рекомендации"


@pytest.mark.parametrize(
    ("change", "direction", "tone", "words"),
    [
        ("-12.5", "down", "success", "−12,5 % к прошлому периоду"),
        ("4", "up", "danger", "+4,0 % к прошлому периоду"),
        ("0", "flat", "neutral", "без изменений"),
        (None, "none", "neutral", "не с чем сравнить"),
    ],
)
def test_the_trend_is_in_words(shown, change, direction, tone, words):
    (expenses,) = shown.expenses
    moved = replace(expenses, trend_percent=None if change is None else Decimal(change))
    (spent,) = of(replace(shown, expenses=(moved,)))["kpis"]["spent"]
    assert (spent["direction"], spent["tone"], plain(spent["trend"])) == (direction, tone, words)


@pytest.mark.parametrize(
    ("days", "tone"),
    [
        (None, "neutral"),
        (30, "neutral"),
        (29, "warning"),
        (4, "warning"),
        (3, "danger"),
        (-1, "danger"),
    ],
)
def test_orange_within_a_month_red_when_nearly_blocked(days, tone):
    assert balance_tone(days) == tone


@pytest.mark.parametrize(
    ("days", "title"),
    [(1, "денег хватит на 1 день"), (2, "денег хватит на 2 дня"), (21, "денег хватит на 21 день"),
     (12, "денег хватит на 12 дней"), (0, "деньги кончились"), (-3, "деньги кончились")],
)  # fmt: skip
def test_a_balance_that_runs_out_is_told(shown, days, title):
    balance = Balance(
        connection_id=shown.connections[0].connection.id,
        name="Beget",
        balance=Money(Decimal("174.51"), "RUB"),
        days_to_block=days,
    )
    (alert,) = of(replace(shown, balances=(balance,)))["alerts"]
    assert alert["title"] == f"Beget: {title}"
    assert "174,51 ₽" in plain(alert["text"])
    assert alert["href"] == f"/connections/{balance.connection_id}"


def test_a_balance_for_long_is_no_alert(shown):
    calm = Balance(
        connection_id=shown.connections[0].connection.id,
        name="Beget",
        balance=Money(Decimal(1), "RUB"),
        days_to_block=30,
    )
    assert of(replace(shown, balances=(calm,)))["alerts"] == []


def test_a_suspended_account_is_told_before_everything_else(shown):
    account = AccountInfo(account_id="x", status=AccountStatus.SUSPENDED)
    alerts = of(with_card(shown, account=account, state=ConnectionState.PARTIAL, unread=2))[
        "alerts"
    ]
    assert [alert["tone"] for alert in alerts] == ["danger", "warning"]
    assert "приостановил аккаунт" in alerts[0]["title"]
    assert "Не разобрано 2 записи" in alerts[1]["text"]


def test_old_data_says_how_old(shown):
    (card,) = shown.connections
    old = replace(card.connection, last_success_at=shown.at - timedelta(hours=50))
    (alert,) = of(with_card(shown, connection=old))["alerts"]
    assert "данные устарели" in alert["title"]
    assert "2 дня назад" in plain(alert["text"])
    suspended = with_card(shown, connection=old, state=ConnectionState.SUSPENDED)
    assert of(suspended)["alerts"] == []


def test_nothing_measured_is_no_data_and_never_zero(shown):
    for bar in of(shown)["usage"]:
        assert (bar["shown"], bar["tier"]) == ("нет данных", "")


def test_utilisation_has_its_tier_and_what_counts(shown):
    measured = (
        Utilisation(metric="cpu", unit="%", resources=1, used=None, available=None, percent=29.96),
        Utilisation(
            metric="disk", unit="MB", resources=5, used=95_000, available=100_000, percent=95
        ),
        Utilisation(
            metric="network_in", unit="Mbit/s", resources=2, used=9, available=300, percent=3
        ),
        Utilisation(
            metric="network_out", unit="Mbit/s", resources=2, used=150, available=300, percent=50
        ),
    )
    cpu, memory, disk, network = of(replace(shown, utilisation=measured))["usage"]
    assert (cpu["tier"], cpu["detail"]) == ("low", "учтён 1 ресурс")
    assert memory["tier"] == ""
    assert (disk["tier"], plain(disk["detail"])) == ("high", "93 ГБ из 98 ГБ · учтено 5 ресурсов")
    assert network["percent"] == 50
    assert plain(network["detail"]) == "вход 9, выход 150 из 300 Мбит/с · учтено 2 ресурса"


def test_processors_weigh_as_many_cores_as_they_have(shown):
    cpu = Utilisation(
        metric="cpu",
        unit="%",
        resources=3,
        used=None,
        available=None,
        percent=31.25,
        weights=12,
    )
    bar = of(replace(shown, utilisation=(cpu,)))["usage"][0]
    assert plain(bar["detail"]) == "3,8 из 12 vCPU · учтено 3 ресурса"


def test_each_connection_says_how_old_its_figures_are(shown):
    (card,) = shown.connections
    later = replace(shown, at=card.connection.last_success_at + timedelta(hours=50))
    [line] = of(later)["fresh_each"]
    assert line["is_stale"]
    assert plain(line["read"]) == "ресурсы, цены и загрузка: 2 дня назад"
    assert line["billed"] == "счетов нет, расходы по ценам"
    bill = BilledDay(day=date(2026, 11, 24), currency="RUB", billed=Decimal(30), priced=Decimal(35))
    [line] = of(with_card(shown, billed=(bill,)), EN)["fresh_each"]
    assert (line["is_stale"], line["billed"]) == (False, "billed through 24 Nov 2026")
    unread = replace(card.connection, last_success_at=None)
    [line] = of(with_card(shown, connection=unread))["fresh_each"]
    assert line["read"] == "ещё не прочитано"


def test_the_four_faces(shown):
    assert sections.view(shown) == "ready"
    (card,) = shown.connections
    unread = replace(card, connection=replace(card.connection, last_success_at=None))
    nothing = tuple(replace(one, recorded_days=0) for one in shown.expenses)
    fresh = replace(shown, connections=(unread,), expenses=nothing)
    assert sections.view(fresh) == "unread"
    busy = replace(unread, state=ConnectionState.WAITING)
    assert sections.view(replace(fresh, connections=(busy,))) == "first"
    assert sections.view(replace(fresh, connections=())) == "newcomer"


def test_filters_of_the_resource_table_are_addresses():
    assert resources_href() == "/resources"
    assert resources_href(q="a b&c=1") == "/resources?q=a+b%26c%3D1"


def test_english_has_no_russian_word(shown):
    assert not any("а" <= letter <= "я" for letter in plain(of(shown, EN)).lower())


@pytest.mark.parametrize(
    ("billed", "said"),
    [
        ("0", ""),
        ("50", "50 % по счетам, 50 % по ценам"),
        ("99.9", "99 % по счетам, 1 % по ценам"),
        ("100", "всё по счетам провайдеров"),
    ],
)
def test_expenses_say_their_source(shown, billed, said):
    (expenses,) = shown.expenses
    partly = replace(expenses, total=Decimal(100), billed=Decimal(billed))
    (spent,) = of(replace(shown, expenses=(partly,)))["kpis"]["spent"]
    assert spent["source"].replace("\u202f", " ").replace("\xa0", " ") == said
