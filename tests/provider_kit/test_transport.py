"""Against real HTTP servers on loopback."""

import asyncio
import gzip
import logging
from datetime import timedelta
from email.utils import format_datetime

import msgspec
import pytest
from starlette.responses import RedirectResponse, Response

from infrazen.errors import (
    CredentialsRefused,
    PermissionMissing,
    ProviderError,
    ProviderUnavailable,
    Throttled,
    UnexpectedPayload,
)
from infrazen.provider_kit.payload import Answer, decode
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.provider_kit.retry import Retries
from infrazen.provider_kit.transport import Limits, counting_requests
from tests.provider_kit.fakes import START, FakeTime, serving, transport

DICT = msgspec.json.Decoder(dict)
ONCE = Limits(retries=Retries(attempts=1))


def as_dict(answer: Answer) -> dict:
    return decode(answer, DICT)


def ask(
    *responses: Response, time: FakeTime | None = None, limits: Limits | None = None, **question
):
    """GET /thing from a server that gives ``responses`` in turn, the last one for ever."""
    waiting = list(responses)

    async def handler(_request):
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    async def go():
        async with serving(handler) as url, transport(url, time=time, limits=limits) as http:
            return await http.get("/thing", **{"read": as_dict, **question})

    return asyncio.run(go())


def json(text: str, status: int = 200, **headers: str) -> Response:
    return Response(text, status, {k.replace("_", "-"): v for k, v in headers.items()}, "text/html")


def test_json_is_read_whatever_the_content_type_says():
    assert ask(json('{"a": 1}')) == {"a": 1}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, UnexpectedPayload),
        (302, UnexpectedPayload),
        (400, UnexpectedPayload),
        (401, CredentialsRefused),
        (403, PermissionMissing),
        (404, UnexpectedPayload),
        (408, ProviderUnavailable),
        (418, UnexpectedPayload),
        (429, Throttled),
        (500, ProviderUnavailable),
        (502, ProviderUnavailable),
        (503, ProviderUnavailable),
    ],
)
def test_every_status_has_its_error(status, error):
    with pytest.raises(error, match=rf"^/thing: .*\({status}\)") as caught:
        ask(json("{}", status), limits=ONCE)
    assert type(caught.value) is error


def test_what_fits_into_no_address_is_the_answers_fault():
    async def go():
        async with transport("http://127.0.0.1:9") as http:
            await http.get("/buckets/\x00\x1b[31m", read=as_dict)

    with pytest.raises(UnexpectedPayload, match="no address") as caught:
        asyncio.run(go())
    assert str(caught.value).isprintable()


def test_accepted_statuses_are_answers():
    status = ask(json("{}", 404), accept=frozenset({404}), read=lambda answer: answer.status)
    assert status == 404


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "an empty body"),
        (b"<html>CANARY</html>", "an HTML or XML page"),
        (b'{"a": "CANARY', "JSON that is cut short or malformed"),
        (b"CANARY is not JSON", "a text that is no JSON"),
        (b'{"a": "\xff CANARY"}', "JSON that is cut short or malformed"),
        (b'{"a":' * 100_000, "JSON that is cut short or malformed"),
    ],
)
def test_what_is_no_json_is_named_and_not_shown(body, kind):
    with pytest.raises(UnexpectedPayload) as caught:
        ask(Response(body, media_type="text/html"))
    assert str(caught.value) == f"/thing: expected JSON, got {kind} (text/html, {len(body)} bytes)"


def test_json_of_another_shape_is_located():
    with pytest.raises(UnexpectedPayload, match="Expected `object`, got `array`"):
        ask(json("[1]"))


def test_redirects_are_not_followed():
    asked = []

    async def handler(request):
        asked.append(request.url.path)
        return RedirectResponse("/elsewhere")

    async def go():
        async with serving(handler) as url, transport(url) as http:
            await http.get("/thing", read=as_dict)

    with pytest.raises(UnexpectedPayload, match="redirects elsewhere"):
        asyncio.run(go())
    assert asked == ["/thing"]


