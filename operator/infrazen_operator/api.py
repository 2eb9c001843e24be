"""The Kubernetes API as the operator asks it: plain dicts, few requests at once, tries again.

Where the server is and how to sign in is lightkube's business: a service account, whose token
is read again when it was changed, or ``KUBECONFIG``.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple, Self

import httpx2
from lightkube.config.client_adapter import AsyncClient, ConnectionParams
from lightkube.config.kubeconfig import KubeConfig

from infrazen.errors import InfraZenError
from infrazen.manifests.names import OPERATOR
from infrazen_operator.kinds import Kind

logger = logging.getLogger(__name__)

Document = dict[str, Any]

AT_ONCE = 16
PAGE = 250
TRIES = 5
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
TIMEOUT = httpx2.Timeout(10.0)
_LATER = frozenset({429, 500, 502, 503, 504})
_MERGE_PATCH = "application/merge-patch+json"
_JSON = "application/json"
_METADATA = "application/json;as=PartialObjectMetadata{};g=meta.k8s.io;v=v1"
_WATCH_TIMEOUT = httpx2.Timeout(10.0, read=90.0)
"""The server sends a bookmark every minute, so that longer silence means a dead stream."""


class Page(NamedTuple):
    """Some objects of a list, and the version of the list."""

    items: list[Document]
    version: str


class ClusterError(InfraZenError):
    """The API server refused, or did not answer.

    ``status`` is its HTTP status, 0 where there was no answer; ``word`` its own reason, such as
    ``AlreadyExists``.
    """

    reason = "ClusterError"

    def __init__(self, message: str, *, status: int = 0, word: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.word = word

    @property
    def is_absent(self) -> bool:
        """There is no such object."""
        return self.status == 404

    @property
    def is_conflict(self) -> bool:
        """It exists already, or has changed meanwhile."""
        return self.status == 409

    @property
    def is_passing(self) -> bool:
        """Worth another try: no answer, or the server was not able to."""
        return self.status == 0 or self.status in _LATER


class Api:
    """The API server, asked by at most ``at_once`` requests at a time.

    ``guard`` is called before every write and raises where nothing may be written.
    """

    def __init__(
        self,
        client: httpx2.AsyncClient,
        *,
        at_once: int = AT_ONCE,
        guard: Callable[[], None] | None = None,
        tries: int = TRIES,
    ) -> None:
        self._client = client
        self._turns = asyncio.Semaphore(at_once)
        self._guard = guard
        self._tries = tries

    @classmethod
    def connect(cls, *, guard: Callable[[], None] | None = None, tries: int = TRIES) -> Self:
        """A client of the cluster that this process is in, or that ``KUBECONFIG`` names."""
        config = KubeConfig.from_env().get()
        if config is None:
            raise ClusterError("no cluster: neither a service account nor a kubeconfig")
        client = AsyncClient(config, ConnectionParams(timeout=TIMEOUT, trust_env=False))
        client.headers["User-Agent"] = OPERATOR
        return cls(client, guard=guard, tries=tries)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get(self, kind: Kind, namespace: str, name: str) -> Document:
        """One object; raises ``ClusterError``."""
        return await self._ask("GET", kind.path(namespace, name))

    async def serves(self, kind: Kind) -> bool:
        """Whether the API server knows ``kind``."""
        try:
            found = await self._ask("GET", f"/apis/{kind.api_version}")
        except ClusterError as error:
            if error.is_absent:
                return False
            raise
        return any(each["name"] == kind.plural for each in found.get("resources", ()))

    async def pages(
        self, kind: Kind, namespace: str | None, *, selector: str = "", metadata_only: bool = False
    ) -> AsyncIterator[Page]:
        """All objects, as they are now, page by page."""
        params = {"limit": str(PAGE)}
        if selector:
            params["labelSelector"] = selector
        accept = _METADATA.format("List") if metadata_only else _JSON
        while True:
            found = await self._ask("GET", kind.path(namespace), params=params, accept=accept)
            about = found.get("metadata") or {}
            yield Page(found.get("items") or [], about.get("resourceVersion", ""))
            if not about.get("continue"):
                return
            params["continue"] = about["continue"]

    async def changes(
        self, kind: Kind, namespace: str | None, *, since: str, metadata_only: bool = False
    ) -> AsyncIterator[Document]:
        """Watch events since a version, bookmarks too, until the server ends the stream.

        Raises ``ClusterError``; a silent stream is taken for a broken one.
        """
        path = kind.path(namespace)
        params = {"watch": "true", "allowWatchBookmarks": "true", "resourceVersion": since}
        headers = {"Accept": _METADATA.format("") if metadata_only else _JSON}
        try:
            async with self._client.stream(
                "GET", path, params=params, headers=headers, timeout=_WATCH_TIMEOUT
            ) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise _error_of("WATCH", path, answer)
                async for line in answer.aiter_lines():
                    event: Document = json.loads(line)
                    if event["type"] == "ERROR":
                        told = event["object"]
                        raise ClusterError(
                            f"WATCH {path}: {told.get('message', '')}", status=told.get("code", 0)
                        )
                    yield event
        except httpx2.HTTPError as error:
            raise ClusterError(f"WATCH {path}: {error or type(error).__name__}") from error

    async def create(self, kind: Kind, namespace: str, document: Document) -> Document:
        """Create an object. A name that stands in ``document`` makes it safe to try again."""
        return await self._write("POST", kind.path(namespace), document)

    async def replace(self, kind: Kind, namespace: str, document: Document) -> Document:
        """Put ``document`` in the place of the version that its ``resourceVersion`` names."""
        return await self._write(
            "PUT", kind.path(namespace, document["metadata"]["name"]), document
        )

    async def patch(
        self, kind: Kind, namespace: str, name: str, document: Document, *, subresource: str = ""
    ) -> Document:
        """Merge ``document`` into an object, or into a part of one such as its status."""
        return await self._write("PATCH", kind.path(namespace, name, subresource), document)

    async def delete(
        self, kind: Kind, namespace: str, name: str, *, uid: str, alone: bool = False
    ) -> None:
        """Delete an object after what it owns, or ``alone``: what it owns may stay for longer."""
        order = "Background" if alone else "Foreground"
        await self._write(
            "DELETE",
            kind.path(namespace, name),
            {"preconditions": {"uid": uid}, "propagationPolicy": order},
        )

    async def _write(self, method: str, path: str, document: Document) -> Document:
        return await self._ask(method, path, document=document)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        document: Document | None = None,
        params: dict[str, str] | None = None,
        accept: str = _JSON,
    ) -> Document:
        headers = {"Accept": accept}
        if method == "PATCH":
            headers["Content-Type"] = _MERGE_PATCH
        parts = {"json": document, "params": params, "headers": headers}
        for number in range(1, self._tries + 1):
            async with self._turns:
                if document is not None and self._guard is not None:
                    self._guard()
                try:
                    return await self._once(method, path, parts)
                except _Failed as failed:
                    error, pause = failed.error, failed.pause
            if not error.is_passing or number == self._tries:
                raise error
            wait = pause or min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (number - 1))
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - it hides nothing
        raise AssertionError

    async def _once(self, method: str, path: str, parts: dict[str, Any]) -> Document:
        try:
            answer = await self._client.request(method, path, **parts)
        except httpx2.HTTPError as error:
            told = f"{method} {path}: {error or type(error).__name__}"
            raise _Failed(ClusterError(told)) from error
        if answer.is_success:
            found: Document = answer.json()
            return found
        raise _Failed(_error_of(method, path, answer), pause=_pause_of(answer))


class _Failed(Exception):
    def __init__(self, error: ClusterError, *, pause: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.pause = pause


def _error_of(method: str, path: str, answer: httpx2.Response) -> ClusterError:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    message = told.get("message") if isinstance(told, dict) else None
    word = told.get("reason") if isinstance(told, dict) else None
    return ClusterError(
        f"{method} {path}: {message or answer.reason_phrase}",
        status=answer.status_code,
        word=word or "",
    )


def _pause_of(answer: httpx2.Response) -> float:
    try:
        return min(LONGEST_PAUSE, float(answer.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0
