"""Watches that end at once are opened again, but not at once for ever."""

import asyncio
import logging

import kopf
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from kopf._core.engines.activities import run_activity
from kopf._core.engines.indexing import OperatorIndexers
from kopf._core.intents.causes import Activity

from infrazen_operator import follow as following
from infrazen_operator import streams
from infrazen_operator.follow import follow
from infrazen_operator.kinds import SECRETS
from infrazen_operator.pace import LONGEST_PAUSE, SHORT, Pace
from tests.operator.served_api import served


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_the_first_time_and_after_a_long_one_there_is_no_pause():
    clock = Clock()
    pace = Pace(clock)
    assert pace.pause() == 0
    clock.now += SHORT
    assert pace.pause() == 0


def test_pauses_grow_while_they_are_short_and_are_forgotten_after_a_long_one():
    clock = Clock()
    pace = Pace(clock)
    pauses = []
    for _ in range(8):
        pauses.append(pace.pause())
        clock.now += pauses[-1]
    assert pauses == [0, 1, 2, 4, 8, 16, 30, LONGEST_PAUSE]
    clock.now += SHORT
    assert pace.pause() == 0


@pytest.fixture
def waits(monkeypatch):
    """How long was waited; nobody waits for real, and after five times it is enough."""
    known = []

    async def wait(seconds):
        known.append(seconds)
        if len(known) == 5:
            raise TimeoutError

    monkeypatch.setattr(following, "sleep", wait)
    monkeypatch.setattr(streams, "sleep", wait)
    return known


@pytest.mark.parametrize("answer", ["nothing", "gone"])
def test_a_server_that_ends_each_watch_at_once_is_not_asked_without_pause(waits, answer):
    listed = {"metadata": {"resourceVersion": "1"}, "items": []}
    gone = '{"type": "ERROR", "object": {"code": 410, "message": "too old"}}\n'

    async def serve(request):
        if "watch" not in request.query:
            return web.json_response(listed)
        return web.Response(text="" if answer == "nothing" else gone)

    async def watch():
        async with served(serve) as client:
            async for _ in follow(client, SECRETS, None):
                pass

    with pytest.raises(TimeoutError):
        asyncio.run(watch())
    assert waits == [1, 2, 4, 8, 16]


def test_kopfs_watches_wait_as_well_and_nothing_else_does(waits):
    asked = []

    async def serve(request):
        asked.append(request.path_qs)
        return web.json_response({})

    async def watch():
        application = web.Application()
        application.router.add_get("/{path:.*}", serve)
        async with TestServer(application) as server:
            info = kopf.ConnectionInfo(server=str(server.make_url("/")))
            login = streams.paced(lambda **_: info)
            session = (await login(logger=logging.getLogger())).aiohttp_session
            try:
                for path in ("/pods", "/pods?watch=true", "/jobs?watch=true", "/pods") * 2:
                    await session.get(server.make_url(path))
            finally:
                await session.close()

    asyncio.run(watch())
    assert len(asked) == 8
    assert waits == [1, 1]


@pytest.mark.parametrize("found", ["login_with_service_account", "login_with_kubeconfig"])
def test_kopf_signs_in_by_the_way_that_there_is(found, monkeypatch):
    info = kopf.ConnectionInfo(server="https://kubernetes.example")
    for way in ("login_with_service_account", "login_with_kubeconfig"):

        def sign_in(*, way=way, **_):
            return info if way == found else None

        sign_in.__name__ = way
        monkeypatch.setattr(kopf, way, sign_in)

    async def sign_in_as_kopf_does():
        signed_in = await run_activity(
            lifecycle=kopf.lifecycles.all_at_once,
            registry=streams.Streams(lambda *_: None, ())._registry(),
            settings=kopf.OperatorSettings(),
            activity=Activity.AUTHENTICATION,
            indices=OperatorIndexers().indices,
            memo=kopf.Memo(),
        )
        for session in signed_in.values():
            await session.aiohttp_session.close()
        return [(way, session.server) for way, session in signed_in.items()]

    assert asyncio.run(sign_in_as_kopf_does()) == [(found, info.server)]


def test_a_kopf_that_has_ended_is_noticed_and_started_again(monkeypatch):
    tries = []
    monkeypatch.setattr(kopf, "login_with_service_account", lambda **_: tries.append(1))
    monkeypatch.setattr(kopf, "login_with_kubeconfig", lambda **_: None)
    monkeypatch.setattr(streams, "PAUSE", 0.01)

    async def watch():
        made = streams.Streams(lambda *_: None, ("finops",))
        made.start()
        try:
            async with asyncio.timeout(20):
                while not (made.failing_for and len(tries) > 1):
                    await asyncio.sleep(0.05)
        finally:
            made.stop()
        assert not made._thread.is_alive()

    asyncio.run(watch())
