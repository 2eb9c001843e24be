"""How soon a watch may be opened again: at once after a long one, ever later after short ones."""

import time
from collections.abc import Callable

PAUSE = 1.0
LONGEST_PAUSE = 30.0
SHORT = 5.0
"""Seconds: a watch that ended sooner says that something is amiss."""


class Pace:
    """Of one watch that is opened again and again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._opened: float | None = None
        self._pause = 0.0

    def pause(self) -> float:
        """Seconds to wait before it is opened; it counts as opened then."""
        now = self._clock()
        if self._opened is None or now - self._opened >= SHORT:
            self._pause = 0.0
        else:
            self._pause = min(LONGEST_PAUSE, max(PAUSE, self._pause * 2))
        self._opened = now + self._pause
        return self._pause
