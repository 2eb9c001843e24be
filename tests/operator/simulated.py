"""A cluster with one CloudConnection, as much of it as the operator's decisions depend on.

The API server keeps the resource as a document and counts generations; Jobs start, end and die
when a test says so. The operator is what a real one is between two watches: it decides, writes
the status if it differs, creates and deletes Jobs, and forgets everything.
"""

import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from infrazen.domain.syncs import Phase
from infrazen.manifests.connection import CloudConnection, InvalidConnection
from infrazen.manifests.fields import moment_text
from infrazen.manifests.names import CREDENTIALS_VERSION, FINALIZER, REQUESTED_AT, Purpose
from infrazen.manifests.status import Status, status_document
from infrazen_operator.conditions import Type
from infrazen_operator.decision import Event, Plan, Run
from infrazen_operator.plan import plan
from infrazen_operator.seen import Policy, Refusal, Seen, SeenJob, SeenPod

START = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
SPEC = {
    "provider": "beget",
    "credentialsSecretRef": {"name": "beget-main"},
    "schedule": "0 */6 * * *",
    "timeZone": "UTC",
}
CONNECTION_ID = "0d9a1f3e-5f0e-4f0e-9d4e-0a8b5c6d7e8f"


class Crash(Exception):
    """The operator's process ends here."""


