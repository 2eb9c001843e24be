"""The figures that must come out of Beget's reference account, through the whole path."""

from decimal import Decimal

import pytest

from infrazen.db.session import Database
from infrazen.domain.accounts import AccountStatus
from infrazen.domain.costs import Rate
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.syncs import Change, EndpointStatus, SyncStatus
from infrazen.domain.usage import Tier
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.services.connections import get_connection
from infrazen.services.costs import get_dashboard
from infrazen.services.resources import ResourceFilter, get_resource, search_resources
from infrazen.services.syncs import list_changes, list_states
from tests.sync.account import Account, connect


@pytest.fixture
def account(each_database: Database, beget_simulator: SimulatorControl) -> Account:
    return connect(beget_simulator)


def found_by_name(account: Account):
    page = search_resources(account.actor, wanted=ResourceFilter(), limit=100)
    return {line.name: line for line in page.lines}


def average(account: Account, name: str, metric: str) -> float:
    view = get_resource(account.actor, resource_id=found_by_name(account)[name].id)
    return next(one.average for one in view.usage if one.metric == metric)


def test_a_sync_finds_ten_resources_and_names_what_it_may_not_read(account):
    snapshot = account.sync()
    assert snapshot.status is SyncStatus.PARTIAL
    assert (snapshot.found, snapshot.created) == (10, 10)
    assert snapshot.by_type == {"domain": 6, "vps": 2, "mysql": 1, "s3": 1}
    assert snapshot.by_status == {"active": 1, "inactive": 5, "running": 4}
    failed = {
        one["name"]: one["message"]
        for one in snapshot.endpoints
        if one["status"] == EndpointStatus.FAILED
    }
    assert failed == {
        "legacy.mysql": "Cannot access method mysql",
        "legacy.ftp": "Cannot access method ftp",
    }


def test_before_cloud_services_can_be_read_there_are_eight(account, beget_simulator):
    beget_simulator.fault(Kind.HTML, path="/v1/cloud")
    snapshot = account.sync()
    assert (snapshot.status, snapshot.found) == (SyncStatus.PARTIAL, 8)
    beget_simulator.clear_faults()
    assert account.sync().found == 10


def test_every_line_is_listed_and_the_account_pays_once(account):
    snapshot = account.sync()
    assert (snapshot.listed_daily, snapshot.listed_monthly) == (
        Decimal("121.46"),
        Decimal("3668.90"),
    )
    assert (snapshot.payable_daily, snapshot.payable_monthly) == (
        Decimal("60.73"),
        Decimal(1847),
    )
    (found,) = get_connection(account.actor, connection_id=account.connection_id).reconciliations
    assert found.account == Rate(Decimal("60.73"), Decimal(1847))
    assert found.explained == Rate(Decimal("60.73"), Decimal("1821.90"))
    assert found.explained_percent == 100
    assert found.residual == Rate(Decimal(0), Decimal("25.10"))


def test_every_resource_costs_what_it_states(account):
    account.sync()
    costs = {
        name: (line.daily_cost, line.monthly_cost)
        for name, line in found_by_name(account).items()
        if line.daily_cost is not None
    }
    assert costs == {
        "Objective Perrin": (Decimal(22), Decimal(660)),
        "runner rus": (Decimal("9.73"), Decimal("291.90")),
        "Cloud database 1": (Decimal(29), Decimal(870)),
        "Humane Orrin": (Decimal(0), Decimal(0)),
    }


@pytest.mark.parametrize(
    ("server", "metric", "average", "maximum", "percent", "tier", "points"),
    [
        ("runner rus", "cpu", 7.66, 14.86, 7.66, Tier.LOW, 108),
        ("runner rus", "memory", 991.38, None, 48.41, Tier.MEDIUM, 114),
        ("Objective Perrin", "cpu", 9.19, 12.77, 9.19, Tier.LOW, None),
        ("Objective Perrin", "memory", 1145.82, None, 55.95, Tier.MEDIUM, None),
    ],
)
def test_every_statistic(account, server, metric, average, maximum, percent, tier, points):
    account.sync()
    line = found_by_name(account)[server]
    view = get_resource(account.actor, resource_id=line.id)
    (summary,) = [one for one in view.usage if one.metric == metric]
    assert round(summary.average, 2) == average
    assert round(summary.average_percent, 2) == percent
    assert summary.tier is tier
    if maximum is not None:
        assert round(summary.maximum, 2) == maximum
    if points is not None:
        assert summary.points == points


def test_what_is_inside_and_around_the_resources(account):
    account.sync()
    lines = found_by_name(account)
    for server in ("runner rus", "Objective Perrin"):
        view = get_resource(account.actor, resource_id=lines[server].id)
        assert [(c.name, c.version) for c in view.components] == [("n8n", "1.108.2")]
        config = view.resource.provider_config
        assert (config["cpu"], config["memory_mb"], config["disk_mb"]) == (2, 2048, 30720)
        assert view.secrets, "the admin password is kept, and only that it is set is shown"
    assert lines["neurocola.com"].status is ResourceStatus.ACTIVE
    card = get_connection(account.actor, connection_id=account.connection_id)
    assert card.account.balance == Decimal("174.51")
    assert card.account.days_to_block == 2
    assert card.account.status is AccountStatus.WARNING


def test_the_second_sync_changes_nothing(account):
    account.sync()
    again = account.sync()
    assert (again.found, again.unchanged, again.created, again.updated, again.deleted) == (
        10,
        10,
        0,
        0,
        0,
    )
    assert list_changes(account.actor, snapshot_id=again.id) == []
    states = list_states(account.actor, snapshot_id=again.id)
    assert len(states) == 10
    assert {state.change for state in states} == {Change.UNCHANGED}


def test_the_dashboard_counts_payable_money_only(account):
    account.sync()
    account.sync()
    shown = get_dashboard(account.actor, days=30)
    (expenses,) = shown.expenses
    assert (expenses.currency, expenses.total, expenses.recorded_days) == (
        "RUB",
        Decimal("60.73"),
        1,
    )
    (running,) = shown.running
    assert running.payable == Rate(Decimal("60.73"), Decimal(1847))
    assert running.listed == Rate(Decimal("121.46"), Decimal("3668.90"))
    assert shown.resources == 10
    assert shown.balances[0].is_urgent
    use = {one.metric: round(one.percent, 2) for one in shown.utilisation}
    database_cpu = average(account, "Cloud database 1", "cpu")
    assert use["cpu"] == pytest.approx((7.66 + 9.19 + database_cpu) / 3, abs=0.01)
    database_memory = average(account, "Cloud database 1", "memory")
    used = 991.38 + 1145.82 + database_memory
    assert use["memory"] == pytest.approx(100 * used / (3 * 2048), abs=0.01)
