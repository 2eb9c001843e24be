"""``infrazen db``: the database's schema."""

import time

import click

from infrazen.cli.options import common
from infrazen.cli.screen import Screen
from infrazen.db.revision import current, head
from infrazen.db.session import database, storage_errors
from infrazen.errors import StorageUnavailable

_PAUSE_SECONDS = 1.0


@click.group()
def db() -> None:
    """Upgrade or check the database that INFRAZEN_DATABASE_URL names."""


@db.command(name="upgrade")
@click.option(
    "--wait",
    type=click.IntRange(0, 3600),
    default=0,
    show_default=True,
    metavar="SECONDS",
    help="Wait so long for a database that does not answer yet.",
)
@common
def upgrade_database(screen: Screen, *, wait: int) -> None:
    """Bring the schema to this version. Safe to repeat, and to run from several places at once."""
    from infrazen.db.migrations import upgrade

    _wait_for_database(screen, seconds=wait)
    with storage_errors():
        applied = upgrade(database())
    text = f"applied {', '.join(applied)}" if applied else "nothing to do: the schema is current"
    screen.result({"applied": applied, "revision": head()}, text)


@db.command
@common
def check(screen: Screen) -> None:
    """Say whether the schema is current; exit code 9 where it is not."""
    with storage_errors(), database().engine.connect() as connection:
        revision = current(connection)
    if revision != head():
        raise StorageUnavailable(
            f"the database is at {revision or 'no revision'}, this version needs {head()}: "
            "run `infrazen db upgrade`"
        )
    screen.result({"revision": revision, "current": True}, f"the schema is current ({revision})")


def _wait_for_database(screen: Screen, *, seconds: int) -> None:
    """Return once the database answers; raises ``StorageUnavailable`` where it never does."""
    until = time.monotonic() + seconds
    told = False
    while True:
        try:
            with storage_errors(), database().engine.connect():
                return
        except StorageUnavailable:
            if time.monotonic() >= until:
                raise
        if not told:
            screen.note(f"The database does not answer yet; waiting for up to {seconds} s.")
            told = True
        time.sleep(_PAUSE_SECONDS)
