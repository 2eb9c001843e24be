"""Fixtures that every layer's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import infrazen.db.tables  # noqa: F401 (registers every table)
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


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    """An empty SQLite database with today's tables, in force for the whole process."""
    store = Database(f"sqlite:///{data_dir / 'infrazen.db'}")
    SQLModel.metadata.create_all(store.engine)
    with using(store):
        yield store
    store.dispose()
