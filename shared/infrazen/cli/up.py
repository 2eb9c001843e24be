"""``infrazen up``: the dashboard, the API and the schedules, in one process."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from infrazen.cli.options import common
from infrazen.cli.screen import Screen
from infrazen.serving.ports import FIRST_PORT, PORTS_TRIED, hold_port, port_of
from infrazen.serving.trial import SimulatedCloud, simulated_clouds
from infrazen.settings import settings

if TYPE_CHECKING:
    from infrazen.serving.demo import DemoKeeper

_LOOPBACK = ("127.0.0.1", "localhost", "::1")

Clouds = Mapping[str, SimulatedCloud]
"""Running simulators by provider."""


@click.command
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; `::` is every address, IPv4 and IPv6.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Which port; where not given, {FIRST_PORT} or the next free one.",
)
@click.option(
    "--trial",
    is_flag=True,
    help="Start a simulated account of every cloud, and let connections reach this machine.",
)
@click.option(
    "--demo",
    is_flag=True,
    help="Let browsers without a sign-in look at a demo, which is built as needed.",
)
@click.option(
    "--schedules/--no-schedules",
    "with_schedules",
    default=True,
    show_default=True,
    help="Run syncs from this process; switch it off where the Kubernetes operator does.",
)
@common
def up(
    screen: Screen,
    *,
    host: str,
    port: int | None,
    trial: bool,
    demo: bool,
    with_schedules: bool,
) -> None:
    """Serve the dashboard and the API, and run schedules, until Ctrl-C.

    The embedded SQLite database is made and upgraded by itself; for PostgreSQL run
    `infrazen db upgrade` first. Behind a proxy set INFRAZEN_PUBLIC_URL to the address
    that people open.
    """
    if demo and not with_schedules:
        raise click.UsageError("--demo needs schedules: its syncs run from this process")
    with hold_port(host=host, wanted=port) as listener, _trial(active=trial) as clouds:
        chosen = port_of(listener)
        if demo:
            os.environ["INFRAZEN_DEMO"] = "true"
        _settle(host=host, port=chosen)
        ready = _prepare(screen, port=chosen, clouds=clouds)
        with _demo(active=settings().demo and with_schedules) as keeper:
            _serve(listener, on_ready=ready, with_schedules=with_schedules, keeper=keeper)


@contextmanager
def _trial(*, active: bool) -> Iterator[Clouds]:
    """A simulator of every provider, and the settings with which this process may reach them."""
    if not active:
        yield {}
        return
    from infrazen.providers import all_providers

    tried = [slug for slug, spec in all_providers().items() if spec.trial]
    with simulated_clouds(*tried) as clouds:
        listed = ",".join(f"{slug}={cloud.url}" for slug, cloud in clouds.items())
        os.environ["INFRAZEN_SIMULATORS"] = listed
        os.environ["INFRAZEN_ALLOW_PRIVATE_ENDPOINTS"] = "true"
        yield clouds


@contextmanager
def _demo(*, active: bool) -> Iterator["DemoKeeper | None"]:
    """The demo's simulators and its keeper, who begins with a demo that is missing at once."""
    if not active:
        yield None
        return
    from infrazen.serving.demo import kept_demo

    with kept_demo() as keeper:
        keeper.start()
        yield keeper


def _settle(*, host: str, port: int) -> None:
    """Let pages opened at an unusual port of this machine talk to it."""
    settings.cache_clear()
    usual = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    if settings().public_url is None and host in _LOOPBACK and port not in usual:
        os.environ["INFRAZEN_PUBLIC_URL"] = f"http://localhost:{port}"
        settings.cache_clear()


def _prepare(screen: Screen, *, port: int, clouds: Clouds) -> Callable[[], None]:
    """Make everything ready; returns what prints the addresses."""
    from infrazen.cli.local import make_ready
    from infrazen.logs import configure_logging
    from infrazen.services.setup import issue_setup_code

    configure_logging()
    make_ready(screen)
    address = str(settings().public_url or f"http://localhost:{port}").rstrip("/")
    code = issue_setup_code()
    setup_url = f"{address}/setup?code={code}" if code else None
    for cloud in clouds.values():
        cloud.wait()
    facts = {
        "url": address,
        "demo_url": address if settings().demo else None,
        "setup_url": setup_url,
        "simulators": {slug: cloud.url for slug, cloud in clouds.items()},
    }
    return lambda: screen.result(facts, _welcome(address, setup_url, clouds))


def _serve(
    listener: socket.socket,
    *,
    on_ready: Callable[[], None],
    with_schedules: bool,
    keeper: "DemoKeeper | None",
) -> None:
    from infrazen.serving.schedules import schedules
    from infrazen.serving.web import serve

    with ExitStack() as beside:

        def ready() -> None:
            if with_schedules:
                embedded = beside.enter_context(schedules())
                if keeper is not None:
                    keeper.follow(lambda: embedded.leads)
            on_ready()

        serve(listener, on_ready=ready)


def _welcome(address: str, setup_url: str | None, clouds: Clouds) -> str:
    lines = ["", f"  InfraZen is at    {address}"]
    if settings().demo:
        lines.append(f"  The demo opens    {address}   (without a login; built in a moment)")
    if setup_url:
        lines.append(f"  Your own clouds   {setup_url}   (first visit, works once)")
    for slug, cloud in clouds.items():
        from infrazen.providers import provider

        spec = provider(slug)
        known = ", ".join(f"{name} {value}" for name, value in spec.trial.items())
        lines.append(f"  Trial cloud       {spec.title} at {cloud.url}   ({known})")
    return "\n".join([*lines, "  Ctrl-C stops everything.", ""])
