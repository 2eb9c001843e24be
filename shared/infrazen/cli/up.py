"""``infrazen up``: the dashboard, the API and the schedules, in one process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from infrazen.cli.options import common
from infrazen.cli.screen import Screen
from infrazen.serving.ports import FIRST_PORT, PORTS_TRIED, free_port
from infrazen.serving.trial import SimulatedCloud, simulated_cloud
from infrazen.settings import settings

TRIAL_PROVIDER = "beget"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Which port; where not given, {FIRST_PORT} or the next free one.",
)
@click.option(
    "--trial",
    is_flag=True,
    help="Start a simulated Beget account too, and let connections reach this machine.",
)
@common
def up(screen: Screen, *, host: str, port: int | None, trial: bool) -> None:
    """Serve the dashboard and the API, until Ctrl-C.

    The embedded SQLite database is made and upgraded by itself; for PostgreSQL run
    `infrazen db upgrade` first. Behind a proxy set INFRAZEN_PUBLIC_URL to the address
    that people open.
    """
    chosen = free_port(host=host, wanted=port)
    with _trial(active=trial) as cloud:
        _settle(host=host, port=chosen)
        _serve(screen, host=host, port=chosen, cloud=cloud)


@contextmanager
def _trial(*, active: bool) -> Iterator[SimulatedCloud | None]:
    """The simulator, and the settings with which this process alone may reach it."""
    if not active:
        yield None
        return
    with simulated_cloud(TRIAL_PROVIDER) as cloud:
        os.environ["INFRAZEN_SIMULATOR_URL"] = cloud.url
        os.environ["INFRAZEN_ALLOW_PRIVATE_ENDPOINTS"] = "true"
        yield cloud


def _settle(*, host: str, port: int) -> None:
    """Let pages opened at an unusual port of this machine talk to it."""
    settings.cache_clear()
    usual = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    if settings().public_url is None and host in _LOOPBACK and port not in usual:
        os.environ["INFRAZEN_PUBLIC_URL"] = f"http://localhost:{port}"
        settings.cache_clear()


def _serve(screen: Screen, *, host: str, port: int, cloud: SimulatedCloud | None) -> None:
    from infrazen.logs import configure_logging
    from infrazen.services.installation import prepare
    from infrazen.services.setup import issue_setup_code
    from infrazen.serving.web import serve

    configure_logging()
    prepared = prepare()
    if prepared.keys.created:
        screen.note(
            f"A master key was made: {prepared.keys.description}\n"
            "Back it up: without it no stored credential can ever be read again."
        )
    address = str(settings().public_url or f"http://localhost:{port}").rstrip("/")
    code = issue_setup_code()
    setup_url = f"{address}/setup?code={code}" if code else None
    if cloud is not None:
        cloud.wait()

    def ready() -> None:
        facts = {"url": address, "setup_url": setup_url, "simulator": cloud and cloud.url}
        screen.result(facts, _welcome(address, setup_url, cloud))

    serve(host=host, port=port, on_ready=ready)


def _welcome(address: str, setup_url: str | None, cloud: SimulatedCloud | None) -> str:
    lines = ["", f"  InfraZen is at    {address}"]
    if setup_url:
        lines.append(f"  First visit       {setup_url}   (works once)")
    if cloud is not None:
        from infrazen.providers import provider

        spec = provider(TRIAL_PROVIDER)
        known = ", ".join(f"{name} {value}" for name, value in spec.trial.items())
        lines.append(f"  Trial cloud       {spec.title} at {cloud.url}   ({known})")
    return "\n".join([*lines, "  Ctrl-C stops everything.", ""])
