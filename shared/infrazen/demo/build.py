"""Building the demo anew: from nothing to what visitors see, by way of real syncs.

The same build serves the first start, a new day and the reset after somebody played with it.
Until it is published nobody sees it; then the one before is removed.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
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
from infrazen.demo.making import Making, alone
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import SyncStatus
from infrazen.errors import InfraZenError
from infrazen.services.connection_drafts import DEFAULT_SCHEDULE
from infrazen.services.demo import demo_organization, publish_demo
from infrazen.sync import schedule

logger = logging.getLogger(__name__)

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
    with alone(), demo_clouds() as clouds:
        made = _Making(clouds, moment, told)
        try:
            made.sync_all()
            made.settle(home or _home())
            publish_demo(made.organization_id)
        finally:
            remove_leftovers()
    logger.info("the demo was built for %s", made.day)
    return Built(organization_id=made.organization_id, day=made.day, syncs=made.syncs)


def _home() -> Mapping[str, str]:
    """Where the connections of the published demo lead, by provider."""
    published = demo_organization()
    if published is None:
        return {}
    with database().reading() as session:
        known = connections.every(session, organization_id=published)
    return {one.provider: one.endpoint for one in known if one.endpoint}


def remove_leftovers() -> None:
    """Remove every demo that nobody sees: the one before, and what a broken build left."""
    published = demo_organization()
    with database().writing() as session:
        demo_builds.remove_others(session, published)


class _Making(Making):
    """A demo in the making."""

    def __init__(self, clouds: DemoClouds, now: datetime, told: Told) -> None:
        super().__init__(name=NAME, time_zone=TIME_ZONE, currency=CURRENCY, now=now)
        self._clouds = clouds
        self._told = told
        self._connections: dict[str, UUID] = {}

    def sync_all(self) -> None:
        """Look at every account as it was, at one moment after the other."""
        for look in LOOKS:
            moment = self.moment(ago=look.ago, hour=LOOKED_AT_HOUR)
            self._clouds.turn_to(moment, anchor=self.day)
            for account in ACCOUNTS:
                self._told(self.syncs, len(LOOKS) * len(ACCOUNTS))
                self._look(account, look, moment)

    def _look(self, account: DemoAccount, look: Look, moment: datetime) -> None:
        slug = account.provider
        if slug not in self._connections:
            url = self._clouds.urls[slug]
            self._connections[slug] = self.connect(slug, account.title, url, since=moment)
        settings = {**account.settings, **look.settings}
        ended = self.sync(self._connections[slug], settings, moment)
        if ended.status is not SyncStatus.SUCCESS:
            raise InfraZenError(
                f"the demo's sync of {account.title} ended as {ended.status}: {ended.message}"
            )

    def settle(self, home: Mapping[str, str]) -> None:
        """Let the connections go on by themselves, where their simulators stay."""
        following = schedule.next_due(DEFAULT_SCHEDULE, TIME_ZONE, after=utc_now())
        for slug, connection_id in self._connections.items():
            self.change(connection_id, schedule=DEFAULT_SCHEDULE, next_sync_at=following)
            if slug in home:
                self.change(connection_id, endpoint=home[slug])
