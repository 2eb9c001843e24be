"""What bills make of the facts, beside prices."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from infrazen.db.queries import billed_days
from infrazen.domain.billing import Bill, BilledAmount, BilledLine
from infrazen.domain.money import from_micro
from infrazen.domain.periods import Days, last_days
from infrazen.domain.resources import ServiceCategory
from infrazen.sync.billing import HISTORY_DAYS, REREAD_DAYS, wanted_days
from tests.sync.made_up import DAY, made_up, server

BILLING = "billing.consumption"
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def account(each_database):
    return made_up(each_database)


def line(resource=None, sku="compute_cores", currency="RUB"):
    return BilledLine(
        currency=currency,
        service="VPS",
        category=ServiceCategory.COMPUTE,
        resource=resource,
        sku=sku,
        unit="core",
    )


def bill(days, covers=None, listing=BILLING):
    """A bill of ``{day: {line: amount}}``."""
    amounts = {
        day: {one: BilledAmount(Decimal(amount), Decimal(24)) for one, amount in lines.items()}
        for day, lines in days.items()
    }
    return Bill(listing=listing, days=amounts, covers=covers)


def costs(account):
    """Every fact as (day, source, resource, amount)."""
    sql = (
        "SELECT r.day, c.cost_source, c.resource_id, r.effective_cost FROM cost_record r"
        " JOIN charge c ON c.id = r.charge_id ORDER BY 1, 2, 3, 4"
    )
    with account.store.reading() as session:
        return [
            (str(day), source, resource, from_micro(int(amount)))
            for day, source, resource, amount in session.execute(text(sql))
        ]


def total(account, table="cost_trend", measure="effective"):
    days = " + ".join(f"coalesce(d{n:02d}, 0)" for n in range(1, 32))
    sql = f"SELECT sum(total), sum({days}) FROM {table} WHERE measure = '{measure}'"
    with account.store.reading() as session:
        whole, added = session.execute(text(sql)).one()
    assert whole == added
    return from_micro(int(whole or 0))


def test_a_day_that_is_over_costs_what_its_bill_says(account):
    account.day = YESTERDAY
    account.sync(server(1), server(2))
    account.day = DAY
    account.sync(
        server(1),
        server(2),
        bills=(bill({YESTERDAY: {line("vps/id-1"): "20.50", line(None, "traffic"): "1.25"}}),),
    )
    assert set(costs(account)) == {
        (str(YESTERDAY), "billed", "id-1", Decimal("20.50")),
        (str(YESTERDAY), "billed", None, Decimal("1.25")),
        (str(DAY), "priced", "id-1", Decimal(22)),
        (str(DAY), "priced", "id-2", Decimal(22)),
    }
    assert total(account) == total(account, "cost_total") == Decimal("65.75")


def test_prices_of_what_a_bill_does_not_cover_stay(account):
    account.day = YESTERDAY
    account.sync(server(1), server(2, type="bucket"))
    account.day = DAY
    covered = bill({YESTERDAY: {line("vps/id-1"): "20"}}, covers=frozenset({"vps"}))
    account.sync(server(1), server(2, type="bucket"), bills=(covered,))
    assert costs(account)[:2] == [
        (str(YESTERDAY), "billed", "id-1", Decimal(20)),
        (str(YESTERDAY), "priced", "id-2", Decimal(22)),
    ]
    assert total(account) == 86


def test_today_keeps_its_prices_and_the_bill_so_far_adds_what_has_none(account):
    so_far = bill({DAY: {line("vps/id-1"): "3", line("vps/id-9"): "4", line(None): "5"}})
    account.sync(server(1), bills=(so_far,))
    assert sum(amount for *_, amount in costs(account)) == 22 + 4 + 5
    account.sync(server(1, daily="30"), bills=(so_far,))
    assert sum(amount for *_, amount in costs(account)) == 30 + 4 + 5
    account.day += timedelta(days=1)
    account.sync(server(1, daily="30"), bills=(bill({DAY: {line("vps/id-1"): "24"}}),))
    assert [cost for cost in costs(account) if cost[0] == str(DAY)] == [
        (str(DAY), "billed", "id-1", Decimal(24))
    ]


def test_what_bills_said_of_today_stays_where_they_cannot_be_read_again(account):
    first = bill({DAY: {line("vps/id-1"): "4", line(None): "5"}})
    other = bill({DAY: {line(None, "rack"): "1"}}, listing="billing.dedicated")
    account.sync(server(1, price=None), bills=(first, other))
    assert day_total(account) == (10, 10)
    account.sync(server(1))
    assert day_total(account) == (22 + 5 + 1, 5 + 1)
    account.sync(server(1, daily="30"), bills=(first,))
    assert day_total(account) == (30 + 5 + 1, 5 + 1)
    account.sync(server(1, price=None), bills=(first,))
    assert day_total(account) == (10, 10)


def day_total(account):
    """What today's facts come to, and how much of them bills say."""
    with account.store.reading() as session:
        billed = billed_days.billed_totals(
            session, organization_id=account.organization_id, days=last_days(1, today=DAY)
        )
    facts = sum(amount for day, *_, amount in costs(account) if day == str(DAY))
    assert facts == total(account) == total(account, "cost_total")
    return facts, billed["RUB"]


