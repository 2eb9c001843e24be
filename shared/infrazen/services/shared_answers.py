"""Answers that many people ask for at once, worked out once until anything is written.

Two hundred open dashboards ask the same of one organization. Each of them is authorised as
ever: only what the database says is shared, and only while the database says the same.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from infrazen.db.session import Database, database
from infrazen.services.use_case import Work

T = TypeVar("T")

SECONDS = 5.0
"""How long an answer stays where nothing is written: it also says what time it is."""
_MOST = 64


@dataclass(slots=True)
class _Answer:
    """An answer, of which version of the database, and until when; the lock is for its maker."""

    lock: Lock = field(default_factory=Lock)
    version: str = ""
    until: float = 0.0
    value: Any = None


_answers: WeakKeyDictionary[Database, dict[Hashable, _Answer]] = WeakKeyDictionary()


def shared(work: Work, key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` returns, or returned to somebody else of the organization just now.

    Whoever asks meanwhile waits for it. It must be immutable, and the same for whoever may ask.
    """
    store = database()
    known = _answers.setdefault(store, {})
    if len(known) >= _MOST:
        known.clear()
    answer = known.setdefault((work.organization_id, key), _Answer())
    with answer.lock:
        version = store.version(work.session)
        if answer.version != version or answer.until <= time.monotonic():
            answer.value = make()
            answer.version, answer.until = version, time.monotonic() + SECONDS
        return answer.value  # type: ignore[no-any-return]
