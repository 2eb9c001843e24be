"""The people of the organization."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from infrazen.api.caller import Caller
from infrazen.api.paging import Cursor, Limit, Page, Place, page_of
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer, Email, Flag, Line, Password, Question
from infrazen.domain.people import Member
from infrazen.domain.roles import Permission, Role
from infrazen.services import people

router = APIRouter(prefix="/users", tags=["users"])

MadeUp = Annotated[str | None, Field(description="The password that was made up, shown this once.")]


class User(Answer):
    """A person and their role here."""

    user_id: UUID
    email: str
    name: str
    role: Role
    is_disabled: bool
    since: datetime
    last_sign_in_at: datetime | None


class NewUser(Question):
    """A person to be added; without a password one is made up."""

    email: Annotated[Email, Field(examples=["boris@example.com"])]
    name: Annotated[Line, Field(examples=["Борис Петров"])]
    role: Annotated[Role, Field(examples=["finops"])]
    password: Annotated[Password | None, Field(examples=["correct horse battery"])] = None


class NewRole(Question):
    """Another role."""

    role: Annotated[Role, Field(examples=["viewer"])]


class Access(Question):
    """Whether a person may sign in."""

    enabled: Annotated[Flag, Field(examples=[False])]


class NewPassword(Question):
    """Another password; made up where there is none."""

    password: Annotated[Password | None, Field(examples=["correct horse battery"])] = None


class UserWithPassword(Answer):
    """A person, and the password that was made up for them."""

    member: User
    password: MadeUp


class _Named(Place):
    name: str
    id: UUID


@router.get("", openapi_extra=needs(Permission.USER_READ))
def list_users(caller: Caller, cursor: Cursor = None, limit: Limit = 50) -> Page[User]:
    """The people of the organization, by name."""
    found = people.list_people(caller.actor)
    items, following = page_of(found, _place, _Named, cursor=cursor, limit=limit)
    return Page(items=[User.model_validate(each) for each in items], next_cursor=following)


@router.post(
    "", status_code=201, responses=documented(409), openapi_extra=needs(Permission.USER_WRITE)
)
def add_user(caller: Caller, form: NewUser) -> UserWithPassword:
    """Add a person with a role that is not above one's own."""
    added = people.add_person(
        caller.actor, email=form.email, name=form.name, role=form.role, password=form.password
    )
    return UserWithPassword.model_validate(added)


@router.put(
    "/{user_id:uuid}/role",
    responses=documented(404, 409),
    openapi_extra=needs(Permission.USER_WRITE),
)
def set_user_role(caller: Caller, user_id: UUID, form: NewRole) -> User:
    """Give a person another role, in force at once."""
    return User.model_validate(people.change_role(caller.actor, user_id=user_id, role=form.role))


@router.put(
    "/{user_id:uuid}/access",
    responses=documented(404, 409),
    openapi_extra=needs(Permission.USER_WRITE),
)
def set_user_access(caller: Caller, user_id: UUID, form: Access) -> User:
    """Disable or enable an account; disabling ends its sign-ins and tokens at once."""
    return User.model_validate(
        people.set_enabled(caller.actor, user_id=user_id, enabled=form.enabled)
    )


@router.put(
    "/{user_id:uuid}/password",
    responses=documented(404),
    openapi_extra=needs(Permission.USER_WRITE),
)
def reset_user_password(caller: Caller, user_id: UUID, form: NewPassword) -> UserWithPassword:
    """Give a person another password and end their sign-ins."""
    reset = people.reset_password(caller.actor, user_id=user_id, password=form.password)
    return UserWithPassword.model_validate(reset)


@router.delete(
    "/{user_id:uuid}",
    status_code=204,
    responses=documented(404, 409),
    openapi_extra=needs(Permission.USER_WRITE),
)
def remove_user(caller: Caller, user_id: UUID) -> None:
    """Take a person out of the organization."""
    people.remove_person(caller.actor, user_id=user_id)


def _place(member: Member) -> _Named:
    return _Named(name=member.name.casefold(), id=member.user_id)
