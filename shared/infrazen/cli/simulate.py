"""``infrazen simulate``: a cloud's API without the cloud."""

import socket
from datetime import UTC, datetime

import click

from infrazen.cli.options import common
from infrazen.cli.pairs import PAIR
from infrazen.cli.screen import Screen
from infrazen.provider_kit.simulation.serving import serve
from infrazen.provider_kit.simulation.simulator import WORLDS, Setting
from infrazen.providers import provider as spec_of


@click.command
@click.argument("provider")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    default=0,
    type=click.IntRange(0, 65535),
    help="Which port; a free one where not given.",
)
@click.option("--socket", "held", type=int, hidden=True, help="A socket that listens already.")
@click.option(
    "--beside",
    type=PAIR,
    multiple=True,
    hidden=True,
    help="PROVIDER=SOCKET of another one to serve in this process.",
)
@click.option(
    "--world",
    default="reference",
    type=click.Choice(WORLDS),
    show_default=True,
    help="Whose account.",
)
@click.option(
    "--size", default=1000, type=click.IntRange(1), show_default=True, help="Resources in `large`."
)
@click.option("--seed", default=1, show_default=True, help="The same seed grows the same account.")
@click.option(
    "--at",
    "moment",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="What time (UTC) it is in the account; the real time where not given.",
)
@common
def simulate(
    screen: Screen,
    *,
    provider: str,
    host: str,
    port: int,
    held: int | None,
    beside: tuple[tuple[str, str], ...],
    world: str,
    size: int,
    seed: int,
    moment: datetime | None,
) -> None:
    """Serve PROVIDER's API with a made-up account, until Ctrl-C.

    It answers like the real one: paths, types, errors, token expiry. Its credentials and
    the address of its control routes, which turn faults on and off, are printed at start.
    """
    serve(
        spec_of(provider),
        host=host,
        port=port,
        held=None if held is None else socket.socket(fileno=held),
        setting=Setting(
            world=world,
            size=size,
            seed=seed,
            moment=moment and moment.replace(tzinfo=UTC),
        ),
        beside=[(spec_of(slug), socket.socket(fileno=int(at))) for slug, at in beside],
        announce=lambda text: _announce(screen, text),
    )


def _announce(screen: Screen, text: str) -> None:
    first = text.splitlines()[0]
    screen.result({"url": first[first.index("http") :]}, text)
