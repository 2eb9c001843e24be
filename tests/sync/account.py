"""A Beget account at its simulator, connected and synced the real way."""

import asyncio
from dataclasses import dataclass, replace
from uuid import UUID

from infrazen.db.queries import snapshots
from infrazen.db.queries.snapshots import Snapshot
from infrazen.db.session import Database, database
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.secret_store.rotation import ensure_master_key
from infrazen.security.access import Actor, system_actor
from infrazen.services.connection_drafts import Draft
from infrazen.services.connections import add_connection
from infrazen.sync.engine import Ended, Order, run
from tests.world import add_organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A connected account and whoever looks after it."""

    store: Database
    actor: Actor
    connection_id: UUID

    def sync(self, clock: Clock | None = None) -> Snapshot:
        """Sync once; the snapshot that came of it."""
        return self.snapshot(self.sync_ended(clock))

    def sync_ended(self, clock: Clock | None = None) -> Ended:
        """Sync once; how it ended."""
        order = Order(organization_id=self.actor.organization_id, connection_id=self.connection_id)
        return run(self.store, order, clock=clock)

    def snapshot(self, ended: Ended) -> Snapshot:
        """The snapshot of a run."""
        with self.store.reading() as session:
            return snapshots.get(
                session,
                organization_id=self.actor.organization_id,
                snapshot_id=ended.snapshot_id,
            )


def draft(simulator: SimulatorControl, **changes: object) -> Draft:
    """What one enters to connect the simulator's account."""
    facts: dict[str, object] = {
        "provider": "beget",
        "display_name": "Beget, основной",
        "credentials": {"login": "demo", "password": "simulator-password"},
        "endpoint": simulator.url,
        "schedule": "",
    }
    return Draft(**{**facts, **changes})  # type: ignore[arg-type]


def connect(
    simulator: SimulatorControl, *, to: str = "acme", sync_now: bool = False, **changes: object
) -> Account:
    """A new organization, named ``to``, with the simulator's account connected."""
    store = database()
    with store.writing() as session:
        ensure_master_key(session)
        organization_id = add_organization(session, to)
    actor = system_actor(organization_id)
    card = asyncio.run(add_connection(actor, draft=draft(simulator, **changes), sync_now=sync_now))
    return Account(store=store, actor=actor, connection_id=card.connection.id)


def connect_another(beside: Account, simulator: SimulatorControl, **changes: object) -> Account:
    """One more connection in the organization of ``beside``."""
    wanted = draft(simulator, **changes)
    card = asyncio.run(add_connection(beside.actor, draft=wanted, sync_now=False))
    return replace(beside, connection_id=card.connection.id)
