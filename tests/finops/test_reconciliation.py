from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.finops.reconciliation import reconcile

amounts = st.decimals(min_value=0, max_value=10**8, places=6)
rates = st.builds(Rate, amounts, amounts)


def rate(a_day, a_month):
    return Rate(Decimal(a_day), Decimal(a_month))


def test_the_reference_account_counts_its_money_once():
    found = reconcile(
        currency="RUB",
        account=rate("60.73", "1847"),
        explained=rate("60.73", "1821.90"),
        separate=ZERO_RATE,
    )
    assert found.listed == rate("121.46", "3668.90")
    assert found.payable == rate("60.73", "1847")
    assert found.residual.daily == 0
    assert found.residual.monthly == Decimal("25.10")
    assert found.excess == ZERO_RATE
    assert found.explained_percent == 100


@given(rates, rates, rates)
def test_parts_add_up_to_what_is_payable(account, explained, separate):
    found = reconcile(currency="RUB", account=account, explained=explained, separate=separate)
    assert found.explained + found.residual + found.separate == found.payable
    assert found.account + found.excess == found.explained + found.residual
    assert found.listed == account + explained + separate
    assert found.payable.daily >= max(account.daily, explained.daily)


@given(rates, rates, rates, rates)
def test_manual_prices_move_nothing_that_the_account_charges(account, provided, separate, manual):
    plain = reconcile(currency="RUB", account=account, explained=provided, separate=separate)
    found = reconcile(
        currency="RUB",
        account=account,
        explained=manual,
        separate=separate,
        corrected=manual - provided,
    )
    assert found.payable == plain.payable
    assert found.explained + found.residual - found.offset + found.separate == found.payable
    assert found.account + found.excess == found.explained + found.residual - found.offset
    assert min(found.residual.daily, found.offset.daily) == 0
    assert found.excess == plain.excess


@given(rates, rates, rates)
def test_without_an_account_charge_the_resources_are_what_is_payable(explained, separate, provided):
    found = reconcile(
        currency="RUB",
        account=None,
        explained=explained,
        separate=separate,
        corrected=explained - provided,
    )
    assert found.payable == explained + separate == found.listed
    assert found.residual == found.excess == found.offset == ZERO_RATE
    assert found.explained_percent is None
