"""Simulators as processes of their own, and accounts read from them."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from infrazen.domain.periods import last_days, local_day, utc_now
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Verification
from infrazen.provider_kit.forms import parse_credentials, parse_settings
from infrazen.provider_kit.opening import open_provider
from infrazen.provider_kit.reading import Reading, read
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.provider_kit.transport import Limits
from infrazen.providers import provider

_PROGRAM = """
import sys
from infrazen.provider_kit.simulation import serve
from infrazen.providers import provider
serve(provider(sys.argv[1]), host=sys.argv[2], port=int(sys.argv[3]))
"""


@contextmanager
def simulator(slug: str, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[SimulatorControl]:
    """A simulator of ``slug``, on a free port for 0, with the reference account in it."""
    command = [sys.executable, "-c", _PROGRAM, slug, host, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        try:
            with SimulatorControl(url) as control:
                yield control
        finally:
            process.terminate()
            process.wait(timeout=10)


@dataclass
class Hurry:
    """A clock that skips naps, and remembers how long they would have been."""

    naps: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        return Clock(monotonic=lambda: time.monotonic() + sum(self.naps), sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        await asyncio.sleep(0)


def read_account(
    slug: str,
    url: str,
    *,
    credentials: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    hurry: Hurry | None = None,
    days: int = 7,
    today: date | None = None,
) -> Reading:
    """What a sync would read of the account behind ``url``, bills of the last ``days``."""
    spec = provider(slug)
    last = today or local_day(utc_now(), spec.billing_time_zone)

    async def go() -> Reading:
        given = parse_credentials(spec, {**spec.trial, **(credentials or {})})
        chosen = parse_settings(spec, settings or {})
        clock = (hurry or Hurry()).clock()
        opened = open_provider(spec, given, chosen, url, limits=limits, clock=clock)
        async with opened as account:
            return await read(account, wanted=lambda _name: last_days(days, today=last))

    return asyncio.run(go())


def verify_account(
    slug: str,
    url: str,
    *,
    credentials: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Verification:
    """What a connection test would say of the account behind ``url``."""
    spec = provider(slug)

    async def go() -> Verification:
        given = parse_credentials(spec, {**spec.trial, **(credentials or {})})
        clock = Hurry().clock()
        chosen = parse_settings(spec, settings or {})
        opened = open_provider(spec, given, chosen, url, clock=clock)
        async with opened as account:
            return await account.verify()

    return asyncio.run(go())
