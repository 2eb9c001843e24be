"""``infrazen user``: the people of an organization."""

from pathlib import Path
from typing import Any

import click

from infrazen.cli.local import operator
from infrazen.cli.options import common, organization
from infrazen.cli.screen import Screen
from infrazen.cli.secret_text import secret_text
from infrazen.domain.people import Member
from infrazen.domain.roles import Role
from infrazen.errors import NotFound
from infrazen.security.access import Actor
from infrazen.services import people

_COLUMNS = ("email", "name", "role", "is_disabled", "last_sign_in_at")
_role = click.Choice([role.value for role in Role])
_password_file = click.option(
    "--password-file",
    type=click.Path(path_type=Path, allow_dash=True, exists=True, dir_okay=False),
    help="Read the password from a file, or from standard input with `-`; made up without it.",
)


@click.group()
def user() -> None:
    """Add, change and list the people of an organization."""


@user.command(name="list")
@organization
@common
def list_people(screen: Screen, *, organization: str | None) -> None:
    """List everybody in the organization."""
    members = people.list_people(operator(screen, organization))
    empty = "nobody yet: `infrazen user add` adds the first"
    screen.table([_row(member) for member in members], columns=_COLUMNS, empty=empty)


@user.command
@click.argument("email")
@click.option("--name", help="How the person is called; the e-mail address where not given.")
@click.option("--role", type=_role, default=Role.VIEWER.value, show_default=True)
@_password_file
@organization
@common
def add(
    screen: Screen,
    *,
    email: str,
    name: str | None,
    role: str,
    password_file: Path | None,
    organization: str | None,
) -> None:
    """Add a person. A made-up password is printed once."""
    actor = operator(screen, organization)
    password = _password(password_file)
    made = people.add_person(
        actor, email=email, name=name or email, role=Role(role), password=password
    )
    _show_new(screen, made, "was added")


@user.command
@click.argument("email")
@_password_file
@organization
@common
def set_password(
    screen: Screen, *, email: str, password_file: Path | None, organization: str | None
) -> None:
    """Give a person another password, and end their sign-ins."""
    actor = operator(screen, organization)
    found = _person(actor, email)
    password = _password(password_file)
    made = people.reset_password(actor, user_id=found.user_id, password=password)
    _show_new(screen, made, "has another password")


@user.command
@click.argument("email")
@click.argument("role", type=_role)
@organization
@common
def set_role(screen: Screen, *, email: str, role: str, organization: str | None) -> None:
    """Give a person another role: owner, admin, finops, finance or viewer."""
    actor = operator(screen, organization)
    changed = people.change_role(actor, user_id=_person(actor, email).user_id, role=Role(role))
    screen.result(_row(changed), f"{changed.email} is now {changed.role}")


@user.command
@click.argument("email")
@organization
@common
def disable(screen: Screen, *, email: str, organization: str | None) -> None:
    """Close a person's account; their sign-ins and tokens end at once."""
    _switch(screen, email, organization, enabled=False)


@user.command
@click.argument("email")
@organization
@common
def enable(screen: Screen, *, email: str, organization: str | None) -> None:
    """Open a closed account again."""
    _switch(screen, email, organization, enabled=True)


@user.command
@click.argument("email")
@organization
@common
def remove(screen: Screen, *, email: str, organization: str | None) -> None:
    """Take a person out of the organization; the audit log keeps the name."""
    actor = operator(screen, organization)
    found = _person(actor, email)
    people.remove_person(actor, user_id=found.user_id)
    screen.result({"removed": found.email}, f"{found.email} is out of the organization")


def _switch(screen: Screen, email: str, organization: str | None, *, enabled: bool) -> None:
    actor = operator(screen, organization)
    changed = people.set_enabled(actor, user_id=_person(actor, email).user_id, enabled=enabled)
    screen.result(_row(changed), f"{changed.email} is {'enabled' if enabled else 'disabled'}")


def _person(actor: Actor, email: str) -> Member:
    wanted = email.strip().lower()
    found = next((each for each in people.list_people(actor) if each.email == wanted), None)
    if found is None:
        raise NotFound(f"nobody here has the address {wanted}: see `infrazen user list`")
    return found


def _password(file: Path | None) -> str | None:
    return None if file is None else secret_text(file, what="password")


def _show_new(screen: Screen, made: people.NewPassword, what: str) -> None:
    text = f"{made.member.email} {what} ({made.member.role})"
    if made.password:
        text += f"\npassword (shown this once): {made.password}"
    screen.result(_row(made.member) | {"password": made.password}, text)


def _row(member: Member) -> dict[str, Any]:
    return {
        "id": str(member.user_id),
        "email": member.email,
        "name": member.name,
        "role": member.role.value,
        "is_disabled": member.is_disabled,
        "since": member.since,
        "last_sign_in_at": member.last_sign_in_at,
    }
