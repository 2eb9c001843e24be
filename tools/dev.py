"""The dashboard with hot reload: pages at port 3000, server at 8000, simulated clouds from 8090.

python3 tools/dev.py
"""

import os
import subprocess
import sys
import time

from frontend import build_environment, ensure_bun
from packages import VENV, ensure_packages
from steps import ROOT, StepFailed, end_group, end_on_sigterm, run, step

SIMULATED = {"beget": "8090", "selectel": "8091", "yandex": "8092"}
TRIAL = {
    "INFRAZEN_SIMULATORS": ",".join(
        f"{slug}=http://127.0.0.1:{port}" for slug, port in SIMULATED.items()
    ),
    "INFRAZEN_ALLOW_PRIVATE_ENDPOINTS": "true",
}
REFLEX_AT = ("--backend-host", "127.0.0.1", "--backend-port", "8000", "--frontend-port", "3000")
INFRAZEN = str(VENV / "bin/infrazen")
COMMANDS = (
    *((INFRAZEN, "simulate", slug, "--port", port) for slug, port in SIMULATED.items()),
    (str(VENV / "bin/reflex"), "run", *REFLEX_AT),
)


def main() -> int:
    """Prepare, then run all until one ends or Ctrl-C."""
    end_on_sigterm()
    try:
        prepare()
        run_all()
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def run_all() -> None:
    """Run server and simulators until one of them ends, then end the others."""
    environment = {**os.environ, **build_environment(), **TRIAL}
    options = {"cwd": ROOT, "env": environment, "start_new_session": True, "text": True}
    processes = [subprocess.Popen(command, **options) for command in COMMANDS]
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    finally:
        for process in processes:
            end_group(process)


def prepare() -> None:
    """Install what is missing, and make database and keys ready."""
    ensure_packages("dev")
    ensure_bun()
    with step("Database and keys in .data"):
        run([INFRAZEN, "keys", "status"])
    print(
        "  Sign in as somebody made by `.venv/bin/infrazen user add YOU@EXAMPLE.COM --role owner`"
    )


if __name__ == "__main__":
    sys.exit(main())
