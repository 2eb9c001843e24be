"""Where a sync runs: a port, and its adapter for a machine without a cluster.

What runs is the same command everywhere, ``infrazen sync run``; it claims the run, holds
the lease and writes the snapshot itself, so a runner only has to start it.
"""

import os
import signal
import subprocess  # a fixed command line of our own
import sys
from typing import Protocol

from infrazen.sync.engine import Order
from infrazen.sync.lease import worker_name


class Running(Protocol):
    """A sync at work; ``name`` is what its snapshot says of the worker."""

    name: str

    def exit_code(self) -> int | None:
        """Its exit code, None while it works."""

    def ask_to_stop(self) -> None:
        """Ask it to stop; it closes its snapshot itself, which may take a moment."""

    def end(self, *, within: float) -> None:
        """Wait ``within`` seconds for its end, then make it."""


class Runner(Protocol):
    """Something that can run syncs."""

    def start(self, order: Order) -> Running:
        """Start the sync that ``order`` asks for."""


class LocalRunner:
    """Runs each sync in a process of its own, which gives its memory back when it ends."""

    def start(self, order: Order) -> Running:
        """Start a worker process with this process's environment."""
        command = [sys.executable, "-m", "infrazen", *arguments(order)]
        return _Worker(subprocess.Popen(command, env=os.environ, stdin=subprocess.DEVNULL))  # noqa: S603


def arguments(order: Order) -> list[str]:
    """The command line of ``infrazen`` that carries out ``order``."""
    return [
        "sync",
        "run",
        "--connection-id",
        str(order.connection_id),
        "--organization-id",
        str(order.organization_id),
        "--trigger",
        order.trigger.value,
        "--requested-by",
        order.requested_by,
        "--quiet",
    ]


class _Worker:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.name = worker_name(process.pid)

    def exit_code(self) -> int | None:
        return self._process.poll()

    def ask_to_stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def end(self, *, within: float) -> None:
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
