"""Readiness and totals of the installation."""

from infrazen.db.session import Database, database, using
from infrazen.domain.syncs import SyncStatus
from infrazen.services import operations
from infrazen.services.operations import Check
from infrazen.settings import settings
from tests.demo_world import publish_small_demo


def test_a_good_installation_is_ready(each_world):
    assert operations.readiness().is_ready


def test_a_missing_key_ring_is_told(world):
    settings().key_file.unlink()
    found = operations.readiness()
    assert found.keys is Check.UNREADABLE
    assert not found.is_ready


def test_an_old_schema_is_told(world, database):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    found = operations.readiness()
    assert (found.database, found.schema) == (Check.OK, Check.BEHIND)
    assert not found.is_ready


def test_a_database_that_is_gone_is_told(world):
    gone = Database("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    with using(gone):
        found = operations.readiness()
    gone.dispose()
    assert found.database is Check.UNAVAILABLE
    assert not found.is_ready


def test_totals_count_everybodys(each_world):
    found = operations.totals()
    (syncs,) = found.syncs
    assert (syncs.provider, syncs.status, syncs.count, syncs.seconds) == (
        "beget",
        SyncStatus.SUCCESS,
        2,
        3.0,
    )
    assert found.resources == {"beget": 2}
    assert found.connections[0].count == 2
    assert found.queue.length == 0


def test_the_demo_counts_for_nothing(each_world):
    before = operations.totals()
    publish_small_demo(database())
    after = operations.totals()
    assert (after.syncs, after.resources, after.connections) == (
        before.syncs,
        before.resources,
        before.connections,
    )
