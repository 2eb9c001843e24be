"""Whose the demo is: a made-up shop, its accounts, and when they were looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAME = "Чайка Маркет"
TIME_ZONE = "Europe/Moscow"
CURRENCY = "RUB"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account at a provider whose simulator has the world ``demo``."""

    provider: str
    title: str
    settings: Mapping[str, Any] = field(default_factory=dict)


ACCOUNTS = (
    DemoAccount(
        provider="yandex",
        title="Yandex Cloud",
        settings={"export_bucket": "chaika-market-billing", "export_prefix": "details/"},
    ),
    DemoAccount(provider="selectel", title="Selectel"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A sync of the past: so many days ago (0 is now), with these settings.

    Each is there for something to be seen: the days on which too much was sent, a machine on
    the day it was made smaller, a disk the day after it was left alone, two weeks of readings.
    """

    ago: int
    hours: int

    @property
    def settings(self) -> Mapping[str, Any]:
        """Settings of the connection at that time."""
        return {"statistics_hours": self.hours}


LOOKS = (
    Look(ago=56, hours=24),
    Look(ago=49, hours=96),
    Look(ago=39, hours=24),
    Look(ago=20, hours=24),
    Look(ago=7, hours=72),
    Look(ago=0, hours=168),
)
LOOKED_AT_HOUR = 6
"""The hour (UTC) of syncs of the past."""
