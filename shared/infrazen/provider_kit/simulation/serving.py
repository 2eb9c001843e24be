"""Run a simulator as a process of its own."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

from granian.constants import Interfaces
from granian.server.embed import Server

from infrazen.errors import Conflict
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.simulation.app import CONTROL, SimulatorApp
from infrazen.provider_kit.simulation.simulator import Setting, Simulator

_POLL_SECONDS = 0.01


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def make_simulator(
    spec: ProviderSpec,
    *,
    setting: Setting | None = None,
    credentials: Mapping[str, str] | None = None,
) -> Simulator:
    """``spec``'s simulator with an account in it; takes ``spec.trial`` unless told otherwise."""
    module, _, name = spec.simulator.partition(":")
    simulator: Simulator = getattr(import_module(module), name)(
        {**spec.trial, **(credentials or {})}
    )
    simulator.load(setting or Setting())
    return simulator


def serve(
    spec: ProviderSpec,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    setting: Setting | None = None,
    credentials: Mapping[str, str] | None = None,
    announce: Callable[[str], None] = _print,
) -> None:
    """Serve ``spec``'s simulator until SIGINT or SIGTERM; port 0 takes a free one.

    ``announce`` gets a few lines once it answers, its address in the first. Raises
    ``Conflict`` where the port is taken.
    """
    simulator = make_simulator(spec, setting=setting, credentials=credentials)
    bound = _free_port(host, port)
    text = _announcement(spec, simulator, url=f"http://{host}:{bound}")
    asyncio.run(_serve(SimulatorApp(simulator), (host, bound), partial(announce, text)))


def _announcement(spec: ProviderSpec, simulator: Simulator, *, url: str) -> str:
    known = ", ".join(f"{name}: {value}" for name, value in simulator.credentials.items())
    return (
        f"{spec.title} simulator: {url}\n"
        f"  world {simulator.setting.world}; {known}\n"
        f"  control: {url}{CONTROL}/state"
    )


async def _serve(app: SimulatorApp, address: tuple[str, int], announce: Callable[[], None]) -> None:
    server = Server(app, *address, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    serving = asyncio.create_task(server.serve())
    if await _answers(address, serving):
        announce()
    await serving


async def _answers(address: tuple[str, int], serving: asyncio.Task[None]) -> bool:
    """Wait until something listens; False where the server ended first."""
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(*address)
        except OSError:
            await asyncio.sleep(_POLL_SECONDS)
        else:
            writer.close()
            return True
    return False


def _free_port(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Conflict(
                f"port {port} of {host} is taken: choose another, or 0 for any"
            ) from None
        found: int = probe.getsockname()[1]
        return found
