"""Running the command line in this process, and as a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infrazen.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its result."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error it printed because of ``--json``."""
        return json.loads(self.err)["error"]


Run = Callable[..., Ran]


@pytest.fixture
def infrazen(database: Any, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``infrazen`` with the given words, on a fresh database."""

    def run(*words: str) -> Ran:
        code = main(words)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


@pytest.fixture
def fresh_infrazen(data_dir: Path) -> Run:
    """Run ``infrazen`` as a process where nothing has been prepared yet."""

    def run(*words: str, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "infrazen", *words],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
