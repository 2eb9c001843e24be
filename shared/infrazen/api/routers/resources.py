"""Resources: find them, look at one, and what it did and cost."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query
from pydantic import StringConstraints

from infrazen.api.answers.lifecycle import LifecycleEntry, entry_of
from infrazen.api.answers.resources import (
    Comparison,
    Facet,
    FullResource,
    LoggedOperation,
    Reading,
    Resource,
    ResourceDay,
    Totals,
    comparison_of,
    full_resource_of,
    resource_of,
)
from infrazen.api.answers.snapshots import ResourceChange, change_of
from infrazen.api.caller import Caller
from infrazen.api.paging import (
    Cursor,
    Limit,
    LongLimit,
    Moment,
    Page,
    Place,
    Since,
    at_moment,
    cursor_after,
    moment_of,
    page_of,
    position_at,
)
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.resource_query import PageQuery, ResourceQuery
from infrazen.db.queries.resource_counts import FacetCount
from infrazen.db.queries.snapshot_changes import ChangeLine
from infrazen.domain import resources as domain
from infrazen.domain.lifecycle import LifecycleEntry as StoredEntry
from infrazen.domain.resources import MetricPoint
from infrazen.domain.roles import Permission
from infrazen.services import comparison, lifecycle, resources

router = APIRouter(prefix="/resources", tags=["resources"])

Metric = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,64}$"), Query(examples=["cpu"])]

Compared = Annotated[
    list[UUID],
    Query(
        min_length=1,
        max_length=comparison.MOST_COMPARED,
        description="The resources; the parameter is repeated for each.",
        examples=[["019ab1c2-7f40-7cc3-98c4-dc0c0c07398f"]],
    ),
]

LastDays = Annotated[int, Query(ge=1, le=400, description="The last days, today included.")]

_reads = needs(Permission.RESOURCE_READ)
_one = documented(404)


class _Facet(Place):
    connection_id: UUID
    type: str
    service: str
    status: str
    region: str
    owner: str
    environment: str
    project: str


class _Logged(Place):
    at: Moment
    operation: str


class _Read(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    at: Moment


@router.get("", openapi_extra=_reads)
def list_resources(caller: Caller, query: Annotated[PageQuery, Query()]) -> Page[Resource]:
    """What a filter finds, a page at a time."""
    lines = resources.list_resources(
        caller.actor,
        wanted=query.wanted,
        sort=query.sort,
        descending=query.descending,
        after=query.after,
        limit=query.limit,
    )
    items = [resource_of(line) for line in lines]
    return Page(items=items, next_cursor=query.cursor_after(lines))


@router.get("/totals", openapi_extra=_reads)
def get_resource_totals(caller: Caller, query: Annotated[ResourceQuery, Query()]) -> Totals:
    """How many resources a filter finds, and what they cost a day."""
    return Totals.model_validate(resources.summarize_resources(caller.actor, wanted=query.wanted))


@router.get("/facets", openapi_extra=_reads)
def list_resource_facets(
    caller: Caller, cursor: Cursor = None, limit: LongLimit = 1000
) -> Page[Facet]:
    """How many active resources there are of each combination of facts, to make filters of."""
    found = resources.list_facets(caller.actor)
    items, following = page_of(found, _place_of_facet, _Facet, cursor=cursor, limit=limit)
    return Page(items=[Facet.model_validate(one) for one in items], next_cursor=following)


@router.get("/compare", responses=_one, openapi_extra=_reads)
def compare_resources(caller: Caller, resource_id: Compared) -> Comparison:
    """Up to four resources side by side; those that are not here are named, others stay."""
    found = comparison.compare_resources(caller.actor, resource_ids=resource_id)
    return Comparison(
        resources=[comparison_of(one) for one in found.found], missing=list(found.missing)
    )


@router.get("/{resource_id:uuid}", responses=_one, openapi_extra=_reads)
def get_resource(caller: Caller, resource_id: UUID) -> FullResource:
    """One resource in full: configuration, cost, tags, components, use and notes."""
    return full_resource_of(resources.get_resource(caller.actor, resource_id=resource_id))


@router.get("/{resource_id:uuid}/history", responses=_one, openapi_extra=_reads)
def list_resource_history(
    caller: Caller, resource_id: UUID, cursor: Cursor = None, limit: Limit = 50
) -> Page[ResourceChange]:
    """What happened to a resource, latest first."""
    start = position_at(cursor, Since)
    found = resources.list_resource_history(
        caller.actor,
        resource_id=resource_id,
        before=None if start is None else (at_moment(start.at), start.id),
        limit=limit,
    )
    return Page(
        items=[change_of(line) for line in found],
        next_cursor=cursor_after(found, _place_of_change, limit=limit),
    )


@router.get(
    "/{resource_id:uuid}/lifecycle", responses=_one, openapi_extra=needs(Permission.COST_READ)
)
def list_resource_lifecycle(
    caller: Caller, resource_id: UUID, cursor: Cursor = None, limit: Limit = 50
) -> Page[LifecycleEntry]:
    """What happened to a resource and how its cost moved with that, latest first.

    What syncs saw, what people said in the provider's place, which recommendations they agreed
    to, and what the provider's log tells.
    """
    start = position_at(cursor, Since)
    found = lifecycle.list_resource_lifecycle(
        caller.actor,
        resource_id=resource_id,
        before=None if start is None else (at_moment(start.at), start.id),
        limit=limit,
    )
    return Page(
        items=[entry_of(one) for one in found],
        next_cursor=cursor_after(found, _place_of_entry, limit=limit),
    )


@router.get("/{resource_id:uuid}/log", responses=_one, openapi_extra=_reads)
def list_resource_log(
    caller: Caller, resource_id: UUID, cursor: Cursor = None, limit: Limit = 50
) -> Page[LoggedOperation]:
    """What was done to a resource at its provider, such as a restart, latest first."""
    start = position_at(cursor, _Logged)
    found = resources.list_resource_log(
        caller.actor,
        resource_id=resource_id,
        before=None if start is None else (at_moment(start.at), start.operation),
        limit=limit,
    )
    return Page(
        items=[LoggedOperation.model_validate(one) for one in found],
        next_cursor=cursor_after(found, _place_in_log, limit=limit),
    )


@router.get("/{resource_id:uuid}/costs", responses=_one, openapi_extra=needs(Permission.COST_READ))
def list_resource_costs(
    caller: Caller, resource_id: UUID, days: LastDays = 30
) -> Page[ResourceDay]:
    """What a resource cost on each of the last days that have a record."""
    found = resources.list_resource_costs(caller.actor, resource_id=resource_id, days=days)
    return Page(items=[ResourceDay.model_validate(one) for one in found])


@router.get("/{resource_id:uuid}/readings", responses=_one, openapi_extra=_reads)
def list_resource_readings(
    caller: Caller,
    *,
    resource_id: UUID,
    metric: Metric,
    hours: Annotated[int, Query(ge=1, le=24 * 90, description="How far back.")] = 24,
    cursor: Cursor = None,
    limit: LongLimit = 1000,
) -> Page[Reading]:
    """A metric's readings of the last hours, oldest first, in the unit of its usage summary."""
    start = position_at(cursor, _Read)
    found = resources.list_readings(
        caller.actor,
        resource_id=resource_id,
        metric=metric,
        hours=hours,
        after=None if start is None else at_moment(start.at),
        limit=limit,
    )
    return Page(
        items=[Reading.model_validate(one) for one in found],
        next_cursor=cursor_after(found, _place_of_reading, limit=limit),
    )


def _place_of_facet(one: FacetCount) -> _Facet:
    return _Facet(
        one.connection_id,
        one.type,
        one.service,
        one.status,
        one.region,
        one.owner,
        one.environment,
        one.project,
    )


def _place_of_change(line: ChangeLine) -> Since:
    return Since(at=moment_of(line.observed_at), id=line.snapshot_id)


def _place_of_entry(entry: StoredEntry) -> Since:
    at, id_ = lifecycle.place_of(entry)
    return Since(at=moment_of(at), id=id_)


def _place_in_log(one: domain.LoggedOperation) -> _Logged:
    return _Logged(at=moment_of(one.at), operation=one.operation)


def _place_of_reading(one: MetricPoint) -> _Read:
    return _Read(at=moment_of(one.at))
