"""Run a simulator as a process of its own."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
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
    beside: Sequence[tuple[ProviderSpec, socket.socket]] = (),
    announce: Callable[[str], None] = _print,
) -> None:
    """Serve ``spec``'s simulator until SIGINT or SIGTERM; port 0 takes a free one.

    ``held`` is a socket that listens already, instead of ``host`` and ``port``; ``beside`` are
    others to serve in this process, each on such a socket, for a process takes 40 MB by itself.
    ``announce`` gets a few lines once it answers, its address in the first. Raises
    ``Conflict`` where the port is taken.
    """
    simulator = make_simulator(spec, setting=setting, credentials=credentials)

    def ready(bound: int) -> None:
        announce(_announcement(spec, simulator, url=f"http://{_in_url(host)}:{bound}"))

    others = [(SimulatorApp(make_simulator(one, setting=setting)), at) for one, at in beside]
    asyncio.run(_serve(SimulatorApp(simulator), (host, port), held, others, ready))


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _announcement(spec: ProviderSpec, simulator: Simulator, *, url: str) -> str:
    known = ", ".join(f"{name}: {value}" for name, value in simulator.credentials.items())
    return (
        f"{spec.title} simulator: {url}\n"
        f"  world {simulator.setting.world}; {known}\n"
        f"  control: {url}{CONTROL}/state"
    )


async def _serve(  # noqa: PLR0917
    app: SimulatorApp,
    address: tuple[str, int],
    held: socket.socket | None,
    others: Sequence[tuple[SimulatorApp, socket.socket]],
    ready: Callable[[int], None],
) -> None:
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_stop.set)
    server, *more = [HttpServer(one) for one in (app, *(other for other, _ in others))]
    for one, (_, at) in zip(more, others, strict=True):
        await one.start("", 0, held=at)
    try:
        bound = await server.start(*address, held=held)
    except OSError:
        raise Conflict(
            f"cannot listen on {address[0]} port {address[1]}: choose another, or 0 for any"
        ) from None
    ready(bound)
    await told_to_stop.wait()
    for one in (server, *more):
        await one.stop()
