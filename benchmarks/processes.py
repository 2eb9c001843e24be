"""Commands as processes of their own, and what they took."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What a process took: wall and CPU seconds, peak resident memory; and what it printed."""

    wall: float
    cpu: float
    mb: float
    out: str


def took(*words: str, folder: Path, environment: Mapping[str, str]) -> Took:
    """Run Python with ``words`` to its end; raises where it fails."""
    target = folder / "took.json"
    launcher = [sys.executable, "-S", "-E", str(Path(__file__).with_name("took.py")), str(target)]
    done = subprocess.run(
        [*launcher, sys.executable, *words],
        env={**_clean(), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.returncode}\n{done.stderr or done.stdout}")
    return Took(out=done.stdout, **json.loads(target.read_text()))


def _clean() -> dict[str, str]:
    # Bytecode is kept, as it is wherever InfraZen is installed.
    ours = ("INFRAZEN_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