def test_a_day_that_ends_while_its_bill_is_written_is_not_over(account):
    account.sync(server(1))
    so_far = bill({DAY: {line("vps/id-1"): "21", line(None): "3"}})
    account.day += timedelta(days=1)
    account.sync(server(1), bills=(so_far,), asked=DAY)
    assert [cost[1:] for cost in costs(account) if cost[0] == str(DAY)] == [
        ("billed", None, Decimal(3)),
        ("priced", "id-1", Decimal(22)),
    ]
    with account.store.reading() as session:
        known = billed_days.whole_days(
            session,
            organization_id=account.organization_id,
            connection_id=account.connection_id,
            days=last_days(9, today=account.day),
        )
    assert known == {}


def test_reading_a_bill_again_writes_nothing_and_reading_another_replaces_it(account):
    first = bill({YESTERDAY: {line("vps/id-1"): "20"}})
    account.sync(bills=(first,))
    (snapshot,) = snapshots_of(account)
    account.sync(bills=(first,))
    assert snapshots_of(account) == [snapshot]
    account.sync(bills=(bill({YESTERDAY: {line("vps/id-1", "ram"): "7"}}),))
    assert snapshots_of(account) != [snapshot]
    assert costs(account) == [(str(YESTERDAY), "billed", "id-1", Decimal(7))]
    account.sync(bills=(bill({YESTERDAY: {}}),))
    assert costs(account) == []
    assert total(account) == total(account, "cost_total") == 0


def snapshots_of(account):
    with account.store.reading() as session:
        return list(session.scalars(text("SELECT snapshot_id FROM billed_day")))


def test_a_day_that_was_not_answered_keeps_its_prices(account):
    account.day = YESTERDAY
    account.sync(server(1))
    account.day = DAY
    account.sync(server(1), bills=(bill({DAY: {}}),))
    assert costs(account)[0] == (str(YESTERDAY), "priced", "id-1", Decimal(22))


def test_a_day_without_a_bill_keeps_its_prices_and_is_not_asked_for_again(account):
    account.day = YESTERDAY
    account.sync(server(1))
    account.day = DAY
    account.sync(server(1), bills=(bill({YESTERDAY: {}}, covers=frozenset()),))
    assert costs(account)[0] == (str(YESTERDAY), "priced", "id-1", Decimal(22))
    with account.store.reading() as session:
        known = billed_days.whole_days(
            session,
            organization_id=account.organization_id,
            connection_id=account.connection_id,
            days=last_days(9, today=DAY),
        )
    assert known == {BILLING: {YESTERDAY}}


