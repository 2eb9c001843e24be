"""How this installation is doing, for probes and monitoring."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from infrazen.db.queries import operations
from infrazen.db.queries.operations import ConnectionTotal, Queue, SyncTotal
from infrazen.db.session import database
from infrazen.domain.periods import utc_now
from infrazen.errors import SecretUnreadable, StorageUnavailable
from infrazen.security.key_ring import key_source
from infrazen.services.open_doors import local

_WHY = "counts of the whole installation; probes and monitoring have no organization"


class Check(StrEnum):
    """How one thing that every request needs stands."""

    OK = "ok"
    UNAVAILABLE = "unavailable"
    BEHIND = "behind"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether requests can be served."""

    database: Check
    schema: Check
    keys: Check

    @property
    def is_ready(self) -> bool:
        """Whether all of it is well."""
        return {self.database, self.schema, self.keys} == {Check.OK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The installation in numbers, at one moment."""

    at: datetime
    syncs: list[SyncTotal]
    resources: dict[str, int]
    connections: list[ConnectionTotal]
    queue: Queue


@local(_WHY)
def readiness() -> Readiness:
    """Ask the database, compare its schema with the program's, and read the key ring."""
    try:
        schema = Check.OK if _schema() == _head() else Check.BEHIND
    except StorageUnavailable:
        return Readiness(database=Check.UNAVAILABLE, schema=Check.UNAVAILABLE, keys=_keys())
    return Readiness(database=Check.OK, schema=schema, keys=_keys())


@local(_WHY)
def totals() -> Totals:
    """Syncs, resources, connections and the queue, counted now."""
    with database().reading() as session:
        return Totals(
            at=utc_now(),
            syncs=operations.sync_totals(session),
            resources=operations.active_resources(session),
            connections=operations.connection_totals(session),
            queue=operations.queue(session),
        )


def _schema() -> str | None:
    # Alembic takes a fifth of a second to import: a process that nobody probes needs none.
    from infrazen.db import migrations  # noqa: PLC0415

    with database().reading() as session:
        return migrations.current(session.connection())


@cache
def _head() -> str:
    from infrazen.db import migrations  # noqa: PLC0415

    return migrations.head()


def _keys() -> Check:
    try:
        key_source().load()
    except SecretUnreadable:
        return Check.UNREADABLE
    return Check.OK