def test_transient_failures_are_retried_with_growing_jittered_waits():
    time = FakeTime()
    assert ask(json("", 500), json("", 502), json("", 503), json('{"a":1}'), time=time) == {"a": 1}
    assert time.naps == [0.25, 0.5, 1.0]


def test_permanent_failures_are_not_retried():
    time = FakeTime()
    with pytest.raises(CredentialsRefused):
        ask(json("", 401), json("{}"), time=time)
    assert time.naps == []


def test_retries_end():
    time = FakeTime()
    with pytest.raises(ProviderUnavailable):
        ask(json("", 500), time=time)
    assert len(time.naps) == Retries().attempts - 1


def test_retry_after_in_seconds_is_obeyed():
    time = FakeTime()
    ask(json("", 429, Retry_After="7"), json("{}"), time=time)
    assert time.seconds == 7


def test_retry_after_as_a_date_is_obeyed():
    time = FakeTime()
    date = format_datetime(START + timedelta(seconds=11), usegmt=True)
    ask(json("", 503, Retry_After=date), json("{}"), time=time)
    assert time.seconds == 11


def test_a_wait_beyond_patience_is_left_to_the_caller():
    time = FakeTime()
    with pytest.raises(Throttled) as caught:
        ask(json("", 429, Retry_After="3600"), time=time)
    assert caught.value.retry_after == 3600
    assert time.naps == []


def test_while_one_request_is_throttled_the_others_wait_too():
    time = FakeTime()
    asked = []

    async def handler(request):
        asked.append((request.url.path, time.seconds))
        first = len(asked) == 1
        return json("", 429, Retry_After="5") if first else json("{}")

    async def go():
        async with serving(handler) as url, transport(url, time=time) as http:
            first = asyncio.create_task(http.get("/first", read=as_dict))
            while not asked or not time.naps:
                await asyncio.sleep(0)
            await asyncio.gather(first, http.get("/second", read=as_dict))

    asyncio.run(go())
    assert len(asked) == 3
    assert all(at >= 5 for _, at in asked[1:])


def test_an_error_that_reading_finds_is_retried_like_any_other():
    answers = iter([Throttled("inside a 200"), None])

    def read(_answer):
        error = next(answers)
        if error:
            raise error
        return "fine"

    time = FakeTime()
    assert ask(json("{}"), time=time, read=read) == "fine"
    assert len(time.naps) == 1


