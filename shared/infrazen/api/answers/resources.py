"""Resources as programs see them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from infrazen.api.answers.connections import Component, Quantity
from infrazen.api.answers.money import Amount, Currency, Money
from infrazen.api.answers.recommendations import Recommendation
from infrazen.api.schemas import Answer
from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.domain.money import CostSource, Period, from_micro
from infrazen.domain.overrides import OverrideField, Stated
from infrazen.domain.resources import ResourceStatus, ServiceCategory
from infrazen.domain.usage import Tier
from infrazen.services.comparison import Compared
from infrazen.services.resources import ResourceView


class ManualPrice(Answer):
    """A price that a person states, per `period`."""

    amount: Amount
    period: Period
    currency: str


class ProvidedPrice(Answer):
    """What the provider asks, per day and per month."""

    daily_cost: Amount
    monthly_cost: Amount
    currency: str
    cost_source: CostSource


class Provided(Answer):
    """What the provider says of a resource of which people say otherwise."""

    name: str
    price: ProvidedPrice | None


class Override(Answer):
    """What a person says of a resource in the provider's place; `name` or `price` is set.

    It holds until `ended_at`, which is null for what holds now.
    """

    id: UUID
    field: OverrideField
    name: str | None
    price: ManualPrice | None
    reason: str
    author: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str


class Resource(Answer):
    """A resource as the list shows it; costs per day and per month in `currency`."""

    id: UUID
    connection_id: UUID
    connection: Annotated[str, Field(description="Its display name.")]
    provider: str
    external_id: Annotated[str, Field(description="The provider's id.")]
    type: Annotated[str, Field(examples=["vps"])]
    name: str
    service: str
    region: str
    status: ResourceStatus
    daily_cost: Amount | None
    monthly_cost: Amount | None
    currency: str | None
    cost_source: CostSource | None
    provided: Annotated[
        Provided | None, Field(description="What the provider says, where people say otherwise.")
    ]
    environment: str | None
    owner: str | None
    changed_at: datetime
    is_active: bool


class Totals(Answer):
    """How many resources a filter finds, and what they cost a day, by currency."""

    count: int
    daily: list[Money]


class Facet(Answer):
    """How many active resources share these facts; what nobody has written is empty."""

    connection_id: UUID
    type: str
    service: str
    status: ResourceStatus
    region: str
    owner: str
    environment: str
    project: str
    count: int


class Tag(Answer):
    """A tag; `source` is `provider` or `user`."""

    key: str
    value: str
    source: str


class Usage(Answer):
    """A metric in few numbers, in `unit`; percentages are of the capacity.

    `trend` is its slope in `unit` per hour.
    """

    metric: str
    unit: str
    capacity: float | None
    average: float
    maximum: float
    minimum: float
    latest: float
    average_percent: float | None
    maximum_percent: float | None
    trend: float
    tier: Tier
    points: int
    since: datetime
    until: datetime


class Annotation(Answer):
    """A note that a person left."""

    id: UUID
    author: str
    text: str
    created_at: datetime


class ResourceSecret(Answer):
    """That the provider handed out a secret with a resource; see its `reveal` route."""

    field: str
    label: str
    fingerprint: str
    set_at: datetime


class BusinessContext(Answer):
    """Whom a resource belongs to, as people wrote it."""

    business_unit: str | None
    project: str | None
    feature_tag: str | None
    cost_center: str | None
    environment: str | None
    owner: str | None


class FullResource(Answer):
    """A resource in full; costs per day and per month in `currency`.

    Name and money are what people say where they do: `provided` is what the provider says
    then, `overrides` what people say and ever said. `original_cost` per `cost_period` is
    what was stated of the price that counts.
    """

    id: UUID
    connection_id: UUID
    connection: str
    provider: str
    external_id: str
    type: str
    name: str
    service: str
    category: ServiceCategory
    region: str
    zone: str
    sub_account: str
    status: ResourceStatus
    provider_status: str
    is_active: bool
    pricing_model: str
    currency: str | None
    original_cost: Quantity | None
    cost_period: Period | None
    cost_source: CostSource | None
    daily_cost: Amount | None
    monthly_cost: Amount | None
    in_account_rate: Annotated[bool, Field(description="The account's charge contains it.")]
    sku: str | None
    context: BusinessContext
    provider_config: dict[str, Any]
    provider_created_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime | None
    changed_at: datetime
    deleted_at: datetime | None
    tags: list[Tag]
    components: list[Component]
    usage: list[Usage]
    annotations: list[Annotation]
    overrides: list[Override]
    provided: Provided
    secrets: list[ResourceSecret]


class DailyCost(Answer):
    """What one connection cost on one day."""

    connection_id: UUID
    day: date
    amount: Amount
    currency: Currency


class ResourceDay(DailyCost):
    """What one resource cost on one day, and where that comes from."""

    source: CostSource


class LoggedOperation(Answer):
    """What was done to a resource at its provider, in the provider's own word."""

    at: datetime
    operation: str
    failed: bool


class Reading(Answer):
    """One reading of a metric, in its unit."""

    at: datetime
    value: float


def resource_of(line: ResourceLine) -> Resource:
    """A resource as the list shows it."""
    plain = {name: getattr(line, name) for name in Resource.model_fields if name != "provided"}
    return Resource(**plain, provided=None if line.stated is None else _provided(line.stated))


def _provided(found: Stated) -> Provided:
    price = found.price
    return Provided(
        name=found.name,
        price=None
        if price is None
        else ProvidedPrice(
            daily_cost=from_micro(price.daily_micro),
            monthly_cost=from_micro(price.monthly_micro),
            currency=price.currency,
            cost_source=price.source,
        ),
    )


def full_resource_of(view: ResourceView) -> FullResource:
    """A resource with all that hangs on it."""
    around: dict[str, Any] = {
        "connection": view.connection,
        "last_seen_at": view.last_seen_at,
        "context": BusinessContext.model_validate(view.resource),
        "tags": [Tag.model_validate(one) for one in view.tags],
        "components": [Component.model_validate(one) for one in view.components],
        "usage": [Usage.model_validate(one) for one in view.usage],
        "annotations": [Annotation.model_validate(one) for one in view.annotations],
        "overrides": [Override.model_validate(one) for one in view.overrides],
        "provided": _provided(view.resource.provided),
        "secrets": [ResourceSecret.model_validate(one) for one in view.secrets],
    }
    own = FullResource.model_fields.keys() - around.keys()
    return FullResource(**{name: getattr(view.resource, name) for name in own}, **around)


class ComparedResource(Answer):
    """A resource in full with what is to be paid for it per day and per month.

    Nothing is to be paid beside an account's own charge that contains the price.
    """

    resource: FullResource
    payable_daily_cost: Amount | None
    payable_monthly_cost: Amount | None
    recommendations: list[Recommendation]


class Comparison(Answer):
    """Resources side by side, as they were asked for; `missing` are ids that name none here."""

    resources: list[ComparedResource]
    missing: list[UUID]


def comparison_of(found: Compared) -> ComparedResource:
    """One of the resources that are compared."""
    payable = found.payable
    return ComparedResource(
        resource=full_resource_of(found.view),
        payable_daily_cost=None if payable is None else payable.daily,
        payable_monthly_cost=None if payable is None else payable.monthly,
        recommendations=[Recommendation.model_validate(one) for one in found.recommendations],
    )
