"""Databases of a test's own, and templates to make them from."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infrazen.db.session import Database, using
from infrazen.settings import settings

FILE = "infrazen.db"


@contextmanager
def sqlite_copy(migrated: Path, folder: Path) -> Iterator[Database]:
    """A copy of ``migrated`` in ``folder``, in force for the whole process inside the block."""
    path = folder / FILE
    shutil.copy(migrated, path)
    store = Database(f"sqlite:///{path}")
    with using(store):
        yield store
    store.dispose()


@contextmanager
def keys_in(folder: Path, **more: str) -> Iterator[None]:
    """What this process seals inside the block it seals with keys in ``folder``.

    ``more`` are other settings in force meanwhile.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"INFRAZEN_DATA_DIR": str(folder), **more}.items():
            patch.setenv(name, value)
        settings.cache_clear()
        try:
            yield
        finally:
            settings.cache_clear()


@contextmanager
def sqlite_template(migrated: Path, folder: Path) -> Iterator[Database]:
    """A database in ``folder`` to fill inside the block; then ``copy_template`` copies it."""
    with sqlite_copy(migrated, folder) as store, keys_in(folder):
        yield store
        into_one_file(store)


def copy_template(template: Path, folder: Path, store: Database) -> None:
    """Put a template's database and keys into ``folder``, where ``store`` is."""
    store.dispose()
    for name in (FILE, "keys"):
        shutil.copy(template / name, folder / name)


def into_one_file(store: Database) -> None:
    """Leave nothing in SQLite's log beside the file, which may then be copied alone."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
