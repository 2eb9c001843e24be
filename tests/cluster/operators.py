"""The operator as a process on a cluster, and a kubelet's part played by hand.

On a control plane nothing runs pods: the Job controller makes them, and ``end`` says of them
what a kubelet would. The controller then closes the Job as always.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from lightkube.config.client_adapter import Client, ConnectionParams
from lightkube.config.kubeconfig import KubeConfig

from infrazen.domain.syncs import Phase, Trigger
from infrazen.manifests.names import CONNECTION, KIND, PURPOSE, REQUESTED_AT, Purpose
from infrazen.manifests.status import Cost, Found, LastSync, Rate
from infrazen_operator.kinds import CONNECTIONS, EVENTS, JOBS, PODS, Kind
from infrazen_operator.passes import Rows
from tests.cluster.kubernetes_cluster import WHOLE_CONFIG, Cluster
from tests.waiting import wait_for

T = TypeVar("T")

PATIENCE = 90.0

_PORT = re.compile(r"answered on port (\d+)")
_TROUBLE = ("Traceback", "no plan could be made")


@dataclass
class Process:
    """A running operator (or its watch of Secrets) and what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    def ask(self, path: str) -> str:
        """What it answers on its port, well or not."""
        found = patiently(lambda: _PORT.search(self.said))
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{found[1]}{path}", timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.read().decode()

    def figure(self, name: str) -> float:
        """One of its metrics without its prefix, such as ``leader``; a sum over its labels."""
        line = rf"^infrazen_operator_{name}(?:\{{.*\}})? (\S+)$"
        return sum(map(float, re.findall(line, self.ask("/metrics"), re.MULTILINE)))

    def leads(self) -> bool:
        return self.ask("/readyz").strip() == "leads"

    def kill(self) -> None:
        """As a node that loses power does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As Kubernetes does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@contextmanager
def running(
    cluster: Cluster, folder: Path, *, command: str = "run", name: str = "operator", **settings: Any
) -> Iterator[Process]:
    """A process that serves until the block ends; it must not have met what it did not expect."""
    variables = {f"INFRAZEN_OPERATOR_{key.upper()}": str(value) for key, value in settings.items()}
    variables |= {"INFRAZEN_OPERATOR_PORT": "0", "INFRAZEN_OPERATOR_IDENTITY": name}
    log = folder / f"{name}-{command}-{len(list(folder.iterdir()))}.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "infrazen_operator", command],
            env={**os.environ, **cluster.environment, **variables},
            stdout=file,
            stderr=file,
        )
    try:
        served = Process(process, log)
        yield served
        if process.poll() is None:
            assert served.stop() == 0, served.said
    finally:
        process.kill()
        process.wait()
    assert not any(trouble in served.said for trouble in _TROUBLE), served.said


class Cable:
    """What lies between an operator and the API server, and can be cut."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        config = json.loads(cluster.kubectl(*WHOLE_CONFIG, "--output", "json"))
        server = urllib.parse.urlsplit(config["clusters"][0]["cluster"]["server"])
        self._there = (server.hostname, server.port)
        self._ends: list[socket.socket] = []
        self._is_cut = False
        self._door = socket.create_server(("127.0.0.1", 0))
        here = f"https://127.0.0.1:{self._door.getsockname()[1]}"
        config["clusters"][0]["cluster"] |= {"server": here, "tls-server-name": "localhost"}
        file = folder / "cable.kubeconfig"
        file.write_text(json.dumps(config))
        self.cluster = replace(cluster, kubeconfig=file)
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        self._is_cut = True
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        self._door.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._there)
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@dataclass
class Bench:
    """A namespace of a cluster with connections, and what becomes of them.

    Whatever is asked often is asked over one connection: a kubectl takes its time to start.
    """

    cluster: Cluster
    namespace: str
    folder: Path
    http: httpx2.Client

    def elsewhere(self, namespace: str) -> "Bench":
        """The same in another namespace."""
        return replace(self, namespace=namespace)

    def operator(
        self,
        *,
        name: str = "operator",
        command: str = "run",
        as_: Cluster | None = None,
        **settings: Any,
    ) -> contextlib.AbstractContextManager[Process]:
        """An operator for this namespace alone, as the user of a cluster."""
        basic = {"namespaces": self.namespace, "namespace": self.namespace}
        return running(
            as_ or self.cluster, self.folder, command=command, name=name, **basic | settings
        )

    def ask(
        self, method: str, kind: Kind, name: str = "", *, part: str = "", **more: Any
    ) -> dict[str, Any]:
        """The API server's answer; raises for a refusal."""
        answer = self.http.request(method, kind.path(self.namespace, name, part), **more)
        answer.raise_for_status()
        return answer.json()

    def listed(self, kind: Kind, **selectors: str) -> list[dict[str, Any]]:
        """Objects of a kind, in the order in which they were written last."""
        found = self.ask("GET", kind, params=selectors)["items"]
        return sorted(found, key=lambda one: int(one["metadata"]["resourceVersion"]))

    def watched(self, kind: Kind) -> Iterator[dict[str, Any]]:
        """Objects of a kind, each as often as it changes from now on."""
        since = self.ask("GET", kind)["metadata"]["resourceVersion"]
        return self._watched(kind, {"watch": "true", "resourceVersion": since})

    def _watched(self, kind: Kind, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
        path = kind.path(self.namespace)
        with self.http.stream("GET", path, params=asked, timeout=PATIENCE) as stream:
            for line in stream.iter_lines():
                yield json.loads(line)["object"]

    def patch(self, kind: Kind, name: str, document: Any, *, part: str = "") -> None:
        """Merge ``document`` into an object or into a part of it."""
        headers = {"Content-Type": "application/merge-patch+json"}
        self.ask("PATCH", kind, name, part=part, json=document, headers=headers)

    def delete(self, kind: Kind, name: str) -> None:
        how = {"propagationPolicy": "Background"}
        self.ask("DELETE", kind, name, json=how)

    def apply(self, *documents: dict[str, Any]) -> None:
        self.cluster.apply(*documents, namespace=self.namespace)

    def set_secret(self, password: str) -> None:
        """Write the Secret that connections refer to."""
        about = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "beget-main"}}
        self.apply(about | {"stringData": {"login": "acme", "password": password}})

    def connection(self, name: str = "beget-main") -> dict[str, Any]:
        return self.ask("GET", CONNECTIONS, name)

    def status(self, name: str = "beget-main") -> dict[str, Any]:
        return self.connection(name).get("status", {})

    def condition(self, type_: str, name: str = "beget-main") -> dict[str, Any]:
        conditions = self.status(name).get("conditions", ())
        return next((one for one in conditions if one["type"] == type_), {})

    def change(self, name: str = "beget-main", **spec: Any) -> None:
        self.patch(CONNECTIONS, name, {"spec": spec})

    def ask_for_sync(self, value: str, name: str = "beget-main") -> None:
        self.patch(CONNECTIONS, name, {"metadata": {"annotations": {REQUESTED_AT: value}}})

    def jobs(self, name: str = "", *, purpose: Purpose = Purpose.SYNC) -> list[dict[str, Any]]:
        """Jobs of a connection, or of all, for a purpose."""
        selector = f"{PURPOSE}={purpose}" + (f",{CONNECTION}={name}" if name else "")
        return self.listed(JOBS, labelSelector=selector)

    def wait_for_job(self, number: int = 1, *, purpose: Purpose = Purpose.SYNC) -> dict[str, Any]:
        """The one Job that has not ended, beside ``number - 1`` earlier ones."""
        jobs = patiently(lambda: len(found := self.jobs(purpose=purpose)) >= number and found)
        assert len(jobs) == number, [job["metadata"]["name"] for job in jobs]
        return next(job for job in jobs if not has_ended(job))

    def end(self, *jobs: dict[str, Any], told: LastSync | None = None, code: int = 0) -> None:
        """Let the pods of Jobs end with an exit code and a termination message."""
        names = {job["metadata"]["name"] for job in jobs}

        def pods() -> list[dict[str, Any]]:
            found = self.listed(PODS, labelSelector="job-name")
            return [pod for pod in found if pod["metadata"]["labels"]["job-name"] in names]

        patiently(lambda: len(pods()) == len(names))
        for pod in pods():
            status = pod_that_ended(pod, told, code=code)
            self.patch(PODS, pod["metadata"]["name"], {"status": status}, part="status")

    def events(self) -> set[tuple[str, str]]:
        """Types and reasons of what was told of connections."""
        return {
            (event["type"], event["reason"])
            for event in self.listed(EVENTS)
            if event["regarding"]["kind"] == KIND
        }


