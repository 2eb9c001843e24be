"""The line that leads from all resources to what there is to pay adds up to the kopeck."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.db.queries.resource_counts import Sum, Summary
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.finops.reconciliation import reconcile
from infrazen.services.running_costs import running_costs
from infrazen_ui.locales import Language
from infrazen_ui.present.payable import payable_line
from infrazen_ui.present.resource_table import totals

RU = Language.RU
AMOUNTS = st.decimals(0, 10_000_000, places=6)
RATES = st.builds(Rate, AMOUNTS, AMOUNTS)


def rate(monthly: str) -> Rate:
    return Rate(Decimal(monthly) / 30, Decimal(monthly))


def running(currency="RUB", account="0", explained="0", separate="0", corrected="0"):
    one = reconcile(
        currency=currency,
        account=rate(account) if account else None,
        explained=rate(explained),
        separate=rate(separate),
        corrected=rate(corrected),
    )
    (found,) = running_costs([one], main=currency)
    return found


def plain(words: str) -> str:
    return words.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def said(stated: str, language=RU, **account) -> str:
    return plain(payable_line(rate(stated), running(**account), language=language))


@pytest.mark.parametrize(
    ("stated", "account", "words"),
    [
        (
            "1500",
            {"account": "1800", "explained": "1500"},
            "Ресурсы 1 500,00 ₽ + остальная плата за аккаунт 300,00 ₽ = 1 800,00 ₽/мес к оплате",
        ),
        (
            "1500",
            {"account": "1200", "explained": "1500", "corrected": "600"},
            "Ресурсы 1 500,00 ₽ − ручные цены сверх тарифа 300,00 ₽ = 1 200,00 ₽/мес к оплате",
        ),
        (
            "1400",
            {"account": "1800", "explained": "1500"},
            "Ресурсы 1 400,00 ₽ + остальная плата за аккаунт 300,00 ₽ "
            "+ изменения после сверки 100,00 ₽ = 1 800,00 ₽/мес к оплате",
        ),
        ("1500", {"account": "", "separate": "1500"}, ""),
        ("1500", {"account": "1500", "explained": "1500"}, ""),
    ],
)
def test_what_stands_between(stated, account, words):
    assert said(stated, **account) == words


def test_in_english():
    assert said("1500", Language.EN, account="1800", explained="1500") == (
        "Resources ₽1,500.00 + the rest of the account charge ₽300.00 = ₽1,800.00/mo to pay"
    )


@given(account=RATES | st.none(), explained=RATES, separate=RATES, stated=RATES)
def test_whatever_providers_say_the_parts_add_up(account, explained, separate, stated):
    one = reconcile(currency="RUB", account=account, explained=explained, separate=separate)
    (found,) = running_costs([one], main="RUB")
    line = plain(payable_line(stated, found, language=RU))
    if line:
        amounts = re.findall(r"([−+=]?) ?(?:[а-яА-Я ]*)([\d ]+,\d\d) ₽", line)
        read = [(sign, Decimal(n.replace(" ", "").replace(",", "."))) for sign, n in amounts]
        *parts, (_, total) = read
        assert sum(-n if sign == "−" else n for sign, n in parts) == total


def test_each_currency_has_a_line_of_its_own():
    summary = Summary(
        count=1, sums=(Sum(currency="RUB", stated=rate("1500"), in_account_rate=ZERO_RATE),)
    )
    both = [
        running(account="1800", explained="1500"),
        running("USD", account="5"),
        running("EUR", account=""),
    ]
    rubles, dollars = totals(summary, both, language=RU)
    assert "1 800,00 ₽/мес к оплате" in plain(rubles["payable"])
    assert plain(dollars["payable"]) == (
        "Ресурсы 0,00 $ + остальная плата за аккаунт 5,00 $ = 5,00 $/мес к оплате"
    )
