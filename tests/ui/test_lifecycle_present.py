"""What people read of a resource's history and its cost."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from infrazen.db.queries.cost_history import ResourceDay
from infrazen.domain.lifecycle import CostMove, Happening, HappeningKind, LifecycleEntry
from infrazen.domain.money import CostSource, Period
from infrazen.domain.overrides import ManualPrice
from infrazen.domain.recommendations import AGREED, State
from infrazen_ui.backend.resource_lifecycle import FieldChange, Told
from infrazen_ui.locales import Language, text
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.lifecycle import events
from infrazen_ui.present.lifecycle_chart import cost_chart, currencies_of
from infrazen_ui.present.paints import lasting_colors, metric_paint
from tests.ui.test_resource_present import plain

RU, EN = Language.RU, Language.EN
NOW = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)
EYES = Eyes(language=RU, zone=ZoneInfo("Europe/Moscow"), now=NOW)
SEEN = (HappeningKind.CREATED, HappeningKind.RETURNED, HappeningKind.DELETED)


def move(before, after, *, currency="RUB", days=None):
    amounts = [None if one is None else Decimal(one) for one in (before, after)]
    return CostMove(currency=currency, before=amounts[0], after=amounts[1], days=days)


def told(kind, *moves, fields=(), ago=2, **facts):
    one = Happening(at=NOW - timedelta(hours=ago), kind=kind, id=uuid4(), **facts)
    entry = LifecycleEntry(happening=one, moves=moves)
    return Told(entry=entry, fields=fields, currency="RUB")


def resized(*moves, ago=2):
    fields = (FieldChange(name="config.cpu", before=2, after=4),)
    return told(HappeningKind.UPDATED, *moves, fields=fields, ago=ago)


def cost(day, amount, currency="RUB", source=CostSource.PRICED):
    return ResourceDay(
        connection_id=UUID(int=1),
        currency=currency,
        day=day,
        amount=Decimal(amount),
        source=source,
    )


def drawn(costs, *found, days=3, currency="RUB"):
    return cost_chart(costs, found, currency=currency, days=days, eyes=EYES)


def test_a_change_in_plain_words():
    changed = told(
        HappeningKind.UPDATED,
        move("22", "44"),
        fields=(
            FieldChange(name="status", before="running", after="stopped"),
            FieldChange(name="provider_status", before="RUNNING", after="STOPPED"),
            FieldChange(name="config.cpu", before=2, after=4),
            FieldChange(name="price.amount", before="22", after="44"),
            FieldChange(name="price.daily_micro", before=22_000_000, after=44_000_000),
        ),
    )
    (event,) = events([changed], eyes=EYES)
    assert event["title"] == "Изменены 2 параметра"
    assert plain(event["when"]) == "2 часа назад"
    assert plain(event["at"]) == "25 нояб. 2026, 12:05"
    assert [(c["name"], plain(c["before"]), plain(c["after"])) for c in event["changes"]] == [
        ("Статус", "Работает", "Остановлен"),
        ("Процессор", "2 ядра", "4 ядра"),
    ]
    (moved,) = event["moves"]
    assert plain(moved["text"]) == "22,00 ₽/день → 44,00 ₽/день"
    assert (moved["direction"], "100" in moved["trend"], moved["note"]) == ("up", True, "")


def test_a_price_is_told_once_and_shown_where_bills_say_what_it_cost():
    fields = (FieldChange(name="price.daily_micro", before=22_000_000, after=44_000_000),)
    (event,) = events([told(HappeningKind.UPDATED, move("22", "44"), fields=fields)], eyes=EYES)
    assert (event["title"], event["changes"]) == ("Изменилась цена", [])
    billed = move("20", "40", days=(date(2026, 11, 11), date(2026, 11, 13)))
    (event,) = events([told(HappeningKind.UPDATED, billed, fields=fields)], eyes=EYES)
    assert [one["name"] for one in event["changes"]] == ["Цена в день"]


@pytest.mark.parametrize("kind", SEEN)
def test_the_beginning_and_the_end_need_no_fields(kind):
    (event,) = events([told(kind)], eyes=EYES)
    assert event["title"] == text(f"lifecycle.kind.{kind.value}", RU)
    assert event["changes"] == event["moves"] == []


@pytest.mark.parametrize(
    ("kind", "moved", "shown", "note"),
    [
        (HappeningKind.CREATED, move(None, "22"), "22,00 ₽/день", ""),
        (
            HappeningKind.DELETED,
            move("22", None),
            "22,00 ₽/день → больше не начисляется",
            "",
        ),
        (HappeningKind.UPDATED, move("22", None), "22,00 ₽/день → без цены", ""),
        (
            HappeningKind.UPDATED,
            move("22", None, days=(date(2026, 11, 24), None)),
            "22,00 ₽/день → счёта за следующие дни ещё нет",
            "по счёту за 24 нояб.",
        ),
        (
            HappeningKind.UPDATED,
            move("22", "31.5", days=(date(2026, 11, 11), date(2026, 11, 13))),
            "22,00 ₽/день → 31,50 ₽/день",
            "по счетам за 11 нояб. и 13 нояб.",
        ),
        (
            HappeningKind.UPDATED,
            move("22", "22", days=(date(2026, 11, 11), date(2026, 11, 13))),
            "не изменилась: 22,00 ₽/день",
            "по счетам за 11 нояб. и 13 нояб.",
        ),
    ],
)
def test_how_the_cost_moved(kind, moved, shown, note):
    (event,) = events([told(kind, moved)], eyes=EYES)
    (words,) = event["moves"]
    assert (plain(words["text"]), plain(words["note"])) == (shown, note)


def test_what_people_said():
    price = ManualPrice(amount=Decimal(450), period=Period.MONTH, currency="RUB")
    found = [
        told(HappeningKind.NAMED, name="Shop", actor="Анна"),
        told(HappeningKind.PRICED, price=price, actor="Анна", reason="договор"),
        told(HappeningKind.UNPRICED, price=price, actor="Олег"),
    ]
    shown = events(found, eyes=EYES)
    assert [plain(one["title"]) for one in shown] == [
        "Дали название «Shop»",
        "Указали цену 450,00 ₽/мес",
        "Вернули цену провайдера",
    ]
    assert [one["who"] for one in shown] == ["Анна", "Анна: договор", "Олег"]
    assert len({one["anchor"] for one in shown}) == 3


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("state", sorted(AGREED))
def test_what_people_agreed_to(language, state: State):
    found = told(
        HappeningKind.DECIDED,
        state=state,
        rule="oversized_cpu",
        recommendation_id=UUID(int=7),
        actor="Анна",
    )
    eyes = Eyes(language=language, zone=EYES.zone, now=NOW)
    (event,) = events([found], eyes=eyes)
    assert "oversized_cpu" not in event["title"]
    assert event["href"] == f"/recommendations?open={UUID(int=7)}"
    forgotten = told(HappeningKind.DECIDED, state=state, rule="a rule of old")
    assert "a rule of old" in events([forgotten], eyes=eyes)[0]["title"]


TODAY = date(2026, 11, 25)
BEFORE = TODAY - timedelta(days=2)


def test_days_without_a_record_are_gaps():
    chart = drawn([cost(BEFORE, "9.73"), cost(TODAY, "9.73", source=CostSource.BILLED)])
    assert [point["cost"] for point in chart["points"]] == [9.73, None, 9.73]
    texts = [plain(point["cost_text"]) for point in chart["points"]]
    assert texts == ["9,73 ₽ · по прайсу", "—", "9,73 ₽ · по счёту"]
    assert plain(chart["note"]) == "23–25 нояб. 2026 · всего 19,46 ₽ · записано 2 дня из 3"
    assert not drawn([])["has_costs"]


def test_a_chart_has_one_currency():
    costs = [cost(BEFORE, "1", "USD"), cost(TODAY, "9.73")]
    assert currencies_of(costs) == ["RUB", "USD"]
    assert [point["cost"] for point in drawn(costs)["points"]] == [None, None, 9.73]
    dollars = drawn(costs, currency="USD")
    assert [point["cost"] for point in dollars["points"]] == [1.0, None, None]
    assert (plain(dollars["unit"]), plain(drawn(costs)["unit"])) == (" $", " ₽")


def test_marks_stand_over_their_days_and_say_what_happened():
    chart = drawn([cost(TODAY, "44")], resized(move("22", "44")), resized(ago=50))
    assert [mark["left"] for mark in chart["wide"]] == ["16.667%", "83.333%"]
    assert [mark["place"] for mark in chart["wide"]] == [1, 0]
    assert plain(chart["wide"][1]["label"]) == (
        "25 нояб. 2026: Процессор: 2 ядра → 4 ядра; 22,00 ₽/день → 44,00 ₽/день"
    )
    assert plain(chart["points"][2]["note"]) == (
        "Процессор: 2 ядра → 4 ядра; 22,00 ₽/день → 44,00 ₽/день"
    )
    assert chart["points"][1]["note"] == ""


def test_marks_that_would_touch_are_one():
    found = [resized(ago=2), resized(ago=26), resized(ago=50), resized(ago=24 * 20)]
    chart = drawn([cost(TODAY, "44")], *found, days=90)
    assert [(mark["count"], mark["place"]) for mark in chart["narrow"]] == [("", 3), ("3", 0)]
    assert plain(chart["narrow"][1]["label"]) == "23–25 нояб. 2026: 3 события"
    assert len(chart["wide"]) == 2


def test_what_happened_before_the_chart_begins_has_no_mark():
    assert drawn([cost(TODAY, "44")], resized(ago=24 * 9))["wide"] == []


def test_a_year_goes_by_weeks():
    costs = [cost(TODAY - timedelta(days=n), "10") for n in range(7)]
    chart = drawn(costs, resized(), days=365)
    assert (chart["when"], len(chart["points"])) == ("Неделя", 53)
    assert [point["cost"] for point in chart["points"]][-2:] == [40.0, 30.0]
    assert plain(chart["points"][-1]["cost_text"]) == "30,00 ₽"
    assert len({point["label"] for point in chart["points"]}) == 53
    assert "по неделям" in chart["note"]


def test_a_thing_keeps_its_colour_beside_others():
    known = list("abcdefghij")
    assert lasting_colors("cab", known) == {"a": 1, "b": 2, "c": 3}
    assert lasting_colors("c", known) == {"c": 3}
    assert lasting_colors("ah", known) == {"a": 1, "h": 2}, "h is the eighth and gives way"
    assert len(set(lasting_colors("bcdefgi", known).values())) == 7
    assert lasting_colors(["gone"], known) == {"gone": 4}


def test_metrics_have_a_colour_each():
    assert metric_paint("cpu") != metric_paint("memory")
    assert metric_paint("unheard_of") == "var(--chart-8)"


@pytest.mark.parametrize(
    ("operation", "failed", "title", "tone"),
    [
        ("STOP", False, "Остановка · журнал провайдера", "neutral"),
        ("RESTART", True, "Перезапуск: не удалось · журнал провайдера", "danger"),
        ("HIBERNATE", False, "HIBERNATE · журнал провайдера", "neutral"),
    ],
)
def test_what_the_providers_log_tells(operation, failed, title, tone):
    (event,) = events([told(HappeningKind.OPERATED, operation=operation, failed=failed)], eyes=EYES)
    assert (event["title"], event["tone"], event["moves"]) == (title, tone, [])
