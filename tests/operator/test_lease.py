"""Of several replicas one leads; who falls silent is followed, who is cut off stops."""

import asyncio
import copy
from itertools import count
from typing import Any

import pytest

from infrazen_operator.api import ClusterError
from infrazen_operator.lease import Election, NotLeading

SECONDS = 8


class Leases:
    """The part of an API server that keeps one Lease."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] | None = None
        self.is_down = False
        self.requests = 0
        self._versions = count(1)

    async def get(self, kind: object, namespace: str, name: str) -> dict[str, Any]:
        self._ask()
        if self.kept is None:
            raise ClusterError("none", status=404)
        return copy.deepcopy(self.kept)

    async def create(self, kind: object, namespace: str, document: dict[str, Any]) -> Any:
        self._ask()
        if self.kept is not None:
            raise ClusterError("there", status=409)
        return self._keep(document)

    async def replace(self, kind: object, namespace: str, document: dict[str, Any]) -> Any:
        self._ask()
        assert self.kept is not None
        if document["metadata"]["resourceVersion"] != self.kept["metadata"]["resourceVersion"]:
            raise ClusterError("changed", status=409)
        return self._keep(document)

    def touch(self) -> None:
        """Somebody else writes to the Lease, and leaves its holder."""
        assert self.kept is not None
        self._keep(self.kept)

    def _ask(self) -> None:
        self.requests += 1
        if self.is_down:
            raise ClusterError("no answer")

    def _keep(self, document: dict[str, Any]) -> Any:
        self.kept = copy.deepcopy(document)
        self.kept["metadata"]["resourceVersion"] = str(next(self._versions))
        return copy.deepcopy(self.kept)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def leases() -> Leases:
    return Leases()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def replica(leases, clock):
    def make(identity: str) -> Election:
        return Election(
            leases,  # type: ignore[arg-type]
            namespace="finops",
            name="infrazen-operator",
            identity=identity,
            seconds=SECONDS,
            clock=clock,
        )

    return make


def attempt(election: Election) -> bool:
    return asyncio.run(election.attempt())


def test_the_first_leads_and_the_second_stands_by(replica, clock):
    first, second = replica("first"), replica("second")
    assert attempt(first)
    assert not attempt(second)
    for _ in range(10):
        clock.now += first.pause
        assert attempt(first)
        assert not attempt(second)
    assert (first.term, second.term) == (1, 0)


def test_a_holder_that_fell_silent_is_followed(replica, clock):
    first, second = replica("first"), replica("second")
    attempt(first)
    attempt(second)
    clock.now += SECONDS - 1
    assert not attempt(second)
    clock.now += 2
    assert not first.is_leading
    assert attempt(second)
    assert not attempt(first)


def test_a_holder_stops_before_another_may_follow(replica, leases, clock):
    first, second = replica("first"), replica("second")
    attempt(first)
    attempt(second)
    leases.is_down = True
    led_until = None
    for _ in range(2 * SECONDS + 1):
        clock.now += 0.5
        attempt(first)
        if not first.is_leading and led_until is None:
            led_until = clock.now
    leases.is_down = False
    assert led_until is not None
    assert led_until - 100.0 < SECONDS
    assert attempt(second)
    with pytest.raises(NotLeading):
        first.guard()
    second.guard()


def test_a_renewal_that_fails_once_loses_nothing(replica, leases, clock):
    first = replica("first")
    attempt(first)
    clock.now += first.pause
    leases.touch()
    assert attempt(first)
    clock.now += first.pause
    assert attempt(first)
    assert first.term == 1


def test_who_resigns_is_followed_at_once(replica):
    first, second = replica("first"), replica("second")
    attempt(first)
    attempt(second)
    asyncio.run(first.resign())
    assert not first.is_leading
    assert attempt(second)
    assert second.term == 1


def test_a_process_that_starts_anew_under_its_name_goes_on(replica, clock):
    attempt(replica("first"))
    clock.now += 1
    assert attempt(replica("first"))


def test_a_renewal_is_one_request(replica, leases, clock):
    first = replica("first")
    attempt(first)
    leases.requests = 0
    for _ in range(5):
        clock.now += first.pause
        attempt(first)
    assert leases.requests == 5


def test_a_lease_that_somebody_emptied_is_free(replica, leases):
    attempt(replica("first"))
    leases.kept["spec"] = None
    leases.touch()
    assert attempt(replica("second"))
