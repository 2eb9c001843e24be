"""Tells connections that their Secret was changed, from its metadata alone.

Kubernetes knows no right to read a Secret's metadata without its data. So this is a process of
its own with a service account of its own, and it asks for nothing but metadata: of a Secret it
keeps a name and a version, which changes with its data (``secret_version``). It writes one
annotation on the CloudConnections that refer to a Secret; the operator, which may not read Secrets
at all, sees that annotation change.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from infrazen.manifests.names import CREDENTIALS_VERSION
from infrazen_operator.api import Api, ClusterError, Document
from infrazen_operator.follow import Change, follow
from infrazen_operator.kinds import CONNECTIONS, SECRETS
from infrazen_operator.probes import Answer, well
from infrazen_operator.process import crd_is_there, serve
from infrazen_operator.secret_version import data_version
from infrazen_operator.settings import OperatorSettings

logger = logging.getLogger(__name__)

Key = tuple[str, str]
"""Namespace and name."""

PAUSE = 5.0
REST = 1.1
"""Seconds for which a change is kept back: versions are told apart by the second."""


class Reference(NamedTuple):
    """A connection, the Secret it refers to, and the version of it that it was told of."""

    uid: str
    secret: str
    told: str


class References:
    """Which connections refer to which Secrets, and which of them do not know its version."""

    def __init__(self) -> None:
        self._connections: dict[Key, Reference] = {}
        self._versions: dict[Key, str] = {}

    def note_connections(self, change: Change, *, namespace: str | None) -> set[Key]:
        """Take in what has become of connections; the keys of those that changed."""
        if change.listed:
            _forget(self._connections, change.objects, namespace)
        for connection in change.objects:
            if change.deleted:
                self._connections.pop(_key(connection), None)
            else:
                self._connections[_key(connection)] = _reference(connection)
        return {_key(connection) for connection in change.objects}

    def note_secrets(self, change: Change, *, namespace: str | None) -> set[Key]:
        """Take in what has become of Secrets; the keys of connections that refer to them.

        Of a Secret that no connection refers to, its version is all that is kept.
        """
        if change.listed:
            _forget(self._versions, change.objects, namespace)
        changed = {_key(secret) for secret in change.objects}
        for secret in change.objects:
            if change.deleted:
                self._versions.pop(_key(secret), None)
            else:
                self._versions[_key(secret)] = data_version(secret["metadata"])
        return {
            key
            for key, reference in self._connections.items()
            if (key[0], reference.secret) in changed
        }

    def untold(self, key: Key) -> tuple[Reference, str] | None:
        """The connection and the version of its Secret that it was not told of, if any."""
        reference = self._connections.get(key)
        if reference is None or not reference.secret:
            return None
        version = self._versions.get((key[0], reference.secret))
        return (reference, version) if version and version != reference.told else None


class SecretWatch:
    """Keeps the annotation of every connection in some namespaces up to date."""

    def __init__(self, api: Api, namespaces: Iterable[str]) -> None:
        self._api = api
        self._scopes: tuple[str | None, ...] = tuple(namespaces) or (None,)
        self._references = References()
        self._changed: asyncio.Queue[Key] = asyncio.Queue()
        self._listed: set[tuple[str | None, str]] = set()

    @property
    def is_ready(self) -> bool:
        """Whether everything has been seen once."""
        return len(self._listed) == 2 * len(self._scopes)

    async def run(self) -> None:
        """Watch and tell, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for scope in self._scopes:
                group.create_task(self._follow_connections(scope))
                group.create_task(self._follow_secrets(scope))
            group.create_task(self._tell())

    async def _follow_connections(self, scope: str | None) -> None:
        async for change in follow(self._api, CONNECTIONS, scope):
            self._queue(self._references.note_connections(change, namespace=scope))
            self._listed.add((scope, CONNECTIONS.plural))

    async def _follow_secrets(self, scope: str | None) -> None:
        async for change in follow(self._api, SECRETS, scope, metadata_only=True):
            keys = self._references.note_secrets(change, namespace=scope)
            asyncio.get_running_loop().call_later(REST, self._queue, keys)
            self._listed.add((scope, SECRETS.plural))

    def _queue(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._changed.put_nowait(key)

    async def _tell(self) -> None:
        while True:
            key = await self._changed.get()
            found = self._references.untold(key)
            if found is None:
                continue
            reference, version = found
            try:
                await self._annotate(key, reference, version)
            except ClusterError as error:
                if error.is_absent or error.is_conflict:
                    continue
                logger.warning("%s/%s could not be told of its Secret: %s", *key, error)
                asyncio.get_running_loop().call_later(PAUSE, self._changed.put_nowait, key)

    async def _annotate(self, key: Key, reference: Reference, version: str) -> None:
        namespace, name = key
        annotation = {CREDENTIALS_VERSION: version}
        metadata = {"uid": reference.uid, "annotations": annotation}
        await self._api.patch(CONNECTIONS, namespace, name, {"metadata": metadata})
        logger.info("%s/%s was told that its Secret has changed", namespace, name)


async def run(settings: OperatorSettings) -> None:
    """Tell connections of their Secrets until told to stop."""
    api = Api.connect()
    watch = SecretWatch(api, settings.namespaces)

    async def work() -> None:
        await crd_is_there(api)
        await watch.run()

    async def health() -> Answer:
        return well(ok=True, text="ok")

    async def readiness() -> Answer:
        return well(ok=watch.is_ready, text="ok" if watch.is_ready else "lists")

    pages = {"/healthz": health, "/readyz": readiness}
    await serve(work(), end=api.close, pages=pages, port=settings.port)


def _key(document: Document) -> Key:
    about = document["metadata"]
    return about["namespace"], about["name"]


def _reference(connection: Document) -> Reference:
    about = connection["metadata"]
    spec = connection.get("spec") or {}
    secret = (spec.get("credentialsSecretRef") or {}).get("name") or ""
    told = (about.get("annotations") or {}).get(CREDENTIALS_VERSION) or ""
    return Reference(about["uid"], secret, told)


def _forget(kept: dict[Key, Any], listed: Iterable[Document], namespace: str | None) -> None:
    """Drop what a list of a namespace (None: of all) does not have."""
    there = {_key(document) for document in listed}
    for key in [key for key in kept if namespace in {None, key[0]} and key not in there]:
        del kept[key]
