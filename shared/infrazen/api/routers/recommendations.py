"""Recommendations: what could be saved, why, and what people decide about it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from infrazen.api.answers.recommendations import (
    Evaluation,
    FullRecommendation,
    Recommendation,
    RecommendationGroup,
    RecommendationRule,
    full_recommendation_of,
    rule_of,
)
from infrazen.api.caller import Caller
from infrazen.api.paging import Page
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.recommendation_query import RecommendationPageQuery
from infrazen.api.resource_query import Word
from infrazen.api.schemas import PLAIN, Flag, Question
from infrazen.domain.recommendations import State
from infrazen.domain.roles import Permission
from infrazen.services import recommendations, rules
from infrazen.services.recommendations import LONGEST_REASON, MOST_AT_ONCE

router = APIRouter(prefix="/recommendations", tags=["recommendations"])

_reads = needs(Permission.COST_READ)
_writes = needs(Permission.RESOURCE_WRITE)
_one = documented(404)
ONE = "3b241101-e2bb-4255-8caf-4136c566a962"

Reason = Annotated[str, Field(max_length=LONGEST_REASON, pattern=PLAIN)]


class NewState(Question):
    """What was decided. Dismissing needs a `reason`, snoozing a day to wake."""

    state: Annotated[State, Field(examples=["accepted"])]
    reason: Annotated[Reason, Field(examples=["Уменьшим в выходные."])] = ""
    snoozed_until: Annotated[
        date | None, Field(description="The day on which it wakes.", examples=[None])
    ] = None


class NewStateOfSeveral(NewState):
    """The same for several recommendations at once."""

    recommendation_ids: Annotated[
        list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE, examples=[[ONE]])
    ]


class RuleChange(Question):
    """How a rule is to be; what is left out stays, null as a value is the default."""

    is_enabled: Annotated[Flag | None, Field(examples=[True])] = None
    parameters: Annotated[
        dict[Annotated[str, Field(max_length=64, pattern=PLAIN)], float | None],
        Field(max_length=20, examples=[{"window_days": 30}]),
    ] = Field(default_factory=dict)


@router.get("", openapi_extra=_reads)
def list_recommendations(
    caller: Caller, query: Annotated[RecommendationPageQuery, Query()]
) -> Page[Recommendation]:
    """What a filter finds, the largest savings first, a page at a time."""
    found = recommendations.list_recommendations(
        caller.actor, wanted=query.wanted, after=query.after, limit=query.limit
    )
    items = [Recommendation.model_validate(one) for one in found]
    return Page(items=items, next_cursor=query.cursor_after(found))


@router.get("/totals", openapi_extra=_reads)
def get_recommendation_totals(caller: Caller) -> Page[RecommendationGroup]:
    """Every recommendation by state, category and currency, with what was saved."""
    found = recommendations.summarize_recommendations(caller.actor)
    return Page(items=[RecommendationGroup.model_validate(one) for one in found])


@router.get("/rules", openapi_extra=_reads)
def list_recommendation_rules(caller: Caller) -> Page[RecommendationRule]:
    """Every rule: its parameters, what it found, and of how much it cannot tell."""
    return Page(items=[rule_of(one) for one in rules.list_rules(caller.actor)])


@router.patch("/rules/{rule}", responses=_one, openapi_extra=_writes)
def set_recommendation_rule(caller: Caller, rule: Word, change: RuleChange) -> RecommendationRule:
    """Set a rule for the organization; it holds from the next evaluation on."""
    return rule_of(
        rules.set_rule(
            caller.actor, rule=rule, is_enabled=change.is_enabled, parameters=change.parameters
        )
    )


@router.post("/state", responses=_one, openapi_extra=_writes)
def decide_several_recommendations(
    caller: Caller, change: NewStateOfSeveral
) -> Page[Recommendation]:
    """Decide about several recommendations, all or none."""
    found = recommendations.decide(
        caller.actor,
        recommendation_ids=change.recommendation_ids,
        state=change.state,
        reason=change.reason,
        snoozed_until=change.snoozed_until,
    )
    return Page(items=[Recommendation.model_validate(one) for one in found])


@router.post(
    "/evaluate/{connection_id:uuid}",
    responses=_one,
    openapi_extra=needs(Permission.CONNECTION_SYNC),
)
def evaluate_recommendations(caller: Caller, connection_id: UUID) -> Evaluation:
    """Ask every rule about a connection's resources now, without a sync."""
    found = recommendations.evaluate_rules(caller.actor, connection_id=connection_id)
    return Evaluation.model_validate(found)


@router.get("/{recommendation_id:uuid}", responses=_one, openapi_extra=_reads)
def get_recommendation(caller: Caller, recommendation_id: UUID) -> FullRecommendation:
    """One recommendation in full: evidence, change, history, others on the same resource."""
    return full_recommendation_of(
        recommendations.get_recommendation(caller.actor, recommendation_id=recommendation_id)
    )


@router.post("/{recommendation_id:uuid}/state", responses=_one, openapi_extra=_writes)
def decide_recommendation(
    caller: Caller, recommendation_id: UUID, change: NewState
) -> Recommendation:
    """Decide about a recommendation: accept, begin, finish, dismiss, snooze or open it again."""
    [found] = recommendations.decide(
        caller.actor,
        recommendation_ids=[recommendation_id],
        state=change.state,
        reason=change.reason,
        snoozed_until=change.snoozed_until,
    )
    return Recommendation.model_validate(found)
