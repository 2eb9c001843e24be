"""The API server over HTTP: who asks, what is tried again, and lines of any length."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from lightkube.config.models import User

from infrazen_operator import api as api_module
from infrazen_operator.api import Api, ClusterError
from infrazen_operator.kinds import CONNECTIONS, JOBS
from tests.operator.served_api import Handler, client_of, served

Work = Callable[[Api], Awaitable[Any]]


def asked(handler: Handler, work: Work, *, user: User | None = None, prefix: str = "") -> Any:
    """What ``work`` makes of a server that answers as ``handler`` does."""

    async def all_of_it() -> Any:
        async with served(handler, user=user, prefix=prefix) as client:
            return await work(client)

    return asyncio.run(all_of_it())


def a_job(client: Api) -> Awaitable[Any]:
    return client.get(JOBS, "finops", "beget-main")


def test_a_token_is_read_again_when_it_is_taken_no_longer(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text("old\n")
    refused = 0

    async def handler(request: web.Request) -> web.Response:
        nonlocal refused
        if request.headers["Authorization"] == "Bearer new":
            return web.json_response({"kind": "Job"})
        refused += 1
        file.write_text("new\n")
        return web.json_response({"message": "Unauthorized"}, status=401)

    async def twice(client: Api) -> Any:
        await a_job(client)
        return await a_job(client)

    user = User(token="old", token_file=str(file))
    assert asked(handler, twice, user=user) == {"kind": "Job"}
    assert refused == 1


@pytest.mark.parametrize("user", [User(), User(token="worn")])
def test_who_is_not_known_is_told_so_after_one_more_try(user: User):
    tries = 0

    async def handler(_: web.Request) -> web.Response:
        nonlocal tries
        tries += 1
        return web.json_response({"message": "Unauthorized", "reason": "Unauthorized"}, status=401)

    with pytest.raises(ClusterError, match="Unauthorized") as raised:
        asked(handler, a_job, user=user)
    assert (raised.value.status, raised.value.word) == (401, "Unauthorized")
    assert tries == 2


def test_an_address_may_have_a_path_and_names_stay_as_they_are_quoted():
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"path": request.raw_path})

    found = asked(handler, lambda client: client.get(JOBS, "a b", "c/d"), prefix="/k8s/one/")
    assert found["path"] == "/k8s/one/apis/batch/v1/namespaces/a%20b/jobs/c%2Fd"


def test_what_passes_is_tried_again_and_what_does_not_is_not(monkeypatch):
    monkeypatch.setattr(api_module, "FIRST_PAUSE", 0.001)
    answers = [503, 429, 200, 409]

    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"message": "so it is"}, status=answers.pop(0))

    assert asked(handler, a_job) == {"message": "so it is"}
    assert answers == [409]
    with pytest.raises(ClusterError) as raised:
        asked(handler, a_job)
    assert raised.value.is_conflict


def test_a_server_that_is_not_there_is_no_answer(free_tcp_port: int, monkeypatch):
    monkeypatch.setattr(api_module, "FIRST_PAUSE", 0.001)

    async def all_of_it() -> None:
        async with client_of(f"http://127.0.0.1:{free_tcp_port}", tries=2) as client:
            await a_job(client)

    with pytest.raises(ClusterError) as raised:
        asyncio.run(all_of_it())
    assert raised.value.status == 0


def test_a_document_is_merged_as_a_patch():
    async def handler(request: web.Request) -> web.Response:
        found = {"kind": request.content_type, "agent": request.headers["User-Agent"]}
        return web.json_response(found | await request.json())

    def patched(client: Api) -> Awaitable[Any]:
        return client.patch(CONNECTIONS, "finops", "main", {"metadata": {"labels": None}})

    assert asked(handler, patched) == {
        "kind": "application/merge-patch+json",
        "agent": "infrazen-operator",
        "metadata": {"labels": None},
    }


def test_a_watch_tells_lines_of_any_length_however_they_are_cut():
    long = "x" * 1_000_000
    events = [
        {"type": "ADDED", "object": {"message": long}},
        {"type": "MODIFIED", "object": {"message": "ж"}},
    ]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in events).encode()

    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        cut = len(text) - 4  # in the middle of a letter
        for part in (text[:100], text[100:cut], text[cut:]):
            await answer.write(part)
            await asyncio.sleep(0.01)
        return answer

    async def told(client: Api) -> list[Any]:
        return [one async for one in client.changes(JOBS, "finops", since="1")]

    assert asked(handler, told) == events


def test_a_watch_that_cannot_go_on_says_so():
    async def handler(request: web.Request) -> web.Response:
        if request.query["resourceVersion"] == "1":
            return web.json_response({"message": "too old"}, status=410)
        gone = {"type": "ERROR", "object": {"code": 410, "message": "too old"}}
        return web.Response(text=json.dumps(gone) + "\n")

    async def told(client: Api) -> list[int]:
        found = []
        for version in ("1", "2"):
            with pytest.raises(ClusterError, match="too old") as raised:
                async for _ in client.changes(JOBS, "finops", since=version):
                    pass
            found.append(raised.value.status)
        return found

    assert asked(handler, told) == [410, 410]
