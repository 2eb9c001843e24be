"""What the API server answers to a run's Job: it is there, or it is refused."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from infrazen.manifests.names import CONNECTION_UID, PURPOSE, Purpose
from infrazen.manifests.status import Status
from infrazen_operator.api import ClusterError
from infrazen_operator.board import Board, Key
from infrazen_operator.decision import Plan, Priority, Run
from infrazen_operator.kinds import CONNECTIONS
from infrazen_operator.metrics import Metrics
from infrazen_operator.places import Urgency
from infrazen_operator.writing import Writer
from tests.operator.cluster_objects import NAMESPACE, connection, job

RUN = Run(
    name="beget-main-0123456789",
    purpose=Purpose.SYNC,
    trigger=None,
    run_key="now",
    due=datetime(2026, 11, 26, 8, tzinfo=UTC),
    priority=Priority.NEW,
)


class Taken:
    """An API server that has a Job of the name already."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.found = found

    async def create(self, *_: object, **__: object) -> Any:
        raise ClusterError("it exists", status=409, word="AlreadyExists")

    async def get(self, *_: object) -> Any:
        return self.found


@pytest.mark.parametrize(
    ("labels", "is_refused"),
    [
        ({}, False),
        ({CONNECTION_UID: "another"}, True),
        ({PURPOSE: "nonsense"}, True),
    ],
)
def test_a_job_of_the_name_is_the_run_only_where_its_labels_say_so(labels, is_refused):
    """Else the run would be wanted again at once, and again."""
    found = job(RUN.name)
    board = Board(home="infrazen", serves=lambda _: True, changed=lambda _: None)
    board.note(CONNECTIONS, connection())
    api: Any = Taken(
        found | {"metadata": found["metadata"] | {"labels": found["metadata"]["labels"] | labels}}
    )
    recorder: Any = None
    writer = Writer(api, board, recorder, Metrics())
    refusal = asyncio.run(writer.create_job(NAMESPACE, RUN, job(RUN.name)))
    assert (refusal is not None) is is_refused
    assert bool(board.jobs("uid-beget-main")) is not is_refused
    if refusal is not None:
        assert not refusal.final
        assert RUN.name in refusal.message


class Noting:
    """An API server that notes how urgent it was asked."""

    def __init__(self) -> None:
        self.noted: list[Urgency] = []

    async def create(self, *_: object, urgency: Urgency = Urgency.OTHER) -> Any:
        self.noted.append(urgency)
        return job(RUN.name)

    async def patch(self, *_: object, urgency: Urgency = Urgency.OTHER, **__: object) -> Any:
        self.noted.append(urgency)
        return connection()


def test_what_begins_a_sync_is_urgent_and_most_so_where_it_is_the_first():
    board = Board(home="infrazen", serves=lambda _: True, changed=lambda _: None)
    board.note(CONNECTIONS, connection())
    entry = board.entry(Key(NAMESPACE, "beget-main"))
    assert entry is not None
    noting = Noting()
    api: Any = noting
    recorder: Any = None
    writer = Writer(api, board, recorder, Metrics())
    status = Plan(status=Status(observed_generation=1), finalizer=True)

    async def all_of_it() -> None:
        await writer.set_finalizer(entry, wanted=True)
        await writer.create_job(NAMESPACE, RUN, job(RUN.name))
        due = replace(RUN, priority=Priority.SCHEDULED)
        await writer.create_job(NAMESPACE, due, job(RUN.name))
        await writer.set_status(entry, status)

    asyncio.run(all_of_it())
    assert noting.noted == [Urgency.NEW, Urgency.NEW, Urgency.START, Urgency.OTHER]
