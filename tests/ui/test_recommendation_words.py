"""What recommendations say: every rule, reason and step in both languages."""

import json
import shlex
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from infrazen.db.queries.connections import Source
from infrazen.db.queries.recommendations import Recommendation
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Text
from infrazen.domain.recommendations import Action, Category, Confidence, State, Unknown
from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.finops.rules import rules
from infrazen.finops.usage import summarise
from infrazen.services.rules import RuleView
from infrazen.sync.measure import SavedDay
from infrazen_ui.backend.recommendation_query import RecommendationQuery, Shelf
from infrazen_ui.locales import Language, catalogue
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.metrics import metric_cards, with_limit
from infrazen_ui.present.recommendation_words import change_of, command, why
from infrazen_ui.present.recommendations import card, saved_charts, why_empty
from infrazen_ui.present.rules import rule_lines

NOW = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)
EYES = Eyes(language=Language.RU, zone=ZoneInfo("Europe/Moscow"), now=NOW)


def found(**facts) -> Recommendation:
    known = dict.fromkeys((one.name for one in fields(Recommendation)), None)
    known |= {"currency": "RUB", "evidence": {}, "change": {}, "provider": "yandex"}
    return Recommendation(**(known | facts))


@pytest.mark.parametrize("language", Language)
def test_nothing_that_a_rule_may_say_lacks_words(language):
    asked = {
        "why": rules(),
        "category": Category,
        "confidence": Confidence,
        "state": State,
        "unknown": Unknown,
        "step": Action,
    }
    for family, names in asked.items():
        for name in names:
            assert f"recommendations.{family}.{name}" in catalogue(language)


def test_a_change_of_class_is_told_in_words():
    one = found(change={"storage_class": ["STANDARD", "COLD"]})
    assert change_of(one, language=Language.RU) == "Класс хранения: стандартный → холодный"
    assert change_of(one, language=Language.EN) == "Storage class: standard → cold"
    unheard = found(change={"storage_class": ["STANDARD", "GLACIER"]})
    assert change_of(unheard, language=Language.EN) == "Storage class: standard → GLACIER"


def test_a_change_of_size_and_price():
    one = found(change={"cpu": [4, 2], "memory_mb": [8192, 8192], "monthly": ["1500.00", "900.00"]})
    assert change_of(one, language=Language.EN) == "4 → 2 vCPU, ₽1,500.00 → ₽900.00/mo"


def test_why_counts_days_in_the_right_form():
    for days, said in ((1, "1 день"), (3, "3 дня"), (21, "21 день"), (15, "15 дней")):
        one = found(rule="stopped_server", evidence={"days": days})
        told = why(one, eyes=EYES)
        assert told == f"Остановлен уже {said} и всё это время оплачивается"


def test_what_was_saved_is_drawn_in_each_currency():
    def saved(currency: str, amount: int) -> SavedDay:
        day = date(2026, 11, 24)
        return SavedDay(
            day=day, currency=currency, promised=Decimal(amount), realised=Decimal(amount)
        )

    charts = saved_charts([saved("RUB", 4), saved("USD", 2)], language=Language.EN)
    assert [(one["currency"], one["title"]) for one in charts] == [
        ("RUB", "Savings by day, RUB"),
        ("USD", "Savings by day, USD"),
    ]
    assert [one["points"][0]["realised_text"] for one in charts] == ["₽4.00", "$2.00"]
    assert [one["unit"] for one in charts] == ["₽", "$"]
    [only] = saved_charts([saved("RUB", 4)], language=Language.RU)
    assert only["title"] == "Экономия по дням"


def test_what_was_put_away_says_what_it_would_save_alone():
    facts = {
        "id": UUID(int=1),
        "rule": "idle_server",
        "category": Category.CLEANUP,
        "confidence": Confidence.HIGH,
        "resource": "one",
        "resource_type": "vps",
        "monthly_saving": Decimal(0),
        "own_saving": Decimal(660),
        "state_reason": "",
        "state_by": "",
        "state_at": NOW,
    }
    waiting = card(found(state=State.OPEN, **facts), "Idle", eyes=EYES)
    assert waiting["saving_note"] == "Учтено в другой рекомендации по этому ресурсу"
    away = card(found(state=State.DISMISSED, **facts), "Idle", eyes=EYES)
    assert (away["saving"], away["saving_note"]) == ("660,00\u202f₽/мес", "")


