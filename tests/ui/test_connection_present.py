"""Accounts, limits, progress and schedules as people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.accounts import AccountInfo, AccountStatus, Limit
from infrazen.domain.billing import BilledDay
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.syncs import Change, EndpointStatus
from infrazen.finops.reconciliation import reconcile
from infrazen.providers import provider
from infrazen_ui.backend import connection_input as input_
from infrazen_ui.locales import Language
from infrazen_ui.present import connection_forms, connections
from infrazen_ui.present.connection_accounts import (
    account_view,
    billed_text,
    limit_view,
    reconciliation_view,
)
from infrazen_ui.present.connection_history import change_views, part_views, problem_of
from infrazen_ui.present.connection_progress import progress_view, waiting_view

RU, EN = Language.RU, Language.EN
NOW = datetime(2026, 11, 23, 11, 5, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
BEGET = provider("beget")


def read(shown: str) -> str:
    """With plain spaces."""
    return shown.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def rate(daily: str, monthly: str) -> Rate:
    return Rate(Decimal(daily), Decimal(monthly))


def run(**facts):
    known = {
        "started_at": NOW - timedelta(seconds=65),
        "config": {"provider": "beget"},
        "progress": None,
        "endpoints": [],
        "status": SimpleNamespace(value="partial"),
        "error_reason": None,
        "error_message": None,
    }
    return SimpleNamespace(**{**known, **facts})


def test_the_reference_account_reconciles():
    found = reconcile(
        currency="RUB",
        account=rate("60.73", "1847"),
        explained=rate("60.73", "1821.90"),
        separate=ZERO_RATE,
    )
    view = reconciliation_view(found, language=RU)
    lines = {
        line["name"]: (read(line["per_day"]), read(line["per_month"])) for line in view["lines"]
    }
    assert lines == {
        "Тариф аккаунта": ("60,73 ₽/день", "1 847,00 ₽/мес"),
        "Ресурсы внутри тарифа": ("60,73 ₽/день", "1 821,90 ₽/мес"),
        "Сумма всех строк": ("121,46 ₽/день", "3 668,90 ₽/мес"),
        "Остаток тарифа": ("0,00 ₽/день", "25,10 ₽/мес"),
        "К оплате": ("60,73 ₽/день", "1 847,00 ₽/мес"),
    }
    assert read(view["explained"]) == "Ресурсы объясняют 60,73 ₽ из 60,73 ₽/день (100 %)"
    assert view["percent"] == 100


def test_resources_dearer_than_the_account_are_told():
    found = reconcile(
        currency="RUB",
        account=rate("50", "1500"),
        explained=rate("60", "1800"),
        separate=rate("5", "150"),
    )
    names = [line["name"] for line in reconciliation_view(found, language=RU)["lines"]]
    assert "Сверх тарифа" in names
    assert "Ресурсы вне тарифа" in names


def test_an_account_that_charges_by_the_resource_speaks_of_no_rate():
    found = reconcile(currency="RUB", account=None, explained=ZERO_RATE, separate=rate("5", "150"))
    view = reconciliation_view(found, language=EN)
    assert [line["name"] for line in view["lines"]] == ["Resources", "Payable"]


def test_an_account_without_a_rate_has_only_its_resources():
    found = reconcile(currency="RUB", account=None, explained=rate("5", "150"), separate=ZERO_RATE)
    view = reconciliation_view(found, language=EN)
    assert [line["name"] for line in view["lines"]] == [
        "Resources within the rate",
        "Sum of all lines",
        "Payable",
    ]
    assert view["explained"] == ""


@pytest.mark.parametrize(
    ("used", "allowed", "unit", "detail", "percent", "tier"),
    [
        ("6", "25", "", "6 из 25", 24, "low"),
        ("6", None, "", "6, без ограничений", 0, "low"),
        ("1024", "2048", "MB", "1 ГБ из 2 ГБ", 50, "medium"),
        ("9", "10", "", "9 из 10", 90, "high"),
        ("10", "10", "", "10 из 10", 100, "critical"),
        ("12", "10", "", "12 из 10", 100, "critical"),
        ("0", "0", "", "0 из 0", 0, "low"),
        ("1", "0", "", "1 из 0", 100, "critical"),
    ],
)
def test_limits(used, allowed, unit, detail, percent, tier):
    limit = Limit(name="sites", used=Decimal(used), allowed=allowed and Decimal(allowed), unit=unit)
    view = limit_view(limit, language=RU)
    assert view["name"] == "Сайты"
    assert (read(view["detail"]), view["percent"], view["tier"]) == (detail, percent, tier)
    assert view["is_bounded"] is (allowed is not None)


def test_a_limit_that_only_the_provider_knows_keeps_its_name():
    limit = Limit(name="gpu", used=Decimal(1), allowed=None)
    assert limit_view(limit, language=RU)["name"] == "gpu"


@pytest.mark.parametrize(
    ("status", "days", "alert", "tone"),
    [
        (AccountStatus.ACTIVE, None, "", "success"),
        (AccountStatus.ACTIVE, 30, "", "success"),
        (AccountStatus.WARNING, 29, "Баланса хватит на 29 дней", "warning"),
        (AccountStatus.WARNING, 1, "Баланса хватит на 1 день", "warning"),
        (AccountStatus.WARNING, -3, "Баланса хватит на 0 дней", "warning"),
        (AccountStatus.SUSPENDED, 0, "Аккаунт заблокирован за неуплату", "danger"),
    ],
)
def test_the_alert_comes_when_the_money_runs_out(status, days, alert, tone):
    account = AccountInfo(account_id="demo", status=status, days_to_block=days)
    view = account_view(account, (), language=RU)
    assert (view["alert"], view["tone"]) == (alert, tone)


def test_servers_and_software_are_in_words():
    account = AccountInfo(
        account_id="demo",
        status=AccountStatus.ACTIVE,
        server={"memory_mb": "2048", "uptime_days": "71", "rack": "b2"},
        software={"php": "8.2", "ruby": "3"},
        security={"api": "enabled", "shell": "/bin/bash"},
    )
    view = account_view(account, (), language=RU)
    facts = {
        fact["name"]: read(fact["value"])
        for part in ("server", "software", "security")
        for fact in view[part]
    }
    assert facts == {
        "Память": "2 ГБ",
        "Работает без перезагрузки": "71 день",
        "rack": "b2",
        "PHP": "8.2",
        "ruby": "3",
        "Доступ по API": "включено",
        "Командная оболочка": "/bin/bash",
    }


@pytest.mark.parametrize(
    ("progress", "title", "note"),
    [
        (None, "Подключаемся", "1 мин 5 с"),
        ({"stage": "new-stage"}, "Подключаемся", "1 мин 5 с"),
        (
            {
                "stage": "reading",
                "endpoint": "modern.vps",
                "endpoints_done": 3,
                "endpoints_total": 17,
                "items": 21,
            },
            "Читаем: Виртуальные серверы",
            "3 из 17 разделов · 21 запись · 1 мин 5 с",
        ),
        (
            {"stage": "writing", "endpoints_done": 17, "endpoints_total": 17, "items": 5},
            "Записываем",
            "17 из 17 разделов · 5 записей · 1 мин 5 с",
        ),
    ],
)
def test_progress(progress, title, note):
    view = progress_view(run(progress=progress), now=NOW, language=RU)
    assert (view["title"], read(view["note"])) == (title, note)


def test_a_clock_that_jumps_back_shows_no_negative_time():
    view = progress_view(run(started_at=NOW + timedelta(hours=1)), now=NOW, language=EN)
    assert read(view["note"]) == "0 s"
    assert waiting_view(EN)["maximum"] == 0


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("0 */6 * * *", "каждые 6 часов"),
        ("", "только вручную"),
        ("5 4 * * *", "по cron: 5 4 * * *"),
    ],
)
def test_schedules_in_words(schedule, words):
    assert connections.schedule_words(schedule, RU) == words


@pytest.mark.parametrize("schedule", ["0 */6 * * *", "", "5 4 * * *"])
def test_a_form_sends_back_the_schedule_that_it_shows(schedule):
    values = connection_forms.blank_values(BEGET, schedule=schedule, time_zone="UTC")
    assert input_.draft_of(BEGET, values["texts"]).schedule == schedule
    assert connection_forms.CUSTOM == input_.CUSTOM


def part(name: str, status: EndpointStatus, **more):
    return {"name": name, "status": status.value, "items": 2, "duration_ms": 1500, **more}


def test_parts_of_the_api_in_plain_words():
    snapshot = run(
        endpoints=[
            part("legacy.domains", EndpointStatus.SUCCEEDED),
            part(
                "legacy.mysql",
                EndpointStatus.FAILED,
                reason="PermissionMissing",
                message="Cannot access method mysql",
            ),
            part("legacy.mail", EndpointStatus.SKIPPED, message="not asked"),
            part("modern.vps", EndpointStatus.SUCCEEDED, quarantined=2),
            part("brand.new", EndpointStatus.FAILED, reason="NeverHeardOf"),
        ]
    )
    troubled, fine = part_views(snapshot, RU)
    assert [one["title"] for one in fine] == ["Домены"]
    assert read(fine[0]["detail"]) == "2 записи · 1,5 с"
    mysql, mail, vps, new = troubled
    assert mysql["problem"] == "Раздел закрыт для API"
    assert "«Доступ к API»" in mysql["advice"]
    assert mysql["said"] == "Cannot access method mysql"
    assert (mail["tone"], vps["tone"]) == ("warning", "warning")
    assert vps["problem"] == "2 записи не удалось прочитать"
    assert (new["title"], new["problem"]) == ("brand.new", "Что-то пошло не так")


def test_what_infrazen_says_of_a_part_is_said_in_the_readers_language():
    words = {"ru": "Выключено в настройках подключения.", "en": "Switched off in the settings."}
    off = {"name": "legacy.mail", "status": "Succeeded", "message": words["en"], "words": words}
    for language in Language:
        _, [part] = part_views(run(endpoints=[off]), language)
        assert (part["note"], part["said"]) == (words[language.value], "")


def test_a_sync_that_broke_off_says_that_nothing_is_lost():
    broken = run(status=SimpleNamespace(value="error"), error_reason="WorkerDied")
    title, advice, _ = problem_of(broken, RU)
    assert title == "Синхронизация оборвалась"
    assert "не потеряно" in advice
    assert problem_of(run(), RU) == ("", "", "")


def change(**facts):
    known = {
        "resource_id": "r",
        "snapshot_id": "s",
        "name": "web",
        "type": "vps",
        "change": Change.UPDATED,
        "status": ResourceStatus.RUNNING,
        "daily_cost": Decimal(22),
        "currency": "RUB",
        "changed_fields": [],
        "previous": None,
        "current": None,
        "observed_at": NOW,
    }
    return SimpleNamespace(**{**known, **facts})


def test_fields_before_and_after():
    line = change(
        changed_fields=[
            "config.memory_mb",
            "price.daily_micro",
            "config.backup",
            "components.n8n",
            "components.web",
        ],
        previous={"config": {"memory_mb": 2048}, "price": {"daily_micro": 22_000_000}},
        current={
            "config": {"memory_mb": 4096, "backup": True},
            "price": {"daily_micro": 23_500_000},
            "components": {"n8n": "1.2", "web": None},
        },
    )
    [view] = change_views([line], "beget", zone=MOSCOW, language=RU)
    shown = [(one["name"], read(one["before"]), read(one["after"])) for one in view["fields"]]
    assert shown == [
        ("Память", "2 ГБ", "4 ГБ"),
        ("Цена в день", "22,00 ₽", "23,50 ₽"),
        ("Backup", "—", "да"),
        ("Внутри: n8n", "нет", "1.2"),
        ("Внутри: web", "нет", "есть"),
    ]
    assert read(view["cost"]) == "22,00 ₽/день"


def test_a_change_of_many_fields_is_cut_and_says_so():
    names = [f"config.f{n}" for n in range(30)]
    line = change(changed_fields=names, current={"config": {f"f{n}": "x" * 500 for n in range(30)}})
    [view] = change_views([line], "beget", zone=MOSCOW, language=RU)
    assert len(view["fields"]) == 12
    assert view["more"] == "и ещё 18 полей"
    assert all(len(one["after"]) <= 160 for one in view["fields"])


def test_an_unknown_provider_and_type_keep_their_names():
    [view] = change_views([change(type="gpu")], "gone", zone=MOSCOW, language=EN)
    assert view["type"] == "gpu"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["display_name", "credential.login", "schedule_choice", "schedule", "endpoint", "time_zone",
     "forget.token", "setting.collect_statistics", "setting.statistics_seconds", "other"]
) | st.integers()  # fmt: skip


@given(ANYTHING | st.dictionaries(NAMES, ANYTHING))
def test_a_form_is_read_whatever_its_shape(sent):
    inputs = input_.inputs_of(sent)
    draft = input_.draft_of(BEGET, inputs)
    texts = (draft.display_name, draft.endpoint, draft.schedule, draft.time_zone)
    assert all(isinstance(value, str) for value in (*texts, *draft.credentials.values()))
    assert set(draft.credentials) == set(BEGET.credentials.model_fields)
    assert draft.settings["collect_statistics"] in ("true", "false")
    assert set(draft.forget) <= {"password", "account_password", "token"}
    assert set(input_.missing_fields(BEGET, inputs)) <= {
        "display_name", "schedule", "credential.login", "credential.password"
    }  # fmt: skip


def test_a_decimal_comma_is_a_decimal_point():
    draft = input_.draft_of(BEGET, {"setting.requests_per_second": "0,5"})
    assert draft.settings["requests_per_second"] == "0.5"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("login", "credential.login"),
        ("statistics_seconds", "setting.statistics_seconds"),
        ("schedule", "schedule"),
        ("organization_id", ""),
        (None, ""),
    ],
)
def test_fields_of_use_cases_lead_to_inputs(field, name):
    assert input_.input_named(BEGET, field) == name


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "name",
    ["display_name", "schedule", "time_zone", "endpoint", "credential.login",
     "setting.statistics_seconds", "setting.requests_per_second", "unknown"],
)  # fmt: skip
def test_every_input_has_words_for_a_wrong_value(name, language):
    assert connection_forms.field_error(BEGET, name, language)


@pytest.mark.parametrize(
    ("priced", "said"),
    [
        ("44", ": 46,20 ₽, на 2,20 ₽ (4,8 %) больше, чем по ценам ресурсов."),
        ("50", ": 46,20 ₽, на 3,80 ₽ (8,2 %) меньше, чем по ценам ресурсов."),
        ("46.20", ": 46,20 ₽. По ценам ресурсов столько же."),
        (None, ": 46,20 ₽. Цен ресурсов за этот день нет."),
    ],
)
def test_a_bill_stands_beside_the_prices_of_its_day(priced, said):
    found = BilledDay(
        day=date(2026, 11, 24),
        currency="RUB",
        billed=Decimal("46.20"),
        priced=None if priced is None else Decimal(priced),
    )
    shown = billed_text(found, language=RU).replace("\u202f", " ").replace("\xa0", " ")
    assert shown == f"По счёту за 24 нояб. 2026{said}"
    assert billed_text(found, language=EN)


@pytest.mark.parametrize("place", ["connection", "connection-edit"])
@pytest.mark.parametrize(
    ("slug", "reason"), [("selectel", "ProviderUnavailable"), ("yandex", "Throttled")]
)
def test_a_form_speaks_of_itself_and_not_of_syncs(slug, reason, place):
    told = connection_forms.refused_words(provider(slug), reason, RU, place=place)
    assert told == connection_forms.refused_words(BEGET, reason, RU)
    assert "синхронизац" not in told[1]
