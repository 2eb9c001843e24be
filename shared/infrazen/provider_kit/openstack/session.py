"""Asking the services of one project, wherever its catalogue says that they are."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TypeVar

import httpx
import msgspec

from infrazen.errors import CredentialsRefused, UnexpectedPayload
from infrazen.provider_kit.openstack.keystone import Keystone, Scope, Service
from infrazen.provider_kit.paging import cursor_pages
from infrazen.provider_kit.payload import Answer, decode
from infrazen.provider_kit.transport import Params, Transport

T = TypeVar("T")

PAGE = 1000
_EXPECTED = frozenset({200, 204, 401})
_LISTING = msgspec.json.Decoder(dict[str, msgspec.Raw])
_RECORDS = msgspec.json.Decoder(list[msgspec.Raw])


class _Link(msgspec.Struct):
    rel: str
    href: str


_LINKS = msgspec.json.Decoder(list[_Link])
_TEXT = msgspec.json.Decoder(str)


class Session:
    """One scope of one user: GET only, with a token that is renewed where it runs out."""

    def __init__(self, transport: Transport, keystone: Keystone, scope: Scope) -> None:
        self._transport = transport
        self._keystone = keystone
        self._scope = scope

    async def services(self, *types: str) -> list[Service]:
        """The public services of the first of ``types`` that the catalogue has, by region."""
        token = await self._keystone.token(self._scope)
        for type_ in types:
            found = [service for service in token.services if service.type == type_]
            if found:
                return sorted(found, key=lambda service: service.region)
        return []

    async def get(
        self,
        url: str,
        decoder: msgspec.json.Decoder[T],
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        absent: frozenset[int] = frozenset(),
    ) -> T | None:
        """The answer to GET ``url`` as ``decoder``'s type; None for a status in ``absent``.

        Raises ``ProviderError``.
        """

        def read(answer: Answer) -> tuple[bool, T | None]:
            if answer.status in absent or answer.status == 204:
                return True, None
            return (False, None) if answer.status == 401 else (True, decode(answer, decoder))

        address = _address(url)
        transport = self._transport.at(address.copy_with(path="", query=None))
        token = await self._keystone.token(self._scope)
        for _ in range(2):
            known, value = await transport.get(
                address.path,
                read=read,
                params=params,
                headers={**(headers or {}), "X-Auth-Token": token.value},
                accept=_EXPECTED | absent,
            )
            if known:
                return value
            token = await self._keystone.token(self._scope, instead_of=token.value)
        raise CredentialsRefused(f"{address.path}: a fresh token was refused")

    async def pages(
        self,
        url: str,
        key: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Sequence[msgspec.Raw]]:
        """Every page of a listing whose records are under ``key``, by its next links."""
        path = _address(url).path

        async def fetch(marker: str | None) -> tuple[Sequence[msgspec.Raw], str | None]:
            asked: Params = {
                "limit": PAGE,
                **(params or {}),
                **({"marker": marker} if marker else {}),
            }
            reply = await self.get(url, _LISTING, params=asked, headers=headers)
            if reply is None or key not in reply:
                raise UnexpectedPayload(f"{path}: the answer has no {key}")
            try:
                return _RECORDS.decode(reply[key]), _marker(reply, key)
            except msgspec.DecodeError as error:
                raise UnexpectedPayload(f"{path}: not the documented JSON: {error}") from None

        async for records in cursor_pages(fetch, what=path):
            yield records


def _marker(reply: Mapping[str, msgspec.Raw], key: str) -> str | None:
    """Where the next page begins; its link may name a host that only the cloud can reach."""
    links = _LINKS.decode(reply[f"{key}_links"]) if f"{key}_links" in reply else []
    href = next((link.href for link in links if link.rel == "next"), None)
    if href is None and reply.get("next") not in (None, b"null"):
        href = _TEXT.decode(reply["next"])
    return None if href is None else _address(href).params.get("marker")


def joined(service: Service, version: str, path: str) -> str:
    """A URL of ``service``; ``version`` (``/v2.0``) is added where its own URL has none."""
    has_version = any(
        part[:1] == "v" and part[1:2].isdigit() for part in _address(service.url).path.split("/")
    )
    return f"{service.url}{'' if has_version else version}{path}"


def _address(url: str) -> httpx.URL:
    """What the cloud says is a URL; where it leads is the guard's to allow."""
    try:
        return httpx.URL(url)
    except httpx.InvalidURL:
        raise UnexpectedPayload("the cloud names an address that is none") from None
