"""From a bare machine to the dashboard: install what is missing, build, start.

python3 tools/run.py [options of `infrazen up`]
"""

import os
import sys
import time

from frontend import ensure_frontend
from packages import VENV, ensure_packages
from steps import ROOT, StepFailed, end_on_sigterm


def main() -> int:
    """Prepare everything, then become ``infrazen up``; return only where that failed."""
    end_on_sigterm()
    try:
        prepare()
    except StepFailed as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the next `make run` goes on from here.")
        return 130
    os.chdir(ROOT)
    infrazen = str(VENV / "bin/infrazen")
    return os.execv(infrazen, [infrazen, "up", "--trial", "--demo", *sys.argv[1:]])


def prepare() -> None:
    """Install and build what is missing or has changed."""
    started = time.monotonic()
    print("InfraZen: preparing (only what is missing or has changed)", flush=True)
    ensure_packages("ui")
    ensure_frontend()
    print(f"  ✓ Ready to start after {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
