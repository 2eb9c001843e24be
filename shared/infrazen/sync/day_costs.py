"""The costs of the day: every active resource's price, and what the account adds."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from sqlmodel import Session

from infrazen.db.queries import cost_slices, resource_totals
from infrazen.db.queries.cost_slices import CostLine, Slice
from infrazen.db.queries.resource_totals import PriceSum
from infrazen.db.queries.scope import Scope
from infrazen.domain.accounts import AccountCharge, AccountInfo
from infrazen.domain.costs import ZERO_RATE, Rate, Reconciliation
from infrazen.domain.money import from_micro
from infrazen.finops.charges import Biller, charge_id, residual_charge
from infrazen.finops.reconciliation import reconcile


def write_day(
    session: Session,
    scope: Scope,
    where: Slice,
    *,
    biller: Biller,
    account: AccountInfo | None,
    prices_stand: bool,
) -> list[Reconciliation]:
    """Write the day's costs and how they add up, one reconciliation a currency.

    With ``prices_stand`` and sums that are already stored for this day, the slice is what
    it would become and stays.
    """
    sums = resource_totals.price_sums(session, scope.connection_id)
    found = list(_reconciled(sums, account.charge if account else None))
    if prices_stand and cost_slices.reconciliations(session, where) == found:
        return found
    cost_slices.write_priced_day(
        session,
        where,
        extra=_residual_lines(session, scope, found, biller=biller, account=account),
    )
    cost_slices.write_reconciliations(session, where, found, snapshot_id=scope.snapshot_id)
    return found


def _reconciled(sums: Iterable[PriceSum], charge: AccountCharge | None) -> Iterator[Reconciliation]:
    rates = {
        (one.currency, one.in_account_rate): Rate(
            from_micro(one.daily_micro), from_micro(one.monthly_micro)
        )
        for one in sums
    }
    currencies = {currency for currency, _ in rates}
    if charge is not None:
        currencies.add(charge.currency)
    for currency in sorted(currencies):
        ours = charge is not None and charge.currency == currency
        yield reconcile(
            currency=currency,
            account=Rate(charge.daily, charge.monthly) if ours and charge else None,
            explained=rates.get((currency, True), ZERO_RATE),
            separate=rates.get((currency, False), ZERO_RATE),
        )


def _residual_lines(
    session: Session,
    scope: Scope,
    found: Iterable[Reconciliation],
    *,
    biller: Biller,
    account: AccountInfo | None,
) -> list[CostLine]:
    lines = []
    plan = account.plan if account else ""
    for one in found:
        if one.residual.daily > Decimal(0):
            charge = residual_charge(currency=one.currency, biller=biller, plan=plan)
            id_ = charge_id(charge, scope.connection_id)
            cost_slices.insert_charges(
                session,
                organization_id=scope.organization_id,
                connection_id=scope.connection_id,
                charges=[(id_, charge)],
            )
            lines.append(CostLine(charge_id=id_, amount=one.residual.daily))
    return lines
