"""Building the demo anew: from nothing to what visitors see, by way of real syncs.

The same build serves the first start, a new day and the reset after somebody played with it.
Until it is published nobody sees it; then the one before is removed.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from infrazen.db.queries import connections, demo_builds
from infrazen.db.session import database
from infrazen.demo.clouds import DemoClouds, demo_clouds
from infrazen.demo.company import (
    ACCOUNTS,
    CURRENCY,
    LOOKED_AT_HOUR,
    LOOKS,
    NAME,
    TIME_ZONE,
    DemoAccount,
    Look,
)
from infrazen.domain.periods import local_day, utc_now
from infrazen.domain.syncs import SyncStatus, Trigger
from infrazen.errors import AlreadyRunning, InfraZenError
from infrazen.provider_kit.clock import Clock
from infrazen.providers import provider
from infrazen.security.access import Actor, system_actor
from infrazen.services.connection_drafts import DEFAULT_SCHEDULE, Draft
from infrazen.services.connections import add_connection
from infrazen.services.demo import demo_organization, publish_demo
from infrazen.sync import schedule
from infrazen.sync.engine import Order, run
from infrazen.sync.leadership import Leadership

logger = logging.getLogger(__name__)

LEASE = "demo-build"

Told = Callable[[int, int], None]
"""Is told how many of how many syncs are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A demo that visitors see from now on."""

    organization_id: UUID
    day: date
    syncs: int


def build(
    *,
    now: datetime | None = None,
    home: Mapping[str, str] | None = None,
    told: Told = lambda _done, _of: None,
) -> Built:
    """Build the demo as it is ``now``, publish it, and remove the one before.

    ``home`` says where simulators go on listening for visitors' syncs, by provider; where
    None, the connections stay with those that the one before has. Raises ``AlreadyRunning``
    while another process builds, and what keeps a sync from ending well.
    """
    moment = now or utc_now()
    with _alone(), demo_clouds() as clouds:
        made = _Making(clouds, moment, told)
        try:
            made.sync_all()
            made.settle(home or _home())
            publish_demo(made.organization_id)
        finally:
            remove_leftovers()
    logger.info("the demo was built for %s", made.day)
    return Built(organization_id=made.organization_id, day=made.day, syncs=made.syncs)


@contextmanager
def _alone() -> Iterator[None]:
    leadership = Leadership(database(), LEASE)
    if not leadership.lead():
        raise AlreadyRunning("another process is building the demo: wait until it is done")
    try:
        yield
    finally:
        leadership.resign()


def _home() -> Mapping[str, str]:
    """Where the connections of the published demo lead, by provider."""
    published = demo_organization()
    if published is None:
        return {}
    with database().reading() as session:
        known = connections.every(session, organization_id=published)
    return {one.provider: one.endpoint for one in known if one.endpoint}


async def _connected(actor: Actor, draft: Draft) -> UUID:
    card = await add_connection(actor, draft=draft, sync_now=False)
    return card.connection.id


def _same(moment: datetime) -> datetime:
    return moment


def remove_leftovers() -> None:
    """Remove every demo that nobody sees: the one before, and what a broken build left."""
    published = demo_organization()
    with database().writing() as session:
        demo_builds.remove_others(session, published)


class _Making:
    """A demo in the making."""

    def __init__(self, clouds: DemoClouds, now: datetime, told: Told) -> None:
        self._clouds = clouds
        self._now = now
        self._told = told
        self._connections: dict[str, UUID] = {}
        self.day = local_day(now, TIME_ZONE)
        self.syncs = 0
        with database().writing() as session:
            self.organization_id = demo_builds.add(
                session, name=NAME, time_zone=TIME_ZONE, currency=CURRENCY, now=now
            )

    @property
    def _actor(self) -> Actor:
        return system_actor(self.organization_id)

    def sync_all(self) -> None:
        """Look at every account as it was, at one moment after the other."""
        for look in LOOKS:
            moment = self._moment(look)
            self._clouds.turn_to(moment, anchor=self.day)
            clock = Clock(now=partial(_same, moment))
            for account in ACCOUNTS:
                self._told(self.syncs, len(LOOKS) * len(ACCOUNTS))
                self._sync(account, look, clock)
                self.syncs += 1

    def _moment(self, look: Look) -> datetime:
        if not look.ago:
            return self._now
        day = self._now.date() - timedelta(days=look.ago)
        return datetime.combine(day, time(LOOKED_AT_HOUR), self._now.tzinfo)

    def _sync(self, account: DemoAccount, look: Look, clock: Clock) -> None:
        if account.provider not in self._connections:
            self._connections[account.provider] = self._connect(account, since=clock.now())
        connection_id = self._connections[account.provider]
        self._change(connection_id, settings={**account.settings, **look.settings})
        order = Order(
            organization_id=self.organization_id,
            connection_id=connection_id,
            trigger=Trigger.SCHEDULE,
            requested_by="schedule",
        )
        ended = run(database(), order, clock=clock)
        if ended.status is not SyncStatus.SUCCESS:
            raise InfraZenError(
                f"the demo's sync of {account.title} ended as {ended.status}: {ended.message}"
            )

    def _connect(self, account: DemoAccount, *, since: datetime) -> UUID:
        """Connect an account; its schedule begins once the demo is settled."""
        draft = Draft(
            provider=account.provider,
            display_name=account.title,
            credentials=provider(account.provider).trial,
            endpoint=self._clouds.urls[account.provider],
            schedule="",
            time_zone=TIME_ZONE,
        )
        connection_id = asyncio.run(_connected(self._actor, draft))
        # A minute apart, so that screens have them in the order of the accounts.
        added_at = since + timedelta(minutes=len(self._connections))
        self._change(connection_id, created_at=added_at)
        return connection_id

    def settle(self, home: Mapping[str, str]) -> None:
        """Let the connections go on by themselves, where their simulators stay."""
        following = schedule.next_due(DEFAULT_SCHEDULE, TIME_ZONE, after=utc_now())
        for slug, connection_id in self._connections.items():
            self._change(connection_id, schedule=DEFAULT_SCHEDULE, next_sync_at=following)
            if slug in home:
                self._change(connection_id, endpoint=home[slug])

    def _change(self, connection_id: UUID, **values: object) -> None:
        with database().writing() as session:
            connections.change(
                session,
                organization_id=self.organization_id,
                connection_id=connection_id,
                values=values,
            )
