"""The audit log."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from pydantic import Field

from infrazen.api.audit_query import AuditPageQuery
from infrazen.api.caller import Caller
from infrazen.api.paging import Page, cursor_at, position_at
from infrazen.api.permissions import needs
from infrazen.api.schemas import Answer
from infrazen.domain.roles import Permission
from infrazen.services import audit

router = APIRouter(prefix="/audit", tags=["audit"])


class Event(Answer):
    """Who did what to what, from where, and how it ended (`done` or a reason)."""

    sequence: int
    at: datetime
    actor: str
    actor_kind: str
    action: str
    target: str
    outcome: str
    address: str
    details: dict[str, Any]


class Verification(Answer):
    """Whether the log's hash chain is whole."""

    intact: bool
    first_broken: Annotated[
        int | None, Field(description="Sequence of the first event that is not as it was written.")
    ]


class _Before(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    sequence: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


@router.get("", openapi_extra=needs(Permission.AUDIT_READ))
def list_events(caller: Caller, query: Annotated[AuditPageQuery, Query()]) -> Page[Event]:
    """What happened in the organization, latest first."""
    limit, start = query.limit, position_at(query.cursor, _Before)
    found = audit.list_events(
        caller.actor,
        wanted=query.wanted,
        before=None if start is None else start.sequence,
        limit=limit,
    )
    more = len(found) == limit and found[-1].sequence > 1
    return Page(
        items=[Event.model_validate(each) for each in found],
        next_cursor=cursor_at(_Before(found[-1].sequence)) if more else None,
    )


@router.get("/actors", openapi_extra=needs(Permission.AUDIT_READ))
def list_actors(caller: Caller) -> Page[str]:
    """Everybody who is in the log: people, their tokens, the operator."""
    return Page(items=audit.list_actors(caller.actor))


@router.get("/verification", openapi_extra=needs(Permission.AUDIT_READ))
def verify_log(caller: Caller) -> Verification:
    """Check that no event was changed, removed or put in."""
    broken = audit.verify_log(caller.actor)
    return Verification(intact=broken is None, first_broken=broken)
