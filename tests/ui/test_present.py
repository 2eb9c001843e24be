"""Figures as people read them, in both languages."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.money import Money, to_kopecks
from infrazen_ui.locales import Language
from infrazen_ui.present import dates, figures, sizes
from infrazen_ui.present import money as amounts
from infrazen_ui.present.failures import explain
from infrazen_ui.present.sparkline import HEIGHT, WIDTH, sparkline_path
from infrazen_ui.present.trends import Tone, trend

RU, EN = Language.RU, Language.EN
THIN = "\N{NARROW NO-BREAK SPACE}"
HARD = "\N{NO-BREAK SPACE}"
rubles = st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False).map(
    lambda amount: Money(amount, "RUB")
)
languages = st.sampled_from(Language)


def read(shown: str) -> Decimal:
    """The number that a person would read."""
    digits = shown.replace(THIN, "").replace("\N{MINUS SIGN}", "-")
    number = re.sub(r"[^\d,.-]", "", digits)
    if "," in number and "." in number:
        number = number.replace(",", "")
    return Decimal(number.replace(",", ".") if "₽" in shown[-1] else number.replace(",", ""))


@pytest.mark.parametrize(
    ("amount", "russian", "english"),
    [
        ("1847", f"1{THIN}847,00{THIN}₽", "₽1,847.00"),
        ("60.73", f"60,73{THIN}₽", "₽60.73"),
        ("0.005", f"0,01{THIN}₽", "₽0.01"),
        ("-12.5", f"−12,50{THIN}₽", "−₽12.50"),
        ("-0.001", f"0,00{THIN}₽", "₽0.00"),
        ("1234567.891", f"1{THIN}234{THIN}567,89{THIN}₽", "₽1,234,567.89"),
    ],
)
def test_money(amount, russian, english):
    value = Money(Decimal(amount), "RUB")
    assert amounts.money(value, language=RU) == russian
    assert amounts.money(value, language=EN) == english


@pytest.mark.parametrize(
    ("currency", "russian", "english"), [("RUB", "\u202f₽", "₽"), ("KGS", "\u202fKGS", "\u202fKGS")]
)
def test_the_sign_at_an_axis_stands_where_amounts_have_it(currency, russian, english):
    assert amounts.axis_unit(currency, RU) == russian
    assert amounts.axis_unit(currency, EN) == english


def test_money_of_other_currencies():
    assert amounts.money(Money(Decimal(5), "USD"), language=RU) == f"5,00{THIN}$"
    assert amounts.money(Money(Decimal(5), "USD"), language=EN) == "$5.00"
    assert amounts.money(Money(Decimal(5), "KZT"), language=EN).endswith(f"{THIN}KZT")


def test_kopecks_are_left_out_where_they_only_distract():
    assert amounts.money_round(Money(Decimal("117150.40"), "RUB"), language=RU) == (
        f"117{THIN}150{THIN}₽"
    )
    assert amounts.money_round(Money(Decimal("9999.99"), "RUB"), language=RU) == (
        f"9{THIN}999,99{THIN}₽"
    )


def test_money_per_period():
    value = Money(Decimal("60.73"), "RUB")
    assert amounts.per_day(value, language=RU) == f"60,73{THIN}₽/день"
    assert amounts.per_month(value, language=EN) == "₽60.73/mo"


@given(rubles, languages)
def test_what_is_shown_reads_as_the_amount_to_the_kopeck(value, language):
    assert read(amounts.money(value, language=language)) == to_kopecks(value.amount)


@given(rubles, languages)
def test_money_never_breaks_over_two_lines(value, language):
    for show in (amounts.money, amounts.money_round):
        shown = show(value, language=language)
        assert not re.search(r"[ \N{NO-BREAK SPACE}\-]", shown)


@pytest.mark.parametrize(
    ("n", "russian", "english"),
    [(0, "0 Б", "0 B"), (999, "999 Б", "999 B"), (458227712, "437 МБ", "437 MB"),
     (21016608768, "20 ГБ", "20 GB"), (1536 * 1024, "1,5 МБ", "1.5 MB")],
)  # fmt: skip
def test_sizes(n, russian, english):
    assert sizes.size(n, language=RU).replace(THIN, " ") == russian
    assert sizes.size(n, language=EN).replace(THIN, " ") == english


def test_megabytes_of_memory():
    assert sizes.megabytes(2048, language=RU) == f"2{THIN}ГБ"
    assert sizes.megabytes(Decimal("991.38"), language=RU) == f"991{THIN}МБ"


@given(st.integers(min_value=0, max_value=2**60), languages)
def test_a_size_has_at_most_four_digits(n, language):
    shown = sizes.size(n, language=language)
    assert len(re.findall(r"\d", shown)) <= 4


def test_percentages():
    assert figures.percent(Decimal("12.46"), language=RU) == f"12,5{THIN}%"
    assert figures.percent(67, language=EN, decimals=0) == "67%"


decimals = st.sampled_from([None, 0, 1, 2, 6])
numbers = st.one_of(
    st.integers(min_value=-(10**15), max_value=10**15),
    st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False),
    st.floats(min_value=-1e9, max_value=1e9),
)


@given(numbers, languages, decimals)
def test_numbers_are_written_as_the_languages_do(value, language, decimals):
    pattern = "#,##0.###" if decimals is None else "#,##0." + "0" * decimals
    known = format_decimal(value, format=pattern.rstrip("."), locale=language.value)
    expected = known.replace(HARD, THIN).replace("-", "\N{MINUS SIGN}")
    assert figures.number(value, language=language, decimals=decimals) == expected


def test_plain_numbers():
    assert figures.number(Decimal("1234.5"), language=RU) == f"1{THIN}234,5"
    assert figures.number(100_000, language=EN) == "100,000"


@pytest.mark.parametrize(
    ("n", "russian"),
    [(0, "много"), (1, "один"), (2, "мало"), (4, "мало"), (5, "много"), (11, "много"),
     (12, "много"), (21, "один"), (22, "мало"), (25, "много"), (101, "один"), (111, "много"),
     (112, "много"), (1001, "один")],
)  # fmt: skip
def test_russian_counts(n, russian, monkeypatch):
    forms = {"one": "{n} один", "few": "{n} мало", "many": "{n} много", "other": "{n} дробь"}
    monkeypatch.setattr("infrazen_ui.locales.catalogue", lambda _: {"noun": forms})
    shown = figures.number(n, language=RU)
    assert figures.counted("noun", n, language=RU) == f"{shown} {russian}"


NOW = datetime(2026, 11, 23, 11, 5, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def test_days_and_moments():
    assert dates.day(date(2026, 11, 23), language=RU) == "23 нояб. 2026"
    assert dates.short_day(date(2026, 5, 3), language=EN) == "3 May"
    assert dates.moment(NOW, zone=MOSCOW, language=RU) == "23 нояб. 2026, 14:05"


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        (date(2026, 11, 1), date(2026, 11, 23), "1–23 нояб. 2026"),
        (date(2026, 10, 25), date(2026, 11, 23), f"25 окт.{HARD}–{HARD}23 нояб. 2026"),
        (date(2025, 12, 31), date(2026, 1, 1), f"31 дек. 2025{HARD}–{HARD}1 янв. 2026"),
        (date(2026, 1, 1), date(2026, 1, 1), "1 янв. 2026"),
    ],
)
def test_periods_say_the_year_once(since, until, shown):
    assert dates.days(since, until, language=RU) == shown


@pytest.mark.parametrize(
    ("distance", "russian", "english"),
    [
        (timedelta(seconds=-20), "только что", "just now"),
        (timedelta(minutes=-5), "5 минут назад", "5 minutes ago"),
        (timedelta(hours=-1), "1 час назад", "1 hour ago"),
        (timedelta(days=2), "через 2 дня", "in 2 days"),
        (timedelta(days=-21), "3 недели назад", "3 weeks ago"),
    ],
)
def test_relative_times(distance, russian, english):
    assert dates.relative(NOW + distance, now=NOW, language=RU).replace(HARD, " ") == russian
    assert dates.relative(NOW + distance, now=NOW, language=EN).replace(HARD, " ") == english


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 с"), (0.42, "0,4 с"), (9.96, "10 с"), (12, "12 с"), (59.7, "1 мин"), (65, "1 мин 5 с"),
     (3600, "1 ч"), (7385, "2 ч 3 мин")],
)  # fmt: skip
def test_durations(seconds, shown):
    assert dates.duration(seconds, language=RU).replace(THIN, " ") == shown


@given(st.floats(min_value=0, max_value=10**6, allow_nan=False))
def test_a_duration_always_says_something(seconds):
    assert dates.duration(seconds, language=RU)


@pytest.mark.parametrize(
    ("current", "previous", "direction", "tone"),
    [("105", "120", "down", Tone.SUCCESS), ("120", "105", "up", Tone.DANGER),
     ("100", "100.01", "flat", Tone.NEUTRAL), ("5", None, "none", Tone.NEUTRAL),
     ("5", "0", "none", Tone.NEUTRAL), ("-5", "-10", "up", Tone.DANGER)],
)  # fmt: skip
def test_trends_of_spending(current, previous, direction, tone):
    found = trend(Decimal(current), previous and Decimal(previous), language=RU)
    assert (found.direction, found.tone) == (direction, tone)


def test_trends_have_words():
    assert trend(Decimal("87.5"), Decimal(100), language=RU).text == f"ниже на 12,5{THIN}%"
    assert trend(Decimal(2), Decimal(1), language=EN, up_is_good=True).tone is Tone.SUCCESS


def test_an_explanation_says_how_long_to_wait_and_what_to_quote():
    words = explain("TooManyAttempts", language=RU, retry_after=65, request_id="a1b2")
    assert "1 мин 5 с" in words.action.replace(THIN, " ")
    assert "a1b2" in words.action


def test_a_place_has_its_own_words():
    general, own = (explain("Forbidden", language=RU, place=place) for place in (None, "setup"))
    assert general != own
    assert explain("Invalid", language=RU, place="setup") == explain("Invalid", language=RU)


@given(st.lists(st.none() | st.floats(-1e9, 1e9, allow_nan=False), max_size=60))
def test_a_sparkline_stays_in_its_frame_and_keeps_gaps(values):
    path = sparkline_path(values)
    points = re.findall(r"[ML]([\d.]+) ([\d.]+)", path)
    known = [value for value in values if value is not None]
    assert len(points) == len(known)
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in points)
    pieces = sum(
        1
        for before, value in zip([None, *values], values, strict=False)
        if value is not None and before is None
    )
    assert path.count("M") == pieces