@dataclass
class World:
    """The cluster, its clock, and what happened in it."""

    now: datetime = START
    spec: dict = field(default_factory=lambda: dict(SPEC))
    generation: int = 1
    annotations: dict[str, str] = field(default_factory=dict)
    finalizers: list[str] = field(default_factory=list)
    status: dict = field(default_factory=dict)
    deleted_at: datetime | None = None
    is_gone: bool = False
    jobs: dict[str, SeenJob] = field(default_factory=dict)
    refusal: Refusal | None = None
    refuses: str = ""
    organization_allowed: bool = True
    has_room: bool = True
    policy: Policy = field(default_factory=lambda: Policy(longest_jitter=timedelta()))
    created: list[SeenJob] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    status_writes: int = 0
    _uids: itertools.count = field(default_factory=itertools.count)

    # What people and programs do.

    def change(self, **spec) -> None:
        changed = {**self.spec, **spec}
        if changed != self.spec:
            self.spec = changed
            self.generation += 1

    def ask(self, value: str) -> None:
        self.annotations[REQUESTED_AT] = value

    def rotate(self, version: str) -> None:
        self.annotations[CREDENTIALS_VERSION] = version

    def delete(self) -> None:
        if self.deleted_at is None:
            self.deleted_at = self.now
            self.generation += 1
            self.is_gone = not self.finalizers

    def wait(self, **duration) -> None:
        self.now += timedelta(**duration)

    # What becomes of Jobs.

    @property
    def active(self) -> list[SeenJob]:
        return [job for job in self.jobs.values() if job.active]

    def the_job(self) -> SeenJob:
        (job,) = self.active
        return job

    def put(self, job: SeenJob, **changes) -> None:
        self.jobs[job.name] = replace(job, **changes)

    def pod(self, job: SeenJob, **facts) -> None:
        pod = job.pod or SeenPod(created=self.now)
        self.put(job, started_at=job.started_at or self.now, pod=replace(pod, **facts))

    def start(self, job: SeenJob) -> None:
        self.pod(job, started_at=self.now, waiting_reason="", waiting_message="")

    def end(self, job: SeenJob, phase: Phase = Phase.SUCCEEDED, **result) -> None:
        """The Job's pod leaves a result, and the Job is closed."""
        has_failed = phase is Phase.FAILED
        self.start(self.jobs[job.name])
        self.pod(self.jobs[job.name], exit_code=int(has_failed), result=self._result(phase, result))
        self.close(self.jobs[job.name], "BackoffLimitExceeded" if has_failed else "")

    def close(self, job: SeenJob, failed_reason: str = "", **changes) -> None:
        self.put(
            job,
            active=False,
            succeeded=not failed_reason,
            failed_reason=failed_reason,
            finished_at=self.now,
            **changes,
        )

    def remove(self, job: SeenJob) -> None:
        del self.jobs[job.name]

    def _result(self, phase: Phase, facts: dict) -> str:
        moment = moment_text(self.now)
        document = {
            "connectionId": CONNECTION_ID,
            "snapshotId": CONNECTION_ID,
            "trigger": "Manual",
            "phase": phase,
            "startTime": moment,
            "completionTime": moment,
            "resources": {"found": 10, "unchanged": 10},
        }
        return json.dumps(document | facts)

    # What the operator sees and does.

    def seen(self) -> Seen:
        document = {
            "metadata": {
                "name": "beget-main",
                "namespace": "finops",
                "uid": "8c2f6d1e-0000-4000-8000-000000000001",
                "generation": self.generation,
                "annotations": self.annotations,
                "finalizers": self.finalizers,
                "deletionTimestamp": self.deleted_at and moment_text(self.deleted_at),
            },
            "spec": self.spec,
            "status": self.status,
        }
        try:
            resource = CloudConnection.read(document)
        except InvalidConnection as problem:
            resource = problem
        return Seen(
            resource=resource,
            jobs=tuple(self.jobs.values()),
            refusal=self.refusal,
            organization_allowed=self.organization_allowed,
        )

    def decide(self) -> Plan:
        return plan(self.seen(), self.now, self.policy)

    def turn(self, *, crash_after: int = 99) -> bool:
        """Decide and carry out, at most ``crash_after`` steps of it; whether anything was done."""
        decided = self.decide()
        steps = list(self._steps(decided))
        for number, step in enumerate(steps):
            if number == crash_after:
                self.refusal = None  # all that an operator remembers
                raise Crash
            step()
        return bool(steps)

    def _steps(self, decided: Plan):
        if decided.finalizer and FINALIZER not in self.finalizers:
            yield lambda: self.finalizers.append(FINALIZER)
        if decided.status != self.read().status:
            yield lambda: self._write(decided.status)
            yield lambda: self.events.extend(decided.events)
        for name in decided.unwanted:
            yield lambda name=name: self._end(name)
        run = decided.cleanup or (decided.wanted if self.has_room else None)
        if run is not None:
            yield lambda: self._create(run)
        if not decided.finalizer and FINALIZER in self.finalizers:
            yield lambda: self.events.extend(decided.events)
            yield self._let_go

    def settle(self) -> Status:
        """Turn until nothing changes any more; the status then."""
        for _ in range(12):
            if self.is_gone or not self.turn():
                return self.read().status
        raise AssertionError("the operator does not come to rest")

    def read(self) -> Seen:
        return self.seen()

    def condition(self, type_: Type) -> tuple[str, str]:
        found = self.read().status.condition(type_)
        return (found.status.value, found.reason) if found else ("", "")

    def message(self, type_: Type) -> str:
        return self.read().status.condition(type_).message

    def _write(self, status: Status) -> None:
        self.status_writes += 1
        patch = status_document(status)
        self.status = {name: value for name, value in patch.items() if value is not None}

    def _create(self, run: Run) -> None:
        if self.refuses:
            self.refusal = Refusal(
                run=run, at=self.now, message="denied", final=self.refuses == "for good"
            )
            return
        if run.name in self.jobs:
            return  # 409: it is there
        notes = run.annotations()
        job = SeenJob(
            name=run.name,
            uid=f"job-{next(self._uids)}",
            namespace="finops" if run.purpose is Purpose.SYNC else "infrazen",
            purpose=run.purpose,
            trigger=run.trigger,
            run_key=run.run_key,
            created=self.now.replace(microsecond=0),
            active=True,
            requested_at=notes.get(REQUESTED_AT, ""),
            credentials_version=notes.get(CREDENTIALS_VERSION, ""),
            spec_mark=run.spec_mark,
        )
        self.refusal = None
        self.jobs[run.name] = job
        self.created.append(job)

    def _end(self, name: str) -> None:
        self.ended.append(name)
        self.jobs.pop(name, None)

    def _let_go(self) -> None:
        self.finalizers.remove(FINALIZER)
        self.is_gone = self.deleted_at is not None


def synced(**spec) -> World:
    """A world whose connection was synced well, just now."""
    world = World(spec={**SPEC, **spec})
    world.settle()
    world.end(world.the_job())
    world.settle()
    return world


def syncs(world: World) -> list[SeenJob]:
    return [job for job in world.created if job.purpose is Purpose.SYNC]


def told(world: World) -> list[tuple[str, str]]:
    """The Events so far: their types and reasons."""
    return [(event.type.value, event.reason) for event in world.events]
