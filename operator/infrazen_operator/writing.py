"""What follows from a plan, written to the cluster: finalizer, status, Events, Jobs."""

import logging
from datetime import UTC, datetime

from infrazen.manifests.connection import Metadata
from infrazen.manifests.names import CONNECTION_UID, FINALIZER, PURPOSE
from infrazen.manifests.status import status_document
from infrazen_operator.api import Api, ClusterError, Document
from infrazen_operator.board import Board, Entry, Key
from infrazen_operator.decision import Plan, Priority, Run
from infrazen_operator.happenings import Recorder
from infrazen_operator.kinds import CONNECTIONS, JOBS, PODS
from infrazen_operator.merging import difference
from infrazen_operator.metrics import Metrics
from infrazen_operator.places import Urgency
from infrazen_operator.reading import JOB_NAME, job_facts
from infrazen_operator.seen import Refusal

logger = logging.getLogger(__name__)

FINAL = frozenset({400, 413, 422})
"""A Job refused with one of these is refused as often as it is tried."""
REFUSED = FINAL | {403}


class Writer:
    """Writes for one connection at a time; the answers go to the board at once."""

    def __init__(self, api: Api, board: Board, recorder: Recorder, metrics: Metrics) -> None:
        self._api = api
        self._board = board
        self._recorder = recorder
        self._metrics = metrics

    async def set_finalizer(self, entry: Entry, *, wanted: bool) -> None:
        """Put the finalizer on a connection, or take it off.

        The list is replaced as a whole, so it must be the list that was seen: a conflict is
        raised where it is not.
        """
        about = entry.resource.metadata
        others = [one for one in about.finalizers if one != FINALIZER]
        finalizers = [*others, FINALIZER] if wanted else others
        patch = {"resourceVersion": str(entry.version), "finalizers": finalizers or None}
        answer = await self._api.patch(
            CONNECTIONS,
            about.namespace,
            about.name,
            {"metadata": patch},
            urgency=Urgency.NEW if wanted else Urgency.OTHER,
        )
        if wanted:
            self._board.note(CONNECTIONS, answer)

    async def set_status(self, entry: Entry, plan: Plan) -> bool:
        """Write the status where it differs from what stands; whether it did."""
        patch = difference(entry.raw_status, status_document(plan.status))
        if not patch:
            return False
        about = entry.resource.metadata
        answer = await self._api.patch(
            CONNECTIONS,
            about.namespace,
            about.name,
            {"metadata": {"uid": entry.uid}, "status": patch},
            subresource="status",
        )
        self._metrics.status_writes.inc()
        self._board.note(CONNECTIONS, answer)
        return True

    async def tell(self, about: Metadata, plan: Plan) -> None:
        """Post the plan's Events."""
        for event in plan.events:
            logger.info(
                "%s: %s - %s", about.handle, event.reason, event.message, extra=_place(about)
            )
            await self._recorder.post(
                namespace=about.namespace,
                name=about.name,
                uid=about.uid,
                type=event.type,
                reason=event.reason,
                message=event.message,
            )

    async def create_job(self, namespace: str, run: Run, manifest: Document) -> Refusal | None:
        """Create the Job of a run, or find it; or say why the API server does not take it."""
        urgency = Urgency.NEW if run.priority is Priority.NEW else Urgency.START
        try:
            job = await self._api.create(JOBS, namespace, manifest, urgency=urgency)
            self._metrics.jobs.labels(run.purpose).inc()
        except ClusterError as error:
            if error.is_conflict:
                job = await self._api.get(JOBS, namespace, run.name)
                if not _is_same_run(job, manifest):
                    return _name_taken(run)
            elif error.status in REFUSED:
                logger.warning("the Job %s/%s was refused: %s", namespace, run.name, error)
                return Refusal(
                    run=run,
                    at=datetime.now(UTC),
                    message=str(error),
                    final=error.status in FINAL,
                )
            else:
                raise
        self._board.note(JOBS, job)
        return None

    async def delete_jobs(self, entry: Entry, plan: Plan) -> None:
        """Delete a connection's Jobs that the plan does not want, as it says."""
        for job in self._board.jobs(entry.uid):
            namespace = self._board.job_namespace(entry.uid, job.name)
            if job.name not in plan.unwanted or namespace is None:
                continue
            alone = job.name in plan.abandoned
            try:
                await self._api.delete(JOBS, namespace, job.name, uid=job.uid, alone=alone)
            except ClusterError as error:
                if not (error.is_absent or error.is_conflict):
                    raise

    async def look_up(self, key: Key, entry: Entry, name: str) -> None:
        """Ask for one of a connection's Jobs and its Pods: watches may lag behind."""
        namespace = self._board.job_namespace(entry.uid, name) or key.namespace
        try:
            self._board.note(JOBS, await self._api.get(JOBS, namespace, name))
        except ClusterError as error:
            if not error.is_absent:
                raise
        async for page in self._api.pages(PODS, namespace, selector=f"{JOB_NAME}={name}"):
            for pod in page.items:
                self._board.note(PODS, pod)


def _is_same_run(job: Document, manifest: Document) -> bool:
    """Whether the Job that has a run's name is its own: somebody may have taken its labels off."""
    found, wanted = job_facts(job), manifest["metadata"]["labels"]
    return found is not None and (found.connection_uid, found.seen.purpose) == (
        wanted[CONNECTION_UID],
        wanted[PURPOSE],
    )


def _name_taken(run: Run) -> Refusal:
    """Not tried again at once: the Job that is there would be found time and again."""
    message = f"A Job {run.name} is there already that is not the connection's: delete it."
    return Refusal(run=run, at=datetime.now(UTC), message=message, final=False)


def _place(about: Metadata) -> dict[str, str]:
    return {"namespace": about.namespace, "connection": about.name}
