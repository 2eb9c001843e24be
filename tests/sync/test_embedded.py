"""Schedules without a cluster: due, missed, caught up once, led by one process."""

from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import update

from infrazen.db.queries import connections, snapshots, sync_queue
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import SyncStatus
from infrazen.settings import settings
from infrazen.sync.embedded import Embedded
from infrazen.sync.leadership import Leadership
from infrazen.sync.runner import LocalRunner
from infrazen.sync.timers import LONGEST_JITTER, Timers, jitter
from tests.sync.account import connect
from tests.waiting import wait_for
from tests.world import add_connection, add_organization

EVERY_SIX_HOURS = "0 */6 * * *"


@pytest.fixture
def organization_id(each_database):
    with each_database.writing() as session:
        return add_organization(session, "acme")


@pytest.fixture
def scheduler():
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.start()
    yield scheduler
    scheduler.shutdown()


def scheduled(store, organization_id, *, due, name="scheduled", **facts):
    with store.writing() as session:
        connection_id = add_connection(session, organization_id, name)
        session.execute(
            update(CloudConnectionRow)
            .where(CloudConnectionRow.id == connection_id)
            .values(**{"schedule": EVERY_SIX_HOURS, "next_sync_at": due, **facts})
        )
    return connection_id


def state(store, connection_id):
    with store.reading() as session:
        return connections.find(session, connection_id), sync_queue.waiting(
            session, connection_id=connection_id
        )


def test_a_run_missed_while_nobody_looked_is_caught_up_once(
    each_database, organization_id, scheduler
):
    due = utc_now() - timedelta(minutes=50)
    connection_id = scheduled(each_database, organization_id, due=due)
    Timers(each_database, scheduler).refresh()
    connection = wait_for(lambda: (found := state(each_database, connection_id))[1] and found[0])
    assert connection.next_sync_at > utc_now()
    assert connection.last_scheduled_at == due


def test_a_run_missed_by_more_than_its_deadline_is_skipped(
    each_database, organization_id, scheduler
):
    due = utc_now() - timedelta(hours=7)
    connection_id = scheduled(each_database, organization_id, due=due)
    Timers(each_database, scheduler).refresh()
    wait_for(lambda: state(each_database, connection_id)[0].next_sync_at > utc_now())
    assert state(each_database, connection_id)[1] is None


def test_a_connection_without_a_plan_gets_one(each_database, organization_id, scheduler):
    connection_id = scheduled(each_database, organization_id, due=None)
    Timers(each_database, scheduler).refresh()
    connection, waiting = state(each_database, connection_id)
    assert connection.next_sync_at > utc_now()
    assert waiting is None


@pytest.mark.parametrize(
    "facts", [{"is_suspended": True}, {"managed_by": "finops/beget"}, {"schedule": ""}]
)
def test_what_is_not_ours_to_schedule_is_left_alone(
    each_database, organization_id, scheduler, facts
):
    due = utc_now() - timedelta(minutes=1)
    scheduled(each_database, organization_id, due=due, **facts)
    Timers(each_database, scheduler).refresh()
    assert scheduler.get_jobs() == []


def test_a_removed_connection_loses_its_timer(each_database, organization_id, scheduler):
    connection_id = scheduled(each_database, organization_id, due=utc_now() + timedelta(hours=1))
    timers = Timers(each_database, scheduler)
    timers.refresh()
    assert [job.id for job in scheduler.get_jobs()] == [str(connection_id)]
    with each_database.writing() as session:
        connections.retire(
            session,
            organization_id=organization_id,
            connection_id=connection_id,
            now=utc_now(),
        )
    timers.refresh()
    assert scheduler.get_jobs() == []


def test_connections_due_together_are_spread_always_alike(each_database, organization_id):
    due = datetime(2026, 11, 23, 12, tzinfo=UTC)
    delays = set()
    for number in range(20):
        connection_id = scheduled(
            each_database, organization_id, due=due, name=f"connection-{number}"
        )
        connection, _ = state(each_database, connection_id)
        delay = jitter(connection, due)
        assert delay == jitter(connection, due)
        assert timedelta(0) <= delay <= timedelta(seconds=LONGEST_JITTER)
        delays.add(delay)
    assert len(delays) > 10


def test_one_process_leads_until_it_resigns_or_dies(each_database):
    now = [0.0]
    first = Leadership(each_database, "test", clock=lambda: now[0])
    second = Leadership(each_database, "test", clock=lambda: now[0])
    second._holder = "another-host:1"
    assert first.lead()
    assert not second.lead()
    assert first.lead()
    first.resign()
    assert second.lead()
    assert not first.lead()
    now[0] += settings().lease_seconds - 1
    assert not first.lead()
    now[0] += 2
    assert first.lead()


def test_a_leader_killed_on_this_machine_is_followed_at_once(each_database):
    dead = Leadership(each_database, "test")
    host = dead._holder.rpartition(":")[0]
    dead._holder = f"{host}:999999999"
    assert dead.lead()
    assert Leadership(each_database, "test").lead()


def test_a_new_connection_is_synced_by_a_worker_process(
    each_database, beget_simulator, monkeypatch
):
    monkeypatch.setenv("INFRAZEN_DATABASE_URL", each_database.url)
    account = connect(beget_simulator, sync_now=True)
    embedded = Embedded(each_database, LocalRunner())
    embedded.start()
    try:

        def finished():
            with each_database.reading() as session:
                known = snapshots.history(session, organization_id=account.actor.organization_id)
            return [one for one in known if one.status is not SyncStatus.RUNNING]

        (snapshot,) = wait_for(finished, seconds=60)
    finally:
        embedded.stop()
    assert (snapshot.status, snapshot.found) == (SyncStatus.PARTIAL, 10)
