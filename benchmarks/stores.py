"""Databases to measure on: SQLite files, and a PostgreSQL server from Debian's binaries."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
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
_MIGRATIONS = "migrations"
"""The file that says which migrations a filled database has been through."""


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


def filled_stores(
    name: str, fill: Callable[[Database], object], *, keep_in: Path | None
) -> Iterator[tuple[str, Database]]:
    """A database of each kind at today's schema that ``fill`` has filled, one after the other.

    Where ``keep_in`` names a folder they are kept for the next run, which only upgrades them.
    PostgreSQL runs as a user of its own where we are root, who may not look into that folder:
    its data is beside the system's temporary files.
    """
    with tempfile.TemporaryDirectory(prefix="infrazen-bench-") as passing:
        place = _place(keep_in or Path(passing), name)
        yield from _filled("SQLite", f"sqlite:///{place / 'data.db'}", place, fill)
    with tempfile.TemporaryDirectory(prefix="infrazen-bench-") as passing:
        shelf = Path(tempfile.gettempdir()) / "infrazen-bench" if keep_in else Path(passing)
        place = _place(shelf, name)
        shelf.chmod(0o755)
        with postgres_server(DURABLE, keep_in=place) as server:
            yield from _filled("PostgreSQL", server.url("postgres"), place, fill)


def _place(shelf: Path, name: str) -> Path:
    """The folder of a database; emptied where it was left half filled or by other migrations."""
    place = shelf / name
    known = place / _MIGRATIONS
    done = known.read_text().split() if known.exists() else None
    if place.exists() and (done is None or done != _migrations()[: len(done)]):
        shutil.rmtree(place)
    place.mkdir(parents=True, exist_ok=True)
    return place


def _filled(
    title: str, url: str, place: Path, fill: Callable[[Database], object]
) -> Iterator[tuple[str, Database]]:
    store = Database(url)
    upgrade(store)
    known = place / _MIGRATIONS
    if not known.exists():
        fill(store)
    known.write_text("\n".join(_migrations()))
    yield title, store
    store.dispose()


def _migrations() -> list[str]:
    """What each migration does, as a digest: a file may be renumbered before it is merged."""
    return [
        blake2b(path.read_bytes(), digest_size=8).hexdigest()
        for path in sorted(VERSIONS.glob("*.py"))
    ]
