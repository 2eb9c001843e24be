import asyncio

from hypothesis import given
from hypothesis import strategies as st

from infrazen.provider_kit.rate_limit import RateLimit, TokenBucket
from tests.provider_kit.fakes import FakeTime


def times_of(limit: RateLimit | None, pauses: list[float]) -> list[float]:
    """When each request passes that comes ``pauses`` after the one before."""
    time = FakeTime()

    async def go() -> list[float]:
        bucket = TokenBucket(limit, time.clock())
        passed = []
        for pause in pauses:
            time.seconds += pause
            await bucket.take()
            passed.append(time.seconds)
        return passed

    return asyncio.run(go())


@given(
    per_second=st.floats(0.1, 100),
    burst=st.integers(1, 20),
    pauses=st.lists(st.floats(0, 5), min_size=1, max_size=60),
)
def test_no_window_lets_more_through_than_burst_and_rate(per_second, burst, pauses):
    passed = times_of(RateLimit(per_second=per_second, burst=burst), pauses)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            allowed = burst + (passed[last] - passed[first]) * per_second
            assert last - first + 1 <= allowed + 1e-6


def test_a_burst_passes_at_once_and_the_rest_at_the_rate():
    assert times_of(RateLimit(per_second=2, burst=3), [0.0] * 5)[:3] == [0.0] * 3
    assert [round(t, 6) for t in times_of(RateLimit(per_second=2, burst=3), [0.0] * 5)[3:]] == [
        0.5,
        1.0,
    ]


def test_without_a_limit_nobody_waits():
    assert times_of(None, [0.0] * 100) == [0.0] * 100


def test_a_hold_stops_everyone_even_without_a_limit():
    time = FakeTime()

    async def go() -> None:
        bucket = TokenBucket(None, time.clock())
        bucket.hold(3)
        bucket.hold(1)
        await bucket.take()

    asyncio.run(go())
    assert time.seconds == 3


def test_requests_pass_in_the_order_in_which_they_came():
    time = FakeTime()
    passed: list[int] = []

    async def go() -> None:
        bucket = TokenBucket(RateLimit(per_second=1, burst=1), time.clock())

        async def ask(number: int) -> None:
            await bucket.take()
            passed.append(number)

        await asyncio.gather(*map(ask, range(10)))

    asyncio.run(go())
    assert passed == list(range(10))
