"""The trial's clouds: providers' simulators in a child process."""

import socket
import subprocess  # a fixed command line of our own
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

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
    """Start ``provider``'s simulator, and end it with the block or with this process."""
    with simulated_clouds(provider) as clouds:
        yield clouds[provider]


@contextmanager
def simulated_clouds(first: str, *others: str) -> Iterator[dict[str, SimulatedCloud]]:
    """Start providers' simulators in one process, and end it with the block or with this one.

    They listen on the same ports from one start to the next where they can, so that
    connections to them go on working; the ports are their own before they start.
    """
    with ExitStack() as held:
        listeners = {
            slug: held.enter_context(hold_port(host=HOST, wanted=None, first=FIRST_PORT))
            for slug in (first, *others)
        }
        sockets = {slug: one.fileno() for slug, one in listeners.items()}
        beside = [word for one in others for word in ("--beside", f"{one}={sockets[one]}")]
        process = subprocess.Popen(  # noqa: S603
            _simulate(first, "--socket", str(sockets[first]), *beside),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=tuple(sockets.values()),
            start_new_session=True,
            preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        clouds = {slug: SimulatedCloud(process, port_of(one)) for slug, one in listeners.items()}
    try:
        yield clouds
    finally:
        clouds[first].stop()


def _simulate(*words: str) -> list[str]:
    return [sys.executable, "-m", "infrazen", "simulate", *words]
