"""What a sync reads of Virtual Private Cloud."""

from collections.abc import Mapping, Sequence
from typing import Any

from infrazen.provider_kit.contract import Endpoint, Sink, Text
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.billing import Billing
from infrazen.providers.yandex.compute import INSTANCES, Compute
from infrazen.providers.yandex.folders import Folders
from infrazen.providers.yandex.mapper import network as mapper
from infrazen.providers.yandex.mapper.common import Place
from infrazen.providers.yandex.wire import resources as wire

ADDRESSES = "vpc.addresses"

TITLES = {
    ADDRESSES: Text("Публичные адреса", "Public addresses"),
}
"""What people call the endpoints."""

_INTERNAL = "INTERNAL"


class Network:
    """Public addresses; internal ones cost nothing and are left out."""

    def __init__(
        self, api: Api, folders: Folders, billing: Billing, compute: Compute, *, redactor: Redactor
    ) -> None:
        self._api = api
        self._folders = folders
        self._billing = billing
        self._compute = compute
        self._addresses = Records(
            wire.PublicAddress, endpoint=ADDRESSES, redactor=redactor, key=_key
        )

    def endpoints(self) -> Sequence[Endpoint]:
        """One, once the machines are known that addresses may belong to."""
        return (
            Endpoint(
                name=ADDRESSES,
                read=self._read_addresses,
                after=(INSTANCES,),
            ),
        )

    async def _read_addresses(self, sink: Sink) -> None:
        async def read_of(place: Place, sink: Sink) -> None:
            def put(source: wire.PublicAddress) -> None:
                if source.type == _INTERNAL:
                    return
                external = source.external_ipv4_address
                found = mapper.address(
                    source,
                    listing=ADDRESSES,
                    place=place,
                    prices=self._billing.prices,
                    owner=self._compute.owners.get(external.address) if external else None,
                    owners_are_known=self._compute.knows_machines_of(place),
                )
                sink.resource(found)

            params = {"folderId": place.id}
            async for raws in self._api.pages("vpc", "/vpc/v1/addresses", "addresses", params):
                self._addresses.each(raws, sink, put)

        await self._folders.each(sink, read_of)


def _key(record: Mapping[str, Any]) -> str:
    if not isinstance(record["id"], str):
        raise TypeError("an id is a text")
    return f"address/{record['id']}"
