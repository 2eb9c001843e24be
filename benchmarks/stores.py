"""Databases to measure on: SQLite files, and a PostgreSQL server from Debian's binaries."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from infrazen.db.migrations import upgrade
from infrazen.db.session import Database, using
from infrazen.services.organizations import ensure_organization
from tests.servers import PostgresServer, postgres_server

DURABLE = {"shared_buffers": "1GB", "max_connections": "60"}
"""As an installation would run it: what is committed stays."""


class Stores(ABC):
    """Makes databases of one kind."""

    title: str

    @abstractmethod
    def fresh(self) -> str:
        """The URL of a new database at today's schema, with one organization in it."""

    @abstractmethod
    def drop(self, url: str) -> None:
        """Remove a database."""


class SqliteStores(Stores):
    """Files in a folder."""

    title = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._template = folder / "template.db"
        store = Database(f"sqlite:///{self._template}")
        _make_ready(store)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.dispose()

    def fresh(self) -> str:
        path = self._folder / f"bench-{next(self._numbers)}.db"
        shutil.copy(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self._folder.glob(f"{url.rpartition('/')[2]}*"):
            path.unlink()


class PostgresStores(Stores):
    """Databases of one server."""

    title = "PostgreSQL"

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._template = server.create()
        store = Database(server.url(self._template))
        _make_ready(store)
        store.dispose()

    def fresh(self) -> str:
        return self._server.url(self._server.create(template=self._template))

    def drop(self, url: str) -> None:
        self._server.drop(url.rpartition("/")[2])


def _make_ready(store: Database) -> None:
    upgrade(store)
    with using(store):
        ensure_organization("Bench", slug="bench")


@contextmanager
def every_kind() -> Iterator[tuple[Stores, ...]]:
    """SQLite and PostgreSQL, gone with the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="infrazen-bench-")))
        server = stack.enter_context(postgres_server(settings=DURABLE))
        yield SqliteStores(folder), PostgresStores(server)