def rule_view(kinds, *silent, asked: int = 40) -> RuleView:
    return RuleView(
        id="idle_server",
        category=Category.CLEANUP,
        action=Action.REMOVE,
        title=Text("Простаивающий сервер", "Idle server"),
        why=Text("Почему", "Why"),
        is_enabled=True,
        parameters=(),
        asked=asked,
        found=0,
        silent=silent,
        kinds=kinds,
    )


@pytest.mark.parametrize(
    ("kinds", "asked", "ru", "en"),
    [
        ((Kind.SERVER,), 40, "нет метрик у 7 из 40 ВМ", "no metrics for 7 of 40 servers"),
        ((Kind.DISK,), 21, "нет метрик у 7 из 21 диска", "no metrics for 7 of 21 disks"),
        ((Kind.DISK,), 22, "нет метрик у 7 из 22 дисков", "no metrics for 7 of 22 disks"),
        ((), 11, "нет метрик у 7 из 11 аккаунтов", "no metrics for 7 of 11 accounts"),
    ],
)
def test_a_silent_rule_says_why_not_and_of_how_many(kinds, asked, ru, en):
    rule = rule_view(kinds, ("no_readings", 7), asked=asked)
    for language, said in ((Language.RU, ru), (Language.EN, en)):
        [line] = rule_lines([rule], language=language)
        assert line["silent"] == [said]


def test_each_reason_for_an_empty_list_is_told_apart():
    source = Source(id=UUID(int=1), display_name="Beget", provider="beget", is_removed=False)
    on = rule_view((Kind.SERVER,))
    idle, off = replace(on, asked=0), replace(on, is_enabled=False)
    usual = RecommendationQuery()
    for query, known, sources, reason in (
        (usual, [on], [], "newcomer"),
        (usual, [on], [replace(source, is_removed=True)], "newcomer"),
        (RecommendationQuery(text="web"), [on], [source], "nothing"),
        (RecommendationQuery(shelf=Shelf.DONE), [idle], [source], "empty"),
        (usual, [off], [source], "unconfigured"),
        (usual, [idle, off], [source], "unread"),
        (usual, [on, idle], [source], "empty"),
    ):
        assert why_empty(query, known, sources) == reason


@pytest.mark.parametrize("language", Language)
def test_what_every_rule_looks_at_has_a_name(language):
    for rule in rules().values():
        view = rule_view(tuple(sorted(rule.kinds)), ("no_price", 1), asked=1)
        [line] = rule_lines([view], language=language)
        assert "of." not in line["silent"][0]


def test_commands_are_quoted():
    one = found(
        action=Action.CHANGE_CLASS,
        resource="a'b; rm",
        change={"storage_class": ["STANDARD", "COLD"]},
    )
    words = shlex.split(command(one))
    assert words[words.index("--bucket") + 1] == "a'b; rm"
    [rule] = json.loads(words[-1])["Rules"]
    assert rule["Transitions"] == [{"Days": 30, "StorageClass": "COLD"}]
    gone = found(action=Action.REMOVE, rule="unattached_disk", external_id="$(id)")
    assert shlex.split(command(gone)) == ["yc", "compute", "disk", "delete", "$(id)"]
    resized = found(
        action=Action.RESIZE, external_id="vm", change={"cpu": [4, 2], "memory_mb": [8192, 4096]}
    )
    assert "--cores 2 --memory 4096MB" in command(resized)
    assert command(found(action=Action.TOP_UP)) == ""


def test_the_threshold_is_drawn_at_its_share_of_what_there_is():
    since = datetime(2026, 11, 24, tzinfo=UTC)
    points = [MetricPoint(since + timedelta(hours=n), 700.0) for n in range(3)]
    summary = summarise(
        UsageSeries(resource="one", metric="memory", unit="MB", points=tuple(points), capacity=2048)
    )
    assert summary is not None
    cards = metric_cards([summary], {"memory": points}, eyes=EYES)
    [card_] = with_limit(cards, [summary], 40, language=Language.RU)
    assert {point["limit"] for point in card_["points"]} == {819.2}
    assert {point["limit_text"] for point in card_["points"]} == {"819,20\u202fМБ"}
