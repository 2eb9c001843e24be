"""The simulators behind the demo's connections: on this machine, in this process."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime

from infrazen.demo.company import ACCOUNTS
from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.provider_kit.simulation.threaded import ThreadedSimulator
from infrazen.providers import provider
from infrazen.settings import settings

WORLD = "demo"
_VARIABLE = "INFRAZEN_DEMO_SIMULATORS"


class DemoClouds:
    """A running simulator of each of the demo's accounts."""

    def __init__(self, simulators: Mapping[str, ThreadedSimulator]) -> None:
        self._simulators = simulators

    @property
    def urls(self) -> dict[str, str]:
        """Where each provider's simulator listens."""
        return {slug: one.url for slug, one in self._simulators.items()}

    def turn_to(self, moment: datetime, *, anchor: date) -> None:
        """Let it be ``moment`` in every account, in a history that leads up to ``anchor``."""
        for one in self._simulators.values():
            one.load(Setting(world=WORLD, moment=moment, anchor=anchor))


@contextmanager
def demo_clouds() -> Iterator[DemoClouds]:
    """Simulators at the real time, which connections of this process may reach."""
    with ExitStack() as running:
        clouds = DemoClouds(
            {
                one.provider: running.enter_context(
                    ThreadedSimulator(provider(one.provider), Setting(world=WORLD))
                )
                for one in ACCOUNTS
            }
        )
        running.enter_context(reachable(clouds.urls))
        yield clouds


@contextmanager
def reachable(urls: Mapping[str, str]) -> Iterator[None]:
    """Let this process, and those that it starts, connect to ``urls``."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = ",".join(f"{slug}={url}" for slug, url in urls.items())
    settings.cache_clear()
    try:
        yield
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
        settings.cache_clear()
