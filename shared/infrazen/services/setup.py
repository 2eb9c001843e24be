"""The first run: an installation without people gets its first owner, once."""

from sqlmodel import Session

from infrazen.db.queries import instance, organizations, people
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.people import Organization
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Role
from infrazen.domain.text import email_address, one_line, slug_of
from infrazen.errors import Conflict, Forbidden, NotFound
from infrazen.security.passwords import hash_password
from infrazen.security.tokens import digest, matches, new_token
from infrazen.services.attempts import Attempt
from infrazen.services.open_doors import local, public
from infrazen.services.sign_in import SignedIn, start_session

_CODE = "setup_code"


@public("decides whether the sign-in or the setup page is shown")
def setup_needed() -> bool:
    """Whether there is nobody yet who could sign in."""
    with database().reading() as session:
        return not people.anybody(session)


@local("prints the key to the installation")
def issue_setup_code() -> str | None:
    """A fresh one-time code for the setup page; earlier ones end. None once there are people.

    Only its digest is kept.
    """
    code = new_token()
    with database().writing(patience_ms=ANSWER_MS) as session:
        if people.anybody(session):
            return None
        instance.put(session, _CODE, digest(code))
    return code


@public("there are no people yet; asks for the one-time code")
def complete_setup(
    *,
    code: str,
    organization_name: str,
    name: str,
    email: str,
    password: str,
    address: str = "",
    agent: str = "",
) -> SignedIn:
    """Make the first owner and sign them in; works once, while there is nobody.

    Raises ``Conflict`` when setup is over, ``Forbidden`` for a wrong code, ``Invalid``
    with the field for bad input (the code stays good).
    """
    if not setup_needed():
        raise _over()
    attempt = Attempt.open(name="setup", address=address)
    with database().reading() as session:
        _check(session, code)
    title = one_line(organization_name, field="organization_name", longest=200)
    person = {
        "email": email_address(email),
        "name": one_line(name, field="name", longest=200),
        "password_hash": hash_password(password),
    }
    with database().writing(patience_ms=ANSWER_MS) as session:
        instance.hold(session, _CODE)
        if people.anybody(session):
            raise _over()
        _check(session, code)
        attempt.forgive(session)
        home = _home(session, title)
        user_id = people.add_person(session, at=utc_now(), **person)
        people.add_member(session, home.id, user_id, Role.OWNER)
        instance.drop(session, _CODE)
        owner = people.person(session, user_id)
        if owner is None:
            raise NotFound("the owner vanished while being made")
        return start_session(session, owner, address=address, agent=agent)


def _check(session: Session, code: str) -> None:
    stored = instance.fact(session, _CODE)
    if stored is None or not matches(code, stored):
        raise Forbidden(
            "this setup link is not valid any more: restart InfraZen and open the link it prints"
        )


def _over() -> Conflict:
    return Conflict("InfraZen is set up already: sign in instead")


def _home(session: Session, title: str) -> Organization:
    """The organization made before anybody came, under its proper name, or a new one."""
    existing = organizations.all_organizations(session, limit=2)
    if len(existing) > 1:
        raise Conflict(
            "there are several organizations: add the first owner with `infrazen user add`"
        )
    if not existing:
        return organizations.add(session, name=title, slug=slug_of(title))
    organizations.change(session, existing[0].id, name=title)
    return existing[0]
