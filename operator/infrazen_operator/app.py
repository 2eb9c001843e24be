"""The operator: its parts put together, started, and ended."""

import asyncio
import logging
import time
from typing import Any

from infrazen_operator.agenda import Agenda
from infrazen_operator.api import Api, ClusterError
from infrazen_operator.board import Board, Key
from infrazen_operator.happenings import Recorder
from infrazen_operator.inventory import take_stock
from infrazen_operator.kinds import Kind
from infrazen_operator.lease import Election, NotLeading
from infrazen_operator.metrics import Metrics
from infrazen_operator.probes import Answer, figures, well
from infrazen_operator.process import crd_is_there, serve
from infrazen_operator.reconciler import Reconciler
from infrazen_operator.settings import OperatorSettings
from infrazen_operator.streams import Streams
from infrazen_operator.writing import Writer

logger = logging.getLogger(__name__)

STOCK_SECONDS = 600.0
"""How often everything is listed, in case a watch has missed something."""
RELIST_SECONDS = 5.0
"""How long after a stream began anew everything is listed: objects may have gone meanwhile."""
ENDING_SECONDS = 8.0
BROKEN_SECONDS = 300.0
"""Streams that could not be kept up for so long are a reason to start the process anew."""


async def run(settings: OperatorSettings) -> None:
    """Be one replica of the operator until told to stop."""
    operator = Operator(settings)
    pages = {
        "/metrics": operator.figures,
        "/healthz": operator.health,
        "/readyz": operator.readiness,
    }
    await serve(operator.work(), end=operator.end, pages=pages, port=settings.port)


class Operator:
    """One replica."""

    def __init__(self, settings: OperatorSettings) -> None:
        self._settings = settings
        self._metrics = Metrics()
        self._agenda = Agenda(goes_first=self._is_new)
        self._board = Board(
            home=settings.namespace, serves=settings.serves, changed=self._agenda.touch
        )
        # Renewing the lease must not wait behind other requests.
        self._lease_api = Api.connect(tries=1)
        self._election = Election(
            self._lease_api,
            namespace=settings.namespace,
            name=settings.lease_name,
            identity=settings.identity,
            seconds=settings.lease_seconds,
        )
        self._api = Api.connect(guard=self._election.guard)
        recorder = Recorder(self._api, identity=settings.identity)
        self._reconciler = Reconciler(
            self._board,
            self._agenda,
            Writer(self._api, self._board, recorder, self._metrics),
            metrics=self._metrics,
            settings=settings,
        )
        self._streams = Streams(self._note, settings.watched)
        self._stock_due = 0.0
        self._stock_called = False
        self._has_crd = False

    async def work(self) -> None:
        """Watch, and act while this replica leads."""
        await crd_is_there(self._api)
        self._has_crd = True
        self._streams.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._elect(), name="election")
            group.create_task(self._reconcile(), name="reconciler")

    async def end(self) -> None:
        """Finish what is being written, and let another replica lead."""
        await self._reconciler.finish(ENDING_SECONDS)
        await self._election.resign()
        if self._has_crd:
            await asyncio.to_thread(self._streams.stop)
        await self._api.close()
        await self._lease_api.close()

    async def health(self) -> Answer:
        """Whether starting this process anew would not help."""
        failing = self._streams.failing_for
        if failing > BROKEN_SECONDS:
            return well(ok=False, text=f"no watch stream for {failing:.0f} s")
        return well(ok=True, text="ok")

    async def readiness(self) -> Answer:
        """Whether this process knows what happens."""
        if not self._has_crd:
            return well(ok=False, text="the cluster knows no CloudConnection")
        if self._streams.failing_for > RELIST_SECONDS:
            return well(ok=False, text="the watch streams are broken")
        return well(ok=True, text="leads" if self._election.is_leading else "stands by")

    async def figures(self) -> Answer:
        """What Prometheus asks for."""
        self._metrics.leader.set(self._election.is_leading)
        self._metrics.queued.set(self._reconciler.queue_length)
        self._metrics.running.set(sum(1 for _ in self._board.running()))
        self._metrics.connections.show(entry.resource for _, entry in self._board.entries())
        return figures(self._metrics.text())

    async def _elect(self) -> None:
        while True:
            term = self._election.term
            await self._election.attempt()
            if self._election.term != term:
                logger.info("%s leads now", self._settings.identity)
                self._agenda.stir()
            await asyncio.sleep(self._election.pause)

    async def _reconcile(self) -> None:
        """Act while this replica leads, from a list of its own at the start of each term."""
        term = 0
        while True:
            if not self._election.is_leading:
                await self._agenda.wait()
                continue
            if time.monotonic() >= self._stock_due or self._election.term != term:
                current = self._election.term
                if not await self._take_stock():
                    continue
                if current != term:
                    term = current
                    self._reconciler.begin()
            await self._reconciler.turn()
            await self._agenda.wait()

    async def _take_stock(self) -> bool:
        try:
            await take_stock(self._api, self._board, self._settings.watched)
        except (ClusterError, NotLeading) as error:
            logger.warning("the cluster could not be listed: %s", error)
            await asyncio.sleep(1)
            return False
        self._stock_due = time.monotonic() + STOCK_SECONDS
        return True

    def _is_new(self, key: Key) -> bool:
        return self._board.is_new(key)

    def _note(self, kind: Kind, type_: str | None, document: dict[str, Any]) -> None:
        """What a stream tells; a type of None is part of the list at a stream's start."""
        self._board.note(kind, document, deleted=type_ == "DELETED")
        if type_ is None and not self._stock_called:
            self._stock_called = True
            asyncio.get_running_loop().call_later(RELIST_SECONDS, self._call_for_stock)

    def _call_for_stock(self) -> None:
        self._stock_called, self._stock_due = False, 0.0
        self._agenda.stir()
