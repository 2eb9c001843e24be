"""The simulator as a process, its server and its faults."""

import asyncio
import signal
import socket
import subprocess
import sys
import time

import httpx
import msgspec
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from infrazen.errors import Conflict
from infrazen.provider_kit.simulation import serve
from infrazen.provider_kit.simulation.collection import Collection, merged
from infrazen.provider_kit.simulation.faults import Fault, Faults, Kind, changed_body
from infrazen.providers import provider
from tests.provider_kit.fakes import serving
from tests.simulators import simulator

PROGRAM = """
from infrazen.provider_kit.simulation import serve
from infrazen.providers import provider
serve(provider("beget"))
"""


def start() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_address_and_credentials_and_ends_when_told(number):
    with start() as process:
        lines = [process.stdout.readline() for _ in range(3)]
        url = lines[0].split()[-1]
        assert "login: demo, password: simulator-password" in lines[1]
        with httpx.Client(trust_env=False) as http:
            assert http.get(f"{url}/_simulator/state").json()["setting"]["world"] == "reference"
            process.send_signal(number)
            assert process.wait(timeout=5) == 0
        assert process.stderr.read() == ""


def test_a_question_for_the_headers_alone_gets_no_body():
    with start() as process:
        url = process.stdout.readline().split()[-1]
        with httpx.Client(trust_env=False) as http:
            answer = http.head(f"{url}/nothing/here")
            assert (answer.status_code, answer.content) == (404, b"")
            assert http.get(f"{url}/_simulator/state").status_code == 200
        process.terminate()
        assert process.stderr.read() == ""


def test_it_is_light():
    with start() as process:
        process.stdout.readline()
        resident = psutil.Process(process.pid).memory_info().rss
        process.terminate()
    assert resident < 60 * 1024 * 1024


def test_it_ends_while_an_answer_is_under_way():
    with simulator("beget") as control:
        control.fault(Kind.SLOW, seconds=60)

        async def ask():
            async with httpx.AsyncClient(trust_env=False) as http:
                return await asyncio.wait_for(http.get(f"{control.url}/v1/auth"), 0.2)

        with pytest.raises(TimeoutError):
            asyncio.run(ask())
        started = time.monotonic()
    assert time.monotonic() - started < 5


def test_a_port_that_is_taken_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Conflict, match="choose another"):
            serve(provider("beget"), port=taken.getsockname()[1])


# The server


def test_the_server_keeps_connections_and_takes_bodies():
    async def echo(request):
        body = await request.body()
        return Response(body + str(request.url.query).encode())

    async def go():
        async with serving(echo) as url, httpx.AsyncClient(trust_env=False) as http:
            answers = [
                await http.post(f"{url}/a%20b?n={n}", content=b"x" * n) for n in (0, 5, 70_000)
            ]
            return [answer.content for answer in answers]

    assert asyncio.run(go()) == [b"n=0", b"xxxxxn=5", b"x" * 70_000 + b"n=70000"]


@pytest.mark.parametrize(
    "rubbish", [b"\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"", b"GET / HTTP/1.1\r\n"]
)
def test_rubbish_harms_nobody(rubbish):
    async def fine(_request):
        return Response("fine")

    async def go():
        async with serving(fine) as url, httpx.AsyncClient(trust_env=False) as http:
            port = int(url.rpartition(":")[2])
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(rubbish)
            writer.close()
            return (await http.get(url)).text

    assert asyncio.run(go()) == "fine"


# Faults


def test_a_fault_happens_as_often_as_it_is_told():
    faults = Faults()
    faults.add(Fault(kind=Kind.ERROR, path="/a/*", times=2, after=1))
    met = [faults.take(path) is not None for path in ("/b", "/a/1", "/a/2", "/a/3", "/a/4")]
    assert met == [False, False, True, True, False]
    assert faults.standing == []


def test_a_fault_without_a_number_stands_until_it_is_cleared():
    faults = Faults()
    faults.add(Fault(kind=Kind.ERROR))
    assert all(faults.take("/x") for _ in range(10))
    faults.clear()
    assert faults.take("/x") is None


BODY = msgspec.json.encode(
    {
        "status": "success",
        "list": [{"id": "1", "status": "UP", "keys": [{"a": 1}]}, {"id": "2", "status": "UP"}],
    }
)


def body(kind: Kind):
    return msgspec.json.decode(changed_body(kind, BODY))


def test_the_last_record_gets_wrong_types_and_keeps_its_id():
    first, last = body(Kind.WRONG_TYPES)["list"]
    assert first["status"] == "UP"
    assert last == {"id": "2", "status": [{"unexpected": True}]}


def test_envelopes_keep_their_status():
    answer = body(Kind.UNKNOWN_ENUMS)
    assert answer["status"] == "success"
    assert {record["status"] for record in answer["list"]} == {"STATE_OF_TOMORROW"}


def test_inner_lists_are_part_of_their_record():
    assert body(Kind.DUPLICATES)["list"][0]["keys"] == [{"a": 1}]
    assert len(body(Kind.DUPLICATES)["list"]) == 3


@given(kind=st.sampled_from(Kind), raw=st.binary(max_size=200))
def test_faults_take_any_body(kind, raw):
    assert isinstance(changed_body(kind, raw), bytes)


# Records


names = st.text("abc", min_size=1, max_size=2)
objects = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(names, objects, max_size=4)


@given(record=records, changes=records)
def test_merging_what_is_there_already_changes_nothing(record, changes):
    once = merged(record, changes)
    assert merged(once, changes) == once
    assert merged(record, {}) == record
    assert merged(record, dict.fromkeys(record)) == {}


@given(count=st.integers(0, 30), offset=st.integers(0, 40), limit=st.integers(0, 40))
def test_pages_of_a_collection_are_slices(count, offset, limit):
    kept = Collection((str(n), {"n": n}) for n in range(count))
    page = msgspec.json.decode(kept.array(offset, limit))
    assert page == [{"n": n} for n in range(count)][offset : offset + limit]
