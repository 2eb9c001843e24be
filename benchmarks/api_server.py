"""A bare client of an API server: what the least could do that makes Jobs."""

import asyncio
import base64
import json
import re
import ssl
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from infrazen.manifests.names import GROUP, PLURAL, VERSION

TRIES = 30
AT_A_TIME = 8
Document = dict[str, Any]


class ApiServer:
    """An API server as its administrator asks it, over HTTP."""

    def __init__(self, kubeconfig: Path) -> None:
        text = kubeconfig.read_text()
        server = re.search(r'server: "?([^\s",}]+)', text)
        if server is None:
            raise RuntimeError(f"{kubeconfig} names no server")
        self._client = httpx.AsyncClient(
            base_url=server[1],
            verify=_trust(text),
            timeout=httpx.Timeout(60, read=None),
            limits=httpx.Limits(max_connections=None),
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, path: str, **query: str) -> Document:
        """What ``path`` is; waited for where the server asks to, as it does of new definitions."""
        for _ in range(TRIES):
            answer = await self._client.get(path, params=query)
            if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                break
            await asyncio.sleep(1)
        return _read(answer)

    async def text(self, path: str) -> str:
        return (await self._client.get(path)).raise_for_status().text

    async def create(self, path: str, document: Document) -> None:
        _read(await self._client.post(path, json=document))

    async def merge(self, path: str, document: Document) -> None:
        kind = {"Content-Type": "application/merge-patch+json"}
        _read(await self._client.patch(path, content=json.dumps(document), headers=kind))

    async def delete(self, path: str) -> None:
        _read(await self._client.delete(path))

    async def watch(self, path: str) -> AsyncIterator[tuple[str, Document]]:
        """What happens from now on to what ``path`` lists, as (type, object)."""
        listed = await self.get(path, limit="1")
        async for event in self._events(path, _version(listed)):
            yield event

    async def objects(self, path: str, **query: str) -> AsyncIterator[Document]:
        """All that ``path`` lists, and each object again that changes, until cancelled."""
        while True:  # a watch may end, as it does where a definition has just been made
            listed = await self.get(path, **query)
            for one in listed["items"]:
                yield one
            async for _, one in self._events(path, _version(listed), **query):
                yield one

    async def _events(
        self, path: str, since: str, **query: str
    ) -> AsyncIterator[tuple[str, Document]]:
        query |= {"watch": "true", "resourceVersion": since}
        async with self._client.stream("GET", path, params=query) as stream:
            async for one in stream.aiter_lines():
                event = json.loads(one)
                yield event["type"], event["object"]

    async def requests(self, *resources: str) -> float:
        """How many requests for ``resources`` the API server has answered so far."""
        names = [f'resource="{name}"' for name in resources]
        return sum([await self.counted("apiserver_request_total", name) for name in names])

    async def counted(self, metric: str, label: str) -> float:
        """The sum of a metric's series that have ``label``."""
        lines = (await self.text("/metrics")).splitlines()
        return sum(
            float(one.rpartition(" ")[2])
            for one in lines
            if one.startswith(f"{metric}{{") and label in one
        )


def jobs(namespace: str) -> str:
    return f"/apis/batch/v1/namespaces/{namespace}/jobs"


def connections(namespace: str) -> str:
    return f"/apis/{GROUP}/{VERSION}/namespaces/{namespace}/{PLURAL}"


async def all_of(count: int, make: Callable[[int], Awaitable[None]], *, at_a_time: int) -> float:
    """Await ``make`` of every number below ``count``; the seconds that took."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await make(number)

    started = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_a_time):
            group.create_task(work())
    return time.monotonic() - started


def _version(listed: Document) -> str:
    return listed["metadata"]["resourceVersion"]


def _read(answer: httpx.Response) -> Document:
    if answer.is_error:
        request = answer.request
        raise RuntimeError(f"{request.method} {request.url}: {answer.status_code} {answer.text}")
    return answer.json()


def _trust(kubeconfig: str) -> ssl.SSLContext:
    def field(name: str) -> str:
        found = re.search(rf"{name}: ([\w+/=]+)", kubeconfig)
        if found is None:
            raise RuntimeError(f"the kubeconfig has no {name}")
        return base64.b64decode(found[1]).decode()

    context = ssl.create_default_context(cadata=field("certificate-authority-data"))
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(field("client-certificate-data") + field("client-key-data"))
        file.flush()
        context.load_cert_chain(file.name)
    return context
