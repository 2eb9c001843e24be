"""Fixtures that every layer's tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrazen.db.migrations import upgrade
from infrazen.db.session import Database, using
from infrazen.settings import settings


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory of the test's own, with settings that know nothing else."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("INFRAZEN_DATA_DIR", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at today's schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "infrazen.db"
    store = Database(f"sqlite:///{path}")
    upgrade(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.dispose()
    return path


@pytest.fixture
def database(data_dir: Path, migrated_sqlite: Path) -> Iterator[Database]:
    """An empty SQLite database at today's schema, in force for the whole process."""
    path = data_dir / "infrazen.db"
    shutil.copy(migrated_sqlite, path)
    store = Database(f"sqlite:///{path}")
    with using(store):
        yield store
    store.dispose()
