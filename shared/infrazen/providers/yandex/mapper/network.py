"""Public addresses."""

from typing import Any

from infrazen.domain.resources import ResourceStatus, SeenResource, ServiceCategory
from infrazen.providers.yandex.mapper.common import Place, facts, region, tags_of
from infrazen.providers.yandex.mapper.prices import PriceList
from infrazen.providers.yandex.mapper.skus import Meter, Thing
from infrazen.providers.yandex.wire import resources as wire

SERVICE = "Virtual Private Cloud"


def address(
    source: wire.PublicAddress,
    *,
    listing: str,
    place: Place,
    prices: PriceList | None,
    owner: str | None,
    owners_are_known: bool,
) -> SeenResource:
    """A public address. ``owner`` is the id of the machine that has it.

    One that is in use and has no machine serves a balancer or a gateway.
    """
    external = source.external_ipv4_address or wire.ExternalAddress()
    rate = prices.rate(Meter(Thing.ADDRESS)) if prices else None
    unknown = () if prices else ("price",)
    return SeenResource(
        listing=listing,
        external_id=source.id,
        type="address",
        name=source.name or external.address or source.id,
        service=SERVICE,
        category=ServiceCategory.NETWORKING,
        status=ResourceStatus.ACTIVE if source.used else ResourceStatus.INACTIVE,
        provider_status="used" if source.used else "idle",
        region=region(external.zone_id),
        zone=external.zone_id,
        sub_account=place.sub_account,
        price=prices.address(idle=not source.used) if prices else None,
        sku=rate.sku if rate else None,
        tags=tags_of(source.labels),
        config=facts(
            ip_address=external.address,
            reserved=source.reserved,
            deletion_protection=source.deletion_protection or None,
            description=source.description,
            folder_id=place.id,
            cloud_id=place.cloud_id,
        )
        | _attached(source, owner),
        created_at=source.created_at,
        unknown=unknown if owners_are_known else (*unknown, "config"),
    )


def _attached(source: wire.PublicAddress, owner: str | None) -> dict[str, Any]:
    if owner is not None:
        return {"attached_to": [owner]}
    return {} if source.used else {"attached_to": []}
