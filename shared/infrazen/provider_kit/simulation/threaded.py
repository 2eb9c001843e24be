"""A simulator in a thread of this process: it starts at once and costs hardly any memory."""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.simulation.app import SimulatorApp
from infrazen.provider_kit.simulation.http_server import HttpServer
from infrazen.provider_kit.simulation.serving import make_simulator
from infrazen.provider_kit.simulation.simulator import Setting

HOST = "127.0.0.1"

T = TypeVar("T")


class ThreadedSimulator:
    """``spec``'s simulator on a free port of this machine, within a ``with`` block."""

    def __init__(self, spec: ProviderSpec, setting: Setting) -> None:
        self._simulator = make_simulator(spec, setting=setting)
        self._server = HttpServer(SimulatorApp(self._simulator))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name=f"{spec.slug}-simulator", daemon=True
        )
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self.url = f"http://{HOST}:{self._do(self._server.start(HOST, 0))}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._do(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def load(self, setting: Setting) -> None:
        """Let it be another account, or the same at another moment."""

        async def load() -> None:
            self._simulator.load(setting)

        self._do(load())

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
