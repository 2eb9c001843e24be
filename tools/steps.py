"""Steps of a set-up: each shown with its time, its output kept in a log.

Commands run in a process group of their own, so that ending a set-up in the middle ends
everything that it started.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / ".tools" / "setup.log"
TAIL_LINES = 15


class StepFailed(Exception):
    """A step did not work out; the message says what to do."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show ``title`` and, when the block ends well, the seconds that it took."""
    started = time.monotonic()
    live = "\r" if sys.stdout.isatty() else ""
    if live:
        print(f"  … {title}", end="", flush=True)
    yield
    print(f"{live}  ✓ {title:<58} {time.monotonic() - started:5.1f} s", flush=True)


def run(
    command: Sequence[str | Path], *, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
) -> str:
    """Run ``command`` quietly and return what it printed; raise ``StepFailed`` with its end."""
    words = [str(word) for word in command]
    process = subprocess.Popen(
        words,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        end_group(process)
        raise
    _keep(words, output)
    if process.returncode:
        raise StepFailed(f"{words[0]} failed:\n{_tail(output)}\n  Everything it said: {LOG}")
    return output


def end_group(process: subprocess.Popen[str]) -> None:
    """End ``process`` and all that it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=5)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def end_on_sigterm() -> None:
    """Treat SIGTERM like Ctrl-C, so that clean-up runs for both."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def _keep(words: list[str], output: str) -> None:
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(words)}\n{output}\n")


def _tail(output: str) -> str:
    return "\n".join(f"    {line}" for line in output.strip().splitlines()[-TAIL_LINES:])
