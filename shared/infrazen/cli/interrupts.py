"""Ending in good order when told to."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` at Ctrl-C or SIGTERM, once: what cleans up is not interrupted.

    A signal that this process was started to ignore stays ignored.
    """
    before = {sign: signal.getsignal(sign) for sign in SIGNALS}
    heard = [sign for sign in SIGNALS if before[sign] is not signal.SIG_IGN]

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        for sign in heard:
            signal.signal(sign, signal.SIG_IGN)
        raise KeyboardInterrupt

    for sign in heard:
        signal.signal(sign, interrupt)
    try:
        yield
    finally:
        for sign in heard:
            signal.signal(sign, before[sign])
