"""Recommendations of the reference account, through the whole path, and how they live."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import delete

from infrazen.db.queries import connections, findings, rule_facts, rule_settings
from infrazen.db.queries.findings import Finding
from infrazen.db.queries.scope import Scope
from infrazen.db.session import Database
from infrazen.db.tables.recommendations import RuleOutcomeRow
from infrazen.domain.periods import utc_now
from infrazen.domain.recommendations import Category, Confidence, State
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.verdicts import Bench
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.providers import provider
from infrazen.services.recommendations import evaluate_rules
from infrazen.services.resources import ResourceFilter, search_resources
from infrazen.services.rules import set_rule
from infrazen.sync import recommend
from infrazen.sync.lifecycle import MISSES_TO_CLOSE
from tests.sync.account import Account, connect
from tests.sync.made_up import MadeUp, made_up, server


@pytest.fixture
def account(each_database: Database, beget_simulator: SimulatorControl) -> Account:
    return connect(beget_simulator)


def stored(account: Account, store: Database) -> list[Finding]:
    with store.reading() as session:
        return findings.stored(session, account.connection_id)


def test_both_servers_get_a_smaller_size_at_its_real_price_and_no_memory_goes(
    account, each_database
):
    account.sync()
    page = search_resources(account.actor, wanted=ResourceFilter(), limit=100)
    names = {line.id: line.name for line in page.lines}
    found = stored(account, each_database)
    resized = {names[one.resource_id]: one for one in found if one.resource_id is not None}
    assert {name: one.rule for name, one in resized.items()} == {
        "Objective Perrin": "oversized_cpu",
        "runner rus": "oversized_cpu",
    }
    perrin, runner = resized["Objective Perrin"], resized["runner rus"]
    assert perrin.change["cpu"] == runner.change["cpu"] == [2, 1]
    assert perrin.change["memory_mb"] == [2048, 2048]
    assert (perrin.change["daily"], runner.change["daily"]) == (["22", "18"], ["9.73", "7.96"])
    assert (perrin.monthly_saving, runner.monthly_saving) == (120_000_000, 53_100_000)
    assert perrin.evidence["price_source"] == "modern.calculator"
    assert perrin.evidence["busiest"] == 12.77
    assert runner.evidence["busiest"] == 14.86
    assert {perrin.confidence, runner.confidence} == {Confidence.LOW}
    assert {perrin.state, runner.state} == {State.OPEN}


def test_the_account_itself_only_gets_a_warning(account, each_database):
    account.sync()
    [warning] = [one for one in stored(account, each_database) if one.resource_id is None]
    assert (warning.rule, warning.category) == ("low_balance", Category.RISK)
    assert warning.monthly_saving == 0
    assert warning.evidence["days"] == 2


def test_rules_say_of_how_many_they_cannot_tell(account, each_database):
    account.sync()
    with each_database.reading() as session:
        told = rule_settings.summed(rule_settings.outcomes(session, account.actor.organization_id))
    assert told["oversized_cpu", "hit"] == 2
    assert told["oversized_cpu", "miss"] == 1
    assert told["oversized_memory", "miss"] == 3
    assert told["idle_server", "miss"] == 2
    assert told["expiring_domain", "miss"] == 6
    assert told["storage_class", "no_class"] == 1


def test_what_an_organization_sets_decides_for_it_alone(account, each_database, beget_simulator):
    other = connect(beget_simulator, to="other")
    account.sync()
    other.sync()
    lower = {"below_percent": 5, "release_percent": 5}
    set_rule(account.actor, rule="oversized_cpu", parameters=lower)
    for each in (account, other) * MISSES_TO_CLOSE:
        evaluate_rules(each.actor, connection_id=each.connection_id)
    assert sizes(account, each_database) == {State.CLOSED: 2}
    assert sizes(other, each_database) == {State.OPEN: 2}


def sizes(account: Account, store: Database) -> Counter[State]:
    """In which states the recommendations of smaller processors are."""
    return Counter(one.state for one in stored(account, store) if one.rule == "oversized_cpu")


def test_rules_are_asked_once_a_day_where_nothing_has_changed(each_database, beget_simulator):
    account = connect(beget_simulator, settings={"collect_statistics": False})
    account.sync()
    with each_database.writing() as session:
        session.execute(delete(RuleOutcomeRow))
    account.sync()
    with each_database.reading() as session:
        assert rule_settings.outcomes(session, account.actor.organization_id) == []


def test_a_balance_is_held_against_costs_of_its_own_currency(each_database):
    cloud = made_up(each_database)
    price = server(2).price
    assert price is not None
    dollars = msgspec.structs.replace(price, currency="USD", daily_micro=2_000_000)
    cloud.sync(server(1), server(2, price=dollars))
    with cloud.store.reading() as session:
        connection = connections.get(
            session, organization_id=cloud.organization_id, connection_id=cloud.connection_id
        )
        account = {"account_id": "1", "status": "active", "balance": "100", "currency": "USD"}
        found = rule_facts.account(session, replace(connection, account=account), currency="RUB")
    assert (found.currency, found.balance, found.payable_daily) == ("USD", 100, 2)


def test_rules_that_look_at_sorts_say_what_they_say_of_each(each_database, monkeypatch):
    cloud = made_up(each_database)
    stopped = {"status": ResourceStatus.STOPPED}
    cloud.sync(
        *(server(number) for number in range(3)),
        server(3, config={"cpu": 1}),
        server(4, config={"cpu": "many", "memory_mb": None}),
        server(5, config={}),
        server(6, **stopped),
        server(7, type="snapshot", created_at=utc_now() - timedelta(days=400)),
        server(8, type="snapshot"),
        server(9, type="ip_address", status=ResourceStatus.INACTIVE, config={}),
    )
    later = utc_now() + timedelta(days=100)
    by_sort = evaluated(cloud, at=later)
    monkeypatch.setattr(Bench, "tells_by_sort", lambda *_: False)
    one_by_one = evaluated(cloud, at=later)
    assert by_sort == one_by_one
    assert by_sort["idle_server", "no_readings"] == 6
    assert by_sort["oversized_cpu", "no_size"] == 2
    assert by_sort["stopped_server", "hit"] == 1
    assert by_sort["old_snapshot", "hit"] == 1


def test_what_was_found_is_looked_at_again_where_all_others_of_its_sort_are_well(each_database):
    cloud = made_up(each_database)
    others = [server(number) for number in range(5)]
    cloud.sync(*others, server(6, status=ResourceStatus.STOPPED))
    evaluated(cloud, at=utc_now() + timedelta(days=30))
    cloud.sync(*others, server(6))
    for days in (31, 32, 33):
        evaluated(cloud, at=utc_now() + timedelta(days=days))
    with each_database.reading() as session:
        [finding] = findings.stored(session, cloud.connection_id)
    assert (finding.rule, finding.state) == ("stopped_server", State.CLOSED)


def evaluated(cloud: MadeUp, *, at: datetime) -> Counter[tuple[str, str]]:
    """What all rules say at that moment."""
    with cloud.store.writing() as session:
        connection = connections.get(
            session, organization_id=cloud.organization_id, connection_id=cloud.connection_id
        )
        scope = Scope(
            organization_id=cloud.organization_id,
            connection_id=cloud.connection_id,
            provider="beget",
            snapshot_id=cloud.snapshots[-1],
            now=at,
        )
        recommend.evaluate(session, scope, connection=connection, spec=provider("beget"))
        return rule_settings.summed(rule_settings.outcomes(session, cloud.organization_id))
