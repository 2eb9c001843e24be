"""Time and chance as arguments, so that tests neither wait nor guess."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from infrazen.domain.periods import utc_now

_chance = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What a client needs of the world: seconds, the hour, a nap, a roll of the dice.

    ``monotonic`` never jumps and is what durations are measured with; ``now`` is aware
    UTC; ``jitter`` is a number in [0, 1).
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = _chance.random
