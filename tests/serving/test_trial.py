"""The simulated cloud never outlives who started it."""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from infrazen.errors import ProviderUnavailable
from infrazen.serving.trial import simulated_cloud
from tests.servers import is_free

HOLD = """
import time
from infrazen.serving.trial import simulated_cloud
with simulated_cloud("beget") as cloud:
    cloud.wait()
    print(cloud.url, flush=True)
    time.sleep(60)
"""


def gone(port, seconds=5.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_free(port):
            return True
        time.sleep(0.02)
    return False


def test_it_answers_inside_the_block_and_is_gone_after_it(capfd):
    with simulated_cloud("beget") as cloud:
        cloud.wait()
        with urlopen(f"{cloud.url}/_simulator/state", timeout=5) as answer:
            assert answer.status == 200
    assert gone(urlsplit(cloud.url).port)
    assert capfd.readouterr() == ("", "")


def test_two_that_start_at_once_are_two():
    with simulated_cloud("beget") as one, simulated_cloud("beget") as other:
        assert one.url != other.url
        one.wait()
        other.wait()
        one.stop()
        with urlopen(f"{other.url}/_simulator/state", timeout=5) as answer:
            assert answer.status == 200


def test_one_that_does_not_start_is_told(monkeypatch):
    monkeypatch.setattr("infrazen.serving.trial.START_SECONDS", 60)
    with simulated_cloud("no-such-cloud") as cloud, pytest.raises(ProviderUnavailable):
        cloud.wait()


def test_it_ends_even_with_a_parent_that_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
    port = urlsplit(parent.stdout.readline().strip()).port
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    assert gone(port)
