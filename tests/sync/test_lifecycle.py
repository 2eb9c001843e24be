"""How findings live: opened, refreshed, woken, closed by themselves, measured."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from infrazen.db.queries import findings
from infrazen.db.queries.findings import Finding
from infrazen.db.queries.recommendation_decisions import Decision, decide
from infrazen.db.queries.recommendations import get
from infrazen.db.queries.scope import Scope
from infrazen.domain.recommendations import Confidence, State
from infrazen.finops.rule import Hit
from infrazen.finops.rules import rules
from infrazen.finops.verdicts import Found, Verdicts
from infrazen.sync.lifecycle import Ledger
from infrazen.sync.measure import SavedDay, measure, saved_days
from tests.sync.made_up import MadeUp, made_up, server
from tests.sync.test_billing import bill, line

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MACHINE = UUID(int=7)
RULE = rules()["oversized_cpu"]
KEY = (MACHINE, RULE.id)


def found(saving: int = 120) -> Found:
    return Found(
        resource_id=MACHINE,
        rule=RULE,
        hit=Hit(saving_micro=saving, confidence=Confidence.LOW, evidence={"p": saving}, change={}),
        currency="RUB",
    )


HIT = Verdicts(found=[found()], costs={MACHINE: 660})
MISS = Verdicts(missed={KEY})
SILENT = Verdicts(silent={KEY})
GONE = Verdicts()


def settle(known: Iterable[Finding], verdicts: Verdicts, *, days: int = 0) -> Ledger:
    ledger = Ledger(known, now=NOW + timedelta(days=days))
    ledger.settle(verdicts, enabled={RULE.id})
    return ledger


def opened() -> Finding:
    [one] = settle([], HIT).findings
    return one


def state_after(state: State, *verdicts: Verdicts, days: int = 0) -> State:
    one = opened()
    one.state = state
    for each in verdicts:
        settle([one], each, days=days)
    return one.state


def test_a_finding_is_opened_once_and_then_refreshed():
    ledger = settle([], HIT)
    [one] = ledger.findings
    assert (one.state, [move.before for move in ledger.moves]) == (State.OPEN, [None])
    again = settle([one], Verdicts(found=[found(90)], costs={MACHINE: 660}))
    assert (len(again.findings), one.monthly_saving, again.moves) == (1, 90, [])


def test_the_same_evidence_again_is_not_written():
    ledger = Ledger([opened()], now=NOW)
    assert ledger.settle(HIT, enabled={RULE.id}) == set()


def test_it_closes_only_after_two_evaluations_without_it():
    assert state_after(State.OPEN, MISS) is State.OPEN
    assert state_after(State.OPEN, MISS, MISS) is State.CLOSED
    assert state_after(State.OPEN, MISS, HIT, MISS) is State.OPEN


def test_what_nobody_can_tell_closes_nothing():
    assert state_after(State.OPEN, SILENT, SILENT, SILENT) is State.OPEN


def test_what_is_gone_closes_at_once():
    assert state_after(State.OPEN, GONE) is State.CLOSED
    assert state_after(State.SNOOZED, GONE) is State.CLOSED


def test_what_was_agreed_and_vanished_has_been_done():
    assert state_after(State.ACCEPTED, MISS, MISS) is State.DONE
    assert state_after(State.IN_PROGRESS, GONE) is State.DONE


@pytest.mark.parametrize("verdicts", [HIT, MISS, GONE])
def test_what_was_dismissed_stays_dismissed(verdicts):
    assert state_after(State.DISMISSED, verdicts, verdicts, verdicts) is State.DISMISSED


def test_a_closed_one_that_is_found_again_opens_again():
    assert state_after(State.CLOSED, HIT) is State.OPEN


def test_what_was_done_and_is_still_there_after_two_weeks_was_not_done():
    assert state_after(State.DONE, HIT, days=13) is State.DONE
    assert state_after(State.DONE, HIT, days=14) is State.OPEN


def test_a_sleeper_wakes_on_its_day():
    one = opened()
    one.state, one.snoozed_until = State.SNOOZED, date(2026, 11, 26)
    settle([one], HIT, days=1)
    assert one.state is State.SNOOZED
    ledger = settle([one], HIT, days=2)
    assert (one.state, one.snoozed_until) == (State.OPEN, None)
    assert [move.reason for move in ledger.moves] == ["snooze_ended"]


def test_findings_of_a_rule_that_was_switched_off_close():
    one = opened()
    Ledger([one], now=NOW).settle(Verdicts(), enabled=set())
    assert (one.state, one.state_reason) == (State.CLOSED, "rule_disabled")


@pytest.fixture
def cloud(each_database) -> MadeUp:
    return made_up(each_database)


def scope_of(cloud: MadeUp) -> Scope:
    return Scope(
        organization_id=cloud.organization_id,
        connection_id=cloud.connection_id,
        provider="beget",
        snapshot_id=cloud.snapshots[-1],
        now=NOW,
    )


def test_what_was_agreed_is_measured_on_the_costs_of_later_days(cloud):
    cloud.sync(server(1))
    scope = scope_of(cloud)
    [(resource_id, _)] = resource_days(cloud, scope)
    with cloud.store.writing() as session:
        ledger = Ledger([], now=NOW)
        ledger.settle(HIT, enabled={RULE.id})
        [one] = ledger.findings
        one.resource_id, one.subject = resource_id, resource_id.hex
        findings.write(session, scope, ledger.findings)
        known = get(session, organization_id=cloud.organization_id, recommendation_id=one.id)
        agreed = datetime(2026, 11, 23, 9, tzinfo=UTC)
        decide(
            session,
            known,
            Decision(state=State.ACCEPTED, actor="Anna"),
            promised=Decimal(90),
            baseline=known.daily_cost,
            now=agreed,
        )
    for day, daily in (24, "22"), (25, "18"), (26, "18"):
        cloud.day = date(2026, 11, day)
        cloud.sync(server(1, daily=daily))
    with cloud.store.writing() as session:
        [one] = findings.stored(session, cloud.connection_id)
        assert measure(session, scope, [one]) == {one.id}
        assert measure(session, scope, [one]) == set()
        saved = saved_of(session, cloud, since=date(2026, 11, 25))
    assert (one.realised, one.realised_days) == (8_000_000, 3)
    assert [(each.day.day, each.realised) for each in saved] == [(25, 4), (26, 4)]
    assert one.baseline_daily == int(Decimal(22) * 10**6)


def saved_of(session, cloud: MadeUp, *, since: date) -> list[SavedDay]:
    place = (cloud.organization_id, cloud.connection_id)
    return saved_days(session, *place, provider_slug="beget", since=since)


def agreed_on(cloud: MadeUp, *promises: int, at: datetime) -> list[Finding]:
    """Findings on the one server, promised so much each and accepted ``at``."""
    scope = scope_of(cloud)
    machine = scope.id_of("vps/id-1")
    known = []
    for promised in promises:
        [one] = settle([], Verdicts(found=[found(promised)])).findings
        one.resource_id, one.rule = machine, f"rule_{len(known)}"
        one.subject = machine.hex
        one.state, one.agreed_at = State.ACCEPTED, at
        one.promised_monthly, one.baseline_daily = promised, 22_000_000
        known.append(one)
    with cloud.store.writing() as session:
        findings.write(session, scope, known)
    return known


def test_what_two_findings_on_one_resource_save_counts_once(cloud):
    cloud.sync(server(1))
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    known = agreed_on(cloud, 90_000_000, 30_000_000, at=at)
    cloud.day = date(2026, 11, 24)
    cloud.sync(server(1, daily="18"))
    with cloud.store.writing() as session:
        measure(session, scope_of(cloud), known)
        saved = saved_of(session, cloud, since=cloud.day)
    assert [one.realised for one in known] == [3_000_000, 1_000_000]
    assert [(one.promised, one.realised) for one in saved] == [(4, 4)]


def test_the_day_of_the_agreement_is_the_provider_s(cloud):
    cloud.sync(server(1))
    # After midnight in Moscow, where the provider's day of 24 November has begun.
    known = agreed_on(cloud, 90_000_000, at=datetime(2026, 11, 23, 22, tzinfo=UTC))
    cloud.day = date(2026, 11, 24)
    cloud.sync(server(1))
    with cloud.store.writing() as session:
        measure(session, scope_of(cloud), known)
    assert known[0].realised_days == 0


def test_a_day_that_costs_another_currency_is_not_measured(cloud):
    cloud.sync(server(1))
    known = agreed_on(cloud, 90_000_000, at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    cloud.day = date(2026, 11, 24)
    price = server(1).price
    assert price is not None
    dollars = msgspec.structs.replace(price, currency="USD")
    cloud.sync(server(1, price=dollars))
    cloud.day = date(2026, 11, 25)
    cloud.sync(server(1, daily="20"))
    with cloud.store.writing() as session:
        measure(session, scope_of(cloud), known)
    assert (known[0].realised, known[0].realised_days) == (2_000_000, 1)


def test_a_day_whose_bill_names_no_resource_is_not_measured(cloud, monkeypatch):
    """It does not say that the machine cost nothing; that one is gone says so."""
    cloud.sync(server(1))
    known = agreed_on(cloud, 90_000_000, at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    cloud.day = date(2026, 11, 24)
    cloud.sync(server(1))
    nameless = bill({cloud.day: {line(): "20"}})
    cloud.day = date(2026, 11, 25)
    cloud.sync(server(1, daily="18"), bills=(nameless,))
    with cloud.store.writing() as session:
        measure(session, scope_of(cloud), known)
    assert (known[0].realised, known[0].realised_days) == (4_000_000, 1)
    cloud.day = date(2026, 11, 26)
    monkeypatch.setattr("tests.sync.made_up.utc_now", lambda: NOW + timedelta(days=2))
    cloud.sync(server(2))
    with cloud.store.writing() as session:
        measure(session, scope_of(cloud), known)
    assert (known[0].realised, known[0].realised_days) == (26_000_000, 2)


def resource_days(cloud: MadeUp, scope: Scope) -> list[tuple[UUID, date]]:
    ids = [scope.id_of("vps/id-1")]
    with cloud.store.reading() as session:
        place = (cloud.organization_id, cloud.connection_id)
        return list(findings.costs_by_day(session, *place, ids, since=cloud.day))
