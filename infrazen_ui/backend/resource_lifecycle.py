"""What happened to a resource and what it cost, as its page asks for them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from infrazen.db.queries.cost_history import ResourceDay
from infrazen.domain.lifecycle import LifecycleEntry
from infrazen.services import lifecycle, resources
from infrazen.services.lifecycle import LONGEST_PAGE
from infrazen.sync.plan import flat
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call

__all__ = ["LONGEST_PAGE", "FieldChange", "Lifecycle", "Told", "find_lifecycle", "find_told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of a resource before and after.

    None is nothing; an empty text is something of which no more than the name is known.
    """

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry with its fields before and after; the provider's prices are in ``currency``."""

    entry: LifecycleEntry
    fields: tuple[FieldChange, ...]
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """What happened lately, latest first, and what was recorded of each day, in order."""

    told: tuple[Told, ...]
    costs: tuple[ResourceDay, ...]


async def find_lifecycle(state: HasRouter, resource_id: UUID, *, days: int) -> Lifecycle | Refused:
    """As much of the history as a chart marks, and the costs of the last ``days``."""
    told, costs = await asyncio.gather(
        find_told(state, resource_id, limit=LONGEST_PAGE),
        call(state, resources.list_resource_costs, resource_id=resource_id, days=days),
    )
    if isinstance(told, Refused):
        return told
    if isinstance(costs, Refused):
        return costs
    return Lifecycle(told=told, costs=tuple(costs))


async def find_told(
    state: HasRouter,
    resource_id: UUID,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> tuple[Told, ...] | Refused:
    """What happened, latest first, or ``before`` (moment, id)."""
    found = await call(
        state,
        lifecycle.list_resource_lifecycle,
        resource_id=resource_id,
        before=before,
        limit=limit,
    )
    return found if isinstance(found, Refused) else tuple(_told(one) for one in found)


def _told(entry: LifecycleEntry) -> Told:
    one = entry.happening
    before, after = flat(one.previous or {}), flat(one.current or {})
    return Told(
        entry=entry,
        fields=tuple(
            FieldChange(name=name, before=_value(before, name), after=_value(after, name))
            for name in one.fields
        ),
        currency=after.get("price.currency") or before.get("price.currency"),
    )


def _value(document: Mapping[str, Any], name: str) -> Any:
    value = document.get(name)
    return "" if value is None and name in document else value
