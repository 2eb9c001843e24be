"""The tree of commands."""

import click

from infrazen import __version__
from infrazen.cli.lazy import Lazy, LazyGroup

_COMMANDS = {
    "up": Lazy("infrazen.cli.up:up", "Serve the dashboard and the API."),
    "demo": Lazy("infrazen.cli.demo:demo", "Build the demo organization anew."),
    "simulate": Lazy("infrazen.cli.simulate:simulate", "Serve a cloud that is not there."),
    "connection": Lazy(
        "infrazen.cli.connection:connection", "Add, test, change and remove cloud accounts."
    ),
    "sync": Lazy("infrazen.cli.sync:sync", "Read cloud accounts, and see how that went."),
    "snapshot": Lazy("infrazen.cli.snapshot:snapshot", "Look at what syncs found and changed."),
    "recommendation": Lazy(
        "infrazen.cli.recommendation:recommendation",
        "See what could be saved and why, and decide about it.",
    ),
    "user": Lazy("infrazen.cli.user:user", "Add, change and list people."),
    "keys": Lazy("infrazen.cli.keys:keys", "Look after the master keys that protect credentials."),
    "db": Lazy("infrazen.cli.db:db", "Upgrade or check the database."),
}


@click.group(cls=LazyGroup, lazy=_COMMANDS, context_settings={"max_content_width": 100})
@click.version_option(__version__, message="infrazen %(version)s")
def cli() -> None:
    """InfraZen: what your clouds cost, what changed, and what to do about it.

    Settings come from INFRAZEN_* variables and a .env file in the current folder.
    """