@contextmanager
def bench(cluster: Cluster, namespace: str, folder: Path) -> Iterator[Bench]:
    """A bench that keeps its connection to the API server for as long as the block."""
    config = KubeConfig.from_file(cluster.kubeconfig).get()
    assert config is not None
    with Client(config, ConnectionParams(trust_env=False)) as http:
        yield Bench(cluster, namespace, folder, http)


def patiently(condition: Callable[[], T]) -> T:
    """What ``condition`` returns once it is true, on a machine that may be busy."""
    return wait_for(condition, seconds=PATIENCE)


def has_ended(job: dict[str, Any]) -> bool:
    conditions = job.get("status", {}).get("conditions", ())
    return any(
        one["type"] in {"Complete", "Failed"} and one["status"] == "True" for one in conditions
    )


def pod_that_ended(pod: dict[str, Any], result: LastSync | None, *, code: int) -> dict[str, Any]:
    """The status of ``pod`` as a kubelet leaves it."""
    message = result.model_dump_json(by_alias=True, exclude_none=True) if result else ""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    ended = {
        "exitCode": code,
        "reason": "Error" if code else "Completed",
        "message": message,
        "startedAt": now,
        "finishedAt": now,
    }
    container = pod["spec"]["containers"][0]
    return {
        "phase": "Failed" if code else "Succeeded",
        "containerStatuses": [
            {
                "name": container["name"],
                "image": container["image"],
                "imageID": "",
                "ready": False,
                "restartCount": 0,
                "state": {"terminated": ended},
            }
        ],
    }


class Pass(LastSync):
    """What a pass of a purge leaves."""

    purge: Rows


def passed(*, erased: int, left: int) -> Pass:
    """What a pass leaves that erased so many of a hundred rows."""
    rows = Rows(erased=erased, total=100, left=left)
    return Pass(**result(trigger=Trigger.MANUAL).model_dump(), purge=rows)


def result(
    phase: Phase = Phase.SUCCEEDED, *, trigger: Trigger = Trigger.SPEC, **more: Any
) -> LastSync:
    """What a sync leaves."""
    now = datetime.now(UTC)
    rate = Rate(daily="60.73", monthly="1847.00")
    facts: dict[str, Any] = {
        "connection_id": "0190a5b2-0000-7000-8000-000000000001",
        "snapshot_id": "0190a5b2-0000-7000-8000-000000000002",
        "resources": Found(found=10, unchanged=10),
        "cost": Cost(currency="RUB", payable=rate, listed=rate),
    }
    return LastSync(
        trigger=trigger, phase=phase, start_time=now, completion_time=now, **facts | more
    )
