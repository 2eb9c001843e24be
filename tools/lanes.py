"""Commands that run side by side, in lanes: each prints what it said once it has ended.

A stage is done when all of its lanes are; the next one starts then.
"""

import subprocess
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steps import ROOT, end_group

LOGS = ROOT / ".tools" / "checks"
"""What each check says, as it says it."""
SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True, slots=True)
class Check:
    """A command that must succeed."""

    title: str
    command: tuple[str, ...]
    on_kubernetes: bool = False

    @property
    def log(self) -> str:
        """The name of the file with what it says."""
        words = "".join(one if one.isalnum() else " " for one in self.title.lower()).split()
        return f"{'-'.join(words)}.log"


Lane = Sequence[Check]
Stage = Sequence[Lane]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended."""

    check: Check
    passed: bool
    seconds: float


class _Running:
    """A check at work."""

    def __init__(self, check: Check, environment: Mapping[str, str]) -> None:
        self._check, self._started = check, time.monotonic()
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / check.log).open("w") as log:
            self.process = subprocess.Popen(
                check.command,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )

    def outcome(self) -> Outcome | None:
        """How it ended, once it has."""
        code = self.process.poll()
        if code is None:
            return None
        return Outcome(self._check, code == 0, time.monotonic() - self._started)


def run_stage(stage: Stage, environment: Mapping[str, str]) -> list[Outcome]:
    """Run the lanes side by side; where this is ended, all that runs is ended too."""
    waiting = [deque(lane) for lane in stage if lane]
    running: dict[int, _Running] = {}
    outcomes: list[Outcome] = []
    try:
        while running or any(waiting):
            for lane, checks in enumerate(waiting):
                if lane in running and (outcome := running[lane].outcome()):
                    del running[lane]
                    outcomes.append(outcome)
                    _show(outcome)
                if lane not in running and checks:
                    running[lane] = _Running(checks.popleft(), environment)
            time.sleep(SECONDS_BETWEEN_LOOKS)
    except BaseException:
        for one in running.values():
            end_group(one.process)
        raise
    return outcomes


def _show(outcome: Outcome) -> None:
    check = outcome.check
    print(f"\n── {check.title}: {'passed' if outcome.passed else 'failed'}", flush=True)
    print((LOGS / check.log).read_text(errors="replace"), end="", flush=True)
