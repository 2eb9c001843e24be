"""Running the command line in this process, and as a process of its own."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infrazen.cli import main
from infrazen.cli.exits import Exit
from infrazen.provider_kit.simulation.control import SimulatorControl

NAME = "beget-main"
PASSWORD = "simulator-password"


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
        """The error it printed because of ``--json``, after notes of a line each."""
        return json.loads(self.err[self.err.index('{\n  "error"') :])["error"]


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Commands set logging up for a process of their own."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = before
    root.setLevel(level)


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


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    """The password of the simulated account, as a person would keep it."""
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return file


@pytest.fixture
def add(infrazen: Run, beget_simulator: SimulatorControl, secret_file: Path) -> Run:
    """Connect the simulated account under a name, with more options where given."""

    def adding(name: str = NAME, *words: str) -> Ran:
        known = ("--set", "login=demo", "--secret-file", str(secret_file))
        where = ("--endpoint", beget_simulator.url)
        return infrazen("connection", "add", "beget", name, *known, *where, *words)

    return adding


@pytest.fixture
def connected(add: Run) -> str:
    """The name of a connection to the simulated account, never synced."""
    ran = add(NAME, "--no-sync")
    assert ran.code == Exit.DONE, ran.err
    return NAME
