"""Signing in and out, and who stands behind a session cookie or an API token.

Nobody is anybody before this, so these are no use cases: each says itself what it asks.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import demo, people, sign_ins
from infrazen.db.queries.sign_ins import Holder
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.people import LANGUAGES, Membership, Organization, Person
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import GRANTS, Permission, Role
from infrazen.domain.text import without_controls
from infrazen.errors import Forbidden, StorageUnavailable, Unauthenticated
from infrazen.security.access import Actor, ActorKind, demo_actor
from infrazen.security.passwords import hash_password, needs_rehash, password_matches
from infrazen.security.sessions import is_visit, needs_touch, session_end
from infrazen.security.tokens import digest, new_token
from infrazen.services.attempts import Attempt
from infrazen.services.open_doors import public
from infrazen.services.use_case import Work, log
from infrazen.settings import settings

FAILURE_SECONDS = 0.2
"""What a wrong name or password takes: a known name costs more work, and must not show."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A fresh sign-in; ``cookie`` is the session cookie's value and is kept nowhere."""

    cookie: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking: the actor for use cases, and what a screen shows of the person.

    A visitor of the demo is no person: without id, address and name.
    """

    actor: Actor
    user_id: UUID | None
    email: str
    name: str
    language: str
    role: Role
    organization_id: UUID
    organization_name: str
    organization_slug: str
    time_zone: str
    currency: str
    expires_at: datetime

    @classmethod
    def of_visitor(cls, place: Organization, actor: Actor, *, until: datetime) -> "Principal":
        """Whoever looks at the demo ``place`` as ``actor``."""
        return cls(
            actor=actor,
            user_id=None,
            email="",
            name="",
            language=LANGUAGES[0],
            role=actor.role,
            organization_id=place.id,
            organization_name=place.name,
            organization_slug=place.slug,
            time_zone=place.time_zone,
            currency=place.currency,
            expires_at=until,
        )

    @property
    def is_visitor(self) -> bool:
        """Whether this is somebody who looks at the demo, and not signed in."""
        return self.actor.kind is ActorKind.DEMO


@public("there is no actor before it; asks for a password and counts failures")
def sign_in(*, email: str, password: str, address: str = "", agent: str = "") -> SignedIn:
    """A session for whoever has this password, in the organization they joined first.

    Raises ``Unauthenticated`` for a wrong name or password (which of the two stays
    unsaid, in time too), ``TooManyAttempts`` after five failures for a name from one
    address or thirty from an address within 15 minutes, ``Forbidden`` for a disabled
    account or one without an organization.
    """
    started = time.monotonic()
    name = without_controls(email.strip().lower(), longest=320)
    attempt = Attempt.open(name=name, address=address)
    with database().reading() as session:
        person = people.person_called(session, name)
    if not password_matches(password, person.password_hash if person else None) or person is None:
        _note_failure(person, address)
        time.sleep(max(0.0, started + FAILURE_SECONDS - time.monotonic()))
        raise Unauthenticated("the e-mail or the password is wrong")
    if person.is_disabled:
        raise Forbidden("this account is disabled: ask your administrator to enable it")
    stale = person.password_hash is not None and needs_rehash(person.password_hash)
    better = hash_password(password) if stale else None
    with database().writing(patience_ms=ANSWER_MS) as session:
        attempt.forgive(session)
        if better and person.password_hash:
            people.rehash_password(session, person.id, old=person.password_hash, new=better)
        return start_session(session, person, address=address, agent=agent)


@public("a cookie is all it takes to end its own session")
def sign_out(cookie: str, *, address: str = "") -> None:
    """End the session of ``cookie``; nothing happens where there is none."""
    now, known = utc_now(), digest(cookie)
    with database().writing(patience_ms=ANSWER_MS) as session:
        demo.end_visit(session, known)
        holder = sign_ins.session_holder(session, known, now=now)
        sign_ins.end_session(session, known)
        if holder is not None:
            actor = _principal(holder, address).actor
            log(Work(session, actor, now), action="session.end", outcome="done")


@public("turns a cookie into an actor")
def actor_for_session(cookie: str, *, address: str = "") -> Actor | None:
    """The actor behind a session cookie, None where it is unknown or has ended."""
    principal = principal_for_session(cookie, address=address)
    return None if principal is None else principal.actor


@public("turns a cookie into an actor")
def principal_for_session(cookie: str, *, address: str = "") -> Principal | None:
    """Who is signed in by ``cookie``, with the role they have right now; or looks at the demo."""
    if not cookie:
        return None
    now, known = utc_now(), digest(cookie)
    if is_visit(cookie):
        return _visitor(known, now, address)
    with database().reading() as session:
        holder = sign_ins.session_holder(session, known, now=now)
    if holder is None:
        return None
    if needs_touch(holder.seen_at, now):
        _touch(sign_ins.touch_session, known, now)
    return _principal(holder, address)


@public("turns an API token into an actor")
def actor_for_token(token: str, *, address: str = "") -> Actor | None:
    """The actor behind an API token, None where it is unknown, expired or revoked."""
    principal = principal_for_token(token, address=address)
    return None if principal is None else principal.actor


@public("turns an API token into an actor")
def principal_for_token(token: str, *, address: str = "") -> Principal | None:
    """Whose API token this is; it may what its owner's role and its scopes both allow.

    A role that may have no tokens makes those of earlier days useless.
    """
    now, known = utc_now(), digest(token)
    with database().reading() as session:
        holder = sign_ins.token_holder(session, known, now=now)
    if holder is None or Permission.TOKEN_WRITE not in GRANTS[holder.role]:
        return None
    if needs_touch(holder.seen_at, now):
        _touch(sign_ins.touch_token, known, now)
    return _principal(holder, address)


def start_session(session: Session, person: Person, *, address: str, agent: str) -> SignedIn:
    """A new session of ``person``, whose identity the caller has made sure of."""
    now = utc_now()
    places = people.memberships(session, person.id)
    if not places:
        raise Forbidden("this account belongs to no organization any more")
    signed = SignedIn(
        cookie=new_token(), expires_at=session_end(now, hours=settings().session_hours)
    )
    sign_ins.drop_ended_sessions(session, now=now)
    sign_ins.add_session(
        session,
        digest=digest(signed.cookie),
        user_id=person.id,
        organization_id=places[0].organization.id,
        at=now,
        expires_at=signed.expires_at,
        address=without_controls(address, longest=64),
        agent=without_controls(agent, longest=300),
    )
    people.saw_sign_in(session, person.id, at=now)
    actor = _actor_in(places[0], person, address)
    log(Work(session, actor, now), action="session.start", outcome="done")
    return signed


def _note_failure(person: Person | None, address: str) -> None:
    """Into the log, and into the audit log of a known person's organization."""
    logger.warning("sign-in failed from %s", address or "an unknown address")
    if person is None:
        return
    with database().writing(patience_ms=ANSWER_MS) as session:
        places = people.memberships(session, person.id)
        if places:
            actor = _actor_in(places[0], person, address)
            work = Work(session, actor, utc_now())
            log(work, action="session.start", outcome=Unauthenticated.reason)


