"""Records that could not be read, in words."""

import re

import pytest

from infrazen.provider_kit.unreadable import DUPLICATE, TroubleKind
from infrazen_ui.locales import Language, catalogue
from infrazen_ui.present.unread_records import reason_words

RU, EN = Language.RU, Language.EN


@pytest.mark.parametrize(
    ("reason", "russian", "english"),
    [
        (
            "Expected `int | null`, got `str` - at `$.flavor.cpu`",
            "Поле «flavor.cpu»: ожидали целое число, получили строку.",
            "Field “flavor.cpu”: expected an integer, got a string.",
        ),
        (
            "Expected `float | str`, got `array` - at `$.price`",
            "Поле «price»: ожидали число или строку, получили список.",
            "Field “price”: expected a number or a string, got a list.",
        ),
        (
            "Expected `object`, got `null`",
            "Вся запись: ожидали объект, получили пустое значение.",
            "The whole record: expected an object, got nothing.",
        ),
        (
            "Object missing required field `id` - at `$.disk`",
            "Нет обязательного поля «disk.id».",
            "The required field “disk.id” is missing.",
        ),
        (
            DUPLICATE,
            "Запись с таким же идентификатором уже пришла, но с другим содержимым.",
            "A record with the same identifier came before, with other contents.",
        ),
        (
            "Expected `Colour`, got `str` - at `$.c`",
            "Поле «c»: ожидали Colour, получили строку.",
            "Field “c”: expected Colour, got a string.",
        ),
    ],
)
def test_a_reason_in_words(reason, russian, english):
    assert reason_words(reason, RU) == russian
    assert reason_words(reason, EN) == english


def test_no_reason_is_left_in_english():
    unknown = "something that nobody here writes: {0}"
    assert re.fullmatch(r"[А-Яа-яё ,.]+", reason_words(unknown, RU))


@pytest.mark.parametrize("language", Language)
def test_every_kind_of_trouble_has_words(language):
    assert {f"unread.record.{kind.value}" for kind in TroubleKind} <= catalogue(language).keys()
