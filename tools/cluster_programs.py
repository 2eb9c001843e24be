"""The Kubernetes programs and images that tests/cluster runs, built once into a cache.

Our own images among them are built anew with every change of what goes into them.

    python3 tools/cluster_programs.py    build what is missing

The cache is ``~/.cache/infrazen-test``, or what ``INFRAZEN_TEST_CACHE`` names. A change of
``tests/cluster/kubernetes/versions.env`` builds anew what it concerns.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from images import IMAGES
from steps import ROOT, StepFailed, end_group, end_on_sigterm, run

SCRIPTS = ROOT / "tests/cluster/kubernetes"
PROGRAMS = SCRIPTS / "build-programs.sh"
NODE_IMAGES = SCRIPTS / "build-images.sh"
"""It needs what the first has built, and root, as our own images do."""
LOG = ROOT / ".tools" / "cluster.log"
TAIL_LINES = 25
FIRST_BUILD = "about 30 minutes on two cores, 10 GB of disk"
GENTLY = ("nice", "-n", "19")
"""What is built beside the checks takes only what they leave."""


class Build:
    """A build that goes on in the background until somebody needs what it makes."""

    def __init__(self, missing: Sequence[str]) -> None:
        """Start to build what is ``missing``, if anything is."""
        self.missing = missing
        self._process = _start() if missing else None

    def wait(self) -> bool:
        """Wait for the end; whether all is there. What went wrong is printed."""
        if self._process is None:
            return True
        if self._process.poll() is None:
            print(f"  … waiting for {', '.join(self.missing)}: {LOG}", flush=True)
        if self._process.wait() == 0:
            return True
        lines = LOG.read_text(errors="replace").splitlines()
        said = [line for line in lines if not line.startswith("go: downloading")]
        tail = "\n".join(f"    {line}" for line in said[-TAIL_LINES:])
        print(f"Kubernetes could not be built:\n{tail}\n  Everything it said: {LOG}", flush=True)
        return False

    def end(self) -> None:
        """Stop building; what is ready stays in the cache."""
        if self._process is not None and self._process.poll() is None:
            end_group(self._process)


@contextmanager
def building() -> Iterator[Build]:
    """A build of what is missing, in the background for as long as the block lasts."""
    build = Build(missing())
    if build.missing:
        print(f"Building in the background: {', '.join(build.missing)}", flush=True)
        print(f"  A first build of all takes {FIRST_BUILD}; it is kept.", flush=True)
    try:
        yield build
    finally:
        build.end()


def missing() -> list[str]:
    """The programs and images that are not in the cache at their wanted versions."""
    found = run([PROGRAMS, "--missing"]).split()
    if os.geteuid() == 0:
        found += [f"image {name}" for name in run([NODE_IMAGES, "--missing"]).split()]
        found += [f"image {image.tag}" for image in IMAGES.values() if not image.is_current]
    return found


def _start() -> subprocess.Popen[str]:
    builders = [f"{PROGRAMS}"]
    if os.geteuid() == 0:
        builders += [f"{NODE_IMAGES}", f"{sys.executable} {ROOT / 'tools/images.py'}"]
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        return subprocess.Popen(
            [*GENTLY, "bash", "-c", " && ".join(builders)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


def main() -> int:
    """Build what is missing and wait for it."""
    end_on_sigterm()
    try:
        with building() as build:
            return 0 if build.wait() else 1
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
