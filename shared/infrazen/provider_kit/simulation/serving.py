"""Run a simulator as a process of its own."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from importlib import import_module

from infrazen.errors import Conflict
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.simulation.app import CONTROL, SimulatorApp
from infrazen.provider_kit.simulation.http_server import HttpServer
from infrazen.provider_kit.simulation.simulator import Setting, Simulator


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
    held: socket.socket | None = None,
    setting: Setting | None = None,
    credentials: Mapping[str, str] | None = None,
    announce: Callable[[str], None] = _print,
) -> None:
    """Serve ``spec``'s simulator until SIGINT or SIGTERM; port 0 takes a free one.

    ``held`` is a socket that listens already, instead of ``host`` and ``port``.
    ``announce`` gets a few lines once it answers, its address in the first. Raises
    ``Conflict`` where the port is taken.
    """
    simulator = make_simulator(spec, setting=setting, credentials=credentials)

    def ready(bound: int) -> None:
        announce(_announcement(spec, simulator, url=f"http://{_in_url(host)}:{bound}"))

    asyncio.run(_serve(SimulatorApp(simulator), (host, port), held, ready))


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _announcement(spec: ProviderSpec, simulator: Simulator, *, url: str) -> str:
    known = ", ".join(f"{name}: {value}" for name, value in simulator.credentials.items())
    return (
        f"{spec.title} simulator: {url}\n"
        f"  world {simulator.setting.world}; {known}\n"
        f"  control: {url}{CONTROL}/state"
    )


async def _serve(
    app: SimulatorApp,
    address: tuple[str, int],
    held: socket.socket | None,
    ready: Callable[[int], None],
) -> None:
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_stop.set)
    server = HttpServer(app)
    try:
        bound = await server.start(*address, held=held)
    except OSError:
        raise Conflict(
            f"cannot listen on {address[0]} port {address[1]}: choose another, or 0 for any"
        ) from None
    ready(bound)
    await told_to_stop.wait()
    await server.stop()