def test_a_day_whose_bill_is_there_no_more_keeps_what_was_read_of_it(account):
    account.sync(bills=(bill({YESTERDAY: {line("vps/id-1"): "20"}}),))
    account.sync(bills=(bill({YESTERDAY: {}}, covers=frozenset()),))
    assert costs(account) == [(str(YESTERDAY), "billed", "id-1", Decimal(20))]


def test_two_endpoints_may_bill_one_day(account):
    one, other = {YESTERDAY: {line("vps/id-1"): "20"}}, {YESTERDAY: {line(None): "3"}}
    account.sync(bills=(bill(one), bill(other, listing="billing.dedicated")))
    account.sync(bills=(bill({YESTERDAY: {line("vps/id-1"): "21"}}),))
    assert total(account) == 24


def test_a_bill_in_two_currencies_is_never_one_sum(account):
    lines = {line("vps/id-1"): "20", line("vps/id-2", currency="USD"): "3"}
    account.sync(bills=(bill({YESTERDAY: lines}),))
    with account.store.reading() as session:
        (found,) = billed_days.latest_billed_days(
            session, organization_id=account.organization_id
        ).values()
    assert [(one.currency, one.billed) for one in found] == [("RUB", 20), ("USD", 3)]


def test_the_residual_is_the_bill_less_the_prices_of_that_day(account):
    account.day = YESTERDAY
    account.sync(server(1), server(2))
    account.day = DAY
    account.sync(server(1), server(2), bills=(bill({YESTERDAY: {line("vps/id-1"): "46.20"}}),))
    with account.store.reading() as session:
        ((found,),) = billed_days.latest_billed_days(
            session, organization_id=account.organization_id
        ).values()
    assert (found.day, found.billed, found.priced) == (YESTERDAY, Decimal("46.20"), 44)
    assert found.residual == Decimal("2.20")
    assert round(found.residual_percent, 2) == Decimal("4.76")


def test_a_bill_is_linked_to_its_resource_whichever_comes_first(account):
    account.sync(bills=(bill({YESTERDAY: {line("vps/id-1"): "20"}}),))
    account.sync(server(1))
    linked = (
        "SELECT count(*) FROM charge c JOIN resource r ON r.id = c.resource_ref"
        " WHERE c.cost_source = 'billed'"
    )
    with account.store.reading() as session:
        assert session.execute(text(linked)).scalar() == 1


def test_a_long_history_fills_every_month(account):
    days = Days(date(2025, 11, 20), DAY)
    account.sync(bills=(bill({day: {line("vps/id-1"): "1.10"} for day in days}),))
    assert total(account) == total(account, "cost_total") == Decimal("1.10") * len(days)
    assert len(costs(account)) == len(days)


def test_asks_for_the_whole_history_then_for_the_last_week_and_for_gaps():
    everything = last_days(HISTORY_DAYS, today=DAY)
    assert wanted_days({}, today=DAY)(BILLING) == everything
    whole = set(everything) - {DAY}
    assert wanted_days({BILLING: whole}, today=DAY)(BILLING) == last_days(REREAD_DAYS, today=DAY)
    gap = DAY - timedelta(days=40)
    assert wanted_days({BILLING: whole - {gap}}, today=DAY)(BILLING).since == gap
    assert wanted_days({BILLING: whole}, today=DAY)("billing.other") == everything


