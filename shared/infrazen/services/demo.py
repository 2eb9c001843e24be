"""The demo: which organization it is, and who is let in to look at it.

Anybody is. A visit opens the published demo and nothing else, is nobody's, and follows when
another demo is published: it names no organization.
"""

import hashlib
import math
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import demo as queries
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.periods import utc_now
from infrazen.errors import Invalid, NotFound, TooManyAttempts
from infrazen.security.access import demo_reader
from infrazen.security.networks import network_of
from infrazen.security.sessions import VISIT_LASTS, VISIT_MARK
from infrazen.security.tokens import digest, new_token
from infrazen.services.open_doors import local, public
from infrazen.services.sign_in import Principal, SignedIn
from infrazen.settings import settings

WINDOW = timedelta(minutes=15)
VISITS_A_NETWORK = 120
"""So many browsers of one network are let in within ``WINDOW``: an office shares an address."""
MOST_VISITS = 50_000
"""So many are remembered at once, from wherever they come."""

_WHY = "the demo is made and published by whoever runs the installation"


class Door(StrEnum):
    """Whether a browser may come in now: only where the demo is on, published, not crowded."""

    CLOSED = "closed"
    BUILDING = "building"
    CROWDED = "crowded"
    OPEN = "open"


@local(_WHY)
def demo_organization() -> UUID | None:
    """The organization that visitors of the demo see; None while there is none."""
    with database().reading() as session:
        found = queries.published(session)
        return None if found is None else found.id


@local(_WHY)
def publish_demo(organization_id: UUID) -> None:
    """Let visitors see this organization from their next click on, also those inside.

    The one before has no visitors then. Raises ``Invalid`` for an organization that is
    no demo: nobody is ever let into somebody's own.
    """
    with database().writing(patience_ms=ANSWER_MS) as session:
        if queries.demo(session, organization_id) is None:
            raise Invalid("only an organization made as a demo can be published")
        queries.publish(session, organization_id)


@public("says whether there is a demo to look at, and nothing of it")
def demo_door(*, address: str = "") -> Door:
    """Whether a browser at ``address`` may come in now."""
    if not settings().demo:
        return Door.CLOSED
    with database().reading() as session:
        return _door(session, address, now=utc_now())


@public("anybody may look at the demo; browsers are counted by their network")
def enter_demo(*, address: str = "") -> SignedIn:
    """A visit for a browser at ``address``: the cookie that opens the demo for a while.

    Raises ``NotFound`` where there is no demo (yet), ``TooManyAttempts`` where too many
    came from one network.
    """
    now = utc_now()
    with database().reading() as session:
        _refuse(_door(session, address, now=now) if settings().demo else Door.CLOSED)
    visit = SignedIn(cookie=new_token(VISIT_MARK), expires_at=now + VISIT_LASTS)
    with database().writing(patience_ms=ANSWER_MS) as session:
        queries.drop_ended_visits(session, now=now)
        queries.add_visit(
            session,
            digest=digest(visit.cookie),
            key=_key(address),
            at=now,
            expires_at=visit.expires_at,
        )
    return visit


@public("its figures are for anybody to read")
def reader_of_demo(*, address: str = "") -> Principal:
    """Somebody who may read the published demo and change nothing; ``NotFound`` without one."""
    with database().reading() as session:
        found = queries.published(session) if settings().demo else None
    if found is None:
        raise NotFound("there is no demo here (yet)")
    reader = demo_reader(found.id, address=address)
    return Principal.of_visitor(found, reader, until=utc_now() + VISIT_LASTS)


def _door(session: Session, address: str, *, now: datetime) -> Door:
    if queries.published(session) is None:
        return Door.BUILDING
    latest = queries.nth_latest_visit(session, _key(address), VISITS_A_NETWORK)
    crowded = latest is not None and latest > now - WINDOW
    return Door.CROWDED if crowded or queries.visits(session) >= MOST_VISITS else Door.OPEN


def _refuse(door: Door) -> None:
    if door is Door.CROWDED:
        wait = math.ceil(WINDOW.total_seconds())
        raise TooManyAttempts("too many look at the demo from here", retry_after=wait)
    if door is not Door.OPEN:
        raise NotFound("there is no demo here (yet)")


def _key(address: str) -> str:
    """A name for the network that does not tell the address."""
    return hashlib.sha256(f"demo\0{network_of(address)}".encode()).hexdigest()
