"""Calls to Yandex Cloud's services with an IAM token."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from infrazen.errors import ProviderError
from infrazen.provider_kit.contract import NothingToRead
from infrazen.provider_kit.paging import cursor_pages
from infrazen.provider_kit.payload import Answer, decode
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.provider_kit.redaction import Redactor
from infrazen.provider_kit.transport import Pour, Transport
from infrazen.providers.yandex.answers import ANSWERED, Answers
from infrazen.providers.yandex.hosts import service_url
from infrazen.providers.yandex.tokens import IamTokens
from infrazen.providers.yandex.wire import common as wire

T = TypeVar("T")
U = TypeVar("U")

ENDPOINTS_PATH = "/endpoints"
PAGE_SIZE = 1000
_ADDRESSES = msgspec.json.Decoder(wire.Addresses)


class Api:
    """Every service of one connection; signs in when first asked.

    Addresses come from the endpoint list of the connection's own address, so one address
    leads to all services, and each is held to the allow-list.
    """

    def __init__(self, transport: Transport, secret: str, redactor: Redactor) -> None:
        self.clock = transport.clock
        self._transport = transport
        self._answers = Answers(redactor)
        self._tokens = IamTokens(transport, secret, self._answers)
        self._lock = asyncio.Lock()
        self._services: dict[str, Transport] = {}
        self._listed: dict[str, str] | None = None

    @property
    def failure(self) -> ProviderError | None:
        """Why nobody is signed in, once that is known."""
        return self._tokens.failure

    def check_signed_in(self) -> None:
        """Raise ``NothingToRead`` where the sign-in failed."""
        if self.failure is not None:
            raise NothingToRead("not asked: Yandex Cloud did not accept the key or the token")

    async def sign_in(self) -> None:
        """Prove the secret by getting a token for it."""
        self._tokens.move(await self._service("iam"))
        await self._tokens.valid()

    async def get(
        self,
        service: str,
        path: str,
        decoder: msgspec.json.Decoder[T],
        params: Mapping[str, str | int] | None = None,
    ) -> T:
        """The answer to GET ``path`` as ``decoder``'s type; raises ``ProviderError``."""
        at = await self._service(service)

        async def ask(token: str, read: Callable[[Answer], T | None]) -> T | None:
            headers = _bearer(token)
            return await at.get(path, params=params, headers=headers, accept=ANSWERED, read=read)

        read_one = self._decoded(decoder)
        return await self._with_token(path, read_one, ask)

    async def post(
        self,
        service: str,
        path: str,
        decoder: msgspec.json.Decoder[T],
        body: Mapping[str, Any],
        *,
        params: Mapping[str, str | int] | None = None,
    ) -> T:
        """The answer to a POST that only reads, as ``get`` gives it."""
        at = await self._service(service)

        async def ask(token: str, read: Callable[[Answer], T | None]) -> T | None:
            headers = _bearer(token)
            return await at.post(
                path, json=body, params=params, headers=headers, accept=ANSWERED, read=read
            )

        read_one = self._decoded(decoder)
        return await self._with_token(path, read_one, ask)

    async def raw(
        self,
        service: str,
        path: str,
        read: Callable[[Answer], T | None],
        *,
        params: Mapping[str, str | int] | None = None,
        pour: Pour | None = None,
        rate: RateLimit | None = None,
    ) -> T:
        """What ``read`` makes of the answer to GET ``path``; it may be no JSON.

        ``read`` gives None where the token is no good any more. ``rate`` is for a service
        that is asked more often, or less, than the others.
        """
        at = await self._service(service, rate)

        async def ask(token: str, read: Callable[[Answer], T | None]) -> T | None:
            return await at.get(
                path, params=params, headers=_bearer(token), accept=ANSWERED, read=read, pour=pour
            )

        return await self._with_token(path, read, ask)

    async def pages(
        self, service: str, path: str, key: str, params: Mapping[str, str | int] | None = None
    ) -> AsyncIterator[Sequence[msgspec.Raw]]:
        """Every page of the records under ``key``; raises ``ProviderError``."""
        decoder = wire.page_decoder(key)

        async def fetch(token: str | None) -> tuple[Sequence[msgspec.Raw], str | None]:
            paging: dict[str, str | int] = {"pageSize": PAGE_SIZE}
            if token:
                paging["pageToken"] = token
            page = await self.get(service, path, decoder, {**(params or {}), **paging})
            return page.records, page.next_page_token

        async for records in cursor_pages(fetch, what=path):
            yield records

    def _decoded(self, decoder: msgspec.json.Decoder[U]) -> Callable[[Answer], U | None]:
        def read(answer: Answer) -> U | None:
            if answer.status == 401:
                return None
            if answer.status != 200:
                raise self._answers.error(answer)
            return decode(answer, decoder)

        return read

    async def _with_token(
        self,
        path: str,
        read: Callable[[Answer], T | None],
        ask: Callable[[str, Callable[[Answer], T | None]], Awaitable[T | None]],
    ) -> T:
        token = await self._tokens.valid()
        found = await ask(token, read)
        if found is None:
            found = await ask(await self._tokens.valid(instead_of=token), read)
        if found is None:
            raise self._tokens.refused(path)
        return found

    async def _service(self, name: str, rate: RateLimit | None = None) -> Transport:
        async with self._lock:
            if name not in self._services:
                if self._listed is None:
                    self._listed = await self._endpoint_list()
                url = service_url(name, self._transport.base_url, self._listed)
                self._services[name] = self._transport.at(url, rate=rate)
            return self._services[name]

    async def _endpoint_list(self) -> dict[str, str]:
        """Services by id with their ``host:port``; none where the list cannot be had.

        The documented addresses are as good, so that costs nothing.
        """
        try:
            found = await self._transport.get(
                ENDPOINTS_PATH, read=lambda answer: decode(answer, _ADDRESSES)
            )
        except ProviderError:
            return {}
        return {one.id: one.address for one in found.endpoints}


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