names = count()
amounts = st.decimals(min_value=-1000, max_value=100_000, places=6)
resources = st.sampled_from(["vps/id-1", "vps/id-2", "bucket/id-3", None])
some_lines = st.dictionaries(
    st.builds(line, resources, st.sampled_from(["cores", "ram"])), amounts, max_size=4
)
some_days = st.dictionaries(
    st.integers(0, 5).map(lambda back: DAY - timedelta(days=back)), some_lines, max_size=5
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(bills=st.lists(some_days, min_size=1, max_size=4), repeats=st.integers(1, 2))
def test_sums_are_equal_whatever_is_read_in_which_parts(database, bills, repeats):
    account = made_up(database, f"acme-{next(names)}")
    expected = {}
    for days in bills:
        expected |= days
        for _ in range(repeats):
            account.sync(bills=(bill(days),))
    wanted = sum(sum(lines.values()) for lines in expected.values())
    own = f"connection_id = x'{account.connection_id.hex}'"
    measured = {}
    for table, column in (
        ("cost_record", "effective_cost"),
        ("cost_trend", "total"),
        ("cost_total", "total"),
        ("billed_day", "amount"),
    ):
        only = " AND measure = 'effective'" if column == "total" else ""
        with account.store.reading() as session:
            sql = f"SELECT coalesce(sum({column}), 0) FROM {table} WHERE {own}{only}"
            measured[table] = from_micro(int(session.execute(text(sql)).scalar()))
    assert set(measured.values()) == {wanted}


listings = ("billing.vpc", "billing.dedicated")
step = st.fixed_dictionaries(
    {
        "later": st.booleans(),
        "prices": st.dictionaries(
            st.integers(1, 2), st.none() | st.sampled_from(["7", "22.5"]), max_size=2
        ),
        "bills": st.dictionaries(
            st.sampled_from(listings),
            st.dictionaries(st.integers(0, 2), some_lines, min_size=1, max_size=3),
            max_size=2,
        ),
        "half": st.booleans(),
    }
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, min_size=1, max_size=5))
def test_bills_and_prices_add_up_whatever_fails_and_whatever_is_corrected(database, steps):
    """Every day: facts, calendars and bills agree, and nothing is paid by price and by bill."""
    account = made_up(database, f"acme-{next(names)}")
    for one in steps:
        account.day += timedelta(days=one["later"])
        priced = [
            server(number, daily=daily or "1", **({} if daily else {"price": None}))
            for number, daily in one["prices"].items()
        ]
        covers = frozenset({"vps"}) if one["half"] else None
        bills = tuple(
            bill(
                {account.day - timedelta(days=back): lines for back, lines in days.items()},
                listing=listing,
                covers=covers,
            )
            for listing, days in one["bills"].items()
        )
        account.sync(*priced, bills=bills)
        facts = facts_by_day(account)
        assert calendar_days(account) == {
            day: sum(amount for *_, amount in rows) for day, rows in facts.items()
        }
        for day, listing, amount, whole in stored_bills(account):
            rows = facts.get(day, [])
            assert amount == sum(cost for of, _, _, cost in rows if of == listing)
            dear = {resource for of, resource, _, _ in rows if of is None and resource}
            if whole:
                assert not dear
            else:
                assert not dear & {resource for of, resource, _, _ in rows if of == listing}


def facts_by_day(account):
    found = {}
    sql = (
        "SELECT r.day, c.listing, c.resource_id, c.cost_source, r.effective_cost"
        " FROM cost_record r JOIN charge c ON c.id = r.charge_id WHERE r." + own(account)
    )
    with account.store.reading() as session:
        for day, listing, resource, source, amount in session.execute(text(sql)):
            found.setdefault(str(day), []).append((listing, resource, source, amount))
    return found


def calendar_days(account):
    found = {}
    columns = ", ".join(f"d{n:02d}" for n in range(1, 32))
    with account.store.reading() as session:
        for table in ("cost_trend", "cost_total"):
            sql = f"SELECT month, {columns} FROM {table} WHERE measure = 'effective' AND "
            for month, *amounts in session.execute(text(sql + own(account))):
                for number, amount in enumerate(amounts, start=1):
                    if amount is not None:
                        key = f"{str(month)[:8]}{number:02d}"
                        found.setdefault(key, {}).setdefault(table, 0)
                        found[key][table] += amount
    assert all(one["cost_trend"] == one["cost_total"] for one in found.values())
    return {day: one["cost_total"] for day, one in found.items()}


def stored_bills(account):
    sql = f"SELECT day, listing, amount, is_whole FROM billed_day WHERE {own(account)}"
    with account.store.reading() as session:
        rows = session.execute(text(sql)).all()
    return [(str(day), listing, amount, whole) for day, listing, amount, whole in rows]


def own(account):
    return f"connection_id = x'{account.connection_id.hex}'"
