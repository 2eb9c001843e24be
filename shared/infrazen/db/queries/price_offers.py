"""What providers ask for what could be had: one set of offers a connection."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.scope import Scope, chunks
from infrazen.db.tables.prices import PriceOfferRow
from infrazen.domain.money import to_micro
from infrazen.domain.prices import PriceOffer
from infrazen.domain.resources import StatedPrice

_COLUMNS = (
    "key",
    "listing",
    "kind",
    "measure",
    "sku",
    "family",
    "region",
    "cpu",
    "memory_mb",
    "disk_mb",
    "instead_of",
    "currency",
    "amount",
    "period",
    "cost_source",
    "daily_cost",
    "monthly_cost",
    "in_account_rate",
)
_KEY = ("connection_id", "key")


def replace(
    session: Session, scope: Scope, offers: Iterable[PriceOffer], *, listed: AbstractSet[str]
) -> bool:
    """Store ``offers``; others that the endpoints ``listed`` told of are gone.

    Offers that stand as they are are not written; whether any changed.
    """
    wanted = {offer.key: offer for offer in offers}
    there = {offer.key: offer for offer in of_connection(session, scope.connection_id)}
    gone = [key for key, was in there.items() if key not in wanted and was.listing in listed]
    for some in chunks(gone):
        session.execute(
            delete(PriceOfferRow).where(
                col(PriceOfferRow.connection_id) == scope.connection_id,
                col(PriceOfferRow.key).in_(some),
            )
        )
    new = [offer for key, offer in wanted.items() if there.get(key) != offer]
    if not new:
        return bool(gone)
    bulk.insert(
        session,
        PriceOfferRow,
        _COLUMNS,
        map(_values, new),
        constants={
            "organization_id": scope.organization_id,
            "connection_id": scope.connection_id,
            "stated_at": scope.now,
        },
        on_conflict=bulk.replace(_KEY, (*_COLUMNS, "stated_at")),
    )
    return True


def of_connection(session: Session, connection_id: UUID) -> list[PriceOffer]:
    """Every offer of a connection."""
    rows = session.scalars(
        select(PriceOfferRow).where(col(PriceOfferRow.connection_id) == connection_id)
    )
    return [_offer(row) for row in rows]


def _values(offer: PriceOffer) -> tuple[object, ...]:
    price = offer.price
    return (
        offer.key,
        offer.listing,
        offer.kind,
        offer.measure,
        offer.sku,
        offer.family,
        offer.region,
        offer.cpu,
        offer.memory_mb,
        offer.disk_mb,
        offer.instead_of,
        price.currency,
        price.amount,
        price.period,
        price.source,
        price.daily_micro,
        price.monthly_micro,
        price.in_account_rate,
    )


def _offer(row: PriceOfferRow) -> PriceOffer:
    return PriceOffer(
        listing=row.listing,
        key=row.key,
        kind=row.kind,
        measure=row.measure,
        sku=row.sku,
        family=row.family,
        region=row.region,
        cpu=row.cpu,
        memory_mb=row.memory_mb,
        disk_mb=row.disk_mb,
        instead_of=row.instead_of,
        price=StatedPrice(
            amount=row.amount,
            period=row.period,
            currency=row.currency,
            daily_micro=to_micro(row.daily_cost),
            monthly_micro=to_micro(row.monthly_cost),
            source=row.cost_source,
            in_account_rate=row.in_account_rate,
        ),
    )
