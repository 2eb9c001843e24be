"""What people say of a resource counts everywhere, survives syncs, and can be taken back."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import col

from infrazen.db.columns import Micro
from infrazen.db.queries import cost_slices
from infrazen.db.queries.cost_slices import Slice
from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.db.tables.costs import ChargeRow, CostRecordRow, CostTotalRow
from infrazen.db.tables.people import OrganizationRow
from infrazen.domain.money import CostSource, Money, Period
from infrazen.domain.overrides import OverrideField
from infrazen.domain.periods import local_day, utc_now
from infrazen.errors import Conflict, Invalid
from infrazen.security.access import system_actor
from infrazen.services.exports import export_resources
from infrazen.services.overrides import (
    list_overrides,
    reset_override,
    set_name,
    set_price,
)
from infrazen.services.resources import get_resource, list_resource_costs, search_resources
from tests.sync.made_up import MadeUp, charge_of, made_up, server
from tests.sync.test_billing import bill
from tests.sync.test_billing import line as line_of

CONTRACT = "an annual contract"


@pytest.fixture
def account(each_database) -> MadeUp:
    """A connection that was synced today, by the clock of whoever bills."""
    return today(made_up(each_database))


def today(account: MadeUp) -> MadeUp:
    account.day = local_day(utc_now(), "Europe/Moscow")
    return account


def actor(account):
    return system_actor(account.organization_id)


def resource(account, number=1):
    return account.resource_id(f"vps/id-{number}")


def day(account):
    return Slice(
        organization_id=account.organization_id,
        connection_id=account.connection_id,
        day=account.day,
    )


def payable(account):
    with account.store.reading() as session:
        (found,) = cost_slices.reconciliations(session, day(account))
    return found


def recorded(account):
    """What the day's facts and the dashboard's calendar come to."""
    with account.store.reading() as session:
        here = {"connection_id": account.connection_id}
        facts = session.scalar(
            select(func.sum(col(CostRecordRow.effective_cost), type_=Micro)).filter_by(
                **here, day=account.day
            )
        )
        row = session.scalars(
            select(CostTotalRow).filter_by(**here, measure="effective")
        ).one_or_none()
        known = row and getattr(row, f"d{account.day.day:02d}")
    assert (facts or 0) == (known or 0)
    return facts or Decimal(0)


def sources(account):
    with account.store.reading() as session:
        rows = session.execute(
            select(col(ChargeRow.cost_source), col(CostRecordRow.effective_cost))
            .join(CostRecordRow, col(CostRecordRow.charge_id) == col(ChargeRow.id))
            .where(col(CostRecordRow.connection_id) == account.connection_id)
        )
        return sorted((source.value, amount) for source, amount in rows)


def line(account, text=""):
    (found,) = search_resources(actor(account), wanted=ResourceFilter(text=text)).lines
    return found


def test_a_name_is_shown_found_and_kept_by_syncs(account):
    account.sync(server(1))
    set_name(actor(account), resource_id=resource(account), name="  Shop front ")
    assert line(account, "shop").name == line(account, "server 1").name == "Shop front"
    account.sync(server(1, region="ru2", name="server one"))
    found = line(account, "shop front")
    assert (found.name, found.region, found.stated.name) == ("Shop front", "ru2", "server one")


def test_a_renamed_resource_is_no_change_that_a_sync_finds(account):
    account.sync(server(1))
    set_name(actor(account), resource_id=resource(account), name="Shop front")
    assert account.sync(server(1)).counts.unchanged == 1
    account.sync(server(1, region="ru2"))
    latest = account.history(resource(account))[0]
    assert latest.changed_fields == ["region"]
    assert latest.previous["name"] == latest.current["name"] == "server 1"


def test_a_price_counts_from_its_day_on_with_a_source_of_its_own(account):
    free = server(2, price=None)
    account.day -= timedelta(days=1)
    account.sync(free)
    today(account)
    set_price(
        actor(account),
        resource_id=resource(account, 2),
        amount=Decimal(600),
        period=Period.MONTH,
        reason=CONTRACT,
    )
    found = line(account)
    assert (found.daily_cost, found.monthly_cost, found.currency) == (20, 600, "RUB")
    assert found.cost_source is CostSource.MANUAL
    assert found.stated.price is None
    assert payable(account).payable.daily == payable(account).separate.daily == 20
    assert recorded(account) == 20
    assert sources(account) == [("manual", Decimal(20))]


def test_a_resources_days_show_the_manual_price_as_one(account):
    account.sync(server(1))
    set_price(
        actor(account),
        resource_id=resource(account),
        amount=Decimal(5),
        period=Period.DAY,
        reason=CONTRACT,
    )
    found = list_resource_costs(
        actor(account), resource_id=resource(account), today=account.day, days=1
    )
    assert [(one.amount, one.source) for one in found] == [(5, CostSource.MANUAL)]


def test_a_price_inside_the_account_charge_changes_nothing_payable(account):
    account.sync(server(1), server(2), charge=charge_of("50", "1500"))
    assert payable(account).payable.daily == 50
    set_price(
        actor(account),
        resource_id=resource(account),
        amount=Decimal(40),
        period=Period.DAY,
        reason=CONTRACT,
    )
    found = payable(account)
    assert (found.explained.daily, found.offset.daily, found.residual.daily) == (62, 12, 0)
    assert found.payable.daily == 50 == recorded(account)
    assert ("manual", Decimal(-12)) in sources(account)
    account.sync(server(1), server(2, daily="23"), charge=charge_of("50", "1500"))
    assert payable(account).payable.daily == 50 == recorded(account)
    assert payable(account).offset.daily == 13


def test_a_price_counts_where_no_account_charge_contains_it(account):
    account.sync(server(1), server(2))
    set_price(
        actor(account),
        resource_id=resource(account),
        amount=Decimal(40),
        period=Period.DAY,
        reason=CONTRACT,
    )
    assert payable(account).payable.daily == 62 == recorded(account)
    account.sync(server(1), server(2, daily="23"))
    assert payable(account).payable.daily == 63 == recorded(account)


def test_what_the_provider_says_is_kept_beside_and_had_back(account):
    account.sync(server(1), charge=charge_of("50", "1500"))
    set_name(actor(account), resource_id=resource(account), name="Shop front")
    set_price(
        actor(account),
        resource_id=resource(account),
        amount=Decimal(1),
        period=Period.DAY,
        reason=CONTRACT,
    )
    account.sync(server(1, daily="30"), charge=charge_of("50", "1500"))
    view = get_resource(actor(account), resource_id=resource(account))
    assert (view.resource.name, view.resource.daily_cost) == ("Shop front", 1)
    assert view.resource.provided.price.daily_micro == 30_000_000
    for field in OverrideField:
        reset_override(actor(account), resource_id=resource(account), field=field)
    found = line(account)
    assert (found.name, found.daily_cost, found.stated) == ("server 1", 30, None)
    assert found.cost_source is CostSource.PRICED
    assert payable(account).explained.daily == 30
    assert recorded(account) == 50


def test_every_word_is_kept_with_its_reason_and_its_end(account):
    account.sync(server(1))
    for amount in (1, 2):
        set_price(
            actor(account),
            resource_id=resource(account),
            amount=Decimal(amount),
            period=Period.DAY,
            reason=f"{CONTRACT} {amount}",
        )
    reset_override(actor(account), resource_id=resource(account), field=OverrideField.PRICE)
    found = list_overrides(actor(account), resource_id=resource(account))
    assert [one.price.amount for one in found] == [2, 1]
    assert found[0].reason == f"{CONTRACT} 2"
    assert all(one.ended_at is not None for one in found)


def test_a_deleted_resource_keeps_its_last_price_and_takes_no_new_one(account):
    account.sync(server(1), server(2))
    set_name(actor(account), resource_id=resource(account), name="Shop front")
    account.sync(server(2))
    with pytest.raises(Conflict):
        set_price(
            actor(account),
            resource_id=resource(account),
            amount=Decimal(1),
            period=Period.DAY,
            reason=CONTRACT,
        )
    account.sync(server(1), server(2))
    assert line(account, "shop front").is_active


def test_a_price_takes_the_place_of_what_a_bill_says_of_it_so_far_and_of_nothing_else(account):
    seen = server(2, price=None)
    said = bill({account.day: {line_of(): "3", line_of("vps/id-2"): "7"}})
    account.sync(seen, bills=(said,))
    assert recorded(account) == 10
    set_price(
        actor(account),
        resource_id=resource(account, 2),
        amount=Decimal(5),
        period=Period.DAY,
        reason=CONTRACT,
    )
    assert sources(account) == [("billed", Decimal(3)), ("manual", Decimal(5))]
    account.sync(seen, bills=(said,))
    assert sources(account) == [("billed", Decimal(3)), ("manual", Decimal(5))]
    reset_override(actor(account), resource_id=resource(account, 2), field=OverrideField.PRICE)
    account.sync(seen, bills=(said,))
    assert recorded(account) == 10


def test_a_price_in_another_currency_than_the_provider_asks_is_none(account):
    account.sync(server(1))
    with pytest.raises(Invalid, match="RUB"):
        set_price(
            actor(account),
            resource_id=resource(account),
            amount=Decimal(1),
            period=Period.DAY,
            currency="USD",
            reason=CONTRACT,
        )


def test_a_price_waits_while_the_provider_asks_in_another_currency(account):
    account.sync(server(1, price=None))
    set_price(
        actor(account),
        resource_id=resource(account),
        amount=Decimal(5),
        period=Period.DAY,
        currency="USD",
        reason=CONTRACT,
    )
    account.sync(server(1))
    assert (line(account).daily_cost, line(account).currency) == (22, "RUB")
    assert payable(account).payable.daily == 22


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("0.0000001")}, "amount"),
        ({"amount": Decimal(10) ** 12}, "amount"),
        ({"period": Period.YEAR}, "period"),
        ({"currency": "rub"}, "currency"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_no_price_is_refused(account, wrong, field):
    account.sync(server(1, price=None))
    asked = {"amount": Decimal(1), "period": Period.DAY, "reason": CONTRACT}
    with pytest.raises(Invalid) as refused:
        set_price(actor(account), resource_id=resource(account), **{**asked, **wrong})
    assert refused.value.field == field


def test_the_export_has_both(account):
    account.sync(server(1))
    set_name(actor(account), resource_id=resource(account), name="Shop front")
    header, row = export_resources(actor(account), wanted=ResourceFilter()).splitlines()
    assert header.endswith("provided_name,provided_daily_cost,provided_monthly_cost")
    assert "Shop front" in row
    assert row.endswith("server 1,22,660")


amounts = st.decimals(min_value=0, max_value=10_000, places=2)
prices = st.none() | st.tuples(amounts, st.booleans())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stated=st.lists(prices, min_size=1, max_size=5),
    said=st.lists(st.none() | amounts, min_size=5, max_size=5),
    charge=st.none() | amounts,
)
def test_parts_add_up_exactly_whatever_people_say(database, stated, said, charge):
    with database.writing() as session:
        for row in session.scalars(select(OrganizationRow)):
            session.delete(row)
    account = today(made_up(database))
    seen = [_server(number, price) for number, price in enumerate(stated)]
    known = None if charge is None else charge_of(str(charge), str(charge * 30))
    account.sync(*seen, charge=known)
    for number, amount in zip(range(len(seen)), said, strict=False):
        if amount is not None:
            set_price(
                actor(account),
                resource_id=resource(account, number),
                amount=amount,
                period=Period.DAY,
                reason=CONTRACT,
            )
    _adds_up(account, stated, said, charge)
    account.sync(*(msgspec.structs.replace(one, region="ru2") for one in seen), charge=known)
    _adds_up(account, stated, said, charge)
    for number in range(len(seen)):
        reset_override(
            actor(account), resource_id=resource(account, number), field=OverrideField.PRICE
        )
    _adds_up(account, stated, [None] * 5, charge)


def _server(number, price):
    if price is None:
        return server(number, price=None)
    amount, inside = price
    priced = server(number, daily=str(amount))
    return msgspec.structs.replace(
        priced, price=msgspec.structs.replace(priced.price, in_account_rate=inside)
    )


def _adds_up(account, stated, said, charge):
    page = search_resources(actor(account), wanted=ResourceFilter())
    shown = sum((one.daily_cost or Decimal(0) for one in page.lines), Decimal(0))
    inside = sum((price[0] for price in stated if price and price[1]), Decimal(0))
    beside = sum(
        (
            said[number] if said[number] is not None else price[0] if price else Decimal(0)
            for number, price in enumerate(stated)
            if not (price and price[1])
        ),
        Decimal(0),
    )
    expected = shown if charge is None else max(charge, inside) + beside
    assert sum((one.amount for one in page.summary.daily), Decimal(0)) == shown
    assert recorded(account) == expected
    with account.store.reading() as session:
        found = cost_slices.reconciliations(session, day(account))
    assert sum((one.payable.daily for one in found), Decimal(0)) == expected
    assert sum((one.listed.daily for one in found), Decimal(0)) == shown + (charge or 0)
    assert page.summary.daily in ((), (Money(shown, "RUB"),))
