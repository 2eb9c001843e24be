"""List, then watch, for as long as the process lives: whatever breaks, the next list mends."""

import logging
from asyncio import sleep
from collections.abc import AsyncIterator
from typing import NamedTuple

from infrazen_operator.api import Api, ClusterError, Document
from infrazen_operator.kinds import Kind
from infrazen_operator.pace import Pace

logger = logging.getLogger(__name__)

GONE = 410
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
    version, pace = "", Pace()
    while True:
        if pause := pace.pause():
            await sleep(pause)
        try:
            if not version:
                listed, since = await _listed(api, kind, namespace, metadata_only=metadata_only)
                yield Change(listed, listed=True)
                version = since
                del listed
            stream = api.changes(kind, namespace, since=version, metadata_only=metadata_only)
            async for event in stream:
                version = event["object"]["metadata"]["resourceVersion"]
                if event["type"] != "BOOKMARK":
                    known = slim(event["object"], with_writers=metadata_only)
                    yield Change((known,), deleted=event["type"] == "DELETED")
        except ClusterError as error:
            if error.status == GONE:
                version = ""
                continue
            logger.warning("watching %s is tried again: %s", kind.plural, error)


def slim(document: Document, *, with_writers: bool = False) -> Document:
    """``document`` without what nobody here reads.

    That is, by whom its fields were written, where ``with_writers`` does not ask for it, and
    what ``kubectl apply`` noted of it: of a Secret, all of its data.
    """
    about = document["metadata"]
    if not with_writers:
        about.pop("managedFields", None)
    (about.get("annotations") or {}).pop(_LAST_APPLIED, None)
    return document


async def _listed(
    api: Api, kind: Kind, namespace: str | None, *, metadata_only: bool
) -> tuple[tuple[Document, ...], str]:
    found: list[Document] = []
    version = ""
    async for page in api.pages(kind, namespace, metadata_only=metadata_only):
        found += (slim(one, with_writers=metadata_only) for one in page.items)
        version = page.version
    return tuple(found), version
