"""Events: told once, counted when they happen again, never with a secret."""

import asyncio
from typing import Any

import pytest

from infrazen.logs import HIDDEN, register_secret
from infrazen_operator.api import ClusterError
from infrazen_operator.happenings import BUDGET, LONGEST_NOTE, SERIES_SECONDS, Recorder

WHO = {"namespace": "finops", "name": "beget-main", "uid": "u", "type": "Normal"}


class Events:
    """The part of an API server that takes Events."""

    def __init__(self) -> None:
        self.created: list[dict[str, Any]] = []
        self.patched: list[tuple[str, dict[str, Any]]] = []
        self.refuses = False

    async def create(
        self, kind: object, namespace: str, document: dict[str, Any], **_: object
    ) -> Any:
        if self.refuses:
            raise ClusterError("the namespace is being terminated", status=403)
        self.created.append(document)

    async def patch(
        self, kind: object, namespace: str, name: str, document: Any, **_: object
    ) -> Any:
        self.patched.append((name, document))


class Told:
    def __init__(self) -> None:
        self.events = Events()
        self.now = 0.0
        self.recorder = Recorder(
            self.events,  # type: ignore[arg-type]
            identity="operator-1",
            clock=lambda: self.now,
        )

    def post(self, message: str = "so it is", **changes: str) -> None:
        asyncio.run(self.recorder.post(**WHO | {"reason": "Synced", "message": message} | changes))


@pytest.fixture
def told() -> Told:
    return Told()


def test_what_happens_again_is_counted(told):
    for _ in range(3):
        told.post()
    (event,) = told.events.created
    assert event["regarding"]["uid"] == "u"
    assert event["note"] == "so it is"
    assert [(name, patch["series"]["count"]) for name, patch in told.events.patched] == [
        (event["metadata"]["name"], 2),
        (event["metadata"]["name"], 3),
    ]


def test_what_happens_again_much_later_is_told_anew(told):
    told.post()
    told.now += SERIES_SECONDS
    told.post()
    assert len(told.events.created) == 2
    assert told.events.created[0]["metadata"]["name"] != told.events.created[1]["metadata"]["name"]


def test_one_connection_cannot_fill_the_clusters_events(told):
    for number in range(BUDGET + 5):
        told.post(f"number {number}")
    told.post("of another", uid="v")
    assert len(told.events.created) == BUDGET + 1


def test_secrets_are_hidden_and_long_texts_cut(told):
    register_secret("канарейка-17")
    told.post(f"password=hunter22 канарейка-17 {'ж' * 2000}")
    (event,) = told.events.created
    assert "hunter22" not in event["note"]
    assert "канарейка" not in event["note"]
    assert HIDDEN in event["note"]
    assert len(event["note"].encode()) <= LONGEST_NOTE + 4


def test_an_event_that_is_refused_stops_nobody_and_is_told_next_time(told):
    told.events.refuses = True
    told.post()
    told.events.refuses = False
    told.post()
    assert len(told.events.created) == 1
