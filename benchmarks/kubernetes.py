"""The operator on an API server with its controllers, beside native CronJobs and bare Jobs.

No node runs the Jobs: what is measured is what the operator does, not how fast a Pod starts.
Where a sync has to end, a stub takes the kubelet's place.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.api_server import AT_A_TIME, ApiServer, all_of, connections, jobs
from benchmarks.figures import Figure, figure, percentile
from benchmarks.stub_kubelet import StubKubelet
from infrazen.manifests.connection import manifest
from infrazen.manifests.names import CONNECTION, GROUP, PLURAL, REQUESTED_AT
from infrazen.manifests.spec import SecretReference, Spec
from tests.cluster.kubernetes_cluster import Cluster, made_here

ROOT = Path(__file__).parents[1]
CRD = ROOT / "charts/infrazen/files/crds/cloudconnections.yaml"
RAISED = "--kube-api-qps=300 --kube-api-burst=600"
"""The controller manager's client limit, raised: its default makes 20 requests a second."""
MOST_MB, MOST_SECONDS = 150, 2.0
FIVE_TIMES_FASTER, NOT_SLOWER = 0.2, 1.0
PATIENCE = 900
Condition = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many connections there are, how many are due at once, and how long rest is watched.

    Nothing is due in a minute's small trial: schedules of the cluster's own count in minutes.
    """

    connections: int
    due: int
    rest_seconds: int


WHOLE, SMALL = Sizes(1000, 300, 60), Sizes(12, 0, 3)


def measure(*, small: bool) -> Iterator[Figure]:
    """The operator's delays, speed, memory and quiet."""
    sizes = SMALL if small else WHOLE
    if not small:
        with _control_plane("") as cluster:
            yield from asyncio.run(_with_default_limit(cluster, sizes))
    with _control_plane(RAISED) as cluster:
        yield from asyncio.run(_with_raised_limit(cluster, sizes))


async def _with_default_limit(cluster: Cluster, sizes: Sizes) -> list[Figure]:
    async with _bench(cluster) as bench:
        await bench.fill(sizes.due)
        return await bench.due_at_once(
            sizes.due, "controllers' default limit", most_times=FIVE_TIMES_FASTER
        )


async def _with_raised_limit(cluster: Cluster, sizes: Sizes) -> list[Figure]:
    async with _bench(cluster) as bench:
        told = await bench.ready(sizes.connections)
        told += await bench.at_rest(sizes.connections, sizes.rest_seconds)
        told += await bench.new_one(sizes.connections)
        if sizes.due:
            await bench.settle()
            told += await bench.due_at_once(
                sizes.due, "controllers' limit raised", most_times=NOT_SLOWER
            )
    return told


