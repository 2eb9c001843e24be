"""What a resource costs when somebody agrees to change it: later days are held against that."""

from datetime import timedelta
from decimal import Decimal

import pytest

from infrazen.db.queries import findings
from infrazen.domain.money import from_micro
from infrazen.domain.periods import local_day, utc_now
from infrazen.domain.recommendations import State
from infrazen.security.access import system_actor
from infrazen.services.recommendations import decide
from tests.sync.made_up import MadeUp, made_up, server
from tests.sync.test_billing import bill, line
from tests.world import add_recommendation

SERVER = "vps/id-1"


@pytest.fixture
def account(each_database) -> MadeUp:
    account = made_up(each_database)
    account.day = local_day(utc_now(), "Europe/Moscow")
    return account


def baseline(account: MadeUp) -> Decimal | None:
    with account.store.writing() as session:
        id_ = add_recommendation(
            session,
            account.organization_id,
            account.connection_id,
            account.resource_id(SERVER),
        )
    actor = system_actor(account.organization_id)
    decide(actor, recommendation_ids=[id_], state=State.ACCEPTED)
    with account.store.reading() as session:
        (agreed,) = (
            one for one in findings.stored(session, account.connection_id) if one.id == id_
        )
    return None if agreed.baseline_daily is None else from_micro(agreed.baseline_daily)


def billed(account: MadeUp, amounts: dict[int, str], currency: str = "RUB"):
    """A bill of what was charged so many days ago."""
    charged = line(SERVER, currency=currency)
    return bill({account.day - timedelta(days=ago): {charged: amounts[ago]} for ago in amounts})


def test_without_bills_it_is_the_price(account):
    account.sync(server(1))
    assert baseline(account) == 22


def test_it_is_the_mean_of_the_weeks_bills_which_charge_for_traffic_too(account):
    amounts = {1: "30", 2: "31", 7: "35", 8: "1000"}
    account.sync(server(1), bills=(billed(account, amounts),))
    assert baseline(account) == 32


def test_bills_in_another_currency_say_nothing(account):
    account.sync(server(1), bills=(billed(account, {1: "30"}, "USD"),))
    assert baseline(account) == 22
