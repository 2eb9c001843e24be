"""What a person says of a resource, made to count at once: on the screens and in the costs.

The day's costs are written anew as a sync that finds nothing changed would write them, so
that lists, sums and the account's reconciliation agree between two syncs too.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries.connections import Connection, stored_account
from infrazen.db.queries.cost_slices import Slice
from infrazen.db.queries.scope import Scope
from infrazen.domain.periods import local_day
from infrazen.errors import Conflict
from infrazen.providers import provider
from infrazen.sync.apply import biller_of
from infrazen.sync.changes import show_overridden
from infrazen.sync.day_costs import write_day


def scope_of(connection: Connection, *, now: datetime) -> Scope:
    """Where to write between two syncs; ``Conflict`` before the first one."""
    if connection.last_snapshot_id is None:
        raise Conflict("the connection has not been synced yet")
    return Scope(
        organization_id=connection.organization_id,
        connection_id=connection.id,
        provider=connection.provider,
        snapshot_id=connection.last_snapshot_id,
        now=now,
    )


def make_count(
    session: Session, scope: Scope, connection: Connection, resource_id: UUID, *, costs: bool
) -> None:
    """Show what people say of a resource now; with ``costs`` write the day's anew too."""
    spec, account = provider(connection.provider), stored_account(connection)
    biller = biller_of(connection, spec, account)
    show_overridden(session, scope, resource_id, biller=biller)
    if costs:
        where = Slice(
            organization_id=scope.organization_id,
            connection_id=scope.connection_id,
            day=local_day(scope.now, spec.billing_time_zone),
        )
        write_day(
            session,
            scope,
            where,
            biller=biller,
            account=account,
            prices_stand=False,
            keeps_bills=True,
        )
