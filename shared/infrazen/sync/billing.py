"""Bills that were read become facts, a day at a time; what they replace gives way.

A day that is over costs what its bill says: prices of what the bill covers give way. Today
is not over, so its prices stand for the whole day, and the bill so far adds only what has no
price. Why: the decision "Bills replace prices, day by day".
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby
from uuid import UUID

import msgspec
from sqlmodel import Session

from infrazen.db.queries import billed_days
from infrazen.db.queries.billed_days import BilledRecord, DayTotal, MonthOfBills
from infrazen.db.queries.scope import Scope
from infrazen.domain.billing import Bill, BilledLine, Lines
from infrazen.domain.costs import Charge
from infrazen.domain.money import MICRO, to_micro
from infrazen.domain.periods import Days, last_days, month_of
from infrazen.finops.charges import Biller, billed_charge, charge_id

HISTORY_DAYS = 400
REREAD_DAYS = 7
"""Providers correct the last days of a bill; older ones are taken as they were read."""


def wanted_days(read: Mapping[str, Iterable[date]], *, today: date) -> Callable[[str], Days]:
    """Which days to ask of an endpoint, given the whole days that were ``read`` of each.

    From the first gap of the last 400 days, or a week ago where there is none, to today.
    """
    history = last_days(HISTORY_DAYS, today=today)
    again = last_days(REREAD_DAYS, today=today).since

    def wanted(endpoint: str) -> Days:
        known = set(read.get(endpoint, ()))
        gap = next((day for day in history if day not in known), again)
        return Days(min(gap, again), history.until)

    return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """Where bills are written: who bills, in which currency, and which day is not over."""

    biller: Biller
    currency: str
    today: date


def write_bills(session: Session, scope: Scope, bills: Iterable[Bill], billing: Billing) -> None:
    """Write every day that bills tell of and that is not stored like that already."""
    for bill in bills:
        days = [day for day in sorted(bill.days) if day <= billing.today]
        for _, some in groupby(days, key=month_of):
            _Month(session, scope, bill, billing).write(list(some))


class _Month:
    def __init__(self, session: Session, scope: Scope, bill: Bill, billing: Billing) -> None:
        self._session, self._scope = session, scope
        self._bill, self._billing = bill, billing
        self._charges: dict[BilledLine, tuple[UUID, Charge]] = {}

    def write(self, days: list[date]) -> None:
        """Write those of ``days`` that say something new."""
        stored = billed_days.fingerprints(
            self._session, self._scope, listing=self._bill.listing, days=days
        )
        records: list[BilledRecord] = []
        totals: list[DayTotal] = []
        for day in days:
            found = list(self._records(day))
            mark = self._fingerprint(day, found)
            if stored.get(day) != mark and not (day in stored and self._has_no_bill(day)):
                records += found
                totals += self._totals(day, found, mark)
        changed = sorted({total.day for total in totals})
        if changed:
            month = MonthOfBills(
                listing=self._bill.listing,
                days=changed,
                over=[day for day in changed if day < self._billing.today],
                covers=self._bill.covers,
                charges=sorted(self._charges.values(), key=lambda charge: charge[0].int),
                records=records,
                totals=totals,
            )
            billed_days.write_month(self._session, self._scope, month)

    def _has_no_bill(self, day: date) -> bool:
        """Whether a day was told only to have none: what was read of it before then stays."""
        return self._bill.covers == frozenset() and not self._bill.days[day]

    def _records(self, day: date) -> Iterator[BilledRecord]:
        lines = self._bill.days[day]
        if day == self._billing.today:
            lines = self._without_price(lines)
        for line, amount in lines.items():
            stated = _micro(amount.amount)
            yield BilledRecord(
                day=day,
                charge_id=self._charge(line)[0],
                amount=stated,
                listed=stated if amount.listed is None else _micro(amount.listed),
                quantity=amount.quantity,
            )

    def _without_price(self, lines: Lines) -> Lines:
        """Lines whose resource no price stands for: what they come to by now."""
        refs = {line: self._scope.id_of(line.resource) for line in lines if line.resource}
        priced = billed_days.priced_resources(self._session, self._scope, refs.values())
        return {line: amount for line, amount in lines.items() if refs.get(line) not in priced}

    def _charge(self, line: BilledLine) -> tuple[UUID, Charge]:
        known = self._charges.get(line)
        if known is None:
            charge = billed_charge(
                line,
                resource_ref=self._scope.id_of(line.resource) if line.resource else None,
                listing=self._bill.listing,
                biller=self._billing.biller,
            )
            known = self._charges[line] = (charge_id(charge, self._scope.connection_id), charge)
        return known

    def _fingerprint(self, day: date, records: Iterable[BilledRecord]) -> bytes:
        """Sixteen bytes that differ whenever anything that is written does."""
        covers = self._bill.covers
        said = [str(day < self._billing.today), str(None if covers is None else sorted(covers))]
        said += sorted(
            f"{r.charge_id.hex} {r.amount} {r.listed} {r.quantity and r.quantity.normalize()}"
            for r in records
        )
        return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).digest()

    def _totals(self, day: date, records: Iterable[BilledRecord], mark: bytes) -> list[DayTotal]:
        sums = {self._billing.currency: 0}
        currencies = {id_: charge.billing_currency for id_, charge in self._charges.values()}
        for record in records:
            currency = currencies[record.charge_id]
            sums[currency] = sums.get(currency, 0) + record.amount
        whole = day < self._billing.today
        return [
            DayTotal(day=day, currency=currency, amount=amount, is_whole=whole, fingerprint=mark)
            for currency, amount in sums.items()
        ]


def _micro(amount: Decimal) -> int:
    """Millionths, rounded once for a line and day."""
    return to_micro(amount.quantize(MICRO, rounding=ROUND_HALF_EVEN))
