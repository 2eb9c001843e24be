"""A network that a test can spoil: between the browser and the server, at the test's word."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Network:
    """Forwards connections to ``port`` from a port of its own; ``url`` is where browsers go.

    What the server says can be held back (``hold``), and all connections cut, with what was
    held (``cut``). While it is ``down`` nobody gets through.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._passes_up, self._passes_down = threading.Event(), threading.Event()
        self._is_down = False
        self.heal()

    def hold_answers(self) -> None:
        """What browsers say still arrives; what the server says does not."""
        self._passes_down.clear()

    def hold_questions(self) -> None:
        """Nothing that browsers say arrives any more."""
        self._passes_up.clear()

    def cut(self) -> None:
        """Break every connection and let nobody in; what is held back is lost."""
        self._is_down = True
        for one in tuple(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._passes_up.set()
        self._passes_down.set()

    def heal(self) -> None:
        """Everything goes through again."""
        self._is_down = False
        self._passes_up.set()
        self._passes_down.set()

    def serve(self) -> None:
        """Accept connections until ``close``."""
        while True:
            try:
                browser, _ = self._door.accept()
            except OSError:
                return
            try:
                if self._is_down:
                    raise ConnectionRefusedError
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                browser.close()
                continue
            self._open |= {browser, server}
            self._carry(browser, server, self._passes_up)
            self._carry(server, browser, self._passes_down)

    def close(self) -> None:
        """End it."""
        self.cut()
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _carry(self, source: socket.socket, target: socket.socket, passes: threading.Event) -> None:
        def carrying() -> None:
            with contextlib.suppress(OSError):
                while data := source.recv(65536):
                    passes.wait()
                    target.sendall(data)
            for one in (source, target):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            self._open.discard(source)
            source.close()

        threading.Thread(target=carrying, daemon=True).start()


@contextmanager
def network(port: int) -> Iterator[Network]:
    """A sound network before the server at ``port``."""
    made = Network(port)
    threading.Thread(target=made.serve, daemon=True).start()
    yield made
    made.close()
