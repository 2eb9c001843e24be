"""Ending in good order when told to."""

import asyncio
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` at Ctrl-C or SIGTERM, once: what cleans up is not interrupted.

    Nor is what follows, up to the exit code. In an event loop it is raised between two tasks, so
    that each of them ends in order. A signal that this process was started to ignore stays ignored.
    """
    before = {sign: signal.getsignal(sign) for sign in SIGNALS}
    heard = [sign for sign in SIGNALS if before[sign] is not signal.SIG_IGN]
    interrupted = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        for sign in heard:
            signal.signal(sign, signal.SIG_IGN)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise KeyboardInterrupt from None
        loop.call_soon_threadsafe(_break_off)

    for sign in heard:
        signal.signal(sign, interrupt)
    try:
        yield
    finally:
        if not interrupted:
            for sign in heard:
                signal.signal(sign, before[sign])


def _break_off() -> NoReturn:
    # Tasks that have not begun go with the loop, and Python would complain of each.
    warnings.simplefilter("ignore", RuntimeWarning)
    raise KeyboardInterrupt
