"""An organization in the making: connected and synced the way everybody's is."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from infrazen.db.queries import connections, demo_builds
from infrazen.db.session import database
from infrazen.domain.periods import local_day
from infrazen.domain.syncs import Trigger
from infrazen.errors import AlreadyRunning
from infrazen.provider_kit.clock import Clock
from infrazen.providers import provider
from infrazen.security.access import Actor, system_actor
from infrazen.services.connection_drafts import Draft
from infrazen.services.connections import add_connection
from infrazen.sync.engine import Ended, Order, run
from infrazen.sync.leadership import Leadership

LEASE = "demo-build"


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else builds a demo meanwhile; raises ``AlreadyRunning`` where somebody does."""
    leadership = Leadership(database(), LEASE)
    if not leadership.lead():
        raise AlreadyRunning("another process is building the demo: wait until it is done")
    try:
        yield
    finally:
        leadership.resign()


class Making:
    """A demo organization; ``now`` is the moment that it is made for.

    It ``lasts`` where only a newer one of its kind takes its place.
    """

    def __init__(
        self, *, name: str, time_zone: str, currency: str, now: datetime, lasts: bool = False
    ) -> None:
        self._now = now
        self._time_zone = time_zone
        self.day = local_day(now, time_zone)
        self.syncs = 0
        self._connected = 0
        with database().writing() as session:
            self.organization_id = demo_builds.add(
                session, name=name, time_zone=time_zone, currency=currency, now=now, lasts=lasts
            )

    @property
    def _actor(self) -> Actor:
        return system_actor(self.organization_id)

    def moment(self, *, ago: int, hour: int) -> datetime:
        """So many of the demo's own days ago at an hour (UTC); now, where that is today."""
        if not ago:
            return self._now
        return datetime.combine(self.day - timedelta(days=ago), time(hour), UTC)

    def connect(self, slug: str, title: str, url: str, *, since: datetime) -> UUID:
        """Connect the account at ``url``; nothing syncs it by itself."""
        draft = Draft(
            provider=slug,
            display_name=title,
            credentials=provider(slug).trial,
            endpoint=url,
            schedule="",
            time_zone=self._time_zone,
        )
        connection_id = asyncio.run(_connected(self._actor, draft))
        # A minute apart, so that screens have them in the order of the accounts.
        self.change(connection_id, created_at=since + timedelta(minutes=self._connected))
        self._connected += 1
        return connection_id

    def sync(self, connection_id: UUID, settings: Mapping[str, Any], moment: datetime) -> Ended:
        """Sync with these settings, as it was at ``moment``."""
        self.change(connection_id, settings=dict(settings))
        order = Order(
            organization_id=self.organization_id,
            connection_id=connection_id,
            trigger=Trigger.SCHEDULE,
            requested_by="schedule",
        )
        ended = run(database(), order, clock=Clock(now=partial(_same, moment)))
        self.syncs += 1
        return ended

    def change(self, connection_id: UUID, **values: object) -> None:
        """Write to a connection what no form offers."""
        with database().writing() as session:
            connections.change(
                session,
                organization_id=self.organization_id,
                connection_id=connection_id,
                values=values,
            )


async def _connected(actor: Actor, draft: Draft) -> UUID:
    card = await add_connection(actor, draft=draft, sync_now=False)
    return card.connection.id


def _same(moment: datetime) -> datetime:
    return moment
