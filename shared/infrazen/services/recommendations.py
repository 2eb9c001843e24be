"""Recommendations: find them, read why, decide, and see what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from infrazen.db.queries import (
    billed_days,
    connections,
    findings,
    recommendation_decisions,
    recommendation_sums,
    recommendations,
)
from infrazen.db.queries.recommendation_decisions import Decision
from infrazen.db.queries.recommendation_sums import Group
from infrazen.db.queries.recommendations import Event, Place, Recommendation, Wanted
from infrazen.db.queries.scope import Scope
from infrazen.domain.money import Money, from_micro, to_micro
from infrazen.domain.periods import Days, local_day, utc_day
from infrazen.domain.recommendations import AGREED, LIVE, MOVES, Category, State
from infrazen.domain.roles import Permission
from infrazen.domain.text import one_line
from infrazen.errors import Invalid
from infrazen.providers import provider
from infrazen.services.organizations import organization_of
from infrazen.services.use_case import Work, use_case
from infrazen.sync.counting import count, promise
from infrazen.sync.measure import SavedDay, saved_days
from infrazen.sync.recommend import Evaluated, evaluate

LONGEST_PAGE = 200
BASELINE = timedelta(days=7)
"""How long before an agreement bills say what the resource costs."""
LONGEST_REASON = 1000
LONGEST_SNOOZE_DAYS = 365
MOST_AT_ONCE = 200
"""How many recommendations one decision may be about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationView:
    """A recommendation in full: what became of it, and others about the same resource."""

    recommendation: Recommendation
    history: tuple[Event, ...]
    beside: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where all recommendations stand, with money by currency.

    ``live`` ones would save ``potential`` a month; ``agreed`` of them are accepted or in work,
    for ``promised`` a month. ``realised`` is what was measured as saved so far, negative where
    costs rose, and ``promised_so_far`` what had been promised for the same days.
    """

    live: int
    potential: tuple[Money, ...]
    agreed: int
    promised: tuple[Money, ...]
    realised: tuple[Money, ...]
    promised_so_far: tuple[Money, ...]
    risks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationPage:
    """One page, how many there are in all, and where every recommendation stands."""

    lines: tuple[Recommendation, ...]
    count: int
    standing: Standing


@use_case(Permission.COST_READ)
def list_recommendations(
    work: Work, *, wanted: Wanted | None = None, after: Place | None = None, limit: int = 50
) -> list[Recommendation]:
    """What ``wanted`` finds, the largest savings first, from the beginning or ``after``."""
    return recommendations.page(
        work.session,
        work.organization_id,
        wanted or Wanted(),
        after=after,
        limit=max(1, min(limit, LONGEST_PAGE)),
    )


@use_case(Permission.COST_READ)
def search_recommendations(
    work: Work, *, wanted: Wanted, offset: int = 0, limit: int = 50
) -> RecommendationPage:
    """A page of what ``wanted`` finds, with counts and sums of everything there is."""
    found = recommendations.page(
        work.session,
        work.organization_id,
        wanted,
        offset=max(0, offset),
        limit=max(1, min(limit, LONGEST_PAGE)),
    )
    return RecommendationPage(
        lines=tuple(found),
        count=recommendations.count(work.session, work.organization_id, wanted),
        standing=standing(recommendation_sums.groups(work.session, work.organization_id)),
    )


@use_case(Permission.COST_READ)
def summarize_recommendations(work: Work) -> list[Group]:
    """Every recommendation by state, category and currency, with what was saved."""
    return recommendation_sums.groups(work.session, work.organization_id)


@use_case(Permission.COST_READ)
def list_saved_days(work: Work, *, days: int = 90) -> list[SavedDay]:
    """What agreed recommendations promised and saved on each measured day, in order."""
    since = utc_day(work.now) - timedelta(days=max(1, min(days, 400)) - 1)
    found: dict[tuple[date, str], SavedDay] = {}
    agreed = recommendation_sums.agreed_connections(work.session, work.organization_id)
    for connection_id, slug in agreed:
        place = (work.organization_id, connection_id)
        for one in saved_days(work.session, *place, provider_slug=slug, since=since):
            before = found.get((one.day, one.currency))
            found[one.day, one.currency] = one if before is None else before + one
    return [found[key] for key in sorted(found)]


@use_case(Permission.COST_READ)
def get_recommendation(work: Work, *, recommendation_id: UUID) -> RecommendationView:
    """One recommendation in full, or ``NotFound``."""
    found = _get(work, recommendation_id)
    beside: list[Recommendation] = []
    if found.resource_id is not None:
        same = Wanted(resources=(found.resource_id,))
        beside = recommendations.page(work.session, work.organization_id, same)
    return RecommendationView(
        recommendation=found,
        history=tuple(recommendations.history(work.session, recommendation_id=found.id)),
        beside=tuple(one for one in beside if one.id != found.id),
    )


@use_case(Permission.RESOURCE_WRITE, audit="recommendation.decide")
def decide(
    work: Work,
    *,
    recommendation_ids: list[UUID],
    state: State,
    reason: str = "",
    snoozed_until: date | None = None,
) -> list[Recommendation]:
    """Move recommendations to ``state``, all or none; each as it is afterwards.

    Dismissing needs a reason and snoozing a day to come; ``Invalid`` for a move that a
    recommendation's state does not allow, and ``NotFound`` for one that is not there.
    """
    wanted = list(dict.fromkeys(recommendation_ids))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise Invalid(f"1 to {MOST_AT_ONCE} recommendations at once", field="recommendation_ids")
    decision = _decision(work, state, reason=reason, snoozed_until=snoozed_until)
    recommendation_decisions.hold(work.session, work.organization_id, wanted)
    known = [_get(work, one) for one in wanted]
    for one in known:
        if state not in MOVES[one.state]:
            raise Invalid(f"{one.state} does not become {state}", field="state")
    _move(work, known, decision)
    if len(known) == 1:
        work.target = str(known[0].id)
        work.details |= {"rule": known[0].rule, "resource": known[0].resource}
    else:
        work.details["count"] = len(known)
    work.details |= {"state": state.value, "reason": decision.reason}
    return [_get(work, one) for one in wanted]


def _move(work: Work, known: list[Recommendation], decision: Decision) -> None:
    """Move each, fix what the agreed ones promise, and count their resources' savings anew."""
    costs: dict[UUID | None, int | None] = {
        one.resource_id: None if one.monthly_cost is None else to_micro(one.monthly_cost)
        for one in known
        if one.resource_id is not None
    }
    resources = [one for one in costs if one is not None]
    every = findings.of_resources(work.session, work.organization_id, resources)
    by_id = {one.id: one for one in every}
    for one in known:
        promised = one.monthly_saving
        if finding := by_id.get(one.id):
            beside = [other for other in every if other.resource_id == one.resource_id]
            micro = promise(finding, beside, cost=costs[one.resource_id])
            promised = from_micro(micro)
            finding.state = decision.state
            if decision.state not in AGREED:
                finding.promised_monthly = None
            elif finding.promised_monthly is None:
                finding.promised_monthly = micro
        recommendation_decisions.decide(
            work.session,
            one,
            decision,
            promised=promised,
            baseline=_baseline(work, one) if decision.state in AGREED else None,
            now=work.now,
        )
    changed = count(every, costs=costs)
    recommendation_decisions.set_savings(
        work.session, {id_: from_micro(by_id[id_].monthly_saving) for id_ in changed}
    )