def test_a_connection_that_breaks_off_is_unavailable():
    async def broken(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        writer.close()

    async def go():
        server = await asyncio.start_server(broken, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, transport(f"http://127.0.0.1:{port}", limits=ONCE) as http:
            await http.get("/thing", read=as_dict)

    with pytest.raises(ProviderUnavailable, match="connection failed"):
        asyncio.run(go())


def test_nobody_listening_is_unavailable():
    async def go():
        server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with transport(f"http://127.0.0.1:{port}", limits=ONCE) as http:
            await http.get("/thing", read=as_dict)

    with pytest.raises(ProviderUnavailable):
        asyncio.run(go())


@pytest.mark.parametrize("limits", [{"read": 0.05}, {"total": 0.05}])
def test_a_silent_server_is_unavailable(limits):
    async def silent(_request):
        await asyncio.Event().wait()

    async def go():
        short = Limits(retries=Retries(attempts=1), **limits)
        async with serving(silent) as url, transport(url, limits=short) as http:
            await http.get("/thing", read=as_dict)

    with pytest.raises(ProviderUnavailable, match="no whole answer in time"):
        asyncio.run(go())


def test_a_body_beyond_the_bound_is_refused():
    with pytest.raises(UnexpectedPayload, match="exceeds 1000 bytes"):
        ask(json("x" * 1001), limits=Limits(max_bytes=1000))


def test_a_small_body_that_unpacks_beyond_the_bound_is_refused():
    bomb = gzip.compress(b" " * 10_000_000)
    assert len(bomb) < 20_000
    packed = Response(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(UnexpectedPayload, match="exceeds"):
        ask(packed, limits=Limits(max_bytes=100_000))


def test_broken_compression_is_unexpected():
    packed = Response(b"not gzip", headers={"Content-Encoding": "gzip"})
    with pytest.raises(UnexpectedPayload, match="compression"):
        ask(packed)


def test_only_declared_paths_are_posted_to():
    async def go():
        async with transport("http://127.0.0.1:9") as http:
            await http.post("/v1/vps/server", read=as_dict, json={})

    with pytest.raises(RuntimeError, match="not declared to be a read"):
        asyncio.run(go())


def test_forms_and_json_are_posted():
    seen = []

    async def handler(request):
        seen.append((request.headers["content-type"], await request.body()))
        return json("{}")

    async def go():
        reads = frozenset({"/read"})
        async with serving(handler) as url, transport(url, reading_posts=reads) as http:
            await http.post("/read", read=as_dict, form={"login": "a b", "passwd": "x&y=z"})
            await http.post("/read", read=as_dict, json={"login": "я"})

    asyncio.run(go())
    assert seen == [
        ("application/x-www-form-urlencoded", b"login=a+b&passwd=x%26y%3Dz"),
        ("application/json", '{"login":"я"}'.encode()),
    ]


def test_a_credential_that_cannot_be_sent_is_refused_and_not_shown():
    with pytest.raises(CredentialsRefused) as caught:
        ask(json("{}"), headers={"Authorization": "Bearer CAN\nARY"})
    assert "ARY" not in str(caught.value)


def test_requests_are_counted_for_the_task_and_those_it_starts():
    async def handler(_request):
        return json("{}")

    async def go():
        async with serving(handler) as url, transport(url) as http:
            with counting_requests() as outer:
                await asyncio.gather(*(http.get("/thing", read=as_dict) for _ in range(3)))
                await http.get("/thing", read=as_dict)
            with counting_requests() as other:
                await http.get("/thing", read=as_dict)
        return outer.requests, other.requests

    assert asyncio.run(go()) == (4, 1)


def test_no_more_than_allowed_are_under_way_at_once():
    busy = most = 0

    async def handler(_request):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.01)
        busy -= 1
        return json("{}")

    async def go():
        async with serving(handler) as url, transport(url, limits=Limits(at_once=3)) as http:
            await asyncio.gather(*(http.get("/thing", read=as_dict) for _ in range(12)))

    asyncio.run(go())
    assert most == 3


def test_connections_are_used_again():
    async def go():
        opened = 0

        async def counted(reader, writer):
            nonlocal opened
            opened += 1
            for _ in range(5):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(counted, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, transport(f"http://127.0.0.1:{port}") as http:
            for _ in range(5):
                await http.get("/thing", read=as_dict)
        return opened

    assert asyncio.run(go()) == 1


def test_the_rate_limit_holds_across_requests():
    time = FakeTime()

    async def handler(_request):
        return json("{}")

    async def go():
        rate = RateLimit(per_second=2, burst=3)
        async with serving(handler) as url, transport(url, time=time, rate=rate) as http:
            await asyncio.gather(*(http.get("/thing", read=as_dict) for _ in range(7)))

    asyncio.run(go())
    assert time.seconds == pytest.approx(2.0)


def test_queries_bodies_and_headers_stay_out_of_logs_and_errors(caplog):
    caplog.set_level(logging.DEBUG)
    secret = "CANARY-7f3a"
    errors: list[ProviderError] = []

    async def handler(request):
        return json(secret, 500 if request.method == "GET" else 403)

    async def go():
        reads = frozenset({"/read"})
        async with serving(handler) as url, transport(url, reading_posts=reads) as http:
            bearer = {"Authorization": f"Bearer {secret}"}
            for question in (
                http.get("/thing", read=as_dict, params={"q": secret}, headers=bearer),
                http.post("/read", read=as_dict, form={"passwd": secret}, headers=bearer),
            ):
                try:
                    await question
                except ProviderError as error:
                    errors.append(error)

    asyncio.run(go())
    assert len(errors) == 2
    assert not any(secret in repr(error) for error in errors)
    assert secret not in caplog.text
