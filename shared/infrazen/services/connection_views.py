"""A connection as people see it: its state in a word, its secrets as facts, its money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from infrazen.db.queries import (
    billed_days,
    connections,
    cost_history,
    quarantine,
    resource_counts,
    snapshots,
    sync_queue,
)
from infrazen.db.queries.connections import Connection, stored_account
from infrazen.db.queries.sealed import SecretFact
from infrazen.db.queries.snapshots import Snapshot
from infrazen.domain.accounts import AccountInfo
from infrazen.domain.billing import BilledDay
from infrazen.domain.costs import Reconciliation
from infrazen.domain.syncs import SyncStatus
from infrazen.providers import provider
from infrazen.secret_store.connection_secrets import secret_facts
from infrazen.services.use_case import Work


class ConnectionState(StrEnum):
    """How a connection stands, in a word."""

    NEW = "new"
    WAITING = "waiting"
    SYNCING = "syncing"
    HEALTHY = "healthy"
    PARTIAL = "partial"
    FAILED = "failed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretState:
    """That a secret is set, how to recognise it, and when it changed; never the secret."""

    field: str
    fingerprint: str
    set_at: datetime
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionCard:
    """A connection with what its card shows.

    ``resources`` counts active ones; ``reconciliations`` are of the last recorded day, one
    a currency; ``billed`` is the last whole day that the provider's billing told of;
    ``unread`` counts records in quarantine; ``running`` is the run at work.
    """

    connection: Connection
    provider_title: str
    state: ConnectionState
    secrets: tuple[SecretState, ...]
    account: AccountInfo | None
    resources: int
    reconciliations: tuple[Reconciliation, ...]
    billed: tuple[BilledDay, ...]
    last: Snapshot | None
    running: Snapshot | None
    unread: int

    @property
    def is_managed(self) -> bool:
        """Whether a custom resource manages it: read-only here then."""
        return bool(self.connection.managed_by)


def cards(work: Work, chosen: Iterable[Connection] | None = None) -> list[ConnectionCard]:
    """The cards of ``chosen`` connections, of all where None, oldest first."""
    session, organization_id = work.session, work.organization_id
    if chosen is None:
        chosen = connections.every(session, organization_id=organization_id)
    known = list(chosen)
    running = snapshots.running(session, organization_id=organization_id)
    waiting = sync_queue.waiting_connections(session, organization_id=organization_id)
    last = snapshots.by_ids(
        session,
        organization_id=organization_id,
        ids=[c.last_snapshot_id for c in known if c.last_snapshot_id],
    )
    counts = resource_counts.counts(session, organization_id)
    money = cost_history.latest_reconciliations(session, organization_id=organization_id)
    billed = billed_days.latest_billed_days(session, organization_id=organization_id)
    unread = quarantine.counts(session, organization_id=organization_id)
    secrets = secret_facts(
        session, organization_id=organization_id, connections=[one.id for one in known]
    )
    return [
        ConnectionCard(
            connection=one,
            provider_title=provider(one.provider).title,
            state=_state(one, is_running=one.id in running, is_waiting=one.id in waiting),
            secrets=tuple(_secret(fact) for fact in secrets.get(one.id, ())),
            account=stored_account(one),
            resources=counts.get(one.id, 0),
            reconciliations=tuple(money.get(one.id, ())),
            billed=tuple(billed.get(one.id, ())),
            last=last.get(one.last_snapshot_id) if one.last_snapshot_id else None,
            running=running.get(one.id),
            unread=unread.get(one.id, 0),
        )
        for one in known
    ]


def _secret(fact: SecretFact) -> SecretState:
    return SecretState(field=fact.field, fingerprint=fact.fingerprint, set_at=fact.set_at)


def _state(connection: Connection, *, is_running: bool, is_waiting: bool) -> ConnectionState:
    if is_running:
        return ConnectionState.SYNCING
    if is_waiting:
        return ConnectionState.WAITING
    if connection.is_suspended:
        return ConnectionState.SUSPENDED
    ended = {
        SyncStatus.SUCCESS: ConnectionState.HEALTHY,
        SyncStatus.PARTIAL: ConnectionState.PARTIAL,
        SyncStatus.ERROR: ConnectionState.FAILED,
    }
    if connection.last_status is None:
        return ConnectionState.NEW
    return ended.get(connection.last_status, ConnectionState.NEW)
