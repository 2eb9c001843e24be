"""``infrazen db``: the database's schema."""

import click

from infrazen.cli.options import common
from infrazen.cli.screen import Screen
from infrazen.db.revision import current, head
from infrazen.db.session import database, storage_errors
from infrazen.errors import StorageUnavailable


@click.group()
def db() -> None:
    """Upgrade or check the database that INFRAZEN_DATABASE_URL names."""


@db.command(name="upgrade")
@common
def upgrade_database(screen: Screen) -> None:
    """Bring the schema to this version. Safe to repeat, and to run from several places at once."""
    from infrazen.db.migrations import upgrade

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
