"""Clouds that never answer get few threads, and not for long."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from infrazen.api import waiting
from infrazen.api.waiting import MOST_AT_ONCE, waited
from infrazen.errors import ProviderUnavailable, TooManyAttempts
from infrazen.provider_kit.simulation.faults import Kind
from tests.api.reference_account import connected


async def answer(value: str) -> str:
    await asyncio.sleep(0)
    return value


def test_what_a_use_case_returns_or_raises_comes_through():
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("as it is")

    assert waited(answer("yes")) == "yes"
    with pytest.raises(ValueError, match="as it is"):
        waited(fail())


def test_only_so_many_wait_at_once_and_then_others_may():
    held = threading.Barrier(MOST_AT_ONCE + 1)
    done = threading.Event()

    async def hang() -> None:
        held.wait(20)
        while not done.is_set():
            await asyncio.sleep(0.01)

    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        waits = [pool.submit(waited, hang()) for _ in range(MOST_AT_ONCE)]
        held.wait(20)
        try:
            with pytest.raises(TooManyAttempts):
                waited(answer("no"))
        finally:
            done.set()
        for each in waits:
            each.result()
    assert waited(answer("yes")) == "yes"


def test_a_cloud_that_never_answers_is_told_of_in_time(api, database, beget_simulator, monkeypatch):
    account = connected(api, database, beget_simulator)
    monkeypatch.setattr(waiting, "LONGEST_SECONDS", 0.3)
    beget_simulator.fault(Kind.SLOW, seconds=5)
    late = account.client.post(f"{account.path}/test", json={})
    assert (late.status_code, late.json()["reason"]) == (503, ProviderUnavailable.reason)
    assert "did not answer" in late.json()["detail"]
    assert len(account.items("/api/v1/connections")) == 1
