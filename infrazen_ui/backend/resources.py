"""What the resource pages ask of the services, and what people write on resources."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from infrazen.db.queries.connections import Source
from infrazen.db.queries.resource_counts import FacetCount, Summary
from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.domain.resource_columns import tag_key
from infrazen.domain.resources import MetricPoint
from infrazen.services import connections, resources
from infrazen.services.connection_views import ConnectionState
from infrazen.services.resources import ResourceView
from infrazen.services.running_costs import RunningCost, list_running_costs
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call
from infrazen_ui.backend.resource_query import ResourceQuery

BUSY = (ConnectionState.WAITING, ConnectionState.SYNCING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceTable:
    """A page of the table, with what the filter around it needs."""

    lines: tuple[ResourceLine, ...]
    summary: Summary
    facets: tuple[FacetCount, ...]
    sources: tuple[Source, ...]
    tags: Mapping[UUID, Mapping[str, str]]
    running: tuple[RunningCost, ...]
    """What all connections come to; nothing where the table shows only some resources."""


async def find_resources(
    state: HasRouter, query: ResourceQuery, columns: Sequence[str] = ()
) -> ResourceTable | Refused:
    """The page of the table that ``query`` means, with the tags that ``columns`` show."""
    found, facets, sources, running = await asyncio.gather(
        call(
            state,
            resources.search_resources,
            wanted=query.wanted,
            sort=query.sort,
            descending=query.descending,
            offset=query.offset,
            limit=query.size,
            tags=[key for key in map(tag_key, columns) if key],
        ),
        call(state, resources.list_facets, wanted=query.wanted),
        call(state, resources.list_sources),
        _running_costs(state, query),
    )
    if isinstance(found, Refused):
        return found
    if isinstance(facets, Refused):
        return facets
    if isinstance(sources, Refused):
        return sources
    return ResourceTable(
        lines=found.lines,
        summary=found.summary,
        facets=tuple(facets),
        sources=tuple(sources),
        tags=found.tags,
        running=running,
    )


async def _running_costs(state: HasRouter, query: ResourceQuery) -> tuple[RunningCost, ...]:
    found = () if query.is_narrowed else await call(state, list_running_costs)
    return () if isinstance(found, Refused) else found


class Nothing(StrEnum):
    """Why an inventory is empty: no connection, a sync at work, none so far, nothing to find."""

    NO_CONNECTION = "empty"
    FIRST_SYNC = "first_sync"
    UNREAD = "unread"
    NOTHING_THERE = "nothing_there"


async def why_nothing(state: HasRouter) -> Nothing:
    """Why there are no resources."""
    found = await call(state, connections.list_connections)
    if isinstance(found, Refused) or not found:
        return Nothing.NO_CONNECTION
    if any(one.state in BUSY for one in found):
        return Nothing.FIRST_SYNC
    was_read = any(one.connection.last_success_at for one in found)
    return Nothing.NOTHING_THERE if was_read else Nothing.UNREAD


async def find_resource(state: HasRouter, resource_id: UUID) -> ResourceView | Refused:
    """One resource in full."""
    return await call(state, resources.get_resource, resource_id=resource_id)


async def find_readings(
    state: HasRouter, resource_id: UUID, metrics: tuple[str, ...], *, reach: timedelta
) -> dict[str, list[MetricPoint]] | Refused:
    """The readings of ``metrics`` as far back as ``reach``, oldest first."""
    hours = max(1, -(-int(reach.total_seconds()) // 3600))
    answers = await asyncio.gather(
        *(
            call(
                state,
                resources.list_readings,
                resource_id=resource_id,
                metric=metric,
                hours=hours,
            )
            for metric in metrics
        )
    )
    found: dict[str, list[MetricPoint]] = {}
    for metric, answer in zip(metrics, answers, strict=True):
        if isinstance(answer, Refused):
            return answer
        found[metric] = answer
    return found


async def set_context(
    state: HasRouter, resource_ids: list[UUID], values: Mapping[str, str]
) -> Refused | None:
    """Write whom resources belong to."""
    return await call(
        state, resources.set_business_context, resource_ids=resource_ids, values=values
    )


async def put_tag(
    state: HasRouter, resource_ids: list[UUID], *, key: str, value: str
) -> Refused | None:
    """Set one of our own tags."""
    return await call(state, resources.set_tags, resource_ids=resource_ids, put={key: value})


async def remove_tag(state: HasRouter, resource_ids: list[UUID], *, key: str) -> Refused | None:
    """Take one of our own tags away."""
    return await call(state, resources.set_tags, resource_ids=resource_ids, put={}, remove=[key])


async def add_note(state: HasRouter, resource_id: UUID, *, text: str) -> UUID | Refused:
    """Leave a note."""
    return await call(state, resources.annotate, resource_id=resource_id, text=text)


async def remove_note(state: HasRouter, note_id: UUID) -> Refused | None:
    """Take a note away."""
    return await call(state, resources.remove_annotation, annotation_id=note_id)


async def reveal_secret(state: HasRouter, resource_id: UUID, *, field: str) -> str | Refused:
    """A secret in clear, which the audit log then knows. Never keep it in a State."""
    return await call(state, resources.reveal_secret, resource_id=resource_id, field=field)
