"""The dashboard's figures from days of made-up history."""

from datetime import timedelta
from decimal import Decimal

import pytest

from infrazen.db.queries.inventory import resource_id
from infrazen.domain.periods import local_day, utc_now
from infrazen.errors import Invalid, NotFound
from infrazen.security.access import system_actor
from infrazen.services.costs import get_dashboard, list_daily_costs
from infrazen.services.exports import export_costs, export_resources
from infrazen.services.resources import ResourceFilter, list_resource_costs
from infrazen.services.syncs import compare_snapshots, list_changes
from tests.sync.made_up import charge_of, made_up, server
from tests.world import add_organization

TODAY = local_day(utc_now(), "Europe/Moscow")


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
