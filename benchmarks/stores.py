"""Databases to measure on: SQLite files, and a PostgreSQL server from Debian's binaries."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from itertools import count
from pathlib import Path

from infrazen.db.migrations import upgrade
from infrazen.db.revision import VERSIONS
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


def kept_stores(folder: Path, *, name: str) -> Iterator[tuple[str, Database]]:
    """A database of each kind at today's schema, kept for the next run.

    SQLite's is in ``folder``. PostgreSQL runs as a user of its own where we are root, who
    may not look into ours: its folder is beside the system's temporary files.
    """
    schema = blake2b(b"".join(path.read_bytes() for path in sorted(VERSIONS.glob("*.py"))))
    key = f"{name}-{schema.hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    _forget_others(folder, name, key)
    yield from _kept("SQLite", f"sqlite:///{folder / key}.db")
    shelf = Path(tempfile.gettempdir()) / "infrazen-bench"
    shelf.mkdir(exist_ok=True)
    shelf.chmod(0o755)
    _forget_others(shelf, name, key)
    place = shelf / key
    place.mkdir(exist_ok=True)
    with postgres_server(DURABLE, keep_in=place) as server:
        yield from _kept("PostgreSQL", server.url("postgres"))


def _kept(title: str, url: str) -> Iterator[tuple[str, Database]]:
    store = Database(url)
    upgrade(store)
    yield title, store
    store.dispose()


def _forget_others(folder: Path, name: str, key: str) -> None:
    """Remove what an earlier schema has left."""
    for path in folder.glob(f"{name}-*"):
        if not path.name.startswith(key):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
