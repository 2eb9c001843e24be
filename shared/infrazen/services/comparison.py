"""A few resources side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from infrazen.db.queries import recommendations
from infrazen.db.queries.recommendations import Recommendation, Wanted
from infrazen.db.queries.resource_detail import Resource
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.recommendations import LIVE
from infrazen.domain.roles import Permission
from infrazen.errors import Invalid, NotFound
from infrazen.services.resources import ResourceView, resource_view
from infrazen.services.use_case import Work, use_case

MOST_COMPARED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A resource in full with what is to be paid for it, and what is recommended.

    ``payable`` is nothing where the account's own charge contains the price, and None where
    there is no price.
    """

    view: ResourceView
    payable: Rate | None
    recommendations: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was found, in the order it was asked for, and the ids that name nothing here."""

    found: tuple[Compared, ...]
    missing: tuple[UUID, ...]


@use_case(Permission.RESOURCE_READ)
def compare_resources(work: Work, *, resource_ids: Sequence[UUID]) -> Comparison:
    """Up to four resources side by side; ``NotFound`` where none of them is here."""
    wanted = tuple(dict.fromkeys(resource_ids))
    if not 1 <= len(wanted) <= MOST_COMPARED:
        raise Invalid(f"compare up to {MOST_COMPARED} resources", field="resource_id")
    views: list[ResourceView] = []
    missing: list[UUID] = []
    for resource_id in wanted:
        try:
            views.append(resource_view(work, resource_id))
        except NotFound:
            missing.append(resource_id)
    if not views:
        raise NotFound("no such resource in this organization")
    advice = _advice(work, [view.resource.id for view in views])
    found = (
        Compared(
            view=view,
            payable=_payable(view.resource),
            recommendations=tuple(one for one in advice if one.resource_id == view.resource.id),
        )
        for view in views
    )
    return Comparison(found=tuple(found), missing=tuple(missing))


def _advice(work: Work, resource_ids: Sequence[UUID]) -> list[Recommendation]:
    """What is recommended and not yet settled, for whoever may see costs."""
    if not work.actor.may(Permission.COST_READ):
        return []
    wanted = Wanted(resources=tuple(resource_ids), states=tuple(LIVE))
    return recommendations.page(work.session, work.organization_id, wanted)


def _payable(resource: Resource) -> Rate | None:
    if resource.daily_cost is None:
        return None
    if resource.in_account_rate:
        return ZERO_RATE
    return Rate(resource.daily_cost, resource.monthly_cost or Decimal(0))
