"""Everything that a sync read, written in one transaction."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
from sqlmodel import Session

from infrazen.db.queries import (
    billed_days,
    connections,
    overrides,
    price_offers,
    quarantine,
    resource_log,
    resource_totals,
    usage,
    usage_days,
)
from infrazen.db.queries.connections import Connection
from infrazen.db.queries.cost_slices import Slice
from infrazen.db.queries.resource_totals import Totals
from infrazen.db.queries.scope import Scope
from infrazen.domain.accounts import AccountInfo
from infrazen.domain.costs import Reconciliation
from infrazen.domain.periods import utc_day
from infrazen.domain.resources import UsageSeries
from infrazen.domain.syncs import Counts, EndpointStatus
from infrazen.finops.charges import Biller
from infrazen.finops.usage import summarise
from infrazen.finops.usage_days import days_of
from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.reading import Reading
from infrazen.secret_store.resource_secrets import ResourceSecret, store_resource_secrets
from infrazen.sync.billing import Billing, write_bills
from infrazen.sync.changes import Seen, write_inventory
from infrazen.sync.day_costs import write_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a reading made of the database: counts, totals, and how the money adds up.

    ``stirred`` where rules may say something else now than they did before.
    """

    counts: Counts
    totals: Totals
    account: dict[str, Any] | None
    reconciliation: Reconciliation | None
    stirred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The connection that is written to, its provider, and the day that costs belong to.

    ``asked`` is the day on which the provider was asked: a sync may last past midnight, and
    what a bill said before it is not the whole day.
    """

    connection: Connection
    spec: ProviderSpec
    day: date
    asked: date


def apply(session: Session, scope: Scope, target: Target, reading: Reading) -> Applied:
    """Write a reading: inventory, history, secrets, usage, quarantine, account, costs, bills."""
    overrides.hold(session, scope.connection_id)
    account = reading.account or connections.stored_account(target.connection)
    biller = biller_of(target.connection, target.spec, account)
    written = write_inventory(session, scope, _seen(reading), biller=biller)
    _write_secrets(session, scope, reading, known=written.known)
    _write_usage(session, scope, reading, known=written.known)
    resource_log.append(session, scope, (e for e in reading.log if e.resource in written.known))
    if reading.usage or not written.prices_stand:
        usage.refresh_totals(session, scope.connection_id)
    repriced = price_offers.replace(session, scope, reading.offers, listed=_listed(reading))
    read = [one.name for one in reading.endpoints if one.status is EndpointStatus.SUCCEEDED]
    quarantine.keep(session, scope, reading.quarantined, read=read)
    document = None
    if reading.account is not None:
        # As the database will give it back, so that the same account is known to be the same.
        document = msgspec.json.decode(msgspec.json.encode(reading.account))
        connections.note_account(
            session, connection_id=scope.connection_id, account=document, now=scope.now
        )
    found = write_day(
        session,
        scope,
        Slice(
            organization_id=scope.organization_id,
            connection_id=scope.connection_id,
            day=target.day,
        ),
        biller=biller,
        account=account,
        prices_stand=written.prices_stand,
        keeps_bills=not _rewritten(session, scope, target.day, reading),
    )
    billing = Billing(biller=biller, currency=target.spec.currency, today=target.asked)
    write_bills(session, scope, reading.bills, billing)
    return Applied(
        counts=replace(written.counts, quarantined=len(reading.quarantined)),
        totals=resource_totals.totals(session, scope.connection_id),
        account=document,
        reconciliation=_main(found, target.spec.currency),
        stirred=(
            repriced
            or bool(reading.usage)
            or not written.prices_stand
            or (document is not None and document != target.connection.account)
        ),
    )


def biller_of(connection: Connection, spec: ProviderSpec, account: AccountInfo | None) -> Biller:
    """Who charges what a connection's resources cost."""
    return Biller(
        connection_id=connection.id,
        account_id=account.account_id if account else connection.name,
        service_provider=spec.service_provider_name,
        time_zone=spec.billing_time_zone,
    )


def _rewritten(session: Session, scope: Scope, day: date, reading: Reading) -> bool:
    """Whether every bill of ``day`` that is stored was read again."""
    answered = {bill.listing for bill in reading.bills if day in bill.days}
    return billed_days.billed_by(session, scope, day) <= answered


def _seen(reading: Reading) -> Seen:
    return Seen(
        resources=tuple(reading.resources),
        components=tuple(reading.components),
        listed=_listed(reading),
        kept=frozenset(one.key for one in reading.quarantined if one.key),
        whole=reading.whole,
    )


def _listed(reading: Reading) -> frozenset[str]:
    """The endpoints whose answers are complete."""
    return frozenset(one.name for one in reading.endpoints if one.listed)


def _write_secrets(
    session: Session, scope: Scope, reading: Reading, *, known: AbstractSet[str]
) -> None:
    store_resource_secrets(
        session,
        organization_id=scope.organization_id,
        connection_id=scope.connection_id,
        secrets=[
            ResourceSecret(
                resource_id=scope.id_of(secret.resource),
                field=secret.field,
                label=secret.label,
                value=secret.value,
            )
            for secret in reading.secrets
            if secret.resource in known
        ],
    )


def _write_usage(
    session: Session, scope: Scope, reading: Reading, *, known: AbstractSet[str]
) -> None:
    series = [one for one in reading.usage if one.resource in known and one.points]
    usage.insert_readings(session, scope, series)
    _write_usage_days(session, scope, series)
    summaries = ((one.resource, summarise(one)) for one in series)
    usage.replace_summaries(
        session, scope, [(key, summary) for key, summary in summaries if summary is not None]
    )


def _write_usage_days(session: Session, scope: Scope, series: list[UsageSeries]) -> None:
    starts = [point.at for one in series for point in one.points]
    if not starts:
        return
    known = usage_days.known(session, scope.connection_id, since=utc_day(min(starts)))
    usage_days.put(
        session,
        scope,
        (
            (resource_id, one.metric, day, found)
            for one in series
            for resource_id in [scope.id_of(one.resource)]
            for day, found in days_of(one, known.get((resource_id, one.metric), {})).items()
        ),
    )


def _main(found: list[Reconciliation], currency: str) -> Reconciliation | None:
    """The reconciliation that a snapshot shows: the provider's own currency first."""
    ours = [one for one in found if one.currency == currency]
    return next(iter(ours or found), None)
