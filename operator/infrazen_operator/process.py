"""A process of the operator's: it works until it is told to stop, and answers probes."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping

from infrazen_operator.api import Api, ClusterError
from infrazen_operator.kinds import CONNECTIONS
from infrazen_operator.probes import Page, Probes

logger = logging.getLogger(__name__)

CRD_SECONDS = 5.0
MADE_BETWEEN_SEARCHES = 20_000
"""Objects; Python's own 700 would have all that is known searched again and again in a rush."""


def search_seldom() -> None:
    """Search for cyclic garbage seldom, and never in what is there by now: call it after imports.

    Nearly all that the operator makes goes without a search, and one through a thousand connections
    holds everything up for half a second.
    """
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_SEARCHES, *gc.get_threshold()[1:])


async def serve(
    work: Coroutine[None, None, None],
    *,
    end: Callable[[], Awaitable[None]],
    pages: Mapping[str, Page],
    port: int,
) -> None:
    """Do ``work`` until SIGTERM or SIGINT, then ``end``; raises what ``work`` raises."""
    stop = _stop_signal()
    probes = Probes(pages, port=port)
    logger.info("probes are answered on port %d", probes.port)
    working = asyncio.create_task(work, name="work")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.wait({working, stopping})
        await end()
        probes.close()
    with contextlib.suppress(asyncio.CancelledError):
        working.result()
    logger.info("ended")


async def crd_is_there(api: Api) -> None:
    """Wait until the cluster knows CloudConnections."""
    while True:
        try:
            if await api.serves(CONNECTIONS):
                return
            logger.warning("the cluster knows no CloudConnection yet: install the CRD")
        except ClusterError as error:
            logger.warning("the API server does not answer: %s", error)
        await asyncio.sleep(CRD_SECONDS)


def _stop_signal() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    return stop
