"""What people decide about recommendations, and how they set rules."""

from datetime import timedelta
from decimal import Decimal

import pytest

from infrazen.db.queries.recommendation_sums import Group
from infrazen.db.queries.recommendations import Place, Wanted
from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.money import Money
from infrazen.domain.periods import utc_now
from infrazen.domain.recommendations import Category, State
from infrazen.domain.roles import Role
from infrazen.errors import Invalid, NotFound
from infrazen.services import audit
from infrazen.services.costs import get_dashboard
from infrazen.services.exports import export_recommendations
from infrazen.services.recommendations import (
    Standing,
    decide,
    get_recommendation,
    list_recommendations,
    search_recommendations,
    standing,
    summarize_recommendations,
)
from infrazen.services.rules import list_rules, set_rule
from tests.world import add_recommendation, add_resource


@pytest.fixture
def actor(world):
    return world.alpha.actor(Role.FINOPS)


@pytest.fixture
def one(world):
    return world.alpha.recommendation_id


def add(world, database, *, saving: str, **facts: object):
    tenant = world.alpha
    place = (tenant.organization_id, tenant.connection_id)
    with database.writing() as session:
        resource_id = add_resource(session, *place, f"alpha-{saving}")
        return add_recommendation(session, *place, resource_id, saving=saving, **facts)


def test_a_decision_is_kept_with_who_and_why(actor, one):
    decide(actor, recommendation_ids=[one], state=State.ACCEPTED, reason="Уменьшим в выходные.")
    view = get_recommendation(actor, recommendation_id=one)
    found = view.recommendation
    assert (found.state, found.state_by) == (State.ACCEPTED, actor.name)
    assert found.promised_monthly == Decimal(120)
    [event] = view.history
    assert (event.before, event.after, event.actor) == (State.OPEN, State.ACCEPTED, actor.name)
    assert event.reason == "Уменьшим в выходные."


def test_opening_again_forgets_the_promise_and_keeps_the_history(actor, one):
    for state in (State.ACCEPTED, State.IN_PROGRESS, State.DONE, State.OPEN):
        decide(actor, recommendation_ids=[one], state=state)
    view = get_recommendation(actor, recommendation_id=one)
    assert view.recommendation.promised_monthly is None
    assert [event.after for event in view.history] == [
        State.ACCEPTED,
        State.IN_PROGRESS,
        State.DONE,
        State.OPEN,
    ]


def test_dismissing_needs_a_reason_and_snoozing_a_day_to_come(actor, one):
    with pytest.raises(Invalid, match="reason"):
        decide(actor, recommendation_ids=[one], state=State.DISMISSED, reason="  ")
    for day in (None, utc_now().date() - timedelta(days=1), utc_now().date() + timedelta(days=800)):
        with pytest.raises(Invalid, match="day after today"):
            decide(actor, recommendation_ids=[one], state=State.SNOOZED, snoozed_until=day)
    with pytest.raises(Invalid, match="only what is snoozed"):
        decide(
            actor,
            recommendation_ids=[one],
            state=State.ACCEPTED,
            snoozed_until=utc_now().date() + timedelta(days=3),
        )


def test_a_move_that_makes_no_sense_is_refused_and_nothing_of_it_stays(world, database, actor, one):
    closed = add(world, database, saving="5", state=State.CLOSED)
    with pytest.raises(Invalid, match="closed does not become accepted"):
        decide(actor, recommendation_ids=[one, closed], state=State.ACCEPTED)
    assert get_recommendation(actor, recommendation_id=one).recommendation.state is State.OPEN
    with pytest.raises(Invalid, match="does not become closed"):
        decide(actor, recommendation_ids=[one], state=State.CLOSED)


def test_the_log_names_what_was_decided_on(world, database, actor, one):
    other = add(world, database, saving="5")
    decide(actor, recommendation_ids=[one], state=State.ACCEPTED, reason="Да")
    decide(actor, recommendation_ids=[one, other], state=State.DISMISSED, reason="Нет")
    both, single = audit.list_events(world.alpha.actor(Role.OWNER), limit=2)
    known = get_recommendation(actor, recommendation_id=one).recommendation
    assert single.target == str(one)
    assert single.details == {
        "rule": known.rule,
        "resource": known.resource,
        "state": "accepted",
        "reason": "Да",
    }
    assert both.details == {"count": 2, "state": "dismissed", "reason": "Нет"}


def test_pages_follow_the_savings_and_miss_nothing(world, database, actor, one):
    others = [add(world, database, saving=str(saving)) for saving in (7, 300, 120)]
    found, after = [], None
    while page := list_recommendations(actor, after=after, limit=1):
        found += page
        after = Place(saving=page[-1].monthly_saving, id=page[-1].id)
    assert [line.monthly_saving for line in found] == [300, 120, 120, 7]
    assert {line.id for line in found} == {one, *others}


def test_a_filter_finds_by_every_fact(world, database, actor, one):
    risk = add(world, database, saving="0", category=Category.RISK, rule="expiring_domain")
    for wanted, expected in (
        (Wanted(states=(State.OPEN,)), {one, risk}),
        (Wanted(categories=(Category.RISK,)), {risk}),
        (Wanted(rules=("oversized_cpu",)), {one}),
        (Wanted(text="ALPHA-VPS"), {one}),
        (Wanted(connections=(world.beta.connection_id,)), set()),
        (Wanted(resources=(world.alpha.resource_id,)), {one}),
    ):
        page = search_recommendations(actor, wanted=wanted)
        assert {line.id for line in page.lines} == expected
        assert page.count == len(expected)


