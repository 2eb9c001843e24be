"""From what was seen to rows: resources, their charges, components and history."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from sqlmodel import Session

from infrazen.db import bulk
from infrazen.db.queries import components, cost_slices, inventory, overrides, resource_totals
from infrazen.db.queries.inventory import NewFacts, StateChange, Stored
from infrazen.db.queries.scope import Scope, chunks
from infrazen.domain.costs import Charge
from infrazen.domain.overrides import Overrides, overridden, stated
from infrazen.domain.resources import (
    ResourceStatus,
    SeenComponent,
    SeenResource,
    with_known,
)
from infrazen.domain.syncs import Change, Counts
from infrazen.finops.charges import Biller, charge_id, standing_charge
from infrazen.sync.plan import Plan, diff, encode, field_changes, fingerprint, observed

Document = dict[str, Any] | msgspec.Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a sync saw, and what it proves.

    ``listed`` are endpoints whose answers are complete; ``kept`` are keys of records that
    came but could not be read; ``whole`` are sub-accounts that were told completely, by
    endpoint.
    """

    resources: tuple[SeenResource, ...]
    components: tuple[SeenComponent, ...]
    listed: frozenset[str]
    kept: frozenset[str]
    whole: Mapping[str, AbstractSet[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the resources.

    ``prices_stand`` where no price can have moved; ``known`` are the keys of every
    resource that is stored now.
    """

    counts: Counts
    prices_stand: bool
    known: AbstractSet[str]


def _listed_in_part(session: Session, scope: Scope, seen: Seen) -> set[str]:
    """Keys of what is stored of sub-accounts that incomplete endpoints told completely."""
    found: set[str] = set()
    for listing, sub_accounts in seen.whole.items():
        if listing not in seen.listed:
            found |= inventory.keys_within(
                session, scope.connection_id, listing=listing, sub_accounts=sub_accounts
            )
    return found


def write_inventory(session: Session, scope: Scope, seen: Seen, *, biller: Biller) -> Written:
    """Make the stored inventory what was seen, and keep a history of the difference."""
    stored = inventory.index(session, scope.connection_id)
    resources = _filled(session, scope, seen.resources, stored)
    proven = _listed_in_part(session, scope, seen)
    plan = diff(resources, stored, listed=seen.listed, kept=seen.kept, proven=proven)
    touched = [*(resource.key for resource in plan.updated), *plan.deleted]
    before = inventory.stored(session, scope, _ids(scope, touched))
    _write_resources(session, scope, plan, biller=biller)
    if not plan.changes_nothing:
        resource_totals.refresh(session, scope.connection_id)
    states = {state.resource_id: state for state in _states(scope, plan, before)}
    known = stored.keys() | {resource.key for resource in resources}
    parts = _write_components(session, scope, seen, known=known)
    _tell_component_changes(
        session, scope, states, parts, stored=set(_ids(scope, stored) if parts else ())
    )
    inventory.insert_states(session, scope, states.values())
    updated = sum(state.change is Change.UPDATED for state in states.values())
    return Written(
        counts=Counts(
            found=len(resources),
            created=len(plan.created),
            updated=updated,
            deleted=len(plan.deleted),
            unchanged=len(resources) - len(plan.created) - updated,
        ),
        prices_stand=plan.changes_nothing,
        known=known,
    )


def _filled(
    session: Session,
    scope: Scope,
    resources: tuple[SeenResource, ...],
    stored: Mapping[str, Stored],
) -> list[SeenResource]:
    """Give resources what could not be read of them this time as it was."""
    partly = _ids(scope, (r.key for r in resources if r.unknown and r.key in stored))
    known = {was.key: was for was in inventory.stored(session, scope, partly).values()}
    return [_fill(r, known.get(r.key)) if r.unknown else r for r in resources]


def _fill(resource: SeenResource, was: SeenResource | None) -> SeenResource:
    fields = resource.unknown if was else ()
    return with_known(resource, {name: getattr(was, name) for name in fields})


def _write_resources(session: Session, scope: Scope, plan: Plan, *, biller: Biller) -> None:
    """Write what the plan says, some at a time: what is worked out of them takes memory."""
    said = overrides.of_connection(session, scope.connection_id) if plan.updated else {}
    # In the order of the key, which is a hash: the index then grows at its end.
    created = sorted(plan.created, key=lambda resource: scope.id_of(resource.key).int)
    with bulk.alongside(session):
        for some in chunks(created):
            new = _facts(session, scope, some, biller=biller)
            inventory.insert_resources(session, scope, new)
            inventory.insert_tags(session, scope, some)
            inventory.insert_states(session, scope, _created(scope, new))
    for some in chunks(plan.updated):
        changed = _facts(session, scope, some, biller=biller, said=said)
        inventory.update_resources(session, scope, changed)
    inventory.replace_tags(session, scope, plan.updated)
    inventory.mark_deleted(session, scope, _ids(scope, plan.deleted))


def _facts(
    session: Session,
    scope: Scope,
    resources: list[SeenResource],
    *,
    biller: Biller,
    said: Mapping[UUID, Overrides] | None = None,
) -> list[NewFacts]:
    """What to write of resources, with their charges; new ones where ``said`` is None."""
    shown = _shown(scope, resources, said) if said else resources
    charges = [_charge(scope, resource, biller) for resource in shown]
    cost_slices.insert_charges(
        session,
        organization_id=scope.organization_id,
        connection_id=scope.connection_id,
        charges=sorted((c for c in charges if c), key=lambda charge: charge[0].int),
        are_new=said is None,
    )
    return [
        NewFacts(
            seen=seen,
            encoded=(encoded := encode(resource)),
            fingerprint=fingerprint(encoded),
            charge_id=charge[0] if charge else None,
            stated=None if seen is resource else stated(resource),
        )
        for resource, seen, charge in zip(resources, shown, charges, strict=True)
    ]


def _shown(
    scope: Scope, resources: list[SeenResource], said: Mapping[UUID, Overrides]
) -> list[SeenResource]:
    """Resources as people say they are; the very same where nobody says anything."""
    found = ((resource, said.get(scope.id_of(resource.key))) for resource in resources)
    return [overridden(resource, by) if by else resource for resource, by in found]


def show_overridden(session: Session, scope: Scope, resource_id: UUID, *, biller: Biller) -> None:
    """Make a stored resource show what people say of it now."""
    resource = inventory.stored(session, scope, [resource_id])[resource_id]
    by = overrides.of_resource(session, resource_id)
    said = {} if by == Overrides() else {resource_id: by}
    (fact,) = _facts(session, scope, [resource], biller=biller, said=said)
    inventory.show(session, scope, fact)
    resource_totals.refresh(session, scope.connection_id)


def _charge(scope: Scope, resource: SeenResource, biller: Biller) -> tuple[UUID, Charge] | None:
    ref = scope.id_of(resource.key)
    charge = standing_charge(resource, resource_ref=ref, biller=biller)
    return None if charge is None else (charge_id(charge, scope.connection_id), charge)


def _created(scope: Scope, created: Iterable[NewFacts]) -> Iterator[StateChange]:
    for new in created:
        id_ = scope.id_of(new.seen.key)
        yield _state(id_, new.seen, change=Change.CREATED, current=msgspec.Raw(new.encoded))


def _states(scope: Scope, plan: Plan, before: Mapping[UUID, SeenResource]) -> Iterator[StateChange]:
    for resource in plan.updated:
        id_ = scope.id_of(resource.key)
        previous = observed(before[id_])
        current = observed(resource)
        found = field_changes(previous, current)
        if found.fields:
            state = _state(id_, resource, change=Change.UPDATED, current=current)
            yield msgspec.structs.replace(
                state,
                previous=previous,
                changed_fields=found.fields,
                config_changed=found.config,
                cost_changed=found.cost,
                status_changed=found.status,
            )
    for id_ in _ids(scope, plan.deleted):
        gone = before[id_]
        state = _state(id_, gone, change=Change.DELETED, current=None)
        yield msgspec.structs.replace(
            state,
            status=ResourceStatus.DELETED,
            previous=observed(gone),
            changed_fields=["status"],
            status_changed=True,
        )


def _state(
    id_: UUID, resource: SeenResource, *, change: Change, current: Document | None
) -> StateChange:
    price = resource.price
    return StateChange(
        resource_id=id_,
        change=change,
        status=resource.status,
        daily_cost=price.daily_micro if price else None,
        currency=price.currency if price else None,
        config_changed=False,
        cost_changed=False,
        status_changed=False,
        changed_fields=(),
        previous=None,
        current=current,
    )


@dataclass(slots=True)
class _Parts:
    """Component versions by name that went from and came to one resource."""

    went: dict[str, str | None]
    came: dict[str, str | None]


def _write_components(
    session: Session, scope: Scope, seen: Seen, *, known: AbstractSet[str]
) -> dict[UUID, _Parts]:
    """Make components what was seen; one of an unknown resource is the account's."""
    homed = (
        part
        if part.resource is None or part.resource in known
        else msgspec.structs.replace(part, resource=None)
        for part in seen.components
    )
    wanted = {components.component_id(scope.connection_id, part): part for part in homed}
    there = components.component_ids(
        session, scope, seen.listed, besides=set(_ids(scope, seen.kept))
    )
    gone = components.remove_components(session, there - wanted.keys())
    stay = there | components.known_components(session, wanted.keys() - there)
    new = [(id_, part) for id_, part in wanted.items() if id_ not in stay]
    components.insert_components(session, scope, new)
    parts: dict[UUID, _Parts] = {}
    for part in gone:
        if part.resource_id is not None:
            parts.setdefault(part.resource_id, _Parts({}, {})).went[part.name] = part.version
    for _, came in new:
        if came.resource is not None:
            id_ = scope.id_of(came.resource)
            parts.setdefault(id_, _Parts({}, {})).came[came.name] = came.version
    return parts


def _tell_component_changes(
    session: Session,
    scope: Scope,
    states: dict[UUID, StateChange],
    parts: Mapping[UUID, _Parts],
    *,
    stored: AbstractSet[UUID],
) -> None:
    """Add what changed inside resources that were there before and still are."""
    silent = [id_ for id_ in parts if id_ not in states and id_ in stored]
    for id_, resource in inventory.stored(session, scope, silent).items():
        facts = observed(resource)
        state = _state(id_, resource, change=Change.UPDATED, current=facts)
        states[id_] = msgspec.structs.replace(state, previous=facts)
    for id_, part in parts.items():
        told = states.get(id_)
        if told is not None and told.change is Change.UPDATED:
            names = sorted(part.went.keys() | part.came.keys())
            states[id_] = msgspec.structs.replace(
                told,
                changed_fields=[*told.changed_fields, *(f"components.{n}" for n in names)],
                previous=_with_components(told.previous, part.went),
                current=_with_components(told.current, part.came),
            )


def _with_components(document: Document | None, parts: dict[str, str | None]) -> dict[str, Any]:
    facts = document if isinstance(document, dict) else {}
    return {**facts, "components": parts}


def _ids(scope: Scope, keys: Iterable[str]) -> list[UUID]:
    return [scope.id_of(key) for key in keys]
