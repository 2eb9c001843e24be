"""Time zones and currencies are called what people call them."""

from datetime import UTC, datetime

import pytest

from infrazen.domain.money import CURRENCIES
from infrazen_ui.backend.organization import time_zones
from infrazen_ui.locales import Language
from infrazen_ui.present.places import currency_choices, zone_choices, zone_name

WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "now", "name"),
    [
        ("Europe/Moscow", Language.RU, WINTER, "Москва, UTC+3"),
        ("Europe/Moscow", Language.EN, WINTER, "Moscow, UTC+3"),
        ("Europe/Berlin", Language.RU, WINTER, "Берлин, UTC+1"),
        ("Europe/Berlin", Language.RU, SUMMER, "Берлин, UTC+2"),
        ("Asia/Kolkata", Language.RU, WINTER, "Калькутта, UTC+5:30"),
        ("America/New_York", Language.RU, WINTER, "Нью-Йорк, UTC−5"),
        ("Asia/Calcutta", Language.RU, WINTER, "Калькутта, UTC+5:30"),
        ("America/Argentina/Buenos_Aires", Language.RU, WINTER, "Буэнос-Айрес, UTC−3"),
        ("UTC", Language.RU, WINTER, "UTC"),
    ],
)
def test_a_zone_is_a_place_and_its_distance(zone, language, now, name):
    assert zone_name(zone, now=now, language=language) == name


@pytest.mark.parametrize("language", Language)
def test_every_choice_has_a_name_of_its_own_and_the_chosen_one_is_there(language):
    for chosen in ("Europe/Moscow", "Asia/Kolkata", "Asia/Calcutta", "America/Indiana/Knox"):
        choices = zone_choices(time_zones(), chosen=chosen, now=WINTER, language=language)
        labels = [one["label"] for one in choices]
        assert len(set(labels)) == len(labels)
        assert labels[0] == "UTC"
        assert chosen in {one["value"] for one in choices}
    assert all("/" not in label for label in labels)
    assert len(labels) > 300


def test_currencies_have_a_name_and_a_sign():
    russian = [one["label"] for one in currency_choices(CURRENCIES, Language.RU)]
    assert russian[:3] == ["Российский рубль (₽)", "Доллар США ($)", "Евро (€)"]
    english = [one["label"] for one in currency_choices(CURRENCIES, Language.EN)]
    assert english[0] == "Russian Ruble (₽)"
    assert [one["value"] for one in currency_choices(CURRENCIES, Language.EN)] == list(CURRENCIES)
