"""How often one account may be asked."""

import asyncio
from dataclasses import dataclass

from infrazen.provider_kit.clock import Clock

_ALMOST = 1e-9  # rounding must not send anyone to sleep for a nanosecond


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """A token bucket: ``per_second`` requests on average, ``burst`` at once."""

    per_second: float
    burst: int = 5


class TokenBucket:
    """Lets requests through in the order in which they came, as ``limit`` allows.

    Without a limit everything passes at once, except while the provider asked for quiet.
    """

    def __init__(self, limit: RateLimit | None, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._tokens = float(limit.burst) if limit else 0.0
        self._filled_at = clock.monotonic()
        self._quiet_until = self._filled_at
        self._turn = asyncio.Lock()

    @property
    def is_limited(self) -> bool:
        """Whether there is a limit at all."""
        return self._limit is not None

    async def take(self) -> None:
        """Wait for this request's turn."""
        async with self._turn:
            while (wait := self._wait()) > 0:
                await self._clock.sleep(wait)
            self._tokens -= 1

    def hold(self, seconds: float) -> None:
        """Let nobody through for ``seconds``: the provider asked for it."""
        self._quiet_until = max(self._quiet_until, self._clock.monotonic() + seconds)

    def _wait(self) -> float:
        now = self._clock.monotonic()
        quiet = self._quiet_until - now
        if self._limit is None:
            return quiet
        gained = (now - self._filled_at) * self._limit.per_second
        self._tokens = min(float(self._limit.burst), self._tokens + gained)
        self._filled_at = now
        missing = 1 - self._tokens
        return max(quiet, missing / self._limit.per_second if missing > _ALMOST else 0.0)
