"""Every account's lines as its provider states them, and what they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.domain.costs import ZERO_RATE, Rate, Reconciliation
from infrazen.services.connection_views import ConnectionCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One account in one currency.

    ``lines`` are its dearest resources, ``rest`` what all others come to: with the
    account's own charge they add up to the reconciliation's ``listed``.
    """

    card: ConnectionCard
    reconciliation: Reconciliation
    lines: tuple[ResourceLine, ...]
    rest: Rate


def ledgers(known: Iterable[ConnectionCard], lines: Sequence[ResourceLine]) -> tuple[Ledger, ...]:
    """The ledger of each account, the dearest account first."""
    found = [_ledger(card, one, lines) for card in known for one in card.reconciliations]
    return tuple(sorted(found, key=lambda one: -one.reconciliation.payable.daily))


def _ledger(
    card: ConnectionCard, reconciliation: Reconciliation, lines: Sequence[ResourceLine]
) -> Ledger:
    own = tuple(
        line
        for line in lines
        if line.connection_id == card.connection.id
        and line.currency == reconciliation.currency
        and line.daily_cost is not None
    )
    stated = sum((rate_of(line) for line in own), ZERO_RATE)
    rest = reconciliation.explained + reconciliation.separate - stated
    return Ledger(card=card, reconciliation=reconciliation, lines=own, rest=rest)


def rate_of(line: ResourceLine) -> Rate:
    """What a resource costs, zero where it has no price."""
    return Rate(line.daily_cost or ZERO_RATE.daily, line.monthly_cost or ZERO_RATE.monthly)
