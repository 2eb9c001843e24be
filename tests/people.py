"""People to sign in with, made the way real ones are."""

from dataclasses import dataclass

from infrazen.domain.roles import Role
from infrazen.security.access import Actor
from infrazen.services import people, setup
from infrazen.services.sign_in import principal_for_session, sign_in

PASSWORD = "not-a-real-password"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in: what their browser's cookie holds, and who they are."""

    cookie: str
    actor: Actor
    email: str


def sign_in_owner(email: str = "anna@example.com", name: str = "Анна Петрова") -> Person:
    """Go through the first start."""
    signed = setup.complete_setup(
        code=setup.issue_setup_code() or "",
        organization_name="Нейрокола",
        name=name,
        email=email,
        password=PASSWORD,
    )
    return _person(signed.cookie, email)


def sign_in_colleague(owner: Person, role: Role, email: str = "boris@example.com") -> Person:
    """Somebody else of the owner's organization."""
    people.add_person(owner.actor, email=email, name="Борис", role=role, password=PASSWORD)
    return _person(sign_in(email=email, password=PASSWORD).cookie, email)


def _person(cookie: str, email: str) -> Person:
    principal = principal_for_session(cookie)
    assert principal is not None
    return Person(cookie, principal.actor, email)
