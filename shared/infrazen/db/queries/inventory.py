"""What a sync reads and writes of resources: set by set, never row by row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.overrides import stated_of
from infrazen.db.queries.scope import Scope, chunks
from infrazen.db.tables.resources import (
    NO_COST,
    ResourceRow,
    ResourceTagRow,
)
from infrazen.db.tables.snapshots import ResourceStateRow
from infrazen.domain.money import from_micro, to_micro
from infrazen.domain.overrides import Stated, as_stated
from infrazen.domain.resources import (
    ResourceStatus,
    SeenResource,
    StatedPrice,
)
from infrazen.domain.syncs import Change

SEARCH_BYTES = 800
PROVIDER_TAG = "provider"


class Stored(msgspec.Struct, frozen=True, gc=False):
    """What the comparison needs of a stored resource; a sync holds one for each."""

    fingerprint: bytes
    listing: str
    is_active: bool


def index(session: Session, connection_id: UUID) -> dict[str, Stored]:
    """Every stored resource of a connection by its key, deleted ones too."""
    row = ResourceRow.__table__.c  # type: ignore[attr-defined]
    statement = select(  # of the table: the ORM would handle each row once more
        row.type, row.external_id, row.fingerprint, row.listing, row.is_active
    ).where(row.connection_id == connection_id)
    return {
        f"{type_}/{external_id}": Stored(fingerprint, listing, is_active)
        for type_, external_id, fingerprint, listing, is_active in session.execute(statement)
    }


def keys_within(
    session: Session, connection_id: UUID, *, listing: str, sub_accounts: Iterable[str]
) -> set[str]:
    """Keys of the active resources that an endpoint listed in some sub-accounts."""
    found: set[str] = set()
    for some in chunks(sub_accounts):
        rows = session.execute(
            select(col(ResourceRow.type), col(ResourceRow.external_id)).where(
                col(ResourceRow.connection_id) == connection_id,
                col(ResourceRow.listing) == listing,
                col(ResourceRow.is_active).is_(True),
                col(ResourceRow.sub_account).in_(some),
            )
        )
        found.update(f"{type_}/{external_id}" for type_, external_id in rows)
    return found


def stored(session: Session, scope: Scope, ids: Iterable[UUID]) -> dict[UUID, SeenResource]:
    """Stored resources by id, as the sync that wrote them saw them."""
    found: dict[UUID, SeenResource] = {}
    for some in chunks(ids):
        rows = session.scalars(select(ResourceRow).where(*_these(scope, ResourceRow.id, some)))
        tags = _provider_tags(session, scope, some)
        found |= {row.id: as_seen(row, tags.get(row.id, {})) for row in rows}
        session.expunge_all()
    return found


def _these(scope: Scope, column: Any, ids: Sequence[UUID]) -> tuple[Any, ...]:
    """The rows with ``ids``, within the organization."""
    organization = column.class_.organization_id
    return col(organization) == scope.organization_id, col(column).in_(ids)


def as_seen(row: ResourceRow, tags: Mapping[str, str]) -> SeenResource:
    """A stored row as the sync saw it, whatever people say of it."""
    shown = SeenResource(
        listing=row.listing,
        external_id=row.external_id,
        type=row.type,
        name=row.name,
        service=row.service,
        category=row.category,
        status=row.status,
        provider_status=row.provider_status,
        region=row.region,
        zone=row.zone,
        sub_account=row.sub_account,
        price=_stated_price(row),
        sku=row.sku,
        tags=dict(tags),
        config=row.provider_config,
        created_at=row.provider_created_at,
    )
    return shown if row.stated is None else as_stated(shown, stated_of(row.stated))


def provided(row: ResourceRow) -> Stated:
    """What the provider says of a stored row's name and price."""
    if row.stated is not None:
        return stated_of(row.stated)
    return Stated(name=row.name, price=_stated_price(row))


