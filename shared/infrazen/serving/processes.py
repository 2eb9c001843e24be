"""Child processes that never outlive who started them."""

import ctypes
import signal

_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


def end_with_parent() -> None:
    """Have the kernel end the child even where its parent is killed outright."""
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGTERM)
