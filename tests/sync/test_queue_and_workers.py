"""Who is synced when: queue, bound, new connections first, workers that die."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from infrazen.db.queries import runs, snapshots, sync_queue
from infrazen.db.queries.runs import Run
from infrazen.db.queries.sync_queue import Priority, Request
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import SyncStatus, Trigger
from infrazen.settings import settings
from infrazen.sync.engine import Order
from infrazen.sync.workers import STOP_SECONDS, Workers
from tests.world import add_connection, add_organization


@dataclass
class Work:
    """A sync that a test ends when it likes."""

    order: Order
    name: str
    told: list[str]
    code: int | None = None

    def exit_code(self) -> int | None:
        return self.code

    def ask_to_stop(self) -> None:
        self.told.append(f"stop {self.name}")

    def end(self, *, within: float) -> None:
        assert 0 <= within <= STOP_SECONDS
        self.told.append(f"end {self.name}")


@dataclass
class Recorder:
    """A runner that starts nothing and remembers what it was told to start."""

    started: list[Work] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def start(self, order: Order) -> Work:
        work = Work(order, f"test:{len(self.started)}", self.told)
        self.started.append(work)
        return work

    def connections(self) -> list[UUID]:
        return [work.order.connection_id for work in self.started]


@dataclass
class Site:
    store: object
    organization_id: UUID
    runner: Recorder
    workers: Workers

    def add(self, name: str) -> UUID:
        with self.store.writing() as session:
            return add_connection(session, self.organization_id, name)

    def ask(self, connection_id: UUID, priority: Priority, *, seconds: float = 0) -> bool:
        with self.store.writing() as session:
            return sync_queue.ask(
                session,
                Request(
                    organization_id=self.organization_id,
                    connection_id=connection_id,
                    trigger=Trigger.MANUAL,
                    priority=priority,
                    not_before=utc_now() + timedelta(seconds=seconds),
                    requested_by="a test",
                ),
            )

    def claim(self, connection_id: UUID, worker: str) -> Run:
        run = Run(
            snapshot_id=uuid4(),
            organization_id=self.organization_id,
            connection_id=connection_id,
            fence=uuid4(),
            started_at=utc_now(),
        )
        with self.store.writing() as session:
            runs.claim(
                session,
                run,
                trigger=Trigger.MANUAL,
                requested_by="a test",
                worker=worker,
                config={},
            )
        return run


@pytest.fixture
def site(each_database, monkeypatch) -> Site:
    monkeypatch.setenv("INFRAZEN_MAX_PARALLEL_SYNCS", "2")
    settings.cache_clear()
    with each_database.writing() as session:
        organization_id = add_organization(session, "acme")
    runner = Recorder()
    return Site(each_database, organization_id, runner, Workers(each_database, runner))


def test_new_connections_go_before_manual_and_scheduled_ones(site):
    scheduled, manual, new = (site.add(name) for name in ("scheduled", "manual", "new"))
    site.ask(scheduled, Priority.SCHEDULED)
    site.ask(manual, Priority.MANUAL)
    site.ask(new, Priority.NEW)
    site.workers.turn()
    assert site.runner.connections() == [new, manual]


def test_the_bound_holds_but_for_one_new_connection(site):
    busy = [site.add(f"busy-{n}") for n in range(4)]
    for connection_id in busy:
        site.ask(connection_id, Priority.SCHEDULED)
    site.workers.turn()
    site.workers.turn()
    assert len(site.runner.started) == 2
    first, second = site.add("new"), site.add("newer")
    site.ask(first, Priority.NEW)
    site.ask(second, Priority.NEW)
    site.workers.turn()
    assert site.runner.connections()[2:] == [first]


def test_a_connection_waits_once_and_never_runs_twice(site):
    connection_id = site.add("one")
    assert site.ask(connection_id, Priority.SCHEDULED)
    assert not site.ask(connection_id, Priority.MANUAL)
    with site.store.reading() as session:
        assert sync_queue.length(session) == 1
        assert sync_queue.waiting(session, connection_id=connection_id).priority == Priority.MANUAL
    site.workers.turn()
    site.workers.turn()
    assert len(site.runner.started) == 1


def test_what_a_run_holds_already_waits_for_its_end(site):
    connection_id = site.add("held")
    site.claim(connection_id, "elsewhere:1")
    site.ask(connection_id, Priority.MANUAL)
    site.workers.turn()
    assert site.runner.started == []


def test_what_is_not_due_yet_waits(site):
    site.ask(site.add("later"), Priority.MANUAL, seconds=60)
    site.workers.turn()
    assert site.runner.started == []


def test_a_worker_that_dies_has_its_run_closed_at_once(site):
    connection_id = site.add("dying")
    site.ask(connection_id, Priority.MANUAL)
    site.workers.turn()
    (work,) = site.runner.started
    run = site.claim(connection_id, work.name)
    work.code = -9
    site.workers.turn()
    with site.store.reading() as session:
        snapshot = snapshots.get(
            session, organization_id=site.organization_id, snapshot_id=run.snapshot_id
        )
    assert (snapshot.status, snapshot.error_reason) == (SyncStatus.ERROR, runs.ABANDONED)


def test_the_end_of_one_worker_leaves_another_workers_run_alone(site):
    connection_id = site.add("shared")
    site.ask(connection_id, Priority.MANUAL)
    site.workers.turn()
    (work,) = site.runner.started
    site.claim(connection_id, "elsewhere:7")
    work.code = 9
    site.workers.turn()
    with site.store.reading() as session:
        assert len(runs.running(session, connection_id=connection_id)) == 1


def test_a_request_whose_worker_never_began_is_tried_again_later(site):
    connection_id = site.add("broken")
    site.ask(connection_id, Priority.MANUAL)
    site.workers.turn()
    site.runner.started[0].code = 70
    site.workers.turn()
    assert len(site.runner.started) == 1
    with site.store.reading() as session:
        waiting = sync_queue.waiting(session, connection_id=connection_id)
    assert waiting.not_before > utc_now() + timedelta(seconds=30)


def test_a_request_that_comes_while_a_worker_ends_does_not_wait_for_it(site):
    connection_id = site.add("eager")
    site.ask(connection_id, Priority.MANUAL)
    site.workers.turn()
    site.claim(connection_id, "elsewhere:1")
    with site.store.writing() as session:
        for run in runs.running(session, connection_id=connection_id):
            runs.close_dead(session, run, now=utc_now())
    site.ask(connection_id, Priority.MANUAL)
    site.runner.started[0].code = 0
    site.workers.turn()
    assert site.runner.connections() == [connection_id, connection_id]


def test_a_claim_takes_its_request_out_of_the_queue(site):
    connection_id = site.add("claimed")
    site.ask(connection_id, Priority.MANUAL)
    site.claim(connection_id, "elsewhere:1")
    with site.store.reading() as session:
        assert sync_queue.length(session) == 0


def test_a_stop_reaches_every_worker_before_it_waits_for_one(site):
    for name in ("one", "two"):
        site.ask(site.add(name), Priority.MANUAL)
    site.workers.turn()
    site.workers.stop()
    assert site.runner.told == ["stop test:0", "stop test:1", "end test:0", "end test:1"]
