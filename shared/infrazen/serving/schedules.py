"""The schedules of an installation without a cluster, run beside the web server."""

from collections.abc import Iterator
from contextlib import contextmanager

from infrazen.db.session import database
from infrazen.sync.embedded import Embedded
from infrazen.sync.runner import LocalRunner


@contextmanager
def schedules() -> Iterator[Embedded]:
    """Start syncs when they are due or asked for, until the block ends.

    Where several processes do this, one of them leads and the others stand by.
    """
    embedded = Embedded(database(), LocalRunner())
    embedded.start()
    try:
        yield embedded
    finally:
        embedded.stop()
