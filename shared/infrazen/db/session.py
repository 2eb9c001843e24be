"""The engine and the unit of work, on SQLite and PostgreSQL alike.

``reading()`` and ``writing()`` are the only doors to the database. On SQLite a writer
takes its lock at once (BEGIN IMMEDIATE), so that two writers queue instead of failing
when one of them turns from reader to writer.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, DBAPIError, OperationalError
from sqlmodel import Session, create_engine

from infrazen.errors import Invalid, StorageBusy, StorageUnavailable
from infrazen.settings import settings

SQLITE_BUSY_MS = 30_000
ANSWER_MS = 10_000
"""How long a write waits on SQLite where somebody waits for its answer."""
_BUSY_SECONDS = 5
CONNECT_SECONDS = 10
"""How long PostgreSQL may take to let us in, where its URL does not say `connect_timeout`."""
IDLE_LEASES = 2
"""A transaction that does nothing for so many leases belongs to a run that was closed long ago."""
_SUPPORTED = ("postgresql", "sqlite")
_DAMAGED = ("not a database", "malformed")
_WRITING = "infrazen_writing"
_PATIENCE = "infrazen_patience_ms"


class Database:
    """One database: its engine and its units of work."""

    def __init__(self, url: str) -> None:
        self.url = normal_url(url)
        self._watching = Lock()

    @cached_property
    def engine(self) -> Engine:
        """The engine, made on first use."""
        return _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return make_url(self.url).get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one consistent state on SQLite; changes are rolled back."""
        with storage_errors(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, *, patience_ms: int = SQLITE_BUSY_MS) -> Iterator[Session]:
        """Commit on success, roll back on error. Queries never commit.

        On SQLite a writer waits ``patience_ms`` for another one to finish before it gives
        up with ``StorageBusy``.
        """
        options = {_WRITING: True, _PATIENCE: patience_ms}
        with storage_errors(), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options=options)
            yield session
            session.commit()

    def version(self, session: Session) -> str:
        """What is another one after each commit of anybody, in this process or another.

        A file that cannot be read has another one each time: whoever reads it says what is wrong.
        """
        if not self.is_sqlite:
            return str(session.scalar(text("SELECT pg_current_snapshot()::text")))
        try:
            with self._watching:
                (version,) = self._watcher.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            return uuid4().hex
        return str(version)

    @cached_property
    def _watcher(self) -> sqlite3.Connection:
        """SQLite tells a connection of others' commits alone, so this one makes none."""
        return sqlite3.connect(make_url(self.url).database or "", check_same_thread=False)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if watcher := self.__dict__.pop("_watcher", None):
            watcher.close()


def normal_url(url: str) -> str:
    """``url`` with the driver that InfraZen ships (psycopg 3 for PostgreSQL)."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Invalid(
            "INFRAZEN_DATABASE_URL is no database URL: write it like "
            "postgresql://user:password@host:5432/infrazen",
            field="database_url",
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in _SUPPORTED:
        raise Invalid(
            f"INFRAZEN_DATABASE_URL names a {parsed.get_backend_name()} database: "
            "InfraZen keeps its data in PostgreSQL or SQLite",
            field="database_url",
        )
    return parsed.render_as_string(hide_password=False)


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    options: dict[str, Any] = {
        "json_serializer": lambda value: msgspec.json.encode(value).decode(),
        "json_deserializer": msgspec.json.decode,
        "pool_pre_ping": True,
        "hide_parameters": True,  # an error that is logged shows no password hash and no name
    }
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            _make_folder(Path(parsed.database).parent)
        engine = create_engine(url, **options)
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # Said outright: a database that was made without an encoding would answer in bytes.
    options["connect_args"] = {"client_encoding": "utf8"}
    # A server whose packets get lost would else hold whoever asks for two minutes.
    if "connect_timeout" not in parsed.query:
        options["connect_args"]["connect_timeout"] = CONNECT_SECONDS
    engine = create_engine(url, pool_size=10, max_overflow=20, **options)
    event.listen(engine, "connect", _configure_postgres)
    return engine


def _configure_postgres(connection: Any, _record: Any) -> None:
    """Let the server end a transaction whose process sleeps: its locks stop everybody else.

    Its compiler is off: it took a third of a second for sums that run in ten milliseconds. What
    screens ask for is in memory or on a disk without a head: it need not fear to jump.
    """
    patience_ms = IDLE_LEASES * settings().lease_seconds * 1000
    connection.execute(f"SET idle_in_transaction_session_timeout = {patience_ms}")
    connection.execute("SET jit = off")
    connection.execute("SET random_page_cost = 1.1")
    connection.commit()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageUnavailable(
            f"the folder {folder} for the database cannot be made ({error.strerror}): "
            "make it yourself, or name another one with INFRAZEN_DATA_DIR"
        ) from error


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={SQLITE_BUSY_MS}",
        "foreign_keys=ON",
        # In memory, what a savepoint keeps of an upsert takes longer with each row.
        "temp_store=FILE",
        "cache_size=-20480",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    patience = options.get(_PATIENCE, SQLITE_BUSY_MS)
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITING, False) else "BEGIN")


@contextmanager
def storage_errors() -> Iterator[None]:
    """Tell a database that is gone, full or behind from a mistake of ours."""
    try:
        yield
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise StorageBusy(
                "the database is busy with another write: try again in a moment",
                retry_after=_BUSY_SECONDS,
            ) from error
        raise StorageUnavailable(_storage_message(error)) from error
    except DataError as error:
        raise Invalid("a value does not fit: too long, too large, or no plain text") from error
    except DBAPIError as error:
        if error.connection_invalidated or "does not exist" in str(error.orig) or _damaged(error):
            raise StorageUnavailable(_storage_message(error)) from error
        raise


def _damaged(error: DBAPIError) -> bool:
    """Whether SQLite found that its file is not, or no longer, a database."""
    return isinstance(error, DatabaseError) and any(word in str(error.orig) for word in _DAMAGED)


def _storage_message(error: DBAPIError) -> str:
    text = str(error.orig)
    if "no such table" in text or "no such column" in text or "does not exist" in text:
        return "the database schema is missing or behind: run `infrazen db upgrade`"
    if "disk is full" in text or "No space left" in text:
        return "the disk that holds the database is full: free some space and try again"
    if "readonly" in text or "read-only" in text:
        return "the database is read-only: check the rights of its file and folder"
    if _damaged(error):
        return "the database file is damaged: restore it from a backup"
    return "the database does not answer: check INFRAZEN_DATABASE_URL and that it is running"


_current: list[Database] = []


def database() -> Database:
    """The database of this process, from the settings unless ``using`` says otherwise."""
    if not _current:
        _current.append(Database(settings().database))
    return _current[-1]


@contextmanager
def using(chosen: Database) -> Iterator[Database]:
    """Make ``chosen`` the process's database inside the block."""
    _current.append(chosen)
    try:
        yield chosen
    finally:
        _current.remove(chosen)
