"""The Kubernetes API as the operator asks it: plain dicts, few requests at once, tries again."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple, Self

from infrazen.errors import InfraZenError
from infrazen_operator.kinds import Kind
from infrazen_operator.places import Places, Urgency
from infrazen_operator.server import NO_ANSWER, Answer, Server, lines

logger = logging.getLogger(__name__)

Document = dict[str, Any]

AT_ONCE = 16
PAGE = 250
TRIES = 5
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
SILENCE = 10.0
_LATER = frozenset({429, 500, 502, 503, 504})
_MERGE_PATCH = "application/merge-patch+json"
_JSON = "application/json"
_METADATA = "application/json;as=PartialObjectMetadata{};g=meta.k8s.io;v=v1"
_WATCH_SILENCE = 90.0
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
    """The API server, asked by at most ``at_once`` requests at a time, the urgent ones first.

    ``guard`` is called before every write and raises where nothing may be written.
    """

    def __init__(
        self,
        server: Server,
        *,
        at_once: int = AT_ONCE,
        guard: Callable[[], None] | None = None,
        tries: int = TRIES,
    ) -> None:
        self._server = server
        self._places = Places(at_once)
        self._guard = guard
        self._tries = tries

    @classmethod
    def connect(cls, *, guard: Callable[[], None] | None = None, tries: int = TRIES) -> Self:
        """A client of the cluster that this process is in, or that ``KUBECONFIG`` names."""
        server = Server.from_environment()
        if server is None:
            raise ClusterError("no cluster: neither a service account nor a kubeconfig")
        return cls(server, guard=guard, tries=tries)

    async def close(self) -> None:
        """Close all connections."""
        await self._server.close()

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
            async with self._server.answer(
                "GET", path, headers=headers, params=params, silence=_WATCH_SILENCE
            ) as answer:
                if not answer.ok:
                    raise _error_of("WATCH", path, answer, await answer.read())
                async for line in lines(answer):
                    event: Document = json.loads(line)
                    if event["type"] == "ERROR":
                        told = event["object"]
                        raise ClusterError(
                            f"WATCH {path}: {told.get('message', '')}", status=told.get("code", 0)
                        )
                    yield event
        except NO_ANSWER as error:
            raise ClusterError(f"WATCH {path}: {error or type(error).__name__}") from error

    async def create(
        self,
        kind: Kind,
        namespace: str,
        document: Document,
        *,
        urgency: Urgency = Urgency.OTHER,
    ) -> Document:
        """Create an object. A name that stands in ``document`` makes it safe to try again."""
        return await self._ask("POST", kind.path(namespace), document=document, urgency=urgency)

    async def replace(self, kind: Kind, namespace: str, document: Document) -> Document:
        """Put ``document`` in the place of the version that its ``resourceVersion`` names."""
        path = kind.path(namespace, document["metadata"]["name"])
        return await self._ask("PUT", path, document=document)

    async def patch(
        self,
        kind: Kind,
        namespace: str,
        name: str,
        document: Document,
        *,
        subresource: str = "",
        urgency: Urgency = Urgency.OTHER,
    ) -> Document:
        """Merge ``document`` into an object, or into a part of one such as its status."""
        path = kind.path(namespace, name, subresource)
        return await self._ask("PATCH", path, document=document, urgency=urgency)

    async def delete(
        self, kind: Kind, namespace: str, name: str, *, uid: str, alone: bool = False
    ) -> None:
        """Delete an object after what it owns, or ``alone``: what it owns may stay for longer."""
        order = "Background" if alone else "Foreground"
        options = {"preconditions": {"uid": uid}, "propagationPolicy": order}
        await self._ask("DELETE", kind.path(namespace, name), document=options)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        document: Document | None = None,
        params: dict[str, str] | None = None,
        accept: str = _JSON,
        urgency: Urgency = Urgency.OTHER,
    ) -> Document:
        headers = {"Accept": accept}
        body = None
        if document is not None:
            headers["Content-Type"] = _MERGE_PATCH if method == "PATCH" else _JSON
            body = json.dumps(document).encode()
        for number in range(1, self._tries + 1):
            async with self._places.one(urgency):
                if document is not None and self._guard is not None:
                    self._guard()
                try:
                    return await self._once(method, path, headers=headers, body=body, params=params)
                except _Failed as failed:
                    error, pause = failed.error, failed.pause
            if not error.is_passing or number == self._tries:
                raise error
            wait = pause or min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (number - 1))
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - it hides nothing
        raise AssertionError

    async def _once(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        body: bytes | None,
        params: dict[str, str] | None,
    ) -> Document:
        try:
            async with self._server.answer(
                method, path, headers=headers, body=body, params=params, silence=SILENCE
            ) as answer:
                found = await answer.read()
        except NO_ANSWER as error:
            told = f"{method} {path}: {error or type(error).__name__}"
            raise _Failed(ClusterError(told)) from error
        if answer.ok:
            document: Document = json.loads(found)
            return document
        raise _Failed(_error_of(method, path, answer, found), pause=_pause_of(answer))


class _Failed(Exception):
    def __init__(self, error: ClusterError, *, pause: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.pause = pause


def _error_of(method: str, path: str, answer: Answer, found: bytes) -> ClusterError:
    try:
        told = json.loads(found)
    except ValueError:
        told = {}
    message = told.get("message") if isinstance(told, dict) else None
    word = told.get("reason") if isinstance(told, dict) else None
    return ClusterError(
        f"{method} {path}: {message or answer.reason}", status=answer.status, word=word or ""
    )


def _pause_of(answer: Answer) -> float:
    try:
        return min(LONGEST_PAUSE, float(answer.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0
