"""HTTP with the API server: where it is, who asks, and the bytes of its answers.

lightkube knows the address and how to sign: by a service account, whose token is read again
when the server takes it no longer, or as ``KUBECONFIG`` says. aiohttp asks; it takes a quarter
of the processor time that lightkube's own client takes for a request.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Self

import aiohttp
import httpx2
from lightkube.config.client_adapter import user_auth, verify_cluster
from lightkube.config.kubeconfig import KubeConfig, SingleConfig
from lightkube.config.models import User
from lightkube.core.exceptions import ConfigError
from yarl import URL

from infrazen.manifests.names import OPERATOR

Answer = aiohttp.ClientResponse
NO_ANSWER = (aiohttp.ClientError, TimeoutError, ConfigError)
"""What is raised where there is no answer."""
_CONNECT_SECONDS = 10.0
_UNSIGNED = 401

_AUTHORIZATION = "Authorization"


class Server:
    """An API server, asked by one user. It is made where an event loop runs."""

    def __init__(self, config: SingleConfig) -> None:
        user = config.user or User()
        self._address = config.cluster.server.rstrip("/")
        self._auth = user_auth(user)
        self._headers: dict[str, str] | None = None
        self._lock = asyncio.Lock()
        trust = verify_cluster(config.cluster, user, config.abs_file, trust_env=False)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=trust),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": OPERATOR},
        )

    @classmethod
    def from_environment(cls) -> Self | None:
        """The cluster that this process is in, or that ``KUBECONFIG`` names."""
        config = KubeConfig.from_env().get()
        return None if config is None else cls(config)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    @asynccontextmanager
    async def answer(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        body: bytes | None = None,
        params: dict[str, str] | None = None,
        silence: float,
    ) -> AsyncIterator[Answer]:
        """The answer to a request; ``path`` is encoded already.

        Raises one of ``NO_ANSWER`` where nothing comes for ``silence`` seconds. Where the server
        does not know who asks, it is asked once more with another signature.
        """
        url = URL(f"{self._address}{path}", encoded=True)
        patience = aiohttp.ClientTimeout(sock_connect=_CONNECT_SECONDS, sock_read=silence)
        for is_last in (False, True):
            signed = await self._signature()
            async with self._session.request(
                method, url, data=body, params=params, headers=headers | signed, timeout=patience
            ) as answer:
                if answer.status != _UNSIGNED or is_last:
                    yield answer
                    return
            await self._sign_anew(signed)

    async def _signature(self) -> dict[str, str]:
        async with self._lock:
            if self._headers is None:
                self._headers = await self._sign(again=False)
            return self._headers

    async def _sign_anew(self, refused: dict[str, str]) -> None:
        """Sign otherwise than by what was ``refused``, unless somebody else has done so."""
        async with self._lock:
            if self._headers is refused:
                self._headers = await self._sign(again=True)

    async def _sign(self, *, again: bool) -> dict[str, str]:
        if self._auth is None:
            return {}
        request = httpx2.Request("GET", self._address)
        async with aclosing(self._auth.async_auth_flow(request)) as flow:
            await anext(flow)
            if again:
                with suppress(StopAsyncIteration):
                    await flow.asend(httpx2.Response(401, request=request))
        return {_AUTHORIZATION: request.headers[_AUTHORIZATION]}


async def lines(answer: Answer) -> AsyncIterator[bytes]:
    """An answer's lines, of whatever length, as they come."""
    rest = b""
    async for chunk in answer.content.iter_any():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line
