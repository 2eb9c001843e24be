"""What rules look at: a connection's resources, set by set."""

from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session, col

from infrazen.db.queries.connections import Connection
from infrazen.db.queries.cost_history import latest_reconciliation
from infrazen.db.tables.resources import ResourceRow
from infrazen.domain.accounts import AccountInfo
from infrazen.domain.facts import AccountFacts, Facts, is_attached, source_exists, whole
from infrazen.domain.kinds import Kind
from infrazen.domain.prices import family_of

AT_ONCE = 5_000


def resources(session: Session, connection_id: UUID, kinds: Mapping[str, Kind]) -> Iterator[Facts]:
    """The active resources whose type is in ``kinds``."""
    row = ResourceRow
    disks = _external_ids(session, connection_id, [t for t, k in kinds.items() if k is Kind.DISK])
    rows = session.execute(
        select(
            col(row.id),
            col(row.type),
            col(row.name),
            col(row.status),
            col(row.region),
            col(row.sku),
            col(row.currency),
            type_coerce(col(row.daily_cost), BigInteger),
            type_coerce(col(row.monthly_cost), BigInteger),
            col(row.provider_created_at),
            col(row.changed_at),
            col(row.provider_config),
        )
        .where(
            col(row.connection_id) == connection_id,
            col(row.is_active),
            col(row.type).in_(list(kinds)),
        )
        .execution_options(yield_per=AT_ONCE)
    )
    for (
        id_,
        type_,
        name,
        status,
        region,
        sku,
        currency,
        daily,
        monthly,
        made,
        changed,
        config,
    ) in rows:
        kind = kinds[type_]
        yield Facts(
            id=id_,
            kind=kind,
            type=type_,
            name=name,
            status=status,
            region=region,
            family=family_of(config),
            sku=sku,
            currency=currency or "",
            daily_micro=daily,
            monthly_micro=monthly,
            created_at=made,
            changed_at=changed,
            config=config,
            cpu=whole(config.get("cpu")),
            memory_mb=whole(config.get("memory_mb")),
            disk_mb=whole(config.get("disk_mb")),
            attached=is_attached(kind, status, config),
            source_exists=source_exists(config, disks),
        )


def _external_ids(session: Session, connection_id: UUID, types: list[str]) -> frozenset[str]:
    if not types:
        return frozenset()
    row = ResourceRow
    return frozenset(
        session.scalars(
            select(col(row.external_id)).where(
                col(row.connection_id) == connection_id,
                col(row.is_active),
                col(row.type).in_(types),
            )
        )
    )


def account(session: Session, connection: Connection, *, currency: str) -> AccountFacts:
    """What is known of the account; ``payable_daily`` is the last recorded day's.

    All in the account's own currency, which is ``currency`` where it says nothing.
    """
    info = None
    if connection.account is not None:
        info = msgspec.convert(connection.account, AccountInfo, strict=False)
    charge = info.charge if info else None
    if info is not None:
        currency = (charge.currency if charge else info.currency) or currency
    payable = latest_reconciliation(
        session,
        connection.id,
        organization_id=connection.organization_id,
        currency=currency,
    )
    return AccountFacts(
        known=info is not None,
        currency=currency,
        balance=info.balance if info else None,
        daily=charge.daily if charge else None,
        monthly=charge.monthly if charge else None,
        yearly=charge.yearly if charge else None,
        is_yearly=charge.is_yearly if charge else False,
        days_to_block=info.days_to_block if info else None,
        payable_daily=payable.payable.daily if payable else None,
        payable_monthly=payable.payable.monthly if payable else None,
    )
