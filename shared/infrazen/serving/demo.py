"""The demo of an installation: its simulators in this process, its builds as processes.

One process of several keeps it: the one that schedules syncs, for the demo's simulators listen
on this machine alone.
"""

import logging
import subprocess  # a fixed command line of our own
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from infrazen.demo.clouds import demo_clouds
from infrazen.demo.upkeep import Due, due, lead_home
from infrazen.domain.periods import utc_now
from infrazen.errors import InfraZenError
from infrazen.serving.processes import end_with_parent

logger = logging.getLogger(__name__)

TURN_SECONDS = 3.0
STOP_SECONDS = 3
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 600.0
"""Seconds until a build that failed is tried again, doubling each time."""


class DemoKeeper:
    """Has the demo built where it is missing, of another day, or was played with."""

    def __init__(self, home: Mapping[str, str]) -> None:
        self._home = home
        self._leads: Callable[[], bool] = lambda: False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo", daemon=True)
        self._build: subprocess.Popen[bytes] | None = None
        self._pause, self._next_at = FIRST_PAUSE, 0.0

    def start(self) -> None:
        """Begin: a demo that is missing is built at once."""
        self._thread.start()

    def follow(self, leads: Callable[[], bool]) -> None:
        """From now on keep the demo as long as ``leads`` says that this process is the one."""
        self._leads = leads

    def stop(self) -> None:
        """End a build that is under way; nobody has seen anything of it."""
        self._stopped.set()
        self._thread.join()
        if self._build is not None and self._build.poll() is None:
            self._build.terminate()
            try:
                self._build.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._build.kill()
                self._build.wait()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._turn()
            except InfraZenError as error:
                logger.warning("the demo is looked after again after: %s", error)
            self._stopped.wait(TURN_SECONDS)

    def _turn(self) -> None:
        if self._build is not None:
            self._settle(self._build)
            return
        leads = self._leads()
        if leads:
            lead_home(self._home)
        why = due(utc_now()) if monotonic() >= self._next_at else None
        if why is Due.MISSING or (why is not None and leads):
            logger.info("the demo is built: %s", why)
            self._build = self._begin()

    def _begin(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603
            build_command(self._home),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )

    def _settle(self, build: subprocess.Popen[bytes]) -> None:
        code = build.poll()
        if code is None:
            return
        self._build = None
        if code == 0:
            self._pause = FIRST_PAUSE
            return
        logger.warning("the demo could not be built (%s); again in %.0f s", code, self._pause)
        self._next_at = monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)


def build_command(home: Mapping[str, str]) -> list[str]:
    """The command line of a build whose connections lead to ``home``."""
    words = [word for slug, url in home.items() for word in ("--home", f"{slug}={url}")]
    return [sys.executable, "-m", "infrazen", "demo", "--quiet", *words]


@contextmanager
def kept_demo() -> Iterator[DemoKeeper]:
    """Simulators for the demo's connections and its keeper, until the block ends."""
    with demo_clouds() as clouds:
        keeper = DemoKeeper(clouds.urls)
        try:
            yield keeper
        finally:
            keeper.stop()
