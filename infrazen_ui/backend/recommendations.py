"""What the recommendation page asks of the services, and what people decide there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from infrazen.db.queries.connections import Source
from infrazen.db.queries.recommendations import Recommendation, Wanted
from infrazen.domain.recommendations import LIVE, State
from infrazen.domain.resources import MetricPoint
from infrazen.domain.usage import UsageSummary
from infrazen.services import recommendations, resources, rules
from infrazen.services.recommendations import (
    RecommendationPage,
    RecommendationView,
    SavedDay,
)
from infrazen.services.rules import RuleView
from infrazen.sync.recommend import Evaluated
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call
from infrazen_ui.backend.recommendation_query import SIZE, RecommendationQuery
from infrazen_ui.backend.resources import find_readings

SHORT = 4
"""How many recommendations the dashboard shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A page of recommendations, the rules behind them, and where resources come from."""

    found: RecommendationPage
    rules: tuple[RuleView, ...]
    sources: tuple[Source, ...]
    saved: tuple[SavedDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A recommendation in full, with the readings that convinced its rule."""

    view: RecommendationView
    usage: tuple[UsageSummary, ...]
    readings: Mapping[str, list[MetricPoint]]


async def find_advice(state: HasRouter, query: RecommendationQuery) -> Advice | Refused:
    """The page that ``query`` means."""
    found, known, sources, saved = await asyncio.gather(
        call(
            state,
            recommendations.search_recommendations,
            wanted=query.wanted,
            offset=query.offset,
            limit=SIZE,
        ),
        call(state, rules.list_rules),
        call(state, resources.list_sources),
        call(state, recommendations.list_saved_days),
    )
    if isinstance(found, Refused):
        return found
    if isinstance(known, Refused):
        return known
    if isinstance(sources, Refused):
        return sources
    if isinstance(saved, Refused):
        return saved
    return Advice(found=found, rules=tuple(known), sources=tuple(sources), saved=tuple(saved))


async def find_evidence(state: HasRouter, recommendation_id: UUID) -> Evidence | Refused:
    """One recommendation in full, with the metric that it goes by, where there is one."""
    view = await call(
        state, recommendations.get_recommendation, recommendation_id=recommendation_id
    )
    if isinstance(view, Refused):
        return view
    one = view.recommendation
    metric = one.evidence.get("metric")
    if one.resource_id is None or not isinstance(metric, str):
        return Evidence(view=view, usage=(), readings={})
    resource = await call(state, resources.get_resource, resource_id=one.resource_id)
    if isinstance(resource, Refused):
        return Evidence(view=view, usage=(), readings={})
    usage = tuple(each for each in resource.usage if each.metric == metric)
    days = one.evidence.get("window_days", 1)
    reach = timedelta(days=days if isinstance(days, int) else 1)
    readings = await find_readings(state, one.resource_id, (metric,), reach=reach)
    if isinstance(readings, Refused):
        readings = {}
    return Evidence(view=view, usage=usage, readings=readings)


async def find_short(state: HasRouter, resource_id: UUID | None) -> list[Recommendation] | Refused:
    """The largest that wait for somebody, or all for one resource that were not let go."""
    states = LIVE if resource_id is None else frozenset(State) - {State.CLOSED}
    about = () if resource_id is None else (resource_id,)
    wanted = Wanted(states=tuple(sorted(states)), resources=about)
    limit = SHORT if resource_id is None else 20
    return await call(state, recommendations.list_recommendations, wanted=wanted, limit=limit)


async def find_one(state: HasRouter, recommendation_id: UUID) -> Recommendation | Refused:
    """One recommendation as it stands."""
    view = await call(
        state, recommendations.get_recommendation, recommendation_id=recommendation_id
    )
    return view if isinstance(view, Refused) else view.recommendation


async def find_rule(state: HasRouter, rule: str) -> RuleView | Refused | None:
    """One rule as the organization has it; None for none such."""
    known = await call(state, rules.list_rules)
    if isinstance(known, Refused):
        return known
    return next((one for one in known if one.id == rule), None)


async def decide(
    state: HasRouter,
    recommendation_id: UUID,
    wanted: State,
    *,
    reason: str = "",
    snoozed_until: date | None = None,
) -> Refused | None:
    """Move a recommendation."""
    found = await call(
        state,
        recommendations.decide,
        recommendation_ids=[recommendation_id],
        state=wanted,
        reason=reason,
        snoozed_until=snoozed_until,
    )
    return found if isinstance(found, Refused) else None


async def set_rule(
    state: HasRouter, rule: str, *, is_enabled: bool, parameters: Mapping[str, float | None]
) -> Refused | None:
    """Set a rule for the organization."""
    found = await call(
        state, rules.set_rule, rule=rule, is_enabled=is_enabled, parameters=parameters
    )
    return found if isinstance(found, Refused) else None


async def check_now(state: HasRouter) -> Evaluated | Refused:
    """Ask every rule about every connection, one after another; what that did in all."""
    sources = await call(state, resources.list_sources)
    if isinstance(sources, Refused):
        return sources
    whole = Evaluated(found=0, opened=0, closed=0)
    for source in (one for one in sources if not one.is_removed):
        done = await call(state, recommendations.evaluate_rules, connection_id=source.id)
        if isinstance(done, Refused):
            return done
        whole += done
    return whole
