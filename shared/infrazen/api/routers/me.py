"""Who I am, and what I do with my own account."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from infrazen.api.caller import Caller, SessionCookie
from infrazen.api.paging import Page
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer, Email, Line, Password, Question, Secret
from infrazen.domain.roles import Permission, Role
from infrazen.errors import ClosedInDemo
from infrazen.services import me

router = APIRouter(prefix="/me", tags=["me"])


class Me(Answer):
    """Who calls, where, and what they may do there."""

    user_id: UUID
    email: str
    name: str
    language: str
    role: Role
    permissions: list[Permission]
    organization_id: UUID
    organization_name: str
    organization_slug: str
    expires_at: datetime


class Profile(Question):
    """What to change; what is left out stays."""

    name: Annotated[Line | None, Field(examples=["Анна Иванова"])] = None
    language: Annotated[Literal["ru", "en"] | None, Field(examples=["ru"])] = None


class PasswordChange(Question):
    """The password until now and the one from now on."""

    current: Annotated[Secret, Field(examples=["correct horse battery"])]
    new: Annotated[Password, Field(examples=["battery horse correct"])]


class EmailChange(Question):
    """The address to sign in with from now on, and the password."""

    email: Annotated[Email, Field(examples=["anna@example.com"])]
    current: Annotated[Secret, Field(examples=["correct horse battery"])]


class SignIn(Answer):
    """One sign-in; `is_current` marks the one that asks."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str
    is_current: bool


class MyOrganization(Answer):
    """An organization one belongs to."""

    id: UUID
    name: str
    slug: str
    role: Role


class Choice(Question):
    """The organization to act in."""

    organization_id: Annotated[UUID, Field(examples=["3b241101-e2bb-4255-8caf-4136c566a962"])]


SignInId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


@router.get("")
def get_me(caller: Caller) -> Me:
    """The person behind the session or token, and what it may do."""
    if caller.user_id is None:
        raise ClosedInDemo("whoever looks at the demo is nobody")
    allowed = [each for each in Permission if caller.actor.may(each)]
    facts = {name: getattr(caller, name) for name in Me.model_fields if name != "permissions"}
    return Me(permissions=allowed, **facts)


@router.patch("", status_code=204, openapi_extra=needs(Permission.SELF))
def update_me(caller: Caller, form: Profile) -> None:
    """Change one's name or language."""
    me.update_profile(caller.actor, name=form.name, language=form.language)


@router.put(
    "/password", status_code=204, responses=documented(429), openapi_extra=needs(Permission.SELF)
)
def change_my_password(
    caller: Caller, form: PasswordChange, infrazen_session: SessionCookie = ""
) -> None:
    """Change one's password; all other sign-ins end."""
    me.change_password(caller.actor, current=form.current, new=form.new, cookie=infrazen_session)


@router.put(
    "/email",
    status_code=204,
    responses=documented(409, 429),
    openapi_extra=needs(Permission.SELF),
)
def change_my_email(caller: Caller, form: EmailChange) -> None:
    """Change the address that one signs in with."""
    me.change_email(caller.actor, current=form.current, email=form.email)


@router.get("/sign-ins", openapi_extra=needs(Permission.SELF))
def list_my_sign_ins(caller: Caller, infrazen_session: SessionCookie = "") -> Page[SignIn]:
    """Where one is signed in, last used first."""
    found = me.list_sign_ins(caller.actor, cookie=infrazen_session)
    return Page(items=[SignIn.model_validate(each) for each in found])


@router.delete("/sign-ins", status_code=204, openapi_extra=needs(Permission.SELF))
def end_my_other_sign_ins(caller: Caller, infrazen_session: SessionCookie = "") -> None:
    """End all sign-ins but this one."""
    me.end_other_sign_ins(caller.actor, cookie=infrazen_session)


@router.delete(
    "/sign-ins/{sign_in_id}",
    status_code=204,
    responses=documented(404),
    openapi_extra=needs(Permission.SELF),
)
def end_my_sign_in(caller: Caller, sign_in_id: SignInId) -> None:
    """End one sign-in."""
    me.end_sign_in(caller.actor, sign_in_id=sign_in_id)


@router.get("/organizations", openapi_extra=needs(Permission.SELF))
def list_my_organizations(caller: Caller) -> Page[MyOrganization]:
    """The organizations one belongs to, and as what."""
    return Page(
        items=[
            MyOrganization(
                id=each.organization.id,
                name=each.organization.name,
                slug=each.organization.slug,
                role=each.role,
            )
            for each in me.list_my_organizations(caller.actor)
        ]
    )


@router.put(
    "/organization",
    status_code=204,
    responses=documented(404),
    openapi_extra=needs(Permission.SELF),
)
def switch_my_organization(
    caller: Caller, form: Choice, infrazen_session: SessionCookie = ""
) -> None:
    """Act in another organization from now on, in this session."""
    me.switch_organization(
        caller.actor, organization_id=form.organization_id, cookie=infrazen_session
    )
