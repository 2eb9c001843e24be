"""The loop that makes the cluster follow the plans.

Level-triggered: it looks at what is so now, asks ``plan`` what should be so, and writes the
difference. It keeps nothing that matters; a process that starts anew goes on from the cluster.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from infrazen.domain.syncs import Phase
from infrazen.manifests.connection import CloudConnection
from infrazen_operator.agenda import Agenda
from infrazen_operator.api import ClusterError
from infrazen_operator.board import Board, Entry, Key
from infrazen_operator.decision import Plan, Run
from infrazen_operator.jobs import cleanup_job, sync_job
from infrazen_operator.lease import NotLeading
from infrazen_operator.metrics import Metrics
from infrazen_operator.plan import plan
from infrazen_operator.seen import Policy, Refusal, Seen
from infrazen_operator.settings import OperatorSettings
from infrazen_operator.turns import Limits, Waiting, admit
from infrazen_operator.writing import Writer

logger = logging.getLogger(__name__)

AT_A_TIME = 5
"""Connections planned before the event loop turns to something else."""
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Line:
    """A run that waits for its turn, and the connection as it was when that was decided."""

    entry: Entry
    run: Run
    plan: Plan
    since: float


class Reconciler:
    """Plans for the connections on an agenda, and starts what the queue lets start."""

    def __init__(
        self,
        board: Board,
        agenda: Agenda,
        writer: Writer,
        *,
        metrics: Metrics,
        settings: OperatorSettings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._board = board
        self._agenda = agenda
        self._writer = writer
        self._metrics = metrics
        self._settings = settings
        self._jobs = settings.jobs
        self._now = now
        self._policy = Policy(longest_jitter=timedelta(seconds=settings.longest_jitter_seconds))
        self._limits = Limits(
            running=settings.max_running_syncs,
            per_organization=settings.max_running_syncs_per_organization,
        )
        self._waiting: dict[Key, _Line] = {}
        self._starting: dict[Key, str] = {}
        self._refused: dict[Key, Refusal] = {}
        self._failed: dict[Key, int] = {}
        self._asked: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def queue_length(self) -> int:
        """How many syncs wait for their turn."""
        return len(self._waiting)

    def begin(self) -> None:
        """Start from what is on the board: look at every connection."""
        self._agenda.clear()
        self._waiting.clear()
        self._refused.clear()
        self._failed.clear()
        self._asked.clear()
        for key, _ in self._board.entries():
            self._agenda.touch(key)

    async def turn(self) -> None:
        """Look at some of the connections whose turn it is, and let the queue move."""
        taken = self._agenda.take(self._now(), AT_A_TIME)
        planned = [one for key, since in taken for one in self._plan(key, since)]
        started = self._start_some()
        for key, entry, decided, since in planned:
            if key not in started:
                self._spawn(key, self._follow(key, entry, decided, since))
        await asyncio.sleep(0)  # answers and events come in between

    async def finish(self, seconds: float) -> None:
        """Let what is being written end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in tuple(self._tasks):
            task.cancel()

    def _plan(self, key: Key, since: float) -> Iterator[tuple[Key, Entry, Plan, float]]:
        """The plan for a connection, if it is there; its run is put into the queue."""
        self._waiting.pop(key, None)
        entry = self._board.entry(key)
        if entry is None:
            self._agenda.set_alarm(key, None)
            for known in (self._refused, self._failed):
                known.pop(key, None)
            return
        seen = self._seen(key, entry)
        if self._must_ask(seen):
            self._spawn(key, self._ask(key, entry, seen))
            return
        try:
            decided = plan(seen, self._now(), self._policy)
        except Exception:
            self._metrics.failures.inc()
            logger.exception("no plan could be made for %s", key)
            self._put_off(key)
            return
        self._agenda.set_alarm(key, decided.wake_at)
        if decided.wanted is not None and entry.has_finalizer and not decided.unwanted:
            self._waiting[key] = _Line(entry, decided.wanted, decided, since)
        yield key, entry, decided, since

    def _seen(self, key: Key, entry: Entry) -> Seen:
        resource = entry.resource
        allowed = not isinstance(resource, CloudConnection) or self._settings.allows(
            key.namespace, resource.spec.organization
        )
        return Seen(
            resource=resource,
            jobs=self._board.jobs(entry.uid),
            refusal=self._refused.get(key),
            organization_allowed=allowed,
        )

    def _must_ask(self, seen: Seen) -> bool:
        """Whether something is amiss that a watch which lags behind explains as well."""
        doubtful = _doubtful(seen)
        return bool(doubtful) and not doubtful <= self._asked

    async def _ask(self, key: Key, entry: Entry, seen: Seen) -> None:
        """Ask for Jobs that are missed and for the Pods of Jobs that have ended, once."""
        for name in _doubtful(seen) - self._asked:
            await self._writer.look_up(key, entry, name)
            self._asked.add(name)  # not before there was an answer
        self._agenda.touch(key)

    def _start_some(self) -> set[Key]:
        """Start the runs whose turn it is; their keys."""
        running = [job.organization for job in self._board.running()]
        running += self._starting.values()
        if not self._waiting or len(running) >= self._limits.running:
            return set()
        waiting = {
            str(key): (key, line)
            for key, line in self._waiting.items()
            if not self._agenda.is_held(key)
        }
        chosen = admit(
            (
                Waiting(key=text, organization=_organization(line.entry), run=line.run)
                for text, (_, line) in waiting.items()
            ),
            running,
            self._limits,
            self._now(),
        )
        started = set()
        for one in chosen:
            key, line = waiting[one.key]
            del self._waiting[key]
            self._starting[key] = one.organization
            started.add(key)
            self._spawn(key, self._start(key, line))
        return started

    async def _start(self, key: Key, line: _Line) -> None:
        """Create the Job of a run. The status follows when the Job is seen, which is at once."""
        try:
            resource = line.entry.resource
            assert isinstance(resource, CloudConnection)  # noqa: S101 - plan wants no run of others
            manifest = sync_job(resource, line.run, self._jobs)
            await self._create(key, key.namespace, line.run, manifest)
            delay = (self._now() - line.run.due).total_seconds()
            self._metrics.syncs.start_delay.labels(line.run.trigger or "").observe(max(0.0, delay))
        finally:
            del self._starting[key]
            self._agenda.touch(key)

    async def _follow(self, key: Key, entry: Entry, decided: Plan, since: float) -> None:
        """Write what a plan says, except for its run, which waits for its turn."""
        about = entry.resource.metadata
        if decided.finalizer and not entry.has_finalizer:
            await self._writer.set_finalizer(entry, wanted=True)
            return
        if decided.unwanted:
            await self._writer.delete_jobs(entry, decided)
        if await self._writer.set_status(entry, decided):
            self._count(entry, decided)
        await self._writer.tell(about, decided)
        if decided.cleanup is not None:
            manifest = cleanup_job(about, decided.cleanup, self._jobs)
            await self._create(key, self._settings.namespace, decided.cleanup, manifest)
        if entry.has_finalizer and not decided.finalizer:
            await self._writer.set_finalizer(entry, wanted=False)
            if decided.is_given_up:
                self._metrics.unreleased.inc()
                logger.warning("%s was deleted, and the database was not told of it", key)
        self._metrics.reconciles.observe(time.monotonic() - since)

    async def _create(
        self, key: Key, namespace: str, run: Run, manifest: dict[str, object]
    ) -> None:
        refusal = await self._writer.create_job(namespace, run, manifest)
        if refusal is None:
            self._refused.pop(key, None)
        else:
            self._refused[key] = refusal
            self._agenda.touch(key)

    def _spawn(self, key: Key, work: Coroutine[None, None, None]) -> None:
        self._agenda.hold(key)
        task = asyncio.create_task(self._guarded(key, work), name=str(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, key: Key, work: Coroutine[None, None, None]) -> None:
        """Do the work; what fails is done again later, unless somebody else's write was first."""
        try:
            await work
            self._failed.pop(key, None)
        except NotLeading:
            logger.info("%s is left to the leader", key)
        except ClusterError as error:
            if error.is_absent or error.is_conflict:
                logger.debug("%s has changed meanwhile: %s", key, error)
            else:
                self._metrics.failures.inc()
                logger.warning("%s could not be followed and is tried again: %s", key, error)
            self._put_off(key)
        except Exception:
            self._metrics.failures.inc()
            logger.exception("%s could not be followed", key)
            self._put_off(key)
        finally:
            self._agenda.release(key)

    def _put_off(self, key: Key) -> None:
        """Look at ``key`` again after a pause that grows."""
        times = self._failed[key] = self._failed.get(key, 0) + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(times - 1, 10))
        asyncio.get_running_loop().call_later(pause.total_seconds(), self._agenda.touch, key)

    def _count(self, entry: Entry, decided: Plan) -> None:
        """Count a sync that has ended and stands in the status now."""
        last, before = decided.status.last_sync, entry.resource.status.last_sync
        if last is None or last == before or not isinstance(entry.resource, CloudConnection):
            return
        provider = entry.resource.spec.provider
        self._metrics.syncs.ended.labels(provider, Phase(last.phase)).inc()
        seconds = (last.completion_time - last.start_time).total_seconds()
        self._metrics.syncs.seconds.labels(provider).observe(max(0.0, seconds))


def _organization(entry: Entry) -> str:
    resource = entry.resource
    return resource.spec.organization if isinstance(resource, CloudConnection) else ""


def _doubtful(seen: Seen) -> set[str]:
    """Names of Jobs that are missing, or that have ended without a Pod that tells how.

    A Job whose end stands in the status already is no concern any more.
    """
    told = {run.job_name for run in seen.status.history}
    ended = {
        job.name
        for job in seen.jobs
        if not job.active and job.name not in told and (job.pod is None or not job.pod.ended_by)
    }
    return ended | ({seen.missing_job} if seen.missing_job else set())
