"""Readings made up for a test, written as the engine writes them."""

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from infrazen.db.queries import connections, runs, snapshot_changes
from infrazen.db.queries.scope import Scope, resource_id
from infrazen.db.queries.snapshot_changes import ChangeLine
from infrazen.db.session import Database
from infrazen.domain.accounts import AccountCharge, AccountInfo, AccountStatus
from infrazen.domain.billing import Bill
from infrazen.domain.money import Period
from infrazen.domain.periods import utc_now
from infrazen.domain.prices import PriceOffer
from infrazen.domain.resources import (
    LogEntry,
    ResourceStatus,
    SeenComponent,
    SeenResource,
    ServiceCategory,
    StatedPrice,
    UsageSeries,
)
from infrazen.domain.syncs import (
    EndpointResult,
    EndpointStatus,
    Quarantined,
    SyncStatus,
    Trigger,
)
from infrazen.provider_kit.reading import Reading
from infrazen.providers import provider
from infrazen.sync.apply import Applied, Target, apply
from infrazen.sync.lease import claim
from tests.world import add_connection, add_organization

SERVERS, DOMAINS = "modern.vps", "legacy.domains"
DAY = date(2026, 11, 23)


def server(number: int, *, daily: str = "22", **facts: object) -> SeenResource:
    """A server that costs ``daily`` ₽ a day, inside the account's rate."""
    price = Decimal(daily)
    known: dict[str, object] = {
        "listing": SERVERS,
        "external_id": f"id-{number}",
        "type": "vps",
        "name": f"server {number}",
        "service": "VPS",
        "category": ServiceCategory.COMPUTE,
        "status": ResourceStatus.RUNNING,
        "provider_status": "RUNNING",
        "region": "ru1",
        "price": StatedPrice(
            amount=price,
            period=Period.DAY,
            currency="RUB",
            daily_micro=int(price * 10**6),
            monthly_micro=int(price * 30 * 10**6),
            in_account_rate=True,
        ),
        "config": {"cpu": 2, "memory_mb": 2048},
    }
    return SeenResource(**{**known, **facts})  # type: ignore[arg-type]


def software(number: int, name: str, version: str) -> SeenComponent:
    """A program on a server."""
    return SeenComponent(
        listing=SERVERS, resource=f"vps/id-{number}", kind="software", name=name, version=version
    )


@dataclass
class MadeUp:
    """A connection without a cloud behind it."""

    store: Database
    organization_id: UUID
    connection_id: UUID
    day: date = DAY
    snapshots: list[UUID] = field(default_factory=list)

    def sync(
        self,
        *resources: SeenResource,
        components: tuple[SeenComponent, ...] = (),
        failed: tuple[str, ...] = (),
        quarantined: tuple[Quarantined, ...] = (),
        usage: tuple[UsageSeries, ...] = (),
        offers: tuple[PriceOffer, ...] = (),
        log: tuple[LogEntry, ...] = (),
        charge: AccountCharge | None = None,
        bills: tuple[Bill, ...] = (),
        asked: date | None = None,
    ) -> Applied:
        """Write a reading of ``resources`` in which the endpoints ``failed``.

        ``asked`` is the day on which it began, where that is not the day it is written.
        """
        with self.store.reading() as session:
            connection = connections.get(
                session, organization_id=self.organization_id, connection_id=self.connection_id
            )
        run = claim(self.store, connection, trigger=Trigger.MANUAL, requested_by="a test")
        scope = Scope(
            organization_id=self.organization_id,
            connection_id=self.connection_id,
            provider="beget",
            snapshot_id=run.snapshot_id,
            now=utc_now(),
        )
        reading = Reading(
            resources=list(resources),
            components=list(components),
            quarantined=list(quarantined),
            usage=list(usage),
            offers=list(offers),
            log=list(log),
            bills=list(bills),
            endpoints=tuple(_endpoint(name, failed) for name in (SERVERS, DOMAINS)),
            account=charge and _account(charge),
        )
        target = Target(
            connection=connection,
            spec=provider("beget"),
            day=self.day,
            asked=asked or self.day,
        )
        with self.store.writing() as session:
            applied = apply(session, scope, target, reading)
            values = {"status": SyncStatus.SUCCESS, **asdict(applied.counts)}
            runs.close(session, run, now=utc_now(), values=values)
        self.snapshots.append(run.snapshot_id)
        return applied

    def resource_id(self, key: str) -> UUID:
        """The id of the resource with this key."""
        return resource_id(self.connection_id, key)

    def history(self, id_: UUID) -> list[ChangeLine]:
        """What happened to a resource, latest first."""
        with self.store.reading() as session:
            return snapshot_changes.timeline(
                session, organization_id=self.organization_id, resource_id=id_
            )


def made_up(store: Database, name: str = "acme") -> MadeUp:
    """A fresh organization with one connection."""
    with store.writing() as session:
        organization_id = add_organization(session, name)
        connection_id = add_connection(session, organization_id, "made-up")
    return MadeUp(store, organization_id, connection_id)


def charge_of(daily: str, monthly: str) -> AccountCharge:
    """What the account states."""
    return AccountCharge(currency="RUB", daily=Decimal(daily), monthly=Decimal(monthly))


def _account(charge: AccountCharge) -> AccountInfo:
    return AccountInfo(
        account_id="made-up", status=AccountStatus.ACTIVE, plan="Cloud", charge=charge
    )


def _endpoint(name: str, failed: tuple[str, ...]) -> EndpointResult:
    well = name not in failed
    status = EndpointStatus.SUCCEEDED if well else EndpointStatus.FAILED
    return EndpointResult(name=name, status=status, listed=well)
