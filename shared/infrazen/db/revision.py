"""Which schema a database has and which one this program needs, without Alembic.

Alembic and what comes with it take half a second to import and 15 MB to keep, and every
start asks only this.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from infrazen.db.session import Database, storage_errors

VERSIONS = Path(__file__).parent / "migrations" / "versions"
_ALEMBIC = table("alembic_version", column("version_num"))


@cache
def head() -> str:
    """The newest revision that this program knows; files are named ``<revision>_<what>.py``."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


def current(connection: Connection) -> str | None:
    """The revision that the database is at, None for an empty one."""
    if not inspect(connection).has_table(_ALEMBIC.name):
        return None
    return connection.execute(select(_ALEMBIC.c.version_num)).scalar_one_or_none()


def is_current(store: Database) -> bool:
    """Whether the database is at the newest revision; ``StorageUnavailable`` where it is gone."""
    with storage_errors(), store.engine.connect() as connection:
        return current(connection) == head()