def test_the_dashboard_adds_up_what_waits_and_no_risks(world, database, actor, one):
    add(world, database, saving="30")
    add(world, database, saving="0", category=Category.RISK, rule="low_balance")
    add(world, database, saving="900", state=State.DISMISSED)
    savings = get_dashboard(actor).savings
    assert savings.count == 2
    assert [(money.amount, money.currency) for money in savings.monthly] == [(150, "RUB")]
    decide(actor, recommendation_ids=[one], state=State.DISMISSED, reason="Нужен запас.")
    assert get_dashboard(actor).savings.count == 1


def test_the_next_best_counts_where_the_best_is_put_away(world, database, actor, one):
    tenant = world.alpha
    place = (tenant.organization_id, tenant.connection_id, tenant.resource_id)
    with database.writing() as session:
        session.get_one(ResourceRow, tenant.resource_id).monthly_cost = Decimal(660)
        idle = add_recommendation(session, *place, saving="660", rule="idle_server")

    def potential() -> Decimal:
        return get_dashboard(actor).savings.monthly[0].amount

    decide(
        actor,
        recommendation_ids=[one],
        state=State.SNOOZED,
        snoozed_until=utc_now().date() + timedelta(days=9),
    )
    assert potential() == 660
    decide(actor, recommendation_ids=[one], state=State.OPEN)
    assert potential() == 660
    decide(actor, recommendation_ids=[idle], state=State.DISMISSED, reason="Нужен в резерве.")
    assert potential() == 120
    decide(actor, recommendation_ids=[one], state=State.ACCEPTED)
    decide(actor, recommendation_ids=[idle], state=State.ACCEPTED)
    assert potential() == 660
    lines = list_recommendations(actor, wanted=Wanted(resources=(tenant.resource_id,)))
    assert {line.id: line.promised_monthly for line in lines} == {one: 120, idle: 540}


def test_promised_and_realised_stand_side_by_side(world, database, actor):
    add(
        world,
        database,
        saving="60",
        state=State.DONE,
        promised_monthly=Decimal(60),
        baseline_daily=Decimal(22),
        realised=Decimal("15.5"),
        realised_days=10,
    )
    [group] = [g for g in summarize_recommendations(actor) if g.state is State.DONE]
    assert (group.promised, group.promised_so_far, group.realised) == (60, 20, Decimal("15.5"))


def test_an_export_has_every_recommendation_that_the_filter_finds(world, database, actor):
    add(world, database, saving="0.5")
    text = export_recommendations(actor, wanted=Wanted())
    rows = text.lstrip("\ufeff").splitlines()
    assert rows[0].startswith("connection,provider,resource,")
    assert len(rows) == 3
    assert ",120,120,RUB,low,open," in rows[1]


def test_a_rule_keeps_only_what_differs_from_its_defaults(actor):
    set_rule(actor, rule="oversized_cpu", parameters={"window_days": 30, "below_percent": 30})
    rule = next(one for one in list_rules(actor) if one.id == "oversized_cpu")
    values = {one.name: (one.value, one.default) for one in rule.parameters}
    assert values["window_days"] == (30, 14)
    set_rule(actor, rule="oversized_cpu", is_enabled=False, parameters={"window_days": None})
    rule = next(one for one in list_rules(actor) if one.id == "oversized_cpu")
    assert not rule.is_enabled
    assert all(one.value == one.default for one in rule.parameters)


@pytest.mark.parametrize(
    "wrong", [{"window_days": 0}, {"window_days": 91}, {"window_days": 1.5}, {"nothing": 1}]
)
def test_a_parameter_beyond_its_limits_is_refused(actor, wrong):
    with pytest.raises(Invalid):
        set_rule(actor, rule="oversized_cpu", parameters=wrong)
    with pytest.raises(NotFound):
        set_rule(actor, rule="no_such_rule")


def test_what_stands_open_agreed_and_measured_is_added_up_by_currency():
    def group(state, currency="RUB", category=Category.CLEANUP, **amounts):
        nothing = dict.fromkeys(("monthly", "promised", "realised", "promised_so_far"), Decimal(0))
        given = {name: Decimal(amount) for name, amount in amounts.items()}
        return Group(
            state=state, category=category, currency=currency, count=2, **(nothing | given)
        )

    found = standing(
        [
            group(State.OPEN, monthly="10.10"),
            group(State.OPEN, "USD", monthly="1"),
            group(State.OPEN, category=Category.RISK),
            group(State.ACCEPTED, monthly="5.05", promised="5"),
            group(State.DONE, promised="7", realised="3.01", promised_so_far="4"),
            group(State.DONE, "USD", promised_so_far="2"),
            group(State.DISMISSED, monthly="99"),
        ]
    )
    assert found == Standing(
        live=6,
        potential=(Money(Decimal("15.15"), "RUB"), Money(Decimal(1), "USD")),
        agreed=2,
        promised=(Money(Decimal(5), "RUB"),),
        realised=(Money(Decimal("3.01"), "RUB"), Money(Decimal(0), "USD")),
        promised_so_far=(Money(Decimal(4), "RUB"), Money(Decimal(2), "USD")),
        risks=2,
    )