class _Bench:
    def __init__(
        self, server: ApiServer, namespace: str, kubelet: StubKubelet, operator: psutil.Process
    ) -> None:
        self._server = server
        self._namespace = namespace
        self._kubelet = kubelet
        self._operator = operator

    async def fill(self, count: int) -> float:
        """Make connections and wait until all are Ready; the seconds that took."""
        started = time.monotonic()
        await all_of(count, self._add, at_a_time=AT_A_TIME)
        await self._until_ready(count)
        return time.monotonic() - started

    async def ready(self, count: int) -> list[Figure]:
        """From nothing to Ready, beside bare Jobs that end in the same way."""
        ours = await self.fill(count)
        started = time.monotonic()
        await all_of(count, self._bare_job, at_a_time=AT_A_TIME)
        await self._until(self._bare_jobs_done(count))
        floor = time.monotonic() - started
        name = f"{count:,} new connections until all are Ready, with a stub sync"
        return [figure(name, ours, "s", floor=floor)]

    async def settle(self) -> None:
        """Wait until no sync runs."""

        async def done() -> bool:
            listed = await self._server.get(connections(self._namespace))
            return not any(one.get("status", {}).get("activeJob") for one in listed["items"])

        await self._until(done)

    async def at_rest(self, count: int, seconds: int) -> list[Figure]:
        """What the operator takes where nothing is due."""
        await asyncio.sleep(min(seconds, 15))  # what began before has ended
        written, asked = await self._writes(), await self._requests()
        before = self._operator.cpu_times()
        await asyncio.sleep(seconds)
        after = self._operator.cpu_times()
        spent = after.user + after.system - before.user - before.system
        minutes = seconds / 60
        title = f"operator at rest, {count:,} connections"
        memory = self._operator.memory_full_info().rss / 1e6
        requests = (await self._requests() - asked) / minutes
        writes = await self._writes() - written
        return [
            figure(f"{title}: memory", memory, "MB", most=MOST_MB),
            figure(f"{title}: CPU", spent / minutes, "s/minute"),
            figure(f"{title}: requests but for the lease", requests, "a minute"),
            figure(f"{title}: writes to connections", writes, "sum", most=0),
        ]

    async def due_at_once(self, count: int, title: str, *, most_times: float) -> list[Figure]:
        """Delay from the due minute to each Job, of connections and then of CronJobs."""
        self._kubelet.pause()
        due = _minute_in(20 + count // 20)
        line = f"{due.minute} {due.hour} * * *"
        await all_of(count, lambda n: self._schedule(n, line), at_a_time=AT_A_TIME)
        ours = await self._delays(due, count, CONNECTION)
        self._kubelet.go_on()
        due = _minute_in(20 + count // 20)
        line = f"{due.minute} {due.hour} * * *"
        self._kubelet.pause()
        await all_of(count, lambda n: self._cron_job(n, line), at_a_time=AT_A_TIME)
        native = await self._delays(due, count, "bench/cron")
        self._kubelet.go_on()
        bare = count / await all_of(count, self._bare_job, at_a_time=1)
        name = f"{count} due at once, {title}"
        rate = (count - 1) / max(1e-9, max(ours) - min(ours))
        return [
            figure(
                f"{name}: delay to the Job, median",
                median(ours),
                "s",
                floor=median(native),
                most_times=most_times,
            ),
            figure(
                f"{name}: delay to the Job, p95",
                percentile(ours, 0.95),
                "s",
                floor=percentile(native, 0.95),
                most_times=most_times,
            ),
            figure(f"{name}: Jobs made", rate, "Jobs/s", floor=bare),
        ]

    async def new_one(self, others: int) -> list[Figure]:
        """From applying a connection to its Job while all others are asked to sync."""
        asking = asyncio.create_task(all_of(others, self._ask, at_a_time=AT_A_TIME))
        seen = asyncio.create_task(self._first_job("new"))
        await asyncio.sleep(0.5)
        started = time.monotonic()
        await self._add_named("new")
        async with asyncio.timeout(PATIENCE):
            took = await seen - started
            await asking
        name = f"a new connection's Job while {others:,} others refresh"
        return [figure(name, took, "s", most=MOST_SECONDS)]

    async def _add(self, number: int) -> None:
        await self._add_named(f"c{number}")

    async def _add_named(self, name: str) -> None:
        wanted = Spec(
            provider="beget", credentials_secret_ref=SecretReference(name="bench"), schedule=""
        )
        document = manifest(wanted, name=name, namespace=self._namespace)
        document["spec"]["schedule"] = ""
        await self._server.create(connections(self._namespace), document)

    async def _schedule(self, number: int, line: str) -> None:
        path = f"{connections(self._namespace)}/c{number}"
        await self._server.merge(path, {"spec": {"schedule": line, "timeZone": "Etc/UTC"}})

    async def _ask(self, number: int) -> None:
        path = f"{connections(self._namespace)}/c{number}"
        await self._server.merge(path, {"metadata": {"annotations": {REQUESTED_AT: "now"}}})

    async def _bare_job(self, number: int) -> None:
        name = f"bare-{time.time_ns()}-{number}"
        document = {"metadata": {"name": name, "labels": {"bench/bare": "yes"}}, "spec": _JOB}
        await self._server.create(jobs(self._namespace), document)

    async def _cron_job(self, number: int, line: str) -> None:
        template = {"metadata": {"labels": {"bench/cron": str(number)}}, "spec": _JOB}
        await self._server.create(
            f"/apis/batch/v1/namespaces/{self._namespace}/cronjobs",
            {
                "metadata": {"name": f"cron-{number}-{line.split(maxsplit=1)[0]}"},
                "spec": {"schedule": line, "jobTemplate": template},
            },
        )

    async def _delays(self, due: datetime, count: int, label: str) -> list[float]:
        """Seconds from ``due`` until each of ``count`` Jobs with ``label`` is seen.

        The time of a Job's creation has whole seconds: what counts is when a watch tells of it.
        """
        found: list[float] = []
        async with asyncio.timeout(PATIENCE):
            async for type_, job in self._server.watch(jobs(self._namespace)):
                if type_ == "ADDED" and label in job["metadata"].get("labels", {}):
                    found.append(time.time() - due.timestamp())
                if len(found) == count:
                    return found
        raise RuntimeError("the watch ended")

    async def _first_job(self, name: str) -> float:
        async for type_, job in self._server.watch(jobs(self._namespace)):
            if type_ == "ADDED" and job["metadata"]["labels"].get(CONNECTION) == name:
                return time.monotonic()
        raise RuntimeError("the watch ended")

    async def _until_ready(self, count: int) -> None:
        async def done() -> bool:
            listed = await self._server.get(connections(self._namespace))
            return sum(map(_is_ready, listed["items"])) >= count

        await self._until(done)

    def _bare_jobs_done(self, count: int) -> Condition:
        async def done() -> bool:
            found = await self._server.get(jobs(self._namespace), labelSelector="bench/bare")
            ended = [one for one in found["items"] if one["status"].get("completionTime")]
            return len(ended) >= count

        return done

    async def _until(self, done: Condition) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await done():  # noqa: ASYNC110 (nobody tells; what is asked is far away)
                await asyncio.sleep(0.5)

    async def _requests(self) -> float:
        return await self._server.requests("cloudconnections", "secrets", "events")

    async def _writes(self) -> int:
        """Grows with every write to any connection."""
        listed = await self._server.get(connections(self._namespace))
        return sum(int(one["metadata"]["resourceVersion"]) for one in listed["items"])


_JOB = {
    "template": {
        "spec": {
            "restartPolicy": "Never",
            "containers": [{"name": "c", "image": "bench", "command": ["true"]}],
        }
    }
}


@asynccontextmanager
async def _bench(cluster: Cluster) -> AsyncIterator[_Bench]:
    cluster.kubectl("apply", "--filename", str(CRD))
    cluster.kubectl("wait", "--for=condition=Established", f"crd/{PLURAL}.{GROUP}")
    cluster.kubectl("create", "namespace", "bench")
    server = ApiServer(cluster.kubeconfig)
    kubelet = StubKubelet(server, "bench")
    stub = asyncio.create_task(kubelet.work())
    try:
        with _operator(cluster) as operator:
            yield _Bench(server, "bench", kubelet, operator)
    finally:
        stub.cancel()
        await asyncio.wait({stub})
        await server.close()


@contextmanager
def _control_plane(controller_flags: str) -> Iterator[Cluster]:
    before = os.environ.get("KCM_FLAGS")
    os.environ["KCM_FLAGS"] = controller_flags
    try:
        with (
            tempfile.TemporaryDirectory(prefix="infrazen-bench-") as folder,
            made_here(Path(folder), node=False) as cluster,
        ):
            yield cluster
    finally:
        if before is None:
            del os.environ["KCM_FLAGS"]
        else:
            os.environ["KCM_FLAGS"] = before


@contextmanager
def _operator(cluster: Cluster) -> Iterator[psutil.Process]:
    chosen = {
        "NAMESPACES": "bench",
        "NAMESPACE": "bench",
        "MAX_RUNNING_SYNCS": "2000",
        "MAX_RUNNING_SYNCS_PER_ORGANIZATION": "2000",
        "LONGEST_JITTER_SECONDS": "0",
        "PORT": "0",
    }
    given = {f"INFRAZEN_OPERATOR_{name}": value for name, value in chosen.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "infrazen_operator", "run"],
        env={**cluster.environment, **given, "INFRAZEN_LOG_LEVEL": "WARNING"},
        cwd=ROOT,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _is_ready(resource: dict[str, Any]) -> bool:
    conditions: Sequence[dict[str, str]] = resource.get("status", {}).get("conditions", ())
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _minute_in(seconds: float) -> datetime:
    """The first full minute that is at least ``seconds`` away."""
    later = datetime.now(UTC) + timedelta(seconds=seconds + 60)
    return later.replace(second=0, microsecond=0)
