"""The organization one acts in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from infrazen.api.caller import Caller
from infrazen.api.permissions import needs
from infrazen.api.schemas import Answer, CurrencyCode, Line, Question, ZoneName
from infrazen.domain.roles import Permission
from infrazen.services import first_steps, organizations

router = APIRouter(prefix="/organization", tags=["organization"])


class Organization(Answer):
    """A tenant."""

    id: UUID
    name: str
    slug: str
    time_zone: str
    currency: str


class OrganizationChange(Question):
    """What to change; what is left out stays."""

    name: Annotated[Line | None, Field(examples=["Рога и копыта"])] = None
    time_zone: Annotated[ZoneName | None, Field(examples=["Europe/Moscow"])] = None
    currency: Annotated[CurrencyCode | None, Field(examples=["RUB"])] = None


class FirstSteps(Answer):
    """What an organization begins with: which of it is done."""

    connected: bool
    read: bool
    joined: bool


@router.get("/first-steps", openapi_extra=needs(Permission.CONNECTION_WRITE))
def get_first_steps(caller: Caller) -> FirstSteps:
    """Whether a cloud is connected, one was read, and anybody else was let in."""
    return FirstSteps.model_validate(first_steps.get_first_steps(caller.actor))


@router.get("", openapi_extra=needs(Permission.SELF))
def get_organization(caller: Caller) -> Organization:
    """Name, time zone and currency of one's organization."""
    return Organization.model_validate(organizations.current_organization(caller.actor))


@router.patch("", openapi_extra=needs(Permission.ORGANIZATION_WRITE))
def change_organization(caller: Caller, form: OrganizationChange) -> Organization:
    """Change name, time zone or main currency; no amount is converted."""
    changed = organizations.change_organization(
        caller.actor, name=form.name, time_zone=form.time_zone, currency=form.currency
    )
    return Organization.model_validate(changed)
