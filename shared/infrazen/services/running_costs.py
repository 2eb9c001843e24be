"""What all connections come to now: to pay, listed, and what beyond their resources is in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from infrazen.db.queries import connections, cost_history
from infrazen.domain.costs import ZERO_RATE, Rate, Reconciliation
from infrazen.domain.roles import Permission
from infrazen.services.organizations import organization_of
from infrazen.services.shared_answers import shared
from infrazen.services.use_case import Work, use_case


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningCost:
    """What all connections come to now, in one currency.

    ``payable`` is what there is to pay: ``resources + residual - offset``; ``listed`` every line
    that providers state. ``residual`` is what accounts charge beyond their resources, ``offset``
    by how much manual prices of resources exceed what their accounts charge.
    """

    currency: str
    payable: Rate
    listed: Rate
    resources: Rate
    residual: Rate
    offset: Rate

    @property
    def counted_twice(self) -> Rate:
        """What adding up every line would count a second time."""
        return self.listed - self.payable


@use_case(Permission.COST_READ)
def list_running_costs(work: Work) -> tuple[RunningCost, ...]:
    """What all connections come to now, by currency, the organization's own first."""
    return shared(work, ("running costs",), lambda: _running_costs(work))


def running_costs(found: Iterable[Reconciliation], *, main: str) -> tuple[RunningCost, ...]:
    """The sums of ``found``, by currency, ``main`` first; zero of it where nothing is found."""
    by_currency: dict[str, list[Reconciliation]] = {}
    for one in found:
        by_currency.setdefault(one.currency, []).append(one)
    known = by_currency or {main: []}
    order = sorted(known, key=lambda currency: (currency != main, currency))
    return tuple(_summed(currency, known[currency]) for currency in order)


def _running_costs(work: Work) -> tuple[RunningCost, ...]:
    session, organization_id = work.session, work.organization_id
    money = cost_history.latest_reconciliations(session, organization_id=organization_id)
    known = connections.every(session, organization_id=organization_id)
    found = [one for connection in known for one in money.get(connection.id, ())]
    return running_costs(found, main=organization_of(work).currency)


def _summed(currency: str, found: Iterable[Reconciliation]) -> RunningCost:
    payable = listed = resources = residual = offset = ZERO_RATE
    for one in found:
        payable += one.payable
        listed += one.listed
        resources += one.explained + one.separate
        residual += one.residual
        offset += one.offset
    return RunningCost(
        currency=currency,
        payable=payable,
        listed=listed,
        resources=resources,
        residual=residual,
        offset=offset,
    )
