"""Calls to the account's own APIs: projects, balance, prices, consumption."""

from typing import TypeVar

import httpx
import msgspec

from infrazen.errors import CredentialsRefused, ProviderError
from infrazen.provider_kit.openstack.keystone import Keystone, Scope
from infrazen.provider_kit.payload import Answer, decode
from infrazen.provider_kit.transport import Params, Transport

T = TypeVar("T")

HOST = "api.selectel.ru"
IDENTITY_HOST = "cloud.api.selcloud.ru"
IDENTITY = "/identity"

_OK_OR_UNAUTHORIZED = frozenset({200, 401})


def identity_transport(transport: Transport) -> Transport:
    """Where to sign in: Selectel's own host, or the endpoint that stands for all of it."""
    if transport.base_url.host == HOST:
        return transport.at(httpx.URL(f"https://{IDENTITY_HOST}"))
    return transport


class AccountApi:
    """One account's APIs, by its static token where there is one, else by the service user's.

    A static token that was refused is remembered and not sent again.
    """

    def __init__(
        self, transport: Transport, keystone: Keystone, *, account_id: str, static_token: str | None
    ) -> None:
        self._transport = transport
        self._keystone = keystone
        self._scope = Scope(account_id)
        self._static_token = static_token
        self._refused: ProviderError | None = None

    @property
    def has_static_token(self) -> bool:
        """Whether money is asked for by a token of its own."""
        return self._static_token is not None

    async def sign_in(self) -> None:
        """Prove the service user by a token for the account."""
        await self._keystone.token(self._scope)

    async def own(
        self, path: str, decoder: msgspec.json.Decoder[T], params: Params | None = None
    ) -> T:
        """The answer to GET ``path``, asked as the service user; raises ``ProviderError``."""
        token = await self._keystone.token(self._scope)
        for _ in range(2):
            reply = await self._get(path, decoder, params, {"X-Auth-Token": token.value})
            if reply is not None:
                return reply
            token = await self._keystone.token(self._scope, instead_of=token.value)
        raise CredentialsRefused(f"{path}: a fresh token was refused")

    async def get(
        self, path: str, decoder: msgspec.json.Decoder[T], params: Params | None = None
    ) -> T:
        """The answer to GET ``path`` as whoever may see the account's money."""
        if self._static_token is None:
            return await self.own(path, decoder, params)
        if self._refused is not None:
            raise self._refused.with_traceback(None)
        reply = await self._get(path, decoder, params, {"X-Token": self._static_token})
        if reply is None:
            self._refused = CredentialsRefused(f"{path}: the static token was refused")
            raise self._refused
        return reply

    async def _get(
        self,
        path: str,
        decoder: msgspec.json.Decoder[T],
        params: Params | None,
        headers: dict[str, str],
    ) -> T | None:
        def read(answer: Answer) -> T | None:
            return None if answer.status == 401 else decode(answer, decoder)

        return await self._transport.get(
            path, read=read, params=params, headers=headers, accept=_OK_OR_UNAUTHORIZED
        )
