"""The operator on an API server with its controllers, beside native CronJobs and bare Jobs.

No node runs the Jobs: what is measured is what the operator does, not how fast a Pod starts.
Where a sync has to end, a stub takes the kubelet's place.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import psutil

from benchmarks.api_server import AT_A_TIME, ApiServer, Document, all_of, connections, jobs
from benchmarks.figures import Figure, figure, percentile
from benchmarks.operator_process import (
    NAMESPACE,
    RAISED,
    control_plane,
    operator,
    requests_of_operator,
)
from benchmarks.stub_kubelet import StubKubelet
from infrazen.manifests.connection import manifest
from infrazen.manifests.names import CONNECTION, REQUESTED_AT
from infrazen.manifests.spec import SecretReference, Spec
from tests.cluster.kubernetes_cluster import Cluster

MOST_MB, MOST_SECONDS, MOST_REQUESTS = 150, 2.0, 10
FIVE_TIMES_FASTER, NOT_SLOWER = 0.2, 1.0
PATIENCE = 900
Condition = Callable[[], bool]


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
        with control_plane("") as cluster:
            limit = "controllers' default limit"
            yield from asyncio.run(_due_alone(cluster, sizes.due, limit, FIVE_TIMES_FASTER))
        with control_plane(RAISED) as cluster:
            limit = "controllers' limit raised"
            yield from asyncio.run(_due_alone(cluster, sizes.due, limit, NOT_SLOWER))
    with control_plane(RAISED) as cluster:
        yield from asyncio.run(_many(cluster, sizes))


async def _due_alone(cluster: Cluster, count: int, limit: str, most_times: float) -> list[Figure]:
    async with _bench(cluster) as bench:
        await bench.fill(count)
        return await bench.due_at_once(count, limit, most_times=most_times)


async def _many(cluster: Cluster, sizes: Sizes) -> list[Figure]:
    async with _bench(cluster) as bench:
        told = await bench.ready(sizes.connections)
        told += await bench.at_rest(sizes.connections, sizes.rest_seconds)
        told += await bench.new_one(sizes.connections)
        if sizes.due:
            await bench.settle()
            limit = f"among {sizes.connections:,}, controllers' limit raised"
            others = sizes.connections - sizes.due
            told += await bench.due_at_once(sizes.due, limit, most_times=NOT_SLOWER, others=others)
    return told


class _Bench:
    def __init__(
        self, server: ApiServer, namespace: str, kubelet: StubKubelet, operator: psutil.Process
    ) -> None:
        self._server = server
        self._namespace = namespace
        self._kubelet = kubelet
        self._operator = operator
        self._connections: dict[str, Document] = {}
        self._bare_done: set[str] = set()

    async def look(self) -> None:
        """Know how connections and bare Jobs are, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_at_connections())
            group.create_task(self._look_at_bare_jobs())

    async def until_led(self) -> None:
        """Wait until the operator has started."""
        leases = f"/apis/coordination.k8s.io/v1/namespaces/{self._namespace}/leases"
        async with asyncio.timeout(PATIENCE):
            while not (await self._server.get(leases))["items"]:  # noqa: ASYNC110 (nobody tells)
                await asyncio.sleep(0.5)

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
        await _until(lambda: len(self._bare_done) >= count)
        floor = time.monotonic() - started
        name = f"{count:,} new connections until all are Ready, with a stub sync"
        return [figure(name, ours, "s", floor=floor)]

    async def settle(self) -> None:
        """Wait until no sync runs, and all that was asked for has run."""
        await _until(lambda: all(map(_is_settled, self._connections.values())))

    async def at_rest(self, count: int, seconds: int) -> list[Figure]:
        """What the operator takes where nothing is due."""
        await asyncio.sleep(min(seconds, 15))  # what began before has ended
        written, asked = await self._writes(), await requests_of_operator(self._server)
        by_all = await self._requests()
        before = self._operator.cpu_times()
        await asyncio.sleep(seconds)
        after = self._operator.cpu_times()
        spent = after.user + after.system - before.user - before.system
        minutes = seconds / 60
        title = f"operator at rest, {count:,} connections"
        memory = self._operator.memory_full_info().rss / 1e6
        requests = (await requests_of_operator(self._server) - asked) / minutes
        by_others = (await self._requests() - by_all) / minutes - requests
        writes = await self._writes() - written
        return [
            figure(f"{title}: memory", memory, "MB", most=MOST_MB),
            figure(f"{title}: CPU", spent / minutes, "s/minute"),
            figure(
                f"{title}: its requests but for the lease",
                requests,
                "a minute",
                most=MOST_REQUESTS,
            ),
            figure(f"{title}: others' for connections, Secrets, Events", by_others, "a minute"),
            figure(f"{title}: writes to connections", writes, "sum", most=0),
        ]

    async def due_at_once(
        self, count: int, title: str, *, most_times: float, others: int = 0
    ) -> list[Figure]:
        """Delay from the due minute to each Job, of connections and then of CronJobs.

        There are as many ``others`` of either that are not due.
        """
        self._kubelet.pause()
        due = _minute_in(20 + count // 20)
        line = f"{due.minute} {due.hour} * * *"
        await all_of(count, lambda n: self._schedule(n, line), at_a_time=AT_A_TIME)
        _check_in_time(due)
        ours = await self._delays(due, count, CONNECTION)
        self._kubelet.go_on()
        await self.settle()
        never = f"0 0 {(due - timedelta(days=2)):%d %m} *"
        await all_of(others, lambda n: self._cron_job(n, never), at_a_time=AT_A_TIME)
        due = _minute_in(20 + count // 20)
        line = f"{due.minute} {due.hour} * * *"
        self._kubelet.pause()
        await all_of(count, lambda n: self._cron_job(n, line), at_a_time=AT_A_TIME)
        _check_in_time(due)
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
                "metadata": {"name": f"cron-{number}-{'-'.join(line.split()[:2])}"},
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
        await _until(lambda: sum(map(_is_ready, self._connections.values())) >= count)

    async def _look_at_connections(self) -> None:
        async for one in self._server.objects(connections(self._namespace)):
            self._connections[one["metadata"]["name"]] = one

    async def _look_at_bare_jobs(self) -> None:
        async for one in self._server.objects(jobs(self._namespace), labelSelector="bench/bare"):
            if one["status"].get("completionTime"):
                self._bare_done.add(one["metadata"]["name"])

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
    server = ApiServer(cluster.kubeconfig)
    kubelet = StubKubelet(server, NAMESPACE)
    try:
        with operator(cluster) as process:
            bench = _Bench(server, NAMESPACE, kubelet, process)
            # A group, so that what breaks off is told and not waited for.
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(kubelet.work()), group.create_task(bench.look())]
                await bench.until_led()
                yield bench
                for task in tasks:
                    task.cancel()
    finally:
        await server.close()


async def _until(done: Condition) -> None:
    async with asyncio.timeout(PATIENCE):
        while not done():  # noqa: ASYNC110 (what changes is told to a dictionary)
            await asyncio.sleep(0.1)


def _is_settled(resource: Document) -> bool:
    status = resource.get("status", {})
    asked = resource["metadata"].get("annotations", {}).get(REQUESTED_AT)
    return not status.get("activeJob") and asked == status.get("lastHandledReconcileAt")


def _is_ready(resource: dict[str, Any]) -> bool:
    conditions: Sequence[dict[str, str]] = resource.get("status", {}).get("conditions", ())
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _check_in_time(due: datetime) -> None:
    if datetime.now(UTC) >= due:
        raise RuntimeError("the machine is too busy: not all was there before it was due")


def _minute_in(seconds: float) -> datetime:
    """The first full minute that is at least ``seconds`` away."""
    later = datetime.now(UTC) + timedelta(seconds=seconds + 60)
    return later.replace(second=0, microsecond=0)
