"""The people of an organization: who they are, what they may, how they get in."""

import secrets
from dataclasses import dataclass, field
from uuid import UUID

from infrazen.db.queries import instance, organizations, people, sign_ins
from infrazen.domain.people import Member, OrganizationKind, Person
from infrazen.domain.roles import Permission, Role
from infrazen.domain.text import email_address, one_line
from infrazen.errors import Conflict, Forbidden, NotFound
from infrazen.security.access import ActorKind
from infrazen.security.passwords import hash_password
from infrazen.services.use_case import Work, use_case


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """A password that was made up for somebody, to be shown once; None if it was given."""

    member: Member
    password: str | None = field(repr=False)


@use_case(Permission.USER_READ)
def list_people(work: Work) -> list[Member]:
    """Everybody in the organization, by name."""
    return people.members(work.session, work.organization_id)


@use_case(Permission.USER_WRITE, audit="user.add")
def add_person(
    work: Work, *, email: str, name: str, role: Role, password: str | None = None
) -> NewPassword:
    """A new person with ``role``; without ``password`` one is made up and returned.

    Somebody who is already known elsewhere keeps name and password, and can only be added
    by the local operator or by an organization that serves theirs: otherwise any
    administrator could draw strangers in. Raises ``Conflict`` and ``Forbidden`` for that.
    The demo is looked at by anybody, and nobody's place.
    """
    work.target = address = email_address(email)
    home = organizations.organization(work.session, work.organization_id)
    if home is not None and home.kind is OrganizationKind.DEMO:
        raise Conflict("the demo has no people of its own: add them to another organization")
    work.details["role"] = role
    _may_hand_out(work, role)
    instance.hold(work.session, "people")
    known = people.person_called(work.session, address)
    if known is not None:
        return NewPassword(member=_add_known(work, known, role), password=None)
    made_up = _made_up_password() if password is None else None
    user_id = people.add_person(
        work.session,
        email=address,
        name=one_line(name, field="name", longest=200),
        password_hash=hash_password(made_up or password or ""),
        at=work.now,
    )
    people.add_member(work.session, work.organization_id, user_id, role)
    return NewPassword(member=_member(work, user_id), password=made_up)


@use_case(Permission.USER_WRITE, audit="user.set-role")
def change_role(work: Work, *, user_id: UUID, role: Role) -> Member:
    """Give a person another role, in force with their next click.

    Nobody gives or takes a role above their own; one owner who can sign in must remain
    (``Conflict``).
    """
    before = _changeable(work, user_id)
    _may_hand_out(work, role)
    work.details.update({"from": before.role, "to": role})
    people.set_role(work.session, work.organization_id, user_id, role)
    _keep_an_owner(work)
    return _member(work, user_id)


@use_case(Permission.USER_WRITE, audit="user.set-enabled")
def set_enabled(work: Work, *, user_id: UUID, enabled: bool) -> Member:
    """Open or close a person's account; closing ends their sign-ins and tokens at once."""
    _changeable(work, user_id)
    _only_ours(work, user_id)
    work.details["enabled"] = enabled
    people.set_disabled(work.session, user_id, disabled=not enabled)
    if not enabled:
        sign_ins.end_sessions(work.session, user_id)
        _keep_an_owner(work)
    return _member(work, user_id)


@use_case(Permission.USER_WRITE, audit="user.remove")
def remove_person(work: Work, *, user_id: UUID) -> None:
    """Take a person out of the organization, with their sign-ins and tokens in it.

    Who belongs to no organization any more is forgotten; the audit log keeps the name.
    """
    _changeable(work, user_id)
    people.remove_member(work.session, work.organization_id, user_id)
    sign_ins.end_sessions(work.session, user_id, organization_id=work.organization_id)
    sign_ins.drop_tokens(work.session, work.organization_id, user_id)
    _keep_an_owner(work)
    if not people.memberships(work.session, user_id):
        people.delete_person(work.session, user_id)


@use_case(Permission.USER_WRITE, audit="user.reset-password")
def reset_password(work: Work, *, user_id: UUID, password: str | None = None) -> NewPassword:
    """Give a person another password (made up where not given) and end their sign-ins."""
    member = _changeable(work, user_id)
    _only_ours(work, user_id)
    made_up = _made_up_password() if password is None else None
    people.set_password(
        work.session,
        user_id,
        password_hash=hash_password(made_up or password or ""),
        at=work.now,
    )
    sign_ins.end_sessions(work.session, user_id)
    return NewPassword(member=member, password=made_up)


def _add_known(work: Work, known: Person, role: Role) -> Member:
    if people.member(work.session, work.organization_id, known.id) is not None:
        raise Conflict(f"{known.email} is a member already: change the role instead")
    home = organizations.organization(work.session, work.organization_id)
    theirs = {each.organization.id for each in people.memberships(work.session, known.id)}
    if work.actor.kind is not ActorKind.SYSTEM and (home is None or home.parent_id not in theirs):
        raise Conflict(
            f"{known.email} already uses InfraZen in another organization: whoever runs this "
            "installation can add them with `infrazen user add`"
        )
    people.add_member(work.session, work.organization_id, known.id, role)
    return _member(work, known.id)


def _changeable(work: Work, user_id: UUID) -> Member:
    """The member to be changed, whom the actor must be entitled to change."""
    organizations.lock(work.session, work.organization_id)
    member = _member(work, user_id)
    work.target = member.email
    _may_hand_out(work, member.role)
    return member


def _member(work: Work, user_id: UUID) -> Member:
    member = people.member(work.session, work.organization_id, user_id)
    if member is None:
        raise NotFound("no such person in this organization")
    return member


def _may_hand_out(work: Work, role: Role) -> None:
    if not work.actor.covers(role):
        raise Forbidden(f"only somebody who may all that the role {role} may can do this")


def _only_ours(work: Work, user_id: UUID) -> None:
    """An account that others use too is not one organization's to close or take over."""
    if work.actor.kind is ActorKind.SYSTEM:
        return
    if people.belongs_elsewhere(work.session, user_id, work.organization_id):
        raise Forbidden(
            "this person belongs to another organization too, so their account is not yours to "
            "change: remove them from yours instead"
        )


def _keep_an_owner(work: Work) -> None:
    work.session.flush()
    if people.enabled_owners(work.session, work.organization_id) == 0:
        raise Conflict("an organization needs an owner who can sign in: appoint another one first")


def _made_up_password() -> str:
    return secrets.token_urlsafe(12)
