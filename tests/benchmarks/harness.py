"""Running one part of `make bench` in small."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIELDS = ["name", "figure", "unit", "floor", "ratio", "aim", "met"]


def measured(part, tmp_path):
    """The figures of ``part`` by name, in the promised form."""
    output = tmp_path / "bench.json"
    command = [sys.executable, "benchmarks/run.py", "--small", "--only", part]
    done = subprocess.run(
        [*command, "--output", str(output)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(output.read_text())
    assert all(list(one) == FIELDS for one in found)
    assert all(one["figure"] >= 0 for one in found)
    assert all((one["aim"] is None) == (one["met"] is None) for one in found)
    return {one["name"]: one for one in found}