def _baseline(work: Work, one: Recommendation) -> Decimal | None:
    """What a resource costs a day: by the bills of the week before, else its price.

    What is saved later is measured on bills where there are any, and a bill may charge for
    what no price states, such as traffic.
    """
    if one.resource_id is None:
        return one.daily_cost
    today = local_day(work.now, provider(one.provider).billing_time_zone)
    week = Days(today - BASELINE, today)
    read = billed_days.whole_days(
        work.session,
        organization_id=work.organization_id,
        connection_id=one.connection_id,
        days=week,
    )
    whole: set[date] = set().union(*read.values())
    costs = findings.costs_by_day(
        work.session,
        work.organization_id,
        one.connection_id,
        [one.resource_id],
        since=week.since,
    )
    billed = [found for day in whole if (found := costs.get((one.resource_id, day)))]
    if not billed or any(found.keys() - {one.currency} for found in billed):
        return one.daily_cost
    return from_micro(round(sum(found[one.currency] for found in billed) / len(billed)))


def _decision(work: Work, state: State, *, reason: str, snoozed_until: date | None) -> Decision:
    clean = ""
    if reason.strip() or state is State.DISMISSED:
        clean = one_line(reason, field="reason", longest=LONGEST_REASON)
    if state is State.SNOOZED:
        today = local_day(work.now, organization_of(work).time_zone)
        last = today + timedelta(days=LONGEST_SNOOZE_DAYS)
        if snoozed_until is None or not today < snoozed_until <= last:
            raise Invalid(
                f"choose a day after today, at most {LONGEST_SNOOZE_DAYS} days ahead",
                field="snoozed_until",
            )
    elif snoozed_until is not None:
        raise Invalid("only what is snoozed has a day to wake", field="snoozed_until")
    return Decision(state=state, actor=work.actor.name, reason=clean, snoozed_until=snoozed_until)


@use_case(Permission.CONNECTION_SYNC, audit="recommendation.evaluate")
def evaluate_rules(work: Work, *, connection_id: UUID) -> Evaluated:
    """Ask every rule about a connection's resources now, without a sync."""
    connection = connections.get(
        work.session, organization_id=work.organization_id, connection_id=connection_id
    )
    work.about(connection.name, called=connection.display_name, id=connection.id)
    scope = Scope(
        organization_id=work.organization_id,
        connection_id=connection.id,
        provider=connection.provider,
        snapshot_id=connection.id,
        now=work.now,
    )
    return evaluate(work.session, scope, connection=connection, spec=provider(connection.provider))


def standing(groups: Iterable[Group]) -> Standing:
    """Groups of recommendations, counted and added up."""
    every = list(groups)
    live = [one for one in every if one.state in LIVE]
    savings = [one for one in live if one.category is not Category.RISK]
    agreed = [one for one in savings if one.state is not State.OPEN]
    measured = [one for one in every if one.realised or one.promised_so_far]
    return Standing(
        live=sum(one.count for one in savings),
        potential=_sums(Money(one.monthly, one.currency) for one in savings if one.monthly),
        agreed=sum(one.count for one in agreed),
        promised=_sums(Money(one.promised, one.currency) for one in agreed if one.promised),
        realised=_sums(Money(one.realised, one.currency) for one in measured),
        promised_so_far=_sums(Money(one.promised_so_far, one.currency) for one in measured),
        risks=sum(one.count for one in live if one.category is Category.RISK),
    )


def _sums(amounts: Iterable[Money]) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for one in amounts:
        sums[one.currency] = one if one.currency not in sums else sums[one.currency] + one
    return tuple(sums[currency] for currency in sorted(sums))


def _get(work: Work, recommendation_id: UUID) -> Recommendation:
    return recommendations.get(
        work.session, organization_id=work.organization_id, recommendation_id=recommendation_id
    )