def _stated_price(row: ResourceRow) -> StatedPrice | None:
    if row.daily_cost is None or row.monthly_cost is None or row.currency is None:
        return None
    assert row.original_cost is not None and row.cost_period is not None  # noqa: S101, PT018
    assert row.cost_source is not None  # noqa: S101
    return StatedPrice(
        amount=row.original_cost,
        period=row.cost_period,
        currency=row.currency,
        daily_micro=to_micro(row.daily_cost),
        monthly_micro=to_micro(row.monthly_cost),
        source=row.cost_source,
        in_account_rate=row.in_account_rate,
    )


def _provider_tags(
    session: Session, scope: Scope, ids: Sequence[UUID]
) -> dict[UUID, dict[str, str]]:
    tags: dict[UUID, dict[str, str]] = {}
    statement = select(
        col(ResourceTagRow.resource_id), col(ResourceTagRow.key), col(ResourceTagRow.value)
    ).where(
        *_these(scope, ResourceTagRow.resource_id, ids), col(ResourceTagRow.source) == PROVIDER_TAG
    )
    for id_, key, value in session.execute(statement):
        tags.setdefault(id_, {})[key] = value
    return tags


_FACTS = (
    "id",
    "external_id",
    "type",
    "name",
    "service",
    "category",
    "region",
    "zone",
    "sub_account",
    "status",
    "provider_status",
    "listing",
    "pricing_model",
    "currency",
    "original_cost",
    "cost_period",
    "cost_frequency",
    "cost_source",
    "daily_cost",
    "monthly_cost",
    "effective_daily_cost",
    "in_account_rate",
    "cost_rank",
    "sku",
    "charge_id",
    "provider_config",
    "provider_created_at",
    "fingerprint",
    "search",
)


_SHOWN = (
    "name",
    "pricing_model",
    "currency",
    "original_cost",
    "cost_period",
    "cost_frequency",
    "cost_source",
    "daily_cost",
    "monthly_cost",
    "effective_daily_cost",
    "in_account_rate",
    "cost_rank",
    "charge_id",
    "search",
)
"""Facts that depend on what people say of a resource."""


class NewFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A resource to write, with what was worked out of it.

    ``seen`` is what is shown of it. Where people say otherwise than the provider, that is
    theirs, and ``stated`` is the provider's; the rest is worked out of the latter.
    """

    seen: SeenResource
    encoded: bytes
    fingerprint: bytes
    charge_id: UUID | None
    stated: Stated | None = None


def insert_resources(session: Session, scope: Scope, facts: Iterable[NewFacts]) -> None:
    """Write resources that are not there yet."""
    rows = (_values(scope, fact) for fact in facts)
    bulk.insert(session, ResourceRow, _FACTS, rows, constants=_common(scope))


def update_resources(session: Session, scope: Scope, facts: Iterable[NewFacts]) -> None:
    """Overwrite what the provider says of resources; what people wrote stays."""
    rows = ((*_values(scope, fact), _stated(fact)) for fact in facts)
    common = _common(scope)
    written = [name for name in (*_FACTS, "stated", *common) if name != "first_seen_at"]
    bulk.insert(
        session,
        ResourceRow,
        (*_FACTS, "stated"),
        rows,
        constants=common,
        on_conflict=bulk.replace(("id",), written),
    )


def show(session: Session, scope: Scope, fact: NewFacts) -> None:
    """Write what is shown of one resource that nothing else happened to."""
    values = dict(zip(_FACTS, _values(scope, fact), strict=True))
    shown = {name: values[name] for name in _SHOWN}
    for name in ("daily_cost", "monthly_cost", "effective_daily_cost"):
        shown[name] = None if shown[name] is None else from_micro(shown[name])
    session.execute(
        update(ResourceRow)
        .where(*_these(scope, ResourceRow.id, [values["id"]]))
        .values(**shown, stated=_stated(fact))
    )


def _stated(fact: NewFacts) -> dict[str, Any] | None:
    return None if fact.stated is None else msgspec.to_builtins(fact.stated)


def _common(scope: Scope) -> dict[str, Any]:
    return {
        "organization_id": scope.organization_id,
        "connection_id": scope.connection_id,
        "provider": scope.provider,
        "is_active": True,
        "changed_at": scope.now,
        "deleted_at": None,
        "first_seen_at": scope.now,
    }


def _values(scope: Scope, fact: NewFacts) -> tuple[Any, ...]:
    seen, price = fact.seen, fact.seen.price
    money: tuple[Any, ...] = ("none",) + (None,) * 8 + (False, NO_COST)
    if price is not None:
        money = (
            "flat" if price.daily_micro else "free",
            price.currency,
            price.amount,
            price.period,
            "Recurring",
            price.source,
            price.daily_micro,
            price.monthly_micro,
            price.daily_micro,
            price.in_account_rate,
            price.daily_micro,
        )
    return (
        scope.id_of(seen.key),
        seen.external_id,
        seen.type,
        seen.name,
        seen.service,
        seen.category,
        seen.region,
        seen.zone,
        seen.sub_account,
        seen.status,
        seen.provider_status,
        seen.listing,
        *money,
        seen.sku,
        fact.charge_id,
        seen.config,
        seen.created_at,
        fact.fingerprint,
        search_text(seen, also=fact.stated.name if fact.stated else ""),
    )


def search_text(seen: SeenResource, *, also: str = "") -> str:
    """What the search box looks into: lower case, one fact a line, 800 bytes at most.

    ``also`` is another name that the resource has.
    """
    words = (
        seen.name,
        also,
        seen.external_id,
        seen.type,
        seen.service,
        seen.region,
        seen.sub_account,
    )
    tags = (f"{key}={value}" for key, value in seen.tags.items())
    text = "\n".join(word for word in (*words, *tags) if word).lower()
    if len(text) * 4 <= SEARCH_BYTES:  # no character takes more
        return text
    return text.encode()[:SEARCH_BYTES].decode(errors="ignore")


def replace_tags(session: Session, scope: Scope, resources: Iterable[SeenResource]) -> None:
    """Make the provider's tags of ``resources`` what they are now."""
    for some in chunks(resources):
        ids = [scope.id_of(seen.key) for seen in some]
        session.execute(
            delete(ResourceTagRow).where(
                *_these(scope, ResourceTagRow.resource_id, ids),
                col(ResourceTagRow.source) == PROVIDER_TAG,
            )
        )
        insert_tags(session, scope, some)


def insert_tags(session: Session, scope: Scope, resources: Iterable[SeenResource]) -> None:
    """Write the provider's tags of resources that have none yet."""
    rows = (
        (scope.id_of(seen.key), key[:128], value[:256])
        for seen in resources
        for key, value in seen.tags.items()
    )
    common = {"organization_id": scope.organization_id, "source": PROVIDER_TAG}
    bulk.insert(session, ResourceTagRow, ("resource_id", "key", "value"), rows, constants=common)


def mark_deleted(session: Session, scope: Scope, ids: Iterable[UUID]) -> None:
    """Mark resources deleted and inactive; nothing is erased."""
    for some in chunks(ids):
        session.execute(
            update(ResourceRow)
            .where(*_these(scope, ResourceRow.id, some))
            .values(
                is_active=False,
                status=ResourceStatus.DELETED,
                deleted_at=scope.now,
                changed_at=scope.now,
            )
        )


class StateChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of a resource's history; ``daily_cost`` is in millionths of ``currency``."""

    resource_id: UUID
    change: Change
    status: ResourceStatus
    daily_cost: int | None
    currency: str | None
    config_changed: bool
    cost_changed: bool
    status_changed: bool
    changed_fields: Sequence[str]
    previous: dict[str, Any] | None
    current: dict[str, Any] | msgspec.Raw | None


def insert_states(session: Session, scope: Scope, changes: Iterable[StateChange]) -> None:
    """Write what this snapshot changed."""
    rows = map(msgspec.structs.astuple, changes)
    common = {
        "organization_id": scope.organization_id,
        "snapshot_id": scope.snapshot_id,
        "observed_at": scope.now,
    }
    bulk.insert(session, ResourceStateRow, StateChange.__struct_fields__, rows, constants=common)
