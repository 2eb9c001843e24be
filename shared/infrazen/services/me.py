"""What people do with their own account; no API token can be given the scope for it."""

from uuid import UUID

from infrazen.db.queries import instance, people, sign_ins
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.people import LANGUAGES, Membership, Person, SignIn
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Permission
from infrazen.domain.text import email_address, one_line
from infrazen.errors import Conflict, Forbidden, Invalid, NotFound
from infrazen.security.passwords import hash_password, password_matches
from infrazen.security.tokens import digest
from infrazen.services.attempts import Attempt
from infrazen.services.use_case import Work, log, use_case


@use_case(Permission.SELF, writes=True)
def update_profile(work: Work, *, name: str | None = None, language: str | None = None) -> None:
    """Change one's name or language (``ru``, ``en``), whichever is not None."""
    if language is not None and language not in LANGUAGES:
        raise Invalid(f"language is one of {', '.join(LANGUAGES)}", field="language")
    plain = None if name is None else one_line(name, field="name", longest=200)
    people.set_profile(work.session, _myself(work).id, name=plain, language=language)


@use_case(Permission.SELF)
def change_password(work: Work, *, current: str, new: str, cookie: str = "") -> None:
    """Change one's password and end all other sign-ins than ``cookie``'s.

    A wrong ``current`` raises ``Invalid`` and counts like a failed sign-in. Hashing takes
    its time, so it comes before the one short transaction that writes.
    """
    me = _myself(work)
    attempt = Attempt.open(name=me.email, address=work.actor.address)
    if not password_matches(current, me.password_hash):
        raise Invalid("the current password is wrong", field="current")
    hashed = hash_password(new, field="new")
    with database().writing(patience_ms=ANSWER_MS) as session:
        attempt.forgive(session)
        people.set_password(session, me.id, password_hash=hashed, at=utc_now())
        sign_ins.end_sessions(session, me.id, except_digest=digest(cookie))
        own = Work(session, work.actor, utc_now(), target=me.email)
        log(own, action="user.change-password", outcome="done")


@use_case(Permission.SELF)
def change_email(work: Work, *, current: str, email: str) -> None:
    """Change the address that one signs in with; ``current`` is the password.

    A wrong one raises ``Invalid`` and counts like a failed sign-in; ``Conflict`` where the
    address is somebody else's.
    """
    me, address = _myself(work), email_address(email)
    attempt = Attempt.open(name=me.email, address=work.actor.address)
    if not password_matches(current, me.password_hash):
        raise Invalid("the current password is wrong", field="current")
    with database().writing(patience_ms=ANSWER_MS) as session:
        attempt.forgive(session)
        instance.hold(session, "people")
        known = people.person_called(session, address)
        if known is not None and known.id != me.id:
            raise Conflict(f"{address} is in use")
        people.set_email(session, me.id, email=address)
        own = Work(session, work.actor, utc_now(), target=me.email, details={"to": address})
        log(own, action="user.change-email", outcome="done")


@use_case(Permission.SELF)
def list_sign_ins(work: Work, *, cookie: str = "") -> list[SignIn]:
    """Where one is signed in; the one of ``cookie`` is marked."""
    me = _myself(work)
    return sign_ins.sign_ins(work.session, me.id, now=work.now, current_digest=digest(cookie))


@use_case(Permission.SELF, audit="session.revoke")
def end_sign_in(work: Work, *, sign_in_id: str) -> None:
    """End one of one's sign-ins by its id."""
    if not sign_ins.end_session_called(work.session, _myself(work).id, sign_in_id):
        raise NotFound("no such sign-in: it may have ended already")


@use_case(Permission.SELF, audit="session.revoke-others")
def end_other_sign_ins(work: Work, *, cookie: str) -> None:
    """End all of one's sign-ins but the one of ``cookie``."""
    sign_ins.end_sessions(work.session, _myself(work).id, except_digest=digest(cookie))


@use_case(Permission.SELF)
def list_my_organizations(work: Work) -> list[Membership]:
    """The organizations one belongs to, and as what."""
    return people.memberships(work.session, _myself(work).id)


@use_case(Permission.SELF, audit="session.switch")
def switch_organization(work: Work, *, organization_id: UUID, cookie: str) -> None:
    """Let the sign-in of ``cookie`` act in another organization that one belongs to."""
    me = _myself(work)
    if people.member(work.session, organization_id, me.id) is None:
        raise NotFound("you belong to no such organization")
    if not sign_ins.move_session(
        work.session, digest(cookie), user_id=me.id, organization_id=organization_id
    ):
        raise NotFound("this sign-in has ended: sign in again")


def _myself(work: Work) -> Person:
    user_id = work.actor.user_id
    me = None if user_id is None else people.person(work.session, user_id)
    if me is None:
        raise Forbidden("only a signed-in person has a profile")
    work.target = work.target or me.email
    return me
