"""The trial's cloud: a provider's simulator as a child process."""

import socket
import subprocess  # a fixed command line of our own
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from infrazen.errors import ProviderUnavailable
from infrazen.serving.ports import hold_port, port_of
from infrazen.serving.processes import end_with_parent

HOST = "127.0.0.1"
FIRST_PORT = 8090
START_SECONDS = 20
STOP_SECONDS = 3


class SimulatedCloud:
    """A running simulator."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self._port = port

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._port}"

    def wait(self) -> None:
        """Wait until it answers; raises ``ProviderUnavailable`` where it does not."""
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection((HOST, self._port), timeout=1) as call:
                call.sendall(b"GET / HTTP/1.0\r\n\r\n")
                if call.recv(1):
                    return
            time.sleep(0.02)
        raise ProviderUnavailable("the simulator did not start: try `infrazen simulate` by itself")

    def stop(self) -> None:
        """End it, gently first."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def simulated_cloud(provider: str) -> Iterator[SimulatedCloud]:
    """Start ``provider``'s simulator, and end it with the block or with this process.

    It listens on the same port from one start to the next where it can, so that
    connections to it go on working; the port is its own before it starts.
    """
    with hold_port(host=HOST, wanted=None, first=FIRST_PORT) as listener:
        port, held = port_of(listener), listener.fileno()
        command = [sys.executable, "-m", "infrazen", "simulate", provider, "--socket", str(held)]
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(held,),
            start_new_session=True,
            preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
    cloud = SimulatedCloud(process, port)
    try:
        yield cloud
    finally:
        cloud.stop()
