"""A kubelet that runs nothing: every Pod has ended well as soon as it is there."""

import asyncio
import json
from datetime import UTC, datetime
from uuid import uuid4

from benchmarks.api_server import ApiServer, Document


class StubKubelet:
    """Ends the Pods of one namespace while it is not paused."""

    def __init__(self, server: ApiServer, namespace: str) -> None:
        self._server = server
        self._path = f"/api/v1/namespaces/{namespace}/pods"
        self._goes = asyncio.Event()
        self._goes.set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        """End Pods until cancelled."""
        async for type_, pod in self._server.watch(self._path):
            if type_ == "ADDED":
                task = asyncio.create_task(self._end(pod))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def pause(self) -> None:
        """Leave new Pods as they are."""
        self._goes.clear()

    def go_on(self) -> None:
        """End all that wait, and those that come."""
        self._goes.set()

    async def _end(self, pod: Document) -> None:
        await self._goes.wait()
        name = pod["metadata"]["name"]
        await self._server.merge(f"{self._path}/{name}/status", {"status": _ended(pod)})


def _ended(pod: Document) -> Document:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    job = pod["metadata"].get("labels", {}).get("job-name", "")
    result = {
        "snapshotId": str(uuid4()),
        "jobName": job,
        "trigger": "Manual",
        "phase": "Succeeded",
        "startTime": now,
        "completionTime": now,
        "resources": {"found": 10, "created": 0, "updated": 0, "deleted": 0, "unchanged": 10},
        "endpoints": [],
    }
    terminated = {
        "exitCode": 0,
        "reason": "Completed",
        "startedAt": now,
        "finishedAt": now,
        "message": json.dumps(result),
    }
    containers = [
        {
            "name": one["name"],
            "image": one["image"],
            "imageID": "",
            "ready": False,
            "restartCount": 0,
            "state": {"terminated": terminated},
        }
        for one in pod["spec"]["containers"]
    ]
    return {"phase": "Succeeded", "startTime": now, "containerStatuses": containers}
