"""Recommendations and rules as programs see them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from infrazen.api.answers.money import Amount, Currency
from infrazen.api.schemas import Answer
from infrazen.domain.recommendations import Action, Category, Confidence, State
from infrazen.services.recommendations import RecommendationView
from infrazen.services.rules import RuleView


class Recommendation(Answer):
    """Something worth changing. Savings are a month's, in `currency`.

    `monthly_saving` is what it counts for beside others on the same resource, `own_saving`
    what it would save alone. Without a resource it is about the account. `realised` is what
    the `realised_days` after the agreement have cost less.
    """

    id: UUID
    created_at: datetime
    connection_id: UUID
    connection: str
    provider: str
    resource_id: UUID | None
    resource: str
    resource_type: str
    external_id: str
    region: str
    rule: Annotated[str, Field(examples=["oversized_cpu"])]
    category: Category
    action: Action
    monthly_saving: Amount
    own_saving: Amount
    currency: Currency
    confidence: Confidence
    evidence: dict[str, Any]
    change: dict[str, Any]
    state: State
    state_reason: str
    state_by: Annotated[str, Field(description="Empty where it moved by itself.")]
    state_at: datetime
    snoozed_until: date | None
    agreed_at: datetime | None
    promised_monthly: Amount | None
    realised: Amount | None
    realised_days: int
    daily_cost: Amount | None
    monthly_cost: Amount | None


class RecommendationEvent(Answer):
    """A recommendation went from one state to another; `before` is null where it was found."""

    id: UUID
    at: datetime
    before: State | None
    after: State
    actor: str
    reason: str


class FullRecommendation(Recommendation):
    """A recommendation with its history, and others about the same resource."""

    history: list[RecommendationEvent]
    beside: list[Recommendation]


class RecommendationGroup(Answer):
    """How many recommendations share these facts. Sums of savings are a month's.

    `promised_so_far` is what the promise comes to over the measured days, and `realised`
    what those days have cost less.
    """

    state: State
    category: Category
    currency: Currency
    count: int
    monthly: Amount
    promised: Amount
    realised: Amount
    promised_so_far: Amount


class RuleText(Answer):
    """A text in both languages."""

    ru: str
    en: str


class RuleParameter(Answer):
    """One parameter of a rule, within its limits."""

    name: str
    title: RuleText
    help: RuleText | None
    minimum: float
    maximum: float
    is_whole: bool
    default: float
    value: float


class Silence(Answer):
    """Of how many resources a rule cannot tell, and why."""

    reason: Annotated[str, Field(examples=["no_readings"])]
    resources: int


class RecommendationRule(Answer):
    """A rule as the organization has it, and what it said when it was last asked."""

    id: str
    category: Category
    action: Action
    title: RuleText
    why: RuleText
    is_enabled: bool
    parameters: list[RuleParameter]
    asked: Annotated[int, Field(description="How many resources it looked at.")]
    found: int
    silent: list[Silence]


class Evaluation(Answer):
    """What asking the rules did."""

    found: int
    opened: int
    closed: int


def full_recommendation_of(view: RecommendationView) -> FullRecommendation:
    """The answer that a service's view makes."""
    found = Recommendation.model_validate(view.recommendation)
    return FullRecommendation(
        **found.model_dump(),
        history=[RecommendationEvent.model_validate(one) for one in view.history],
        beside=[Recommendation.model_validate(one) for one in view.beside],
    )


def rule_of(view: RuleView) -> RecommendationRule:
    """The answer that a service's view makes."""
    return RecommendationRule(
        id=view.id,
        category=view.category,
        action=view.action,
        title=RuleText.model_validate(view.title),
        why=RuleText.model_validate(view.why),
        is_enabled=view.is_enabled,
        parameters=[RuleParameter.model_validate(one) for one in view.parameters],
        asked=view.asked,
        found=view.found,
        silent=[Silence(reason=reason, resources=count) for reason, count in view.silent],
    )
