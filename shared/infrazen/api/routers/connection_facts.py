"""What the last sync read of a connection's account, and what it could not read."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from infrazen.api.answers.connections import (
    Account,
    BilledDay,
    Component,
    KnownAccount,
    Reconciliation,
)
from infrazen.api.caller import Caller
from infrazen.api.paging import (
    Cursor,
    Limit,
    Page,
    Since,
    at_moment,
    cursor_after,
    moment_of,
    position_at,
)
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer
from infrazen.db.queries.quarantine import QuarantineEntry
from infrazen.domain.roles import Permission
from infrazen.services import connections, syncs

router = APIRouter(
    prefix="/connections/{connection_id:uuid}", tags=["connections"], responses=documented(404)
)

_reads = needs(Permission.CONNECTION_READ)


class UnreadRecord(Answer):
    """A record that could not be read, why, and what came (without secrets)."""

    id: UUID
    endpoint: str
    key: str
    reason: str
    raw: str
    times_seen: int
    first_seen_at: datetime
    last_seen_at: datetime


@router.get("/account", openapi_extra=_reads)
def get_account(caller: Caller, connection_id: UUID) -> KnownAccount:
    """What the provider says of the account: plan, balance, limits, server."""
    card = connections.get_connection(caller.actor, connection_id=connection_id)
    account = None if card.account is None else Account.model_validate(card.account)
    return KnownAccount(account=account, read_at=card.connection.account_at)


@router.get("/components", openapi_extra=_reads)
def list_account_components(caller: Caller, connection_id: UUID) -> Page[Component]:
    """What belongs to the account but to none of its resources."""
    found = connections.list_account_components(caller.actor, connection_id=connection_id)
    return Page(items=[Component.model_validate(one) for one in found])


@router.get("/reconciliation", openapi_extra=_reads)
def get_reconciliation(caller: Caller, connection_id: UUID) -> Page[Reconciliation]:
    """How the account's charge and its resources add up, one entry a currency."""
    card = connections.get_connection(caller.actor, connection_id=connection_id)
    return Page(items=[Reconciliation.model_validate(one) for one in card.reconciliations])


@router.get("/billed-day", openapi_extra=_reads)
def get_billed_day(caller: Caller, connection_id: UUID) -> Page[BilledDay]:
    """The last whole day of the provider's own bill beside its prices, one entry a currency.

    Empty where the provider bills nothing that could be read.
    """
    card = connections.get_connection(caller.actor, connection_id=connection_id)
    return Page(items=[BilledDay.model_validate(one) for one in card.billed])


@router.get("/unread-records", openapi_extra=_reads)
def list_unread_records(
    caller: Caller, connection_id: UUID, cursor: Cursor = None, limit: Limit = 50
) -> Page[UnreadRecord]:
    """The quarantine: records that could not be read, latest first.

    Everything else was read. The next sync that can read one takes it off the list.
    """
    start = position_at(cursor, Since)
    found = syncs.list_unread_records(
        caller.actor,
        connection_id=connection_id,
        before=None if start is None else (at_moment(start.at), start.id),
        limit=limit,
    )
    return Page(
        items=[UnreadRecord.model_validate(one) for one in found],
        next_cursor=cursor_after(found, _place_of_record, limit=limit),
    )


def _place_of_record(one: QuarantineEntry) -> Since:
    return Since(at=moment_of(one.last_seen_at), id=one.id)
