"""What recommendations say: every rule, reason and step in both languages."""

from dataclasses import fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from infrazen.db.queries.recommendations import Recommendation
from infrazen.domain.recommendations import Action, Category, Confidence, State, Unknown
from infrazen.finops.rules import rules
from infrazen_ui.locales import Language, catalogue
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.recommendation_words import change_of, why

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
    assert change_of(one, language=Language.RU) == "Класс стандартный → холодный"
    assert change_of(one, language=Language.EN) == "Class standard → cold"
    unheard = found(change={"storage_class": ["STANDARD", "GLACIER"]})
    assert change_of(unheard, language=Language.EN) == "Class standard → GLACIER"


def test_a_change_of_size_and_price():
    one = found(change={"cpu": [4, 2], "memory_mb": [8192, 8192], "monthly": ["1500.00", "900.00"]})
    assert change_of(one, language=Language.EN) == "4 → 2 vCPU, ₽1,500.00 → ₽900.00/mo"


def test_why_counts_days_in_the_right_form():
    for days, said in ((1, "1 день"), (3, "3 дня"), (21, "21 день"), (15, "15 дней")):
        one = found(rule="stopped_server", evidence={"days": days})
        told = why(one, eyes=EYES)
        assert told == f"Остановлен уже {said} и всё это время оплачивается"
