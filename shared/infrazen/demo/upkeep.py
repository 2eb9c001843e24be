"""When the demo is to be built anew, and where its connections lead."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from infrazen.db.queries import connections, demo_builds
from infrazen.db.session import database
from infrazen.demo.company import TIME_ZONE
from infrazen.domain.periods import local_day
from infrazen.security.access import ActorKind
from infrazen.services.demo import demo_organization

QUIET = timedelta(minutes=30)
"""So long after the last change of a visitor everything is as it was."""
LONGEST = timedelta(hours=2)
"""So long after the first change, however busy visitors are."""


class Due(StrEnum):
    """Why the demo is to be built."""

    MISSING = "missing"
    NEW_DAY = "new day"
    CHANGED = "changed by visitors"


def due(now: datetime) -> Due | None:
    """Why the demo is to be built now, None where it may stay as it is."""
    published = demo_organization()
    if published is None:
        return Due.MISSING
    with database().reading() as session:
        made_at = demo_builds.made_at(session, published)
        touched = demo_builds.touched(session, published, by=ActorKind.DEMO)
        if demo_builds.lasts(session, published):
            return None
    if made_at is None:
        return Due.MISSING
    if local_day(made_at, TIME_ZONE) != local_day(now, TIME_ZONE):
        return Due.NEW_DAY
    if touched and (now - touched.last >= QUIET or now - touched.first >= LONGEST):
        return Due.CHANGED
    return None


def lead_home(home: Mapping[str, str]) -> None:
    """Let the published demo's connections lead to the simulators at ``home``, by provider."""
    published = demo_organization()
    if published is None:
        return
    with database().reading() as session:
        if demo_builds.lasts(session, published):
            return
        known = connections.every(session, organization_id=published)
    astray = [one for one in known if one.endpoint != home.get(one.provider, one.endpoint)]
    if not astray:
        return
    with database().writing() as session:
        for one in astray:
            connections.change(
                session,
                organization_id=published,
                connection_id=one.id,
                values={"endpoint": home[one.provider]},
            )
