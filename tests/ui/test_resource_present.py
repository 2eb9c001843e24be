"""What people read of resources."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infrazen.db.queries.connections import Source
from infrazen.db.queries.resource_counts import FacetCount, Sum, Summary
from infrazen.db.queries.resource_detail import Annotation, Component, Tag
from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.money import CostSource
from infrazen.domain.resources import MetricPoint, ResourceStatus, ServiceCategory
from infrazen.domain.usage import Tier, UsageSummary
from infrazen_ui.locales import Language, text
from infrazen_ui.present import resource_words as words
from infrazen_ui.present.configuration import configuration, field_title, shown_value
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.metrics import MOST_POINTS, metric_cards, reach_of
from infrazen_ui.present.narrowing import shown_rows
from infrazen_ui.present.resource_detail import notes, parts, tags
from infrazen_ui.present.resource_table import chips, choices, count_words, totals

RU, EN = Language.RU, Language.EN
NOW = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)
EYES = Eyes(language=RU, zone=ZoneInfo("Europe/Moscow"), now=NOW)


def plain(shown: str) -> str:
    """With ordinary spaces, to be compared."""
    return shown.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def shown_facts(config, language=RU):
    return {fact["name"]: plain(fact["value"]) for fact in configuration(config, language=language)}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("status", ResourceStatus)
def test_every_status_has_a_word_and_a_tone(status, language):
    assert words.status_word(status, language=language)
    assert words.status_tone(status) in ("success", "neutral", "info", "danger", "warning")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("source", CostSource)
def test_every_source_of_a_cost_is_explained(source, language):
    alone = words.source_hint(source, in_account_rate=False, language=language)
    inside = words.source_hint(source, in_account_rate=True, language=language)
    assert inside == f"{alone} {text('resource.contained', language)}"
    assert words.source_word(source, language=language)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("category", ServiceCategory)
def test_every_category_has_a_word(category, language):
    assert text(f"resource_word.category.{category.name}", language)


def test_what_has_no_price_has_no_amount():
    assert words.day_price(None, None, language=RU) == "без цены"
    assert words.month_price(None, "RUB", language=RU) == ""
    assert words.source_hint(None, in_account_rate=True, language=RU) == ""
    assert plain(words.day_price(Decimal(0), "RUB", language=RU)) == "0,00 ₽/день"


def test_a_type_nobody_knows_is_shown_as_it_is():
    assert words.type_title("beget", "vps", language=RU) == "Виртуальный сервер"
    assert words.type_title("beget", "quantum", language=RU) == "quantum"
    assert words.type_title("no-such-cloud", "vps", language=EN) == "vps"
    assert words.provider_title("no-such-cloud") == "no-such-cloud"


def test_a_configuration_in_names_and_units():
    shown = shown_facts(
        {
            "new_fact_id": 12,
            "cpu": 2,
            "memory_mb": 2048,
            "bandwidth_mbps": 150,
            "size_bytes": 458227712,
            "port": 3306,
            "public": False,
            "private_networks": ["10.0.0.0/24", "10.1.0.0/24"],
            "ftp": {"host": "ftp.example.ru", "port": 21},
            "cors": [{"origin": "*", "methods": ["GET", "PUT"]}],
            "nothing": None,
        }
    )
    assert shown == {
        "Процессор": "2 ядра",
        "Память": "2 ГБ",
        "Канал": "150 Мбит/с",
        "Размер": "437 МБ",
        "Порт": "3306",
        "Публичный доступ": "нет",
        "Частные сети": "10.0.0.0/24, 10.1.0.0/24",
        "Доступ по FTP: Хост": "ftp.example.ru",
        "Доступ по FTP: Порт": "21",
        "Правила CORS": "Источник: *, Методы: GET, PUT",
        "New fact ID": "12",
        "Nothing": "—",
    }
    assert list(shown)[-2:] == ["New fact ID", "Nothing"]


json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False,
    allow_infinity=False, width=32) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(min_size=1, max_size=12), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@example({"cpu": 2**80, "size_bytes": 1e40, "heat": -1e31}, Language.RU)
@given(st.dictionaries(st.text(max_size=12), json, max_size=6), st.sampled_from(Language))
def test_any_configuration_can_be_read(config, language):
    found = configuration(config, language=language)
    assert len(found) >= len(config)
    assert all(fact["value"] for fact in found)


def test_names_of_what_changed():
    assert field_title("config.memory_mb", language=RU) == "Память"
    assert field_title("config.ftp.port", language=EN) == "FTP access: Port"
    assert field_title("price.daily_micro", language=RU) == "Цена в день"
    assert field_title("tags.team", language=RU) == "Тег team"
    assert field_title("components.n8n", language=RU) == "Внутри: n8n"
    assert plain(shown_value("daily_micro", 9_730_000, RU, currency="RUB")) == "9,73 ₽"
    assert shown_value("storage_class", "COLD", RU) == "холодный"


def usage(metric, unit="%", *, points=3, average=7.66, **facts):
    known = {
        "capacity": None,
        "weight": 1.0,
        "maximum": 14.86,
        "minimum": 1.0,
        "latest": 5.0,
        "average_percent": average if unit == "%" else None,
        "maximum_percent": None,
        "trend": 0.0,
        "tier": Tier.LOW if unit == "%" else Tier.UNBOUNDED,
        "since": NOW - timedelta(hours=1),
        "until": NOW,
    }
    return UsageSummary(
        metric=metric, unit=unit, average=average, points=points, **{**known, **facts}
    )


def readings(count, *, step=60, value=5.0):
    start = NOW - timedelta(seconds=step * count)
    return [MetricPoint(start + timedelta(seconds=step * n), value + n) for n in range(count)]


def test_a_window_over_midnight_says_the_year_only_where_it_is_another():
    since = timedelta(hours=24)
    over_a_day, over_new_year = metric_cards(
        [usage("cpu", since=NOW - since), usage("memory", since=NOW - timedelta(days=365))],
        {},
        eyes=EYES,
    )
    assert plain(over_a_day["window"]) == "24 нояб., 14:05 – 25 нояб., 14:05 · 3 замера"
    assert plain(over_new_year["window"]).startswith("25 нояб. 2025, 14:05 – 25 нояб. 2026, 14:05")


def test_a_metric_in_figures():
    memory = usage(
        "memory", "MB", average=991.38, capacity=2048.0, average_percent=48.41,
        tier=Tier.MEDIUM, points=114, trend=-25.0,
    )  # fmt: skip
    cpu, card = metric_cards([memory, usage("cpu", points=108)], {}, eyes=EYES)
    assert cpu["title"] == "Процессор"
    assert plain(cpu["headline"]) == "7,66 %"
    assert (cpu["tier"], cpu["tier_label"]) == ("low", "низкая")
    assert plain(cpu["lines"][0]["maximum"]) == "14,86 %"
    assert plain(card["headline"]) == "991,38 МБ"
    assert plain(card["detail"]) == "48,41 % от 2 048 МБ"
    assert plain(card["window"]) == "25 нояб. 2026, 13:05 – 14:05 · 114 замеров"
    assert plain(card["lines"][0]["trend"]) == "−25,00 МБ в час"


def test_a_large_disk_is_counted_in_gigabytes():
    disk = usage(
        "disk", "MB", average=6144.0, maximum=6144.0, minimum=6144.0,
        capacity=30720.0, average_percent=20.0,
    )  # fmt: skip
    (card,) = metric_cards([disk], {"disk": readings(3, value=6144.0)}, eyes=EYES)
    assert plain(card["headline"]) == "6,00 ГБ"
    assert plain(card["detail"]) == "20,00 % от 30 ГБ"
    assert plain(card["lines"][0]["maximum"]) == "6,00 ГБ"
    assert [point["first"] for point in card["points"]] == [6.0, 6.001, 6.002]


def test_much_that_nothing_bounds_is_counted_in_gigabytes_too():
    much = 2240512.0
    bucket = usage("disk", "MB", average=much, maximum=much, minimum=much, latest=much)
    [card] = metric_cards([bucket], {}, eyes=EYES)
    assert plain(card["headline"]).replace(" ", "") == "2188,00ГБ"


def test_what_belongs_together_stands_together():
    summaries = [usage(name, "Mbit/s") for name in ("network_out", "gpu_heat", "network_in")]
    lines = {"network_in": readings(3), "network_out": readings(3, value=9)}
    network, other = metric_cards(summaries, lines, eyes=EYES)
    assert (network["title"], network["first"], network["second"]) == (
        "Сеть",
        "Входящий",
        "Исходящий",
    )
    assert [(p["first"], p["second"]) for p in network["points"]] == [(5, 9), (6, 10), (7, 11)]
    assert other["title"] == "Gpu heat"
    assert other["points"] == []


@given(st.integers(0, 2_000), st.integers(1, 3600))
def test_a_line_has_few_points_in_order_and_keeps_its_mean(count, step):
    (card,) = metric_cards([usage("cpu")], {"cpu": readings(count, step=step)}, eyes=EYES)
    values = [point["first"] for point in card["points"]]
    assert len(values) <= MOST_POINTS
    assert values == sorted(values)
    assert bool(values) is (count > 1)


def test_a_pause_is_a_gap_and_no_slope():
    early = readings(5)
    late = [MetricPoint(point.at + timedelta(hours=5), point.value) for point in early]
    (card,) = metric_cards([usage("cpu")], {"cpu": [*early, *late]}, eyes=EYES)
    values = [point["first"] for point in card["points"]]
    assert values == [5, 6, 7, 8, 9, None, 5, 6, 7, 8, 9]
    assert card["points"][5]["first_text"] == "—"


def test_how_far_back():
    assert reach_of("week", [], now=NOW) == timedelta(days=7)
    assert reach_of("window", [usage("cpu")], now=NOW) == timedelta(hours=1)
    assert reach_of("anything", [], now=NOW) == timedelta(hours=1)


def sum_of(currency, daily, contained="0"):
    rate = Rate(Decimal(daily), Decimal(daily) * 30)
    part = Rate(Decimal(contained), Decimal(contained) * 30)
    return Sum(currency=currency, stated=rate, in_account_rate=part)


def test_totals_never_mix_currencies_and_say_what_is_paid_already():
    summary = Summary(count=3, sums=(sum_of("RUB", "60.73", "60.73"), sum_of("USD", "5")))
    rubles, dollars = totals(summary, language=RU)
    assert plain(rubles["per_day"]) == "60,73 ₽/день"
    assert rubles["note"] == text("resources.contained_all", RU)
    assert plain(dollars["per_month"]) == "150,00 $/мес"
    assert dollars["note"] == ""
    (part,) = totals(Summary(count=1, sums=(sum_of("RUB", "10", "4"),)), language=RU)
    assert plain(part["note"]) == "Из них 4,00 ₽/день уже входит в плату за аккаунт."


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 ресурс"), (22, "22 ресурса"), (1_005, "1 005 ресурсов")]
)
def test_counted_resources(count, said):
    assert plain(count_words(Summary(count=count, sums=()), language=RU)) == said


def test_which_rows_are_shown():
    assert plain(shown_rows(offset=1000, rows=50, count=1312, language=RU)) == (
        "1 001–1 050 из 1 312"
    )
    assert shown_rows(offset=0, rows=0, count=0, language=RU) == "Нет строк"


BEGET, YANDEX = uuid4(), uuid4()
SOURCES = [
    Source(id=BEGET, display_name="Основной", provider="beget", is_removed=False),
    Source(id=YANDEX, display_name="Второй", provider="yandex", is_removed=False),
]


def counted(connection, type_, status, count, region="ru1"):
    return FacetCount(
        connection_id=connection,
        type=type_,
        service="",
        status=status,
        region=region,
        owner="",
        environment="",
        project="",
        count=count,
    )


COUNTS = [
    counted(BEGET, "vps", ResourceStatus.RUNNING, 2),
    counted(BEGET, "domain", ResourceStatus.INACTIVE, 6, region=""),
    counted(YANDEX, "vps", ResourceStatus.STOPPED, 3, region="ru-central1"),
]


def amounts(found, facet):
    return {one["label"]: (one["count"], one["is_chosen"]) for one in found[facet]}


def test_counts_of_a_facet_heed_the_others_but_not_itself():
    wanted = ResourceFilter(types=("vps",))
    found = choices(COUNTS, wanted, SOURCES, language=RU)
    assert amounts(found, "type") == {
        "Домен": ("6", False),
        "Виртуальный сервер": ("5", True),
    }
    assert amounts(found, "connection") == {"Второй": ("3", False), "Основной": ("2", False)}
    assert amounts(found, "status") == {"Остановлен": ("3", False), "Работает": ("2", False)}


def test_a_choice_that_finds_nothing_can_still_be_taken_back():
    gone = uuid4()
    wanted = ResourceFilter(connections=(gone,), regions=("",), tags={"env": "prod", "team": ""})
    found = choices(COUNTS, wanted, SOURCES, language=RU)
    assert amounts(found, "connection")["Удалённое подключение"] == ("0", True)
    shown = [(chip["name"], chip["label"]) for chip in chips(wanted, SOURCES, language=RU)]
    assert shown == [
        ("Подключение", "Удалённое подключение"),
        ("Регион", "Без региона"),
        ("Тег", "env = prod"),
        ("Тег", "team"),
    ]


def test_own_tags_come_first_and_lead_to_their_like():
    found = tags(
        [
            Tag(key="a", value="1", source="provider"),
            Tag(key="команда", value="веб & ко", source="user"),
        ]
    )
    assert [(mark["key"], mark["is_own"]) for mark in found] == [("команда", True), ("a", False)]
    assert " " not in found[0]["href"]
    assert "&" not in found[0]["href"]


def test_parts_say_what_they_are():
    (part,) = parts(
        [
            Component(
                kind="software", name="n8n", version="1.108.2", status="INSTALLED",
                address="javascript:alert(1)", details={"slug": "n8n"},
            )
        ],
        language=RU,
    )  # fmt: skip
    assert (part["kind"], part["status"], part["tone"]) == ("Программа", "установлен", "success")
    assert part["href"] == ""
    assert part["address"] == "javascript:alert(1)"


def test_notes_can_be_removed_by_their_authors_and_by_administrators():
    anna, boris = uuid4(), uuid4()
    of = {"id": uuid4(), "author": "anna@example.com", "text": "!", "created_at": NOW}
    note, orphan = Annotation(author_id=anna, **of), Annotation(author_id=None, **of)
    for one, reader, chief, removable in (
        (note, anna, False, True),
        (note, boris, False, False),
        (note, boris, True, True),
        (orphan, anna, False, False),
        (orphan, None, False, False),
    ):
        (shown,) = notes([one], reader=reader, may_remove_all=chief, eyes=EYES)
        assert shown["is_removable"] is removable


def test_nothing_costs_nothing():
    assert totals(Summary(count=0, sums=()), language=RU) == []
    assert totals(Summary(count=1, sums=(Sum(currency="RUB", stated=ZERO_RATE,
        in_account_rate=ZERO_RATE),)), language=RU)[0]["note"] == ""  # fmt: skip
