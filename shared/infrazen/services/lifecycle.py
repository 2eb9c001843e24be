"""What happened to a resource from its first day on, and how its cost moved with that."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from infrazen.db.queries import (
    billed_days,
    cost_history,
    lifecycle,
    overrides,
    resource_detail,
    resource_log,
    snapshot_changes,
)
from infrazen.db.queries.overrides import Override
from infrazen.db.queries.resource_detail import Resource
from infrazen.db.queries.snapshot_changes import ChangeLine
from infrazen.domain.lifecycle import Happening, HappeningKind, LifecycleEntry
from infrazen.domain.money import CostSource
from infrazen.domain.overrides import OverrideField
from infrazen.domain.periods import Days
from infrazen.domain.recommendations import AGREED
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.roles import Permission
from infrazen.domain.syncs import Change
from infrazen.finops.cost_moves import Billed, Held, cost_moves, days_around
from infrazen.providers import provider
from infrazen.services.use_case import Work, use_case

LONGEST_PAGE = 200
MOST_WORD = "\N{REPLACEMENT CHARACTER}"
"""Comes after every word for an operation."""
MOST_AT_ONCE = 10
"""So many operations of one moment are told at least."""

Before = tuple[datetime, UUID]
"""Where a page ends: the moment and the id of its last entry."""

_SAID = {
    OverrideField.NAME: (HappeningKind.NAMED, HappeningKind.UNNAMED),
    OverrideField.PRICE: (HappeningKind.PRICED, HappeningKind.UNPRICED),
}


@use_case(Permission.COST_READ)
def list_resource_lifecycle(
    work: Work, *, resource_id: UUID, before: Before | None = None, limit: int = 50
) -> list[LifecycleEntry]:
    """What happened to a resource, latest first; ``before`` goes on from (moment, id).

    What syncs saw, what people said in the provider's place, which recommendations they agreed
    to, and what the provider's log tells.
    """
    resource = resource_detail.get(
        work.session, organization_id=work.organization_id, resource_id=resource_id
    )
    most = max(1, min(limit, LONGEST_PAGE))
    said = overrides.history(work.session, resource_id)
    # One more than asked for: what the provider asked before the oldest one.
    seen = _seen(work, resource_id, before=before, limit=most + 1)
    decided = lifecycle.decisions(
        work.session,
        organization_id=work.organization_id,
        resource_id=resource_id,
        states=AGREED,
        before=before,
        limit=most,
    )
    others = (*_said(said), *_operated(work, resource_id, before=before, limit=most))
    found = [*seen, *decided, *(one for one in others if _is_before(one, before))]
    found.sort(key=_place, reverse=True)
    zone = ZoneInfo(provider(resource.provider).billing_time_zone)
    moves = cost_moves(
        found,
        _billed(work, resource, found[:most], zone),
        held=list(_held(said)),
        zone=zone,
        until=None if before is None else before[0].astimezone(zone).date(),
    )
    return [
        LifecycleEntry(happening=one, moves=moved)
        for one, moved in zip(found[:most], moves[:most], strict=True)
    ]


def place_of(entry: LifecycleEntry) -> Before:
    """Where a page that ends with ``entry`` ends."""
    return _place(entry.happening)


def _place(one: Happening) -> Before:
    return one.at, one.id


def _is_before(one: Happening, before: Before | None) -> bool:
    return before is None or _place(one) < before


def _seen(
    work: Work, resource_id: UUID, *, before: Before | None, limit: int
) -> Iterator[Happening]:
    lines = snapshot_changes.timeline(
        work.session,
        organization_id=work.organization_id,
        resource_id=resource_id,
        before=before,
        limit=limit,
    )
    for line in lines:
        yield Happening(
            at=line.observed_at,
            kind=_kind(line),
            id=line.snapshot_id,
            fields=tuple(line.changed_fields),
            previous=line.previous,
            current=line.current,
        )


def _kind(line: ChangeLine) -> HappeningKind:
    was = (line.previous or {}).get("status")
    if line.change is Change.UPDATED and was == ResourceStatus.DELETED:
        return HappeningKind.RETURNED
    return HappeningKind(line.change.value)


def _said(found: Iterable[Override]) -> Iterator[Happening]:
    """What people said and took back; what they said otherwise at once is not taken back."""
    known = list(found)
    begun = {(one.field, one.created_at) for one in known}
    for one in known:
        stated, taken_back = _SAID[one.field]
        yield Happening(
            at=one.created_at,
            kind=stated,
            id=one.id,
            name=one.name,
            price=one.price,
            actor=one.author,
            reason=one.reason,
        )
        if one.ended_at is not None and (one.field, one.ended_at) not in begun:
            yield Happening(
                at=one.ended_at,
                kind=taken_back,
                id=one.id,
                name=one.name,
                price=one.price,
                actor=one.ended_by,
            )


def _operated(
    work: Work, resource_id: UUID, *, before: Before | None, limit: int
) -> Iterator[Happening]:
    """What the provider's log tells, from the moment at which the page before ended on.

    Its entries have no ids, and what was on that page already is not told apart here.
    """
    until = None if before is None else (before[0], MOST_WORD)
    entries = resource_log.entries(
        work.session,
        organization_id=work.organization_id,
        resource_id=resource_id,
        before=until,
        limit=limit + MOST_AT_ONCE,
    )
    for one in entries:
        yield Happening(
            at=one.at,
            kind=HappeningKind.OPERATED,
            id=uuid5(resource_id, f"{one.at.isoformat()} {one.operation}"),
            operation=one.operation,
            failed=one.failed,
        )


def _held(found: Iterable[Override]) -> Iterator[Held]:
    for one in found:
        if one.price is not None:
            yield Held(price=one.price, since=one.created_at, until=one.ended_at)


def _billed(
    work: Work, resource: Resource, found: Iterable[Happening], zone: ZoneInfo
) -> list[Billed]:
    days = days_around(found, zone)
    if not days:
        return []
    place = {"organization_id": work.organization_id, "connection_id": resource.connection_id}
    reach = Days(days[0], days[-1])
    whole = set().union(*billed_days.whole_days(work.session, **place, days=reach).values())
    recorded = cost_history.resource_costs(
        work.session,
        **place,
        resource_id=resource.id,
        days=[day for day in days if day in whole],
    )
    return [
        Billed(day=one.day, currency=one.currency, amount=one.amount)
        for one in recorded
        if one.source is CostSource.BILLED
    ]
