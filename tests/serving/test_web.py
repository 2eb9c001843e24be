"""The server as a process: it starts, tells when, and ends whatever is still open."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.sync.client import connect

from infrazen.errors import StorageUnavailable
from infrazen.serving import web
from tests.servers import free_port

SERVE = """
import sys
from infrazen.serving import web
from infrazen.serving.ports import hold_port
web.APPLICATION = "tests.serving.page"
listener = hold_port(host="127.0.0.1", wanted=int(sys.argv[1]))
web.serve(listener, on_ready=lambda: print("ready", flush=True))
print("ended", flush=True)
"""


@dataclass(frozen=True)
class Serving:
    process: subprocess.Popen[str]
    port: int
    notes: Path

    def stop(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        return self.process.communicate(timeout=web.DRAIN_SECONDS + 3)


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "web"
    (folder / "build/client").mkdir(parents=True)
    (folder / "build/client/index.html").write_text("built")
    return folder


@pytest.fixture
def serving(pages, tmp_path):
    port = free_port()
    notes = tmp_path / "notes"
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)],
        env={**os.environ, "NOTES": str(notes), "REFLEX_WEB_WORKDIR": str(pages)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    yield Serving(process, port, notes)
    process.kill()
    process.communicate()


def test_it_answers_once_it_says_that_it_is_ready(serving):
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=5)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"page"
    connection.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_the_application_and_the_process(serving, sign):
    out, err = serving.stop(sign)
    assert (out, err, serving.process.returncode) == ("ended\n", "", 0)
    assert serving.notes.read_text() == "started\nended\n"


def test_open_websockets_do_not_hold_it_up(serving):
    with connect(f"ws://127.0.0.1:{serving.port}/") as client:
        assert client.recv(timeout=5) == "hello"
        out, err = serving.stop()
    assert (out, err) == ("ended\n", "")
    assert serving.notes.read_text() == "started\nended\n"


def test_half_a_request_does_not_hold_it_up(serving):
    with socket.create_connection(("127.0.0.1", serving.port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        out, _ = serving.stop()
    assert out == "ended\n"


def test_pages_that_are_not_built_are_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("REFLEX_WEB_WORKDIR", str(tmp_path))
    with pytest.raises(StorageUnavailable, match="make frontend"):
        web.load()
