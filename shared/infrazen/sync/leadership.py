"""One leader among processes on one database, judged by a monotonic clock."""

import os
import time
from collections.abc import Callable

from infrazen.db.queries import leases
from infrazen.db.queries.leases import Lease
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.settings import settings
from infrazen.sync.lease import worker_name


class Leadership:
    """Holds the lease ``name`` while its process lives."""

    def __init__(
        self, store: Database, name: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._name = name
        self._clock = clock
        self._holder = worker_name()
        self._rival: tuple[Lease, float] | None = None

    def lead(self) -> bool:
        """Renew, take or inherit the lease; call it every few seconds."""
        with self._store.writing() as session:
            if leases.renew(session, self._name, holder=self._holder, now=utc_now()):
                return True
            rival = leases.current(session, self._name)
            if rival is None or self._is_dead(rival):
                if rival is not None:
                    leases.free(session, self._name, holder=rival.holder, beat=rival.beat)
                leases.take(session, self._name, holder=self._holder, now=utc_now())
                return leases.renew(session, self._name, holder=self._holder, now=utc_now())
            return False

    def resign(self) -> None:
        """Give the lease up, so that another process may lead at once."""
        with self._store.writing() as session:
            leases.free(session, self._name, holder=self._holder)

    def _is_dead(self, rival: Lease) -> bool:
        if self._rival is None or self._rival[0] != rival:
            self._rival = (rival, self._clock())
        host, _, process = rival.holder.rpartition(":")
        if host == self._holder.rpartition(":")[0] and not _is_alive(int(process)):
            return True
        return self._clock() - self._rival[1] > settings().lease_seconds


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
