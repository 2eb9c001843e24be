"""Who is told to stop twice stops in good order all the same."""

import subprocess
import sys

import pytest

TWICE = """
import os, signal, sys
from infrazen.cli.interrupts import interruptible
sign = signal.Signals[sys.argv[1]]
try:
    with interruptible():
        os.kill(os.getpid(), sign)
        signal.pause()
except KeyboardInterrupt:
    os.kill(os.getpid(), sign)
    sys.exit(130)
"""
IN_ORDER = """
import signal
from infrazen.cli.interrupts import interruptible
before = signal.getsignal(signal.SIGTERM)
with interruptible():
    pass
print(signal.getsignal(signal.SIGTERM) == before)
"""


def run(script, *words):
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("sign", ["SIGTERM", "SIGINT"])
def test_a_second_signal_on_the_way_out_changes_nothing(sign):
    done = run(TWICE, sign)
    assert (done.returncode, done.stderr) == (130, "")


def test_signals_mean_again_what_they_meant_before():
    assert run(IN_ORDER).stdout == "True\n"
