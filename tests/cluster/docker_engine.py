"""A Docker engine of the tests' own, in namespaces of its own: nothing of it stays."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.kubernetes_cluster import CACHE, Refused
from tests.docs.blocks import ROOT
from tests.waiting import wait_for
from tools.steps import end_group

CLIENT = Path("/usr/bin/docker")
"""What came with the engine; another one on PATH may lack what it builds with."""
WHEELS = "http://127.0.0.1:8080"
"""Where builds that run on the engine's own network find the folders of fetched packages."""
NAMESPACES = ("net", "mount", "pid")
START = """
mount -t tmpfs tmpfs /run
ip link set lo up
python3 -m http.server --bind 127.0.0.1 --directory "$1" 8080 &
exec dockerd --data-root /run/data --exec-root /run/docker --pidfile "$2/pid" \
  --host "unix://$2/docker.sock"
"""
FETCH = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=10).status)"


@dataclass(frozen=True, slots=True)
class Engine:
    """A Docker engine, and the process that holds its network."""

    environment: Mapping[str, str]
    holder: int

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """A ``docker`` command that goes on from the project's folder; both outputs are one."""
        return subprocess.Popen(
            [CLIENT, *words],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str | Path) -> str:
        """What a ``docker`` command said; raises ``Refused`` with that where it failed."""
        process = self.start(*words)
        said, _ = process.communicate()
        if process.returncode:
            raise Refused(said)
        return said

    def status_of(self, url: str) -> int:
        """The status that somebody on the engine's machine gets from ``url``."""
        words = ["nsenter", f"--net=/proc/{self.holder}/ns/net", "python3", "-c", FETCH, url]
        return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


@contextmanager
def docker_engine(folder: Path) -> Iterator[Engine]:
    """An engine that lives as long as the block: its log in ``folder``, its images in memory."""
    kinds = [f"--{kind}" for kind in NAMESPACES]
    alone = ["unshare", *kinds, "--fork", "--kill-child", "--mount-proc", "--propagation=private"]
    # However this process ends, its engine goes with it.
    bound = ["setpriv", "--pdeathsig", "KILL", *alone]
    script = ["sh", "-c", START, "engine", CACHE / "wheels", folder]
    settled = {"DOCKER_HOST": f"unix://{folder}/docker.sock", "DOCKER_BUILDKIT": "1"}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*bound, *script],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
    try:
        engine = Engine(os.environ | settled, process.pid)
        wait_for(lambda: _is_up(engine, folder, process), seconds=60)
        yield engine
    finally:
        end_group(process)
        _remove_control_groups()


def _is_up(engine: Engine, folder: Path, process: subprocess.Popen[str]) -> bool:
    assert process.poll() is None, (folder / "log").read_text()
    with suppress(Refused):
        return bool(engine.run("version"))
    return False


def _remove_control_groups() -> None:
    """What an engine leaves of them, empty; those of another engine are not."""
    for name in ("docker/buildkit", "docker"):
        for group in Path("/sys/fs/cgroup").glob(f"*/{name}"):
            with suppress(OSError):
                group.rmdir()
