"""The demo, built once a moment for all tests that only look at it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from infrazen.db.session import Database
from infrazen.demo.build import Built, build
from infrazen.secret_store.rotation import ensure_master_key
from tests.stores import copy_template, sqlite_template


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Let it be another moment for whoever looks at a screen."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr("infrazen.services.use_case.utc_now", lambda: moment)

    return turn


@pytest.fixture
def ready(database: Database) -> Database:
    """An empty database with a master key."""
    with database.writing() as session:
        ensure_master_key(session)
    return database


@pytest.fixture(scope="session")
def built_today(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> tuple[Path, Built]:
    """A folder with the database and the keys of today's demo, to be copied."""
    folder = tmp_path_factory.mktemp("demo")
    with sqlite_template(migrated_sqlite, folder) as store:
        with store.writing() as session:
            ensure_master_key(session)
        return folder, build()


@pytest.fixture
def demo(data_dir: Path, database: Database, built_today: tuple[Path, Built]) -> Built:
    """Today's demo in ``database``."""
    folder, built = built_today
    copy_template(folder, data_dir, database)
    return built
