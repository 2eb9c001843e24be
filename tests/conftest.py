"""Fixtures that every layer's tests share."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as property_settings
from sqlalchemy import Engine

from infrazen.db.migrations import upgrade
from infrazen.db.session import Database, using
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.settings import settings
from tests.servers import PostgresServer, postgres_server
from tests.simulators import simulator
from tests.stores import copy_template, into_one_file, keys_in, sqlite_template
from tests.world import World, make_world

# Where this runs in the background of a shell, programs under test would ignore Ctrl-C too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no failure; on a server every run tries the same examples.
_patient = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
property_settings.register_profile("patient", **_patient)
property_settings.register_profile("same", derandomize=True, print_blob=True, **_patient)
property_settings.load_profile("same" if os.environ.get("CI") else "patient")


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


@pytest.fixture(autouse=True)
def quick_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong passwords take no longer than they need."""
    monkeypatch.setattr("infrazen.services.sign_in.FAILURE_SECONDS", 0.0)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at today's schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "infrazen.db"
    store = Database(f"sqlite:///{path}")
    upgrade(store)
    into_one_file(store)
    store.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine for all tests, as each new one compiles every statement anew.

    The folder of its database is a link, for each test to where it keeps its own.
    """
    folder = tmp_path_factory.mktemp("sqlite") / "here"
    engine = Database(f"sqlite:///{folder / 'infrazen.db'}").engine
    folder.rmdir()  # it was made with the engine
    return engine


@pytest.fixture
def database(data_dir: Path, migrated_sqlite: Path, sqlite_engine: Engine) -> Iterator[Database]:
    """An empty SQLite database at today's schema, in force for the whole process."""
    shutil.copy(migrated_sqlite, data_dir / "infrazen.db")
    here = Path(sqlite_engine.url.database or "").parent
    here.unlink(missing_ok=True)
    here.symlink_to(data_dir)
    store = Database(f"sqlite:///{here / 'infrazen.db'}")
    store.engine = sqlite_engine
    with using(store):
        yield store
    store.dispose()


@pytest.fixture(scope="session")
def made_world(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> tuple[Path, World]:
    """A folder with the database and the keys of two organizations, to be copied."""
    folder = tmp_path_factory.mktemp("world")
    with sqlite_template(migrated_sqlite, folder) as store:
        return folder, make_world(store)


@pytest.fixture
def world(data_dir: Path, database: Database, made_world: tuple[Path, World]) -> World:
    """Two organizations that must know nothing of each other, in ``database``."""
    folder, made = made_world
    copy_template(folder, data_dir, database)
    return made


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """The name of a database at today's schema, to be copied."""
    name = postgres.create()
    store = Database(postgres.url(name))
    upgrade(store)
    store.dispose()
    return name


@pytest.fixture(scope="session")
def postgres_engine(postgres: PostgresServer) -> Engine:
    """An engine for all tests, whose databases have one name, one after the other."""
    return Database(postgres.url("here")).engine


@contextmanager
def made_from(template: str, postgres: PostgresServer, engine: Engine) -> Iterator[Database]:
    """A PostgreSQL database, a copy of ``template``, in force for the whole process."""
    name = postgres.create(engine.url.database or "", template=template)
    store = Database(postgres.url(name))
    store.engine = engine
    with using(store):
        yield store
    store.dispose()
    postgres.drop(name)


@pytest.fixture
def postgres_database(
    data_dir: Path, postgres: PostgresServer, migrated_postgres: str, postgres_engine: Engine
) -> Iterator[Database]:
    """An empty PostgreSQL database at today's schema, in force for the whole process."""
    with made_from(migrated_postgres, postgres, postgres_engine) as store:
        yield store


@pytest.fixture(scope="session")
def made_postgres_world(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer, migrated_postgres: str
) -> tuple[Path, str, World]:
    """A folder with the keys and the name of a database of two organizations, to be copied."""
    folder, name = tmp_path_factory.mktemp("world"), postgres.create(template=migrated_postgres)
    store = Database(postgres.url(name))
    with using(store), keys_in(folder):
        made = make_world(store)
    store.dispose()
    return folder, name, made


@pytest.fixture
def postgres_world(
    data_dir: Path,
    postgres: PostgresServer,
    made_postgres_world: tuple[Path, str, World],
    postgres_engine: Engine,
) -> Iterator[World]:
    """Two organizations in a PostgreSQL database, in force for the whole process."""
    folder, template, made = made_postgres_world
    shutil.copy(folder / "keys", data_dir / "keys")
    with made_from(template, postgres, postgres_engine):
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def each_world(request: pytest.FixtureRequest) -> World:
    """Two organizations on SQLite and then on PostgreSQL."""
    name = "world" if request.param == "sqlite" else "postgres_world"
    return request.getfixturevalue(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def each_database(request: pytest.FixtureRequest) -> Database:
    """An empty database at today's schema, on SQLite and then on PostgreSQL."""
    name = "database" if request.param == "sqlite" else "postgres_database"
    return request.getfixturevalue(name)


@pytest.fixture
def private_endpoints(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections may point at loopback, as in a trial."""
    monkeypatch.setenv("INFRAZEN_ALLOW_PRIVATE_ENDPOINTS", "true")
    settings.cache_clear()


@pytest.fixture(scope="session")
def simulators() -> Iterator[Callable[[str], SimulatorControl]]:
    """A provider's running simulator, by slug; started when first asked for."""
    running: dict[str, SimulatorControl] = {}
    with ExitStack() as stack:

        def start(slug: str) -> SimulatorControl:
            if slug not in running:
                running[slug] = stack.enter_context(simulator(slug))
            return running[slug]

        yield start


@pytest.fixture
def beget_simulator(
    simulators: Callable[[str], SimulatorControl], private_endpoints: None
) -> SimulatorControl:
    """Beget's simulator with its reference account, fresh; ``url`` is its address."""
    control = simulators("beget")
    control.reset()
    return control
