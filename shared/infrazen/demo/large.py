"""A large demo: twelve accounts of three providers and more than a year behind them.

For benchmarks, screenshots and trials. It is made by real syncs over HTTP too, the same for
the same seed and day. Visitors see it only where that is asked for, and then for as long as
nobody builds the demo anew; its accounts are not there to be synced again.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from infrazen.db.queries import demo_builds
from infrazen.db.session import database
from infrazen.demo.build import Built, Told
from infrazen.demo.clouds import reachable
from infrazen.demo.company import CURRENCY, LOOKED_AT_HOUR, TIME_ZONE
from infrazen.demo.making import Making, alone
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import SyncStatus
from infrazen.errors import InfraZenError
from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.provider_kit.simulation.threaded import ThreadedSimulator
from infrazen.providers import provider
from infrazen.services.demo import demo_organization, publish_demo

logger = logging.getLogger(__name__)

NAME = "Большой холдинг"
SIZE = 5000
LEAST = 60
"""So few resources make twelve accounts with something in each."""

WORLD = "large"
LOOKED_AT = (45, 7, 0)
"""So many days ago each account was looked at."""

_USABLE = frozenset({SyncStatus.SUCCESS, SyncStatus.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeAccount:
    """An account and the share of all resources that it has, in hundredths."""

    provider: str
    title: str
    share: int
    settings: Mapping[str, Any] = field(default_factory=dict)


def _yandex(title: str, share: int) -> LargeAccount:
    settings = provider("yandex").trial_settings
    return LargeAccount(provider="yandex", title=title, share=share, settings=settings)


ACCOUNTS = (
    _yandex("Витрина", 16),
    _yandex("Аналитика", 13),
    _yandex("Мобильное приложение", 11),
    _yandex("Платежи", 9),
    _yandex("Тестовые стенды", 8),
    LargeAccount(provider="selectel", title="Склад и доставка", share=12),
    LargeAccount(provider="selectel", title="Поиск", share=9),
    LargeAccount(provider="selectel", title="Архив", share=7),
    LargeAccount(provider="selectel", title="Партнёрский портал", share=6),
    LargeAccount(provider="selectel", title="Резервная площадка", share=4),
    LargeAccount(provider="beget", title="Сайты брендов", share=3),
    LargeAccount(provider="beget", title="Лендинги", share=2),
)


def build_large(
    *,
    size: int = SIZE,
    seed: int = 1,
    publish: bool = False,
    now: datetime | None = None,
    told: Told = lambda _done, _of: None,
) -> Built:
    """Build the large demo with ``size`` resources as of ``now``; the one before it goes.

    Raises ``AlreadyRunning`` while another process builds, and what keeps a sync from telling
    anything.
    """
    with alone():
        made = _Making(size=size, seed=seed, now=now or utc_now(), told=told)
        try:
            made.sync_all()
        except BaseException:
            _remove(made.organization_id)
            raise
        if publish:
            publish_demo(made.organization_id)
        _remove_older(made.organization_id)
    logger.info("the large demo was built for %s", made.day)
    return Built(organization_id=made.organization_id, day=made.day, syncs=made.syncs)


class _Making(Making):
    """The large demo in the making."""

    def __init__(self, *, size: int, seed: int, now: datetime, told: Told) -> None:
        super().__init__(name=NAME, time_zone=TIME_ZONE, currency=CURRENCY, now=now, lasts=True)
        self._sizes = sizes(size)
        self._seed = seed
        self._told = told

    def sync_all(self) -> None:
        """Look at one account after the other, at each of its moments."""
        with ExitStack() as running:
            # All at once, because no two may have the same address.
            clouds = [
                running.enter_context(
                    ThreadedSimulator(provider(account.provider), Setting(world="empty"))
                )
                for account in ACCOUNTS
            ]
            running.enter_context(reachable({str(n): one.url for n, one in enumerate(clouds)}))
            for number, cloud in enumerate(clouds):
                self._look_at(number, cloud)
                cloud.load(Setting(world="empty"))  # it is done with, and its memory is needed

    def _look_at(self, number: int, cloud: ThreadedSimulator) -> None:
        account = ACCOUNTS[number]
        first = self.moment(ago=LOOKED_AT[0], hour=LOOKED_AT_HOUR)
        connection_id = self.connect(account.provider, account.title, cloud.url, since=first)
        for ago in LOOKED_AT:
            self._told(self.syncs, len(ACCOUNTS) * len(LOOKED_AT))
            moment = self.moment(ago=ago, hour=LOOKED_AT_HOUR)
            cloud.load(_setting(self._sizes[number], self._seed + number, moment, self.day))
            ended = self.sync(connection_id, {**account.settings, **_statistics(ago)}, moment)
            if ended.status not in _USABLE:
                raise InfraZenError(
                    f"the sync of {account.title} ended as {ended.status}: {ended.message}"
                )


def sizes(size: int) -> Sequence[int]:
    """How many of ``size`` resources each account has; the first has what is left over."""
    parts = [size * account.share // 100 for account in ACCOUNTS]
    return [parts[0] + size - sum(parts), *parts[1:]]


def _setting(size: int, seed: int, moment: datetime, anchor: date) -> Setting:
    return Setting(world=WORLD, size=size, seed=seed, moment=moment, anchor=anchor)


def _statistics(ago: int) -> Mapping[str, Any]:
    """Utilisation is read at the last look only: that of earlier ones is on no screen."""
    return {"collect_statistics": False} if ago else {}


def _remove_older(kept: UUID) -> None:
    """Remove the large demos before this one, but for one that visitors see."""
    published = demo_organization()
    with database().writing() as session:
        demo_builds.remove_lasting(session, besides={kept} | ({published} if published else set()))


def _remove(organization_id: UUID) -> None:
    with database().writing() as session:
        demo_builds.remove(session, organization_id)
