"""Reading daily costs from the pre-aggregate: what every screen of money asks."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlmodel import Session, col

from infrazen.db.tables.costs import CostTotalRow
from infrazen.domain.periods import Days, months_of

_DAYS = tuple(f"d{number:02d}" for number in range(1, 32))


class DailyCost(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one connection cost on one day, in one currency.

    A year has thousands, which the collector need not look through.
    """

    connection_id: UUID
    currency: str
    day: date
    amount: Decimal


def daily_costs(
    session: Session,
    organization_id: UUID,
    days: Days,
    *,
    connections: Sequence[UUID] = (),
    measure: str = "effective",
) -> list[DailyCost]:
    """Cost per connection, currency and day, in the order of days.

    Days without a record are left out.
    """
    statement = select(
        col(CostTotalRow.connection_id),
        col(CostTotalRow.billing_currency),
        col(CostTotalRow.month),
        *(getattr(CostTotalRow, name) for name in _DAYS),
    ).where(
        col(CostTotalRow.organization_id) == organization_id,
        col(CostTotalRow.month).in_(months_of(days)),
        col(CostTotalRow.measure) == measure,
    )
    if connections:
        statement = statement.where(col(CostTotalRow.connection_id).in_(connections))
    # The database sorts few rows by connection; comparing thousands of UUIDs here takes longer.
    rows = session.execute(
        statement.order_by(col(CostTotalRow.connection_id), col(CostTotalRow.billing_currency))
    )
    return sorted((cost for row in rows for cost in _spread(row, days)), key=attrgetter("day"))


def _spread(row: Any, days: Days) -> Iterator[DailyCost]:
    connection_id, currency, month, *amounts = row
    for number, amount in enumerate(amounts, start=1):
        if amount is not None:
            day = month.replace(day=number)
            if day in days:
                yield DailyCost(
                    connection_id=connection_id, currency=currency, day=day, amount=amount
                )
