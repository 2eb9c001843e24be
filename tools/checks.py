"""Everything that must hold: format, lint, types, layers, tests; each with its time.

    python3 tools/checks.py            the fast ones
    python3 tools/checks.py --all      all, with PostgreSQL, a browser and a Kubernetes
    python3 tools/checks.py --prepare  only install what checks need

What is missing is installed: Python packages always, Debian's where this is root on
Debian; elsewhere the message says what to install. The Kubernetes programs that some tests
need are built while the others run, and kept.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from cluster_programs import building
from frontend import build_environment, ensure_frontend
from lanes import LOGS, Check, Outcome, Stage, run_stage
from packages import VENV, as_root, ensure_packages
from steps import ROOT, StepFailed, end_on_sigterm

BIN = VENV / "bin"
PYTEST = (str(BIN / "pytest"), "--quiet")
UNIT = "not postgres and not browser"


@dataclass(frozen=True, slots=True)
class DebianPackage:
    """A package of Debian's, and a command or file that shows that it is installed."""

    name: str
    shows: str

    @property
    def is_missing(self) -> bool:
        """Whether it still has to be installed."""
        if not self.shows.startswith("/"):
            return shutil.which(self.shows) is None
        return not any(Path("/").glob(self.shows.removeprefix("/")))


PACKAGES = (
    DebianPackage("chromium", "chromium"),
    DebianPackage("fonts-dejavu-core", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    DebianPackage("lua5.1", "lua5.1"),
    DebianPackage("postgresql", "/usr/lib/postgresql/*/bin/initdb"),
    DebianPackage("redis-server", "redis-server"),
)
NODE_PACKAGES = (
    DebianPackage("buildah", "buildah"),
    DebianPackage("containernetworking-plugins", "/usr/lib/cni/bridge"),
    DebianPackage("debootstrap", "debootstrap"),
    DebianPackage("docker.io", "dockerd"),
    DebianPackage("golang-go", "go"),
    DebianPackage("iproute2", "ip"),
    DebianPackage("iptables", "iptables"),
    DebianPackage("nftables", "nft"),
    DebianPackage("openssl", "openssl"),
    DebianPackage("procps", "pgrep"),
    DebianPackage("runc", "runc"),
)
"""What a Kubernetes node and images are made of here; without root there are none."""
FAST = (
    Check("Format (ruff)", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
    Check("Lint (ruff)", (str(BIN / "ruff"), "check", "--quiet", ".")),
    Check("Types of library and operator (mypy)", (str(BIN / "mypy"),)),
    Check("Types of the UI (pyright)", (str(BIN / "pyright"),)),
    Check("Layers (import-linter)", (str(BIN / "lint-imports"),)),
)
ELSEWHERE = tuple(f"--ignore=tests/{name}" for name in ("ui", "e2e", "cluster", "chart"))
UNIT_TESTS = Check("Unit tests", (*PYTEST, "-m", UNIT, *ELSEWHERE))
# Reflex keeps one register of states a process, so pages are tested in a process of their own.
UI_TESTS = Check("Tests of the pages", (*PYTEST, "-m", UNIT, "tests/ui"))
POSTGRES_TESTS = Check(
    "Tests on PostgreSQL", (*PYTEST, "-m", "postgres and not browser", "--ignore=tests/cluster")
)
BROWSER_TESTS = Check("Tests in a browser", (*PYTEST, "tests/e2e"))
CHART_TESTS = Check("Tests of the chart", (*PYTEST, "tests/chart"), on_kubernetes=True)
API_SERVER_TESTS = Check(
    "Tests on a Kubernetes API server",
    (*PYTEST, "-m", "cluster and not node", "tests/cluster"),
    on_kubernetes=True,
)
NODE_TESTS = Check(
    "Tests on a Kubernetes node", (*PYTEST, "-m", "node", "tests/cluster"), on_kubernetes=True
)
QUICK: Stage = ((*FAST, UNIT_TESTS), (UI_TESTS,))
ALL: tuple[Stage, ...] = (
    ((*FAST, UNIT_TESTS, POSTGRES_TESTS), (UI_TESTS, BROWSER_TESTS)),
    # Chromium gives up a page when a network comes or goes beside it, as clusters make them do.
    ((NODE_TESTS,), (CHART_TESTS, API_SERVER_TESTS)),
)


def prepare(*, everything: bool) -> None:
    """Install what the checks need."""
    ensure_packages("dev")
    if everything:
        wanted = PACKAGES + (NODE_PACKAGES if makes_cluster() else ())
        missing = [package.name for package in wanted if package.is_missing]
        if missing and not as_root(*missing):
            raise StepFailed(f"Install first: sudo apt-get install -y {' '.join(missing)}")
        ensure_frontend()


def makes_cluster() -> bool:
    """Whether tests make a Kubernetes here: root does, unless a variable names another one."""
    instead = os.environ.get("KUBECONFIG") or os.environ.get("KUBEBUILDER_ASSETS")
    return os.geteuid() == 0 and not instead


def run_all(stages: Sequence[Stage]) -> list[str]:
    """Run every check and return the titles of those that failed."""
    print(f"What each check says while it runs: {LOGS.relative_to(ROOT)}", flush=True)
    clusters = [_is_on_kubernetes(stage) for stage in stages]
    outcomes: list[Outcome] = []
    with building() if any(clusters) and makes_cluster() else nullcontext() as build:
        for stage, needs_cluster in zip(stages, clusters, strict=True):
            if needs_cluster and build is not None and not build.wait():
                outcomes += [
                    Outcome(check, passed=False, seconds=0) for lane in stage for check in lane
                ]
            else:
                outcomes += run_stage(stage, _environment())
    return _summed_up(outcomes)


def _is_on_kubernetes(stage: Stage) -> bool:
    return any(check.on_kubernetes for lane in stage for check in lane)


def _summed_up(outcomes: Sequence[Outcome]) -> list[str]:
    print("\nSummary")
    for one in outcomes:
        print(f"  {'✓' if one.passed else '✗'} {one.check.title:<58} {one.seconds:6.1f} s")
    failed = [one.check.title for one in outcomes if not one.passed]
    print(f"\n{len(outcomes) - len(failed)} passed, {len(failed)} failed", flush=True)
    return failed


def _environment() -> dict[str, str]:
    built = build_environment() if (ROOT / ".tools/registry").exists() else {}
    return {**os.environ, **built}


def main() -> int:
    """Run the command line; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="with PostgreSQL, a browser, Kubernetes")
    parser.add_argument("--prepare", action="store_true", help="only install what is needed")
    arguments = parser.parse_args()
    end_on_sigterm()
    try:
        prepare(everything=arguments.all or arguments.prepare)
        if arguments.prepare:
            return 0
        return 1 if run_all(ALL if arguments.all else (QUICK,)) else 0
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
