"""The whole product as one process, the way it is served."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
_UP = ("infrazen", "up", "--host", "127.0.0.1")
_BARE = ("uvicorn", "--factory", "infrazen_ui.infrazen_ui:app", "--ws", "websockets-sansio")
"""Without pages, for what only talks to the server."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running InfraZen: its address, its process and what it logs."""

    url: str
    pid: int
    log: Path


@contextmanager
def served(
    folder: Path,
    *,
    database: str,
    web: Path | None = None,
    port: int = 0,
    schedules: bool = False,
    **more: str,
) -> Iterator[Served]:
    """InfraZen until the block ends, on a port of its own unless ``port`` names one.

    It has pages only with a build in ``web``; syncs run only with ``schedules``.
    """
    command = [*(_UP if web else _BARE), *(["--no-schedules"] if web and not schedules else [])]
    port = port or free_port()
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--port", str(port)],
            cwd=ROOT,
            env=_environment(folder, database, web) | more,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://localhost:{port}"
        _wait(url, process, log)
        yield Served(url, process.pid, log)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(folder: Path, database: str, web: Path | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INFRAZEN_")}
    pages = {
        "REFLEX_WEB_WORKDIR": str(web),
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }
    return {
        **kept,
        **(pages if web else {"REFLEX_WEB_WORKDIR": str(folder / "no-web")}),
        "INFRAZEN_DATA_DIR": str(folder),
        "INFRAZEN_DATABASE_URL": database,
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text()[-2000:]}")
        try:
            if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the server did not answer: {log.read_text()[-2000:]}")
