"""What people say of a resource in the provider's place: its name and its price."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from infrazen.api.answers.resources import Override
from infrazen.api.caller import Caller
from infrazen.api.paging import Page
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import PLAIN, Line, Question
from infrazen.domain.money import Period
from infrazen.domain.overrides import OverrideField
from infrazen.domain.roles import Permission
from infrazen.services import overrides

router = APIRouter(prefix="/resources", tags=["resources"], responses=documented(404))

Price = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,10}(\.[0-9]{1,6})?$"),
    Field(description="A decimal with a point and at most six decimals.", examples=["1500.00"]),
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=overrides.LONGEST_REASON, pattern=PLAIN),
]

_writes = needs(Permission.RESOURCE_WRITE)


class NewName(Question):
    """How people call a resource."""

    name: Annotated[Line, Field(examples=["Витрина магазина"])]
    reason: Annotated[Reason, Field(examples=["Так его зовут в команде."])] = ""


class NewPrice(Question):
    """What a resource costs in truth, from today on, and why."""

    amount: Price
    period: Annotated[Literal["day", "month"], Field(examples=["month"])]
    currency: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Z]{3}$",
            examples=["RUB"],
            description="The provider's; where it names no price, the organization's if left out.",
        ),
    ] = None
    reason: Annotated[Reason, Field(min_length=3, examples=["Скидка по договору 12/2026."])]


@router.get("/{resource_id:uuid}/overrides", openapi_extra=needs(Permission.RESOURCE_READ))
def list_resource_overrides(caller: Caller, resource_id: UUID) -> Page[Override]:
    """What people say and ever said of a resource, latest first."""
    found = overrides.list_overrides(caller.actor, resource_id=resource_id)
    return Page(items=[Override.model_validate(one) for one in found])


@router.put("/{resource_id:uuid}/name", status_code=204, openapi_extra=_writes)
def set_resource_name(caller: Caller, resource_id: UUID, form: NewName) -> None:
    """Call a resource otherwise than its provider does. No sync changes that."""
    overrides.set_name(caller.actor, resource_id=resource_id, name=form.name, reason=form.reason)


@router.delete("/{resource_id:uuid}/name", status_code=204, openapi_extra=_writes)
def reset_resource_name(caller: Caller, resource_id: UUID) -> None:
    """Call a resource again as its provider does."""
    overrides.reset_override(caller.actor, resource_id=resource_id, field=OverrideField.NAME)


@router.put(
    "/{resource_id:uuid}/price", status_code=204, responses=documented(409), openapi_extra=_writes
)
def set_resource_price(caller: Caller, resource_id: UUID, form: NewPrice) -> None:
    """Say what a resource costs; from today on that counts, with the cost source `manual`.

    Inside an account's charge it changes nothing payable: it only says which resource the
    charge goes to. Without a reason there is no price.
    """
    overrides.set_price(
        caller.actor,
        resource_id=resource_id,
        amount=Decimal(form.amount),
        period=Period(form.period),
        currency=form.currency,
        reason=form.reason,
    )


@router.delete("/{resource_id:uuid}/price", status_code=204, openapi_extra=_writes)
def reset_resource_price(caller: Caller, resource_id: UUID) -> None:
    """Let the provider's price count again, from today on."""
    overrides.reset_override(caller.actor, resource_id=resource_id, field=OverrideField.PRICE)
