"""List, then watch, for as long as the process lives: whatever breaks, the next list mends."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import NamedTuple

from infrazen_operator.api import Api, ClusterError, Document
from infrazen_operator.kinds import Kind

logger = logging.getLogger(__name__)

GONE = 410
PAUSE = 1.0
LONGEST_PAUSE = 30.0
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class Change(NamedTuple):
    """Everything there is (``listed``), or one object that was written or deleted."""

    objects: tuple[Document, ...]
    listed: bool = False
    deleted: bool = False


async def follow(
    api: Api, kind: Kind, namespace: str | None, *, metadata_only: bool = False
) -> AsyncIterator[Change]:
    """Every change of a kind's objects in a namespace (None: in all), a list first.

    After a stream that cannot be resumed comes another list; what it lacks was deleted.
    """
    version, pause = "", PAUSE
    while True:
        try:
            if not version:
                listed, since = await _listed(api, kind, namespace, metadata_only=metadata_only)
                yield Change(listed, listed=True)
                version = since
                del listed
            stream = api.changes(kind, namespace, since=version, metadata_only=metadata_only)
            async for event in stream:
                version, pause = event["object"]["metadata"]["resourceVersion"], PAUSE
                if event["type"] != "BOOKMARK":
                    yield Change((slim(event["object"]),), deleted=event["type"] == "DELETED")
        except ClusterError as error:
            if error.status == GONE:
                version = ""
                continue
            logger.warning("watching %s is tried again in %.0f s: %s", kind.plural, pause, error)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)


def slim(document: Document) -> Document:
    """``document`` without what nobody here reads.

    That is, by whom its fields were written, and what ``kubectl apply`` noted of it: of a
    Secret, all of its data.
    """
    about = document["metadata"]
    about.pop("managedFields", None)
    (about.get("annotations") or {}).pop(_LAST_APPLIED, None)
    return document


async def _listed(
    api: Api, kind: Kind, namespace: str | None, *, metadata_only: bool
) -> tuple[tuple[Document, ...], str]:
    found: list[Document] = []
    version = ""
    async for page in api.pages(kind, namespace, metadata_only=metadata_only):
        found += map(slim, page.items)
        version = page.version
    return tuple(found), version
