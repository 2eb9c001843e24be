"""HTTP to one account of one cloud: one place where its failures become ours."""

import asyncio
import copy
import logging
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import Any, Self, TypeVar

import httpx
import msgspec

from infrazen.errors import (
    CredentialsRefused,
    PermissionMissing,
    ProviderError,
    ProviderUnavailable,
    Throttled,
    UnexpectedPayload,
)
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.guard import Guard
from infrazen.provider_kit.payload import Answer, media_type
from infrazen.provider_kit.pinning import PinnedTransport
from infrazen.provider_kit.rate_limit import RateLimit, TokenBucket
from infrazen.provider_kit.retry import Retries, retry_after

T = TypeVar("T")

logger = logging.getLogger(__name__)
# httpcore tries to import it for every lock that a request takes, and a missing module is
# looked for on the whole path each time, a third of a small request. None says: not there.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]
# Theirs would log URLs with their query strings, and response headers.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

Params = Mapping[str, str | int | Sequence[str]]
Pour = Callable[[], Callable[[bytes], None]]
"""Called for each attempt: what takes a good answer's body, part by part."""

_OK = frozenset({200})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds, bytes and numbers that one request and one account may take.

    ``connect`` and ``read`` bound a step, ``total`` one attempt from start to last byte;
    ``max_poured`` is for bodies that are never held whole.
    """

    connect: float = 10.0
    read: float = 30.0
    total: float = 120.0
    max_bytes: int = 64 * 1024 * 1024
    max_poured: int = 4 * 1024 * 1024 * 1024
    at_once: int = 8
    retries: Retries = field(default_factory=Retries)


@dataclass(slots=True)
class Tally:
    """How many requests were made, retries included."""

    requests: int = 0


_tally: ContextVar[Tally | None] = ContextVar("infrazen_request_tally", default=None)


@contextmanager
def counting_requests() -> Iterator[Tally]:
    """Count the requests made inside, by this task and those it starts."""
    tally = Tally()
    token = _tally.set(tally)
    try:
        yield tally
    finally:
        _tally.reset(token)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    method: str
    base_url: str
    path: str
    params: Params | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    accept: frozenset[int] = _OK
    pour: Pour | None = None


class Transport:
    """Reads from ``base_url`` as politely as ``rate`` and ``limits`` say.

    ``at`` leads to other hosts of the provider, which ``guard`` checks too.

    GET is free; POST only goes to the paths in ``reading_posts``, which the provider
    declares to change nothing, so no request made here can alter a cloud. Both are asked
    again after transient failures. Redirects are not followed: credentials would go along.
    Proxies of the environment are not used: nothing could be pinned through them.
    """

    def __init__(
        self,
        base_url: httpx.URL,
        *,
        guard: Guard,
        rate: RateLimit | None,
        reading_posts: frozenset[str] = frozenset(),
        limits: Limits | None = None,
        clock: Clock | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self._limits = limits or Limits()
        self.base_url = base_url
        self._reading_posts = reading_posts
        self._bucket = TokenBucket(rate, self.clock)
        self._places = asyncio.Semaphore(self._limits.at_once)
        connections = httpx.Limits(max_connections=self._limits.at_once, keepalive_expiry=30.0)

        def make_inner() -> httpx.AsyncBaseTransport:
            return httpx.AsyncHTTPTransport(verify=tls or _system_tls(), limits=connections)

        self._http = httpx.AsyncClient(
            transport=PinnedTransport(make_inner, guard, self.clock),
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect),
            headers={"User-Agent": "InfraZen", "Accept": "application/json"},
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    def at(self, base_url: httpx.URL, *, rate: RateLimit | None = None) -> Self:
        """The same account at another address of its provider, held to the same limits.

        ``rate`` is for one that takes more, or less, than the others do; where this one
        has no limit, that one has none either.
        """
        other = copy.copy(self)
        other.base_url = base_url
        if rate is not None and self._bucket.is_limited:
            other._bucket = TokenBucket(rate, self.clock)  # noqa: SLF001 (a copy of this one)
        return other

    async def get(
        self,
        path: str,
        *,
        read: Callable[[Answer], T],
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = _OK,
        pour: Pour | None = None,
    ) -> T:
        """What ``read`` makes of the answer to GET ``path``.

        A status outside ``accept`` raises a ``ProviderError``; one that ``read`` raises
        (many APIs answer 200 with an error inside) is retried or not like any other.
        With ``pour`` the body of a 200 goes there, part by part, and the answer has none.
        """
        question = _Question(
            method="GET",
            base_url=self._base,
            path=path,
            params=params,
            headers=headers,
            accept=accept,
            pour=pour,
        )
        return await self._ask(question, read)

    async def post(
        self,
        path: str,
        *,
        read: Callable[[Answer], T],
        form: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = _OK,
    ) -> T:
        """POST a form or a JSON object to a path that only reads, as ``get`` does."""
        if path not in self._reading_posts:
            raise RuntimeError(f"POST {path} is not declared to be a read")
        content = None if json is None else msgspec.json.encode(json)
        kind = {} if json is None else {"Content-Type": "application/json"}
        question = _Question(
            method="POST",
            base_url=self._base,
            path=path,
            params=params,
            content=content,
            form=form,
            headers={**kind, **(headers or {})},
            accept=accept,
        )
        return await self._ask(question, read)

    @property
    def _base(self) -> str:
        return str(self.base_url).rstrip("/")

    async def _ask(self, question: _Question, read: Callable[[Answer], T]) -> T:
        attempt = 1
        while True:
            try:
                return read(await self._attempt(question))
            except ProviderError as error:
                wait = self._limits.retries.delay(
                    error, attempt=attempt, jitter=self.clock.jitter()
                )
                if wait is None:
                    raise
                logger.debug("%s: %s; again in %.1f s", question.path, error.reason, wait)
                if isinstance(error, Throttled):
                    self._bucket.hold(wait)
            await self.clock.sleep(wait)
            attempt += 1

    async def _attempt(self, question: _Question) -> Answer:
        path = question.path
        async with self._places:
            await self._bucket.take()
            if tally := _tally.get():
                tally.requests += 1
            try:
                async with asyncio.timeout(self._limits.total):
                    return await self._exchange(question)
            except (TimeoutError, httpx.TimeoutException):
                raise ProviderUnavailable(f"{path}: no whole answer in time") from None
            except httpx.DecodingError:
                raise UnexpectedPayload(f"{path}: the body's compression is broken") from None
            except httpx.InvalidURL:
                raise UnexpectedPayload("a name in the answers fits into no address") from None
            except httpx.LocalProtocolError:
                raise CredentialsRefused(
                    f"{path}: the credentials hold characters that cannot be sent"
                ) from None
            except httpx.HTTPError as error:
                what = type(error).__name__
                raise ProviderUnavailable(f"{path}: the connection failed ({what})") from None

    async def _exchange(self, question: _Question) -> Answer:
        async with self._http.stream(
            question.method,
            question.base_url + question.path,
            params=question.params,
            headers=question.headers,
            content=question.content,
            data=question.form,
        ) as response:
            if response.status_code not in question.accept:
                raise self._failure(question.path, response)
            body = await self._body(question, response)
            kind = media_type(response.headers.get("content-type"))
            return Answer(question.path, response.status_code, kind, body, response.headers)

    async def _body(self, question: _Question, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        take, most = parts.append, self._limits.max_bytes
        if question.pour is not None and response.status_code == 200:
            take, most = question.pour(), self._limits.max_poured
        size = 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > most:
                raise UnexpectedPayload(f"{question.path}: the answer exceeds {most} bytes")
            take(part)
        return b"".join(parts)

    def _failure(self, path: str, response: httpx.Response) -> ProviderError:
        status = response.status_code
        wait = retry_after(response.headers.get("retry-after"), now=self.clock.now())
        if status == 429 or (status == 503 and wait is not None):
            message = f"{path}: the provider asks to slow down ({status})"
            return Throttled(message, retry_after=wait)
        error, what = _FAILURES.get(status) or _FAILURES.get(status // 100) or _UNEXPECTED
        return error(f"{path}: {what} ({status})")


_UNEXPECTED: tuple[type[ProviderError], str] = (UnexpectedPayload, "an unexpected status")
_FAILURES: dict[int, tuple[type[ProviderError], str]] = {
    401: (CredentialsRefused, "the credentials were refused"),
    403: (PermissionMissing, "not allowed to these credentials"),
    408: (ProviderUnavailable, "the provider gave up waiting"),
    3: (UnexpectedPayload, "redirects elsewhere, which is not followed"),
    5: (ProviderUnavailable, "the provider failed"),
}
"""By status, else by its first digit."""


@cache
def _system_tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
