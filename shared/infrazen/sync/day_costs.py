"""The costs of the day: every active resource's price, and what the account adds."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from sqlmodel import Session

from infrazen.db.queries import cost_slices, overrides, resource_totals
from infrazen.db.queries.cost_slices import CostLine, Slice
from infrazen.db.queries.resource_totals import PriceSum
from infrazen.db.queries.scope import Scope
from infrazen.domain.accounts import AccountCharge, AccountInfo
from infrazen.domain.costs import ZERO_RATE, Charge, Rate, Reconciliation
from infrazen.domain.money import from_micro
from infrazen.finops.charges import Biller, charge_id, offset_charge, residual_charge
from infrazen.finops.reconciliation import reconcile


def write_day(
    session: Session,
    scope: Scope,
    where: Slice,
    *,
    biller: Biller,
    account: AccountInfo | None,
    prices_stand: bool,
    keeps_bills: bool = False,
) -> list[Reconciliation]:
    """Write the day's costs and how they add up, one reconciliation a currency.

    With ``prices_stand`` and sums that are already stored for this day, the slice is what
    it would become and stays. ``keeps_bills`` where not every bill of it is written again.
    """
    sums = resource_totals.price_sums(session, scope.connection_id)
    corrected = overrides.corrections(session, scope.connection_id)
    found = list(_reconciled(sums, account.charge if account else None, corrected))
    if prices_stand and cost_slices.reconciliations(session, where) == found:
        return found
    cost_slices.write_priced_day(
        session,
        where,
        extra=_account_lines(session, scope, found, biller=biller, account=account),
        keeps_bills=keeps_bills,
    )
    cost_slices.write_reconciliations(session, where, found, snapshot_id=scope.snapshot_id)
    return found


def _reconciled(
    sums: Iterable[PriceSum], charge: AccountCharge | None, corrected: Mapping[str, Rate]
) -> Iterator[Reconciliation]:
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
            corrected=corrected.get(currency, ZERO_RATE),
        )


def _account_lines(
    session: Session,
    scope: Scope,
    found: Iterable[Reconciliation],
    *,
    biller: Biller,
    account: AccountInfo | None,
) -> list[CostLine]:
    """What the account charges beyond its resources, or what goes off theirs again."""
    plan = account.plan if account else ""
    lines: list[tuple[Charge, Decimal]] = []
    for one in found:
        if one.residual.daily > Decimal(0):
            charge = residual_charge(currency=one.currency, biller=biller, plan=plan)
            lines.append((charge, one.residual.daily))
        if one.offset.daily > Decimal(0):
            charge = offset_charge(currency=one.currency, biller=biller)
            lines.append((charge, -one.offset.daily))
    found_ids = [(charge_id(charge, scope.connection_id), charge) for charge, _ in lines]
    if lines:
        cost_slices.insert_charges(
            session,
            organization_id=scope.organization_id,
            connection_id=scope.connection_id,
            charges=found_ids,
        )
    return [
        CostLine(charge_id=id_, amount=amount)
        for (id_, _), (_, amount) in zip(found_ids, lines, strict=True)
    ]
