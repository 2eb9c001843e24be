"""A kubelet that carries out what Jobs command, as processes of this machine.

What an image has is there in the sources, so a pod's command runs here with the pod's variables,
its Secrets' values among them, and its end is told as a kubelet tells it. It can be killed.
"""

import os
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infrazen_operator.job_pod import TERMINATION_LOG
from infrazen_operator.kinds import PODS
from tests.cluster.operators import Bench, pod_that_ended

PAUSE = 0.1
KILLED = 137
"""What a container runtime says of a process that ``kill -9`` ended."""
Pod = dict[str, Any]


@dataclass
class Workers:
    """The processes of a namespace's pods, by the pods' names."""

    bench: Bench
    surroundings: dict[str, str]
    _at_work: dict[str, tuple[Pod, subprocess.Popen[bytes]]] = field(default_factory=dict)

    def kill(self) -> None:
        """Kill -9 all that run."""
        for _, process in self._at_work.values():
            process.kill()

    def end(self) -> None:
        """Kill them, and wait until they have gone."""
        self.kill()
        for _, process in self._at_work.values():
            process.wait()

    def look(self) -> None:
        """Start what waits, and tell of what has ended."""
        for pod in self.bench.listed(PODS, fieldSelector="status.phase=Pending"):
            if pod["metadata"]["name"] not in self._at_work:
                self._start(pod)
        for name, (pod, process) in list(self._at_work.items()):
            code = process.poll()
            if code is not None:
                self._tell_end(pod, KILLED if code < 0 else code)
                del self._at_work[name]

    def _start(self, pod: Pod) -> None:
        name, container = pod["metadata"]["name"], pod["spec"]["containers"][0]
        log = self._log(name)
        log.touch()
        command = [str(log) if word == TERMINATION_LOG else word for word in container["command"]]
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env={**os.environ, **self._variables(container), **self.surroundings},
        )
        self._at_work[name] = (pod, process)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        status = pod_that_ended(pod, None, code=0)
        status["phase"] = "Running"
        status["containerStatuses"][0]["state"] = {"running": {"startedAt": now}}
        self._write(name, status)

    def _tell_end(self, pod: Pod, code: int) -> None:
        name = pod["metadata"]["name"]
        status = pod_that_ended(pod, None, code=code)
        ended = status["containerStatuses"][0]["state"]["terminated"]
        ended["message"] = self._log(name).read_text()
        self._write(name, status)

    def _write(self, name: str, status: dict[str, Any]) -> None:
        self.bench.patch(PODS, name, {"status": status}, part="status")

    def _log(self, name: str) -> Path:
        return self.bench.folder / f"{name}.termination-log"

    def _variables(self, container: Pod) -> dict[str, str]:
        plain = {one["name"]: one["value"] for one in container["env"] if "value" in one}
        secret = [one for one in container["env"] if "valueFrom" in one]
        return plain | {one["name"]: value for one in secret for value in self._values(one)}

    def _values(self, variable: Pod) -> list[str]:
        """The value that a variable has of a Secret; none where the Secret lacks the key."""
        wanted = variable["valueFrom"]["secretKeyRef"]
        path = f"/api/v1/namespaces/{self.bench.namespace}/secrets/{wanted['name']}"
        data = self.bench.http.get(path).raise_for_status().json()["data"]
        return [b64decode(data[wanted["key"]]).decode()] if wanted["key"] in data else []


@contextmanager
def at_work(bench: Bench, **surroundings: str) -> Iterator[Workers]:
    """Workers for as long as the block; ``surroundings`` are variables that go before a pod's."""
    workers = Workers(bench, surroundings)
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(PAUSE):
            workers.look()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield workers
    finally:
        stop.set()
        thread.join()
        workers.end()