def _touch(touch: Callable[..., None], known: str, now: datetime) -> None:
    """Write "last seen" unless somebody else is writing: nobody waits for that."""
    try:
        with database().writing(patience_ms=0) as session:
            touch(session, known, at=now)
    except StorageUnavailable:
        logger.debug("last seen was not written: the database is busy")


def _actor_in(place: Membership, person: Person, address: str) -> Actor:
    return Actor(
        organization_id=place.organization.id,
        role=place.role,
        kind=ActorKind.USER,
        name=person.email,
        user_id=person.id,
        address=without_controls(address, longest=64),
    )


def _visitor(known: str, now: datetime, address: str) -> Principal | None:
    """Whoever looks at the demo that is published right now."""
    if not settings().demo:
        return None
    with database().reading() as session:
        end = demo.visit_end(session, known, now=now)
        place = None if end is None else demo.published(session)
    if end is None or place is None:
        return None
    actor = demo_actor(place.id, address=without_controls(address, longest=64))
    return Principal.of_visitor(place, actor, until=end)


def _principal(holder: Holder, address: str) -> Principal:
    by_token = holder.scopes is not None
    actor = Actor(
        organization_id=holder.organization_id,
        role=holder.role,
        kind=ActorKind.TOKEN if by_token else ActorKind.USER,
        name=f"{holder.email} ({holder.token_name})" if by_token else holder.email,
        user_id=holder.user_id,
        scopes=holder.scopes,
        address=without_controls(address, longest=64),
    )
    return Principal(
        actor=actor,
        user_id=holder.user_id,
        email=holder.email,
        name=holder.name,
        language=holder.language,
        role=holder.role,
        organization_id=holder.organization_id,
        organization_name=holder.organization_name,
        organization_slug=holder.organization_slug,
        time_zone=holder.time_zone,
        currency=holder.currency,
        expires_at=holder.expires_at,
    )
