"""The dashboard's figures from days of made-up history."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from infrazen.db.queries.scope import resource_id
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.money import CostSource, Period
from infrazen.domain.periods import local_day, utc_now
from infrazen.domain.resources import StatedPrice
from infrazen.errors import Invalid, NotFound
from infrazen.security.access import system_actor
from infrazen.services.connections import remove_connection
from infrazen.services.costs import get_dashboard, list_daily_costs
from infrazen.services.exports import BYTE_ORDER_MARK, as_csv, export_costs, export_resources
from infrazen.services.resources import ResourceFilter, list_resource_costs, summarize_resources
from infrazen.services.running_costs import list_running_costs
from infrazen.services.syncs import compare_snapshots, list_changes
from tests.sync.made_up import charge_of, made_up, server
from tests.sync.test_billing import bill, line
from tests.world import add_organization

TODAY = local_day(utc_now(), "Europe/Moscow")


def dollars(daily):
    amount = Decimal(daily)
    return StatedPrice(
        amount=amount,
        period=Period.DAY,
        currency="USD",
        daily_micro=int(amount * 10**6),
        monthly_micro=int(amount * 30 * 10**6),
    )


@pytest.fixture
def account(each_database):
    """Forty days: 20 ₽ a day for thirty, then 10 ₽, with a gap of two days."""
    account = made_up(each_database)
    account.actor = system_actor(account.organization_id)
    for back in range(39, -1, -1):
        if back in (5, 6):
            continue
        account.day = TODAY - timedelta(days=back)
        account.sync(server(1, daily="20" if back >= 10 else "10"))
    return account


def test_a_period_adds_up_its_recorded_days_and_shows_the_gaps(account):
    (expenses,) = get_dashboard(account.actor, days=30).expenses
    assert expenses.total == 20 * 20 + 8 * 10
    assert expenses.recorded_days == 28
    assert [one.day for one in expenses.daily if one.amount is None] == [
        TODAY - timedelta(days=6),
        TODAY - timedelta(days=5),
    ]
    assert sum(amount for _, amount in expenses.by_connection) == expenses.total
    assert len(expenses.daily) == 30


def test_the_trend_compares_average_days(account):
    (week,) = get_dashboard(account.actor, days=7).expenses
    assert week.total == 50
    assert week.trend_percent == Decimal("-36.4")  # 10 against (4 × 20 + 3 × 10) / 7
    (quarter,) = get_dashboard(account.actor, days=90).expenses
    assert quarter.trend_percent is None


def test_the_chart_has_every_connection_day_by_day(account):
    (expenses,) = get_dashboard(account.actor, days=7).expenses
    (only,) = expenses.connections
    assert (only.name, only.total) == ("Made-Up", 50)
    assert only.daily == tuple(one.amount for one in expenses.daily)
    assert only.daily[:3] == (None, None, 10)
    assert expenses.beyond(1) == ()
    assert expenses.beyond(0) == only.daily


def test_a_removed_connections_history_keeps_its_name(account):
    remove_connection(account.actor, connection_id=account.connection_id, keep_history=True)
    shown = get_dashboard(account.actor, days=30)
    assert shown.connections == ()
    assert [one.name for one in shown.expenses[0].connections] == ["Made-Up"]
    lines = export_costs(account.actor, days=30).splitlines()
    assert all(",Made-Up," in line for line in lines[1:])


def test_currencies_are_never_added(account):
    account.sync(
        server(1, daily="10"), server(2, price=dollars("3")), charge=charge_of("10", "300")
    )
    shown = get_dashboard(account.actor, days=7)
    assert {one.currency: one.payable.daily for one in shown.running} == {"RUB": 10, "USD": 3}
    assert [one.currency for one in shown.expenses] == ["RUB", "USD"]
    assert {one.reconciliation.currency for one in shown.ledgers} == {"RUB", "USD"}


def test_a_ledger_adds_up_to_what_is_listed(account, monkeypatch):
    monkeypatch.setattr("infrazen.services.costs.MOST_LINES", 2)
    servers = [server(n, daily=str(n)) for n in range(1, 6)]
    account.sync(*servers, charge=charge_of("20", "600"))
    (found,) = get_dashboard(account.actor).ledgers
    assert [line.daily_cost for line in found.lines] == [5, 4]
    assert found.rest == Rate(Decimal(6), Decimal(180))
    assert found.reconciliation.listed == Rate(Decimal(35), Decimal(1050))
    assert found.reconciliation.counted_twice == Rate(Decimal(15), Decimal(450))


def test_what_there_is_to_pay_is_resources_and_the_rest_of_the_accounts_charge(account):
    account.sync(
        server(1, daily="10"), server(2, price=dollars("3")), charge=charge_of("14", "400")
    )
    running = list_running_costs(account.actor)
    assert running == get_dashboard(account.actor).running
    found = summarize_resources(account.actor, wanted=ResourceFilter())
    stated = {one.currency: one.stated for one in found.sums}
    assert {one.currency: one.resources for one in running} == stated
    rubles, _ = running
    assert (rubles.resources.monthly, rubles.residual.monthly) == (300, 100)
    for one in running:
        assert one.resources + one.residual - one.offset == one.payable


def test_a_removed_connection_is_no_running_cost(account):
    remove_connection(account.actor, connection_id=account.connection_id, keep_history=True)
    (nothing,) = list_running_costs(account.actor)
    assert (nothing.currency, nothing.payable) == ("RUB", ZERO_RATE)


def test_types_are_counted_of_active_resources_alone(account):
    account.sync(server(1), server(2), server(3, type="disk"))
    account.sync(server(2), server(3, type="disk"))
    shown = get_dashboard(account.actor)
    assert [(one.type, one.count) for one in shown.types] == [("disk", 1), ("vps", 1)]
    assert shown.resources == 2


def test_a_period_that_is_not_offered_is_refused(account):
    with pytest.raises(Invalid):
        get_dashboard(account.actor, days=31)


def test_an_organization_without_connections_has_an_empty_dashboard(each_database):
    with each_database.writing() as session:
        actor = system_actor(add_organization(session, "empty"))
    shown = get_dashboard(actor)
    assert [(one.currency, one.total) for one in shown.expenses] == [("RUB", 0)]
    assert (shown.resources, shown.connections, shown.utilisation) == (0, (), ())
    assert shown.savings.count == 0


def test_the_exported_costs_are_those_of_the_screen(account):
    lines = export_costs(account.actor, days=30).lstrip("\ufeff").splitlines()
    assert lines[0] == "day,connection,cost,currency"
    assert len(lines) - 1 == 28
    (expenses,) = get_dashboard(account.actor, days=30).expenses
    assert sum(Decimal(line.split(",")[2]) for line in lines[1:]) == expenses.total
    costs = list_daily_costs(account.actor, days=30)
    assert sum(cost.amount for cost in costs) == expenses.total


def test_a_resources_costs_are_its_own(account):
    account.sync(server(1, daily="10"), server(2, daily="7"), charge=charge_of("17", "510"))

    def costs(key):
        found = list_resource_costs(
            account.actor,
            resource_id=resource_id(account.connection_id, key),
            today=TODAY,
            days=7,
        )
        return [(cost.day, cost.amount) for cost in found]

    assert costs("vps/id-2") == [(TODAY, Decimal(7))]
    assert len(costs("vps/id-1")) == 5


def test_no_spreadsheet_runs_what_somebody_named_a_resource(account):
    account.sync(server(1, name='=HYPERLINK("http://x")'), server(2, name="-2+3"))
    text = export_resources(account.actor, wanted=ResourceFilter())
    assert "'=HYPERLINK" in text
    assert ",'-2+3," in text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "name",
    ["=1+1", "web;=1+1", 'web;"=1+1"', "web\t@SUM(A1)", "web\n-1+1", "\n=1+1", "＝1+1", ";;+1"],
)
def test_no_cell_runs_whatever_separates_cells_in_the_readers_country(name, separator):
    """A Russian spreadsheet that opens the file by a click looks for semicolons."""
    text = as_csv(("name", "owner"), [[name, "anna"]]).removeprefix(BYTE_ORDER_MARK)
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if cell.strip('" ').startswith(tuple("=+-@＝"))]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_header_runs_what_somebody_called_a_tag(separator):
    """A link may name any tag as a column of the file."""
    header = ("name", "tag:a;+1+cmd|' /C calc'!A0", "@SUM(A1)")
    text = as_csv(header, []).removeprefix(BYTE_ORDER_MARK)
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if cell.strip('" ').startswith(tuple("=+-@＝"))]


def test_what_only_looks_like_a_formula_inside_a_cell_stays():
    rows = [["a=b", "web-1; db-2", Decimal("-1.50")]]
    assert as_csv(("a", "b", "c"), rows).endswith("\r\na=b,web-1; db-2,-1.5\r\n")


def test_two_snapshots_compare_by_all_that_lies_between(account):
    account.sync(server(1, daily="10"), server(2))
    account.sync(server(2, name="renamed"))
    first, *_, last = account.snapshots
    found = compare_snapshots(account.actor, older=first, newer=last)
    assert [(change.name, change.change.value) for change in found[-3:]] == [
        ("renamed", "created"),
        ("renamed", "updated"),
        ("server 1", "deleted"),
    ]
    assert len(list_changes(account.actor, snapshot_id=last)) == 2
    with pytest.raises(NotFound):
        compare_snapshots(account.actor, older=first, newer=account.connection_id)


def test_expenses_say_how_much_of_them_was_billed(account):
    yesterday = TODAY - timedelta(days=1)
    account.sync(server(1, daily="10"), bills=(bill({yesterday: {line("vps/id-1"): "12.50"}}),))
    (expenses,) = get_dashboard(account.actor, days=7).expenses
    assert expenses.billed == Decimal("12.50")
    assert expenses.total == Decimal("12.50") + 4 * 10
    (card,) = get_dashboard(account.actor, days=7).connections
    (found,) = card.billed
    assert (found.day, found.billed, found.priced) == (yesterday, Decimal("12.50"), 10)


def test_a_resources_days_say_where_their_cost_comes_from(account):
    yesterday = TODAY - timedelta(days=1)
    lines = {line("vps/id-1"): "12.50", line("vps/id-1", "traffic"): "1"}
    account.sync(server(1, daily="10"), bills=(bill({yesterday: lines}),))
    found = list_resource_costs(
        account.actor, resource_id=resource_id(account.connection_id, "vps/id-1"), days=2
    )
    assert [(one.day, one.amount, one.source) for one in found] == [
        (yesterday, Decimal("13.50"), CostSource.BILLED),
        (TODAY, 10, CostSource.PRICED),
    ]
