"""kopf's watch streams: what happens to connections, Jobs and Pods, told to the event loop.

kopf takes every task of its event loop for its own, so it has a loop in a thread. Of kopf only
the streams are used: it writes nothing, neither annotations nor finalizers nor Events. A stream
that breaks for good (a stopped API server, a right that is missing) ends kopf; it is started
again after a pause, and lists everything anew.
"""

import asyncio
import contextlib
import logging
import threading
import time
from asyncio import sleep
from collections import defaultdict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

import aiohttp
import kopf

from infrazen.manifests.names import CONNECTION_UID
from infrazen_operator.kinds import CONNECTIONS, JOBS, PODS, Kind
from infrazen_operator.pace import Pace

logger = logging.getLogger(__name__)

SELECTOR = CONNECTION_UID
"""Jobs and Pods with this label are the operator's own."""
CHUNK = 250
PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""Seconds after which a start counts as one that went well."""
LONGEST_STOP = 10.0

Told = Callable[[Kind, str | None, dict[str, Any]], None]
"""Called with the kind, the event's type (None while listing) and the object."""


class Streams:
    """Watches in a thread of its own and calls ``told`` in the event loop it was made in."""

    def __init__(self, told: Told, namespaces: tuple[str, ...]) -> None:
        self._told = told
        self._namespaces = namespaces
        self._loop = asyncio.get_running_loop()
        self._stop = threading.Event()
        self._end: Callable[[], Any] = lambda: None
        self._thread = threading.Thread(target=self._run, name="streams", daemon=True)
        self._since = time.monotonic()
        self._failing_since: float | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End all streams, within a few seconds."""
        self._stop.set()
        with contextlib.suppress(RuntimeError):  # kopf's loop has ended by itself
            self._end()
        self._thread.join(LONGEST_STOP)

    @property
    def failing_for(self) -> float:
        """Seconds for which the streams could not be kept up; 0 where all is well."""
        failing, now = self._failing_since, time.monotonic()
        if failing is None or now - self._since > STEADY:
            return 0.0
        return now - failing

    def _run(self) -> None:
        pause = PAUSE
        while not self._stop.is_set():
            self._since = time.monotonic()
            try:
                asyncio.run(self._watch())
            except Exception:
                if self._stop.is_set():
                    return
                logger.exception("the watch streams broke and are started again")
            if time.monotonic() - self._since > STEADY:
                pause, self._failing_since = PAUSE, None
            self._failing_since = self._failing_since or time.monotonic()
            self._stop.wait(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _watch(self) -> None:
        # A flag of threads would be waited for in another one, which outlives a kopf that broke.
        flag = asyncio.Event()
        self._end = partial(asyncio.get_running_loop().call_soon_threadsafe, flag.set)
        if self._stop.is_set():
            return
        await kopf.operator(
            registry=self._registry(),
            settings=_settings(),
            standalone=True,
            clusterwide=not self._namespaces,
            namespaces=self._namespaces,
            stop_flag=flag,
        )

    def _registry(self) -> kopf.OperatorRegistry:
        registry = kopf.OperatorRegistry()
        for way in (kopf.login_with_service_account, kopf.login_with_kubeconfig):
            # Of two with one id kopf would forget what the first has found.
            kopf.on.login(id=way.__name__, registry=registry)(paced(way))
        for kind in (CONNECTIONS, JOBS, PODS):
            watch = kopf.on.event(kind.group, kind.version, kind.plural, registry=registry)
            watch(self._handler(kind))
        return registry

    def _handler(self, kind: Kind) -> Callable[..., Any]:
        async def tell(*, event: dict[str, Any], **_: Any) -> None:
            self._loop.call_soon_threadsafe(self._told, kind, event["type"], event["object"])

        tell.__name__ = f"{kind.plural}_changed"
        return tell


def paced(way: Callable[..., kopf.ConnectionInfo | None]) -> Callable[..., Awaitable[Any]]:
    """A way to sign in whose watches wait before they are opened again, where they end at once.

    kopf itself opens them without any pause. Proxies are not taken from the environment.
    """
    paces: defaultdict[str, Pace] = defaultdict(Pace)

    async def wait_first(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if "watch" in request.url.query and (pause := paces[request.url.path].pause()):
            await sleep(pause)
        return await handler(request)

    async def login(**known: Any) -> kopf.AiohttpSession | None:
        info = way(**known)
        if info is None:
            return None
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=info.as_ssl_context()),
            headers=info.as_http_headers(),
            proxy=info.proxy_url,
            middlewares=(wait_first,),
        )
        return kopf.AiohttpSession(
            server=info.server,
            aiohttp_session=session,
            default_namespace=info.default_namespace,
            priority=info.priority,
            expiration=info.expiration,
        )

    return login


class _NothingKept(kopf.DiffBaseStorage):
    """kopf copies each object to find out what has changed in it; here nobody asks for that."""

    def build(self, **_: Any) -> kopf.BodyEssence:
        return cast("kopf.BodyEssence", {})

    def fetch(self, **_: Any) -> None:
        return None

    def store(self, **_: Any) -> None:
        return None


def _settings() -> kopf.OperatorSettings:
    settings = kopf.OperatorSettings()
    settings.persistence.diffbase_storage = _NothingKept()
    settings.posting.enabled = False
    settings.scanning.disabled = True
    settings.watching.chunk_size = CHUNK
    for kind in (JOBS, PODS):
        settings.watching.label_selectors[kind.group, kind.version, kind.plural] = SELECTOR
    # Objects are told one by one, and their order is kept by version.
    settings.queueing.idle_timeout = 1.0
    return settings
