"""What findings count for: each resource's savings once, whatever people decide about them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from infrazen.db.queries.findings import Finding
from infrazen.domain.money import to_micro
from infrazen.domain.recommendations import AGREED, LIVE, Category, State
from infrazen.finops.savings import count_in_turn, count_once
from infrazen.finops.verdicts import TOGETHER

_IN_HAND = LIVE - {State.OPEN}
_TURNS = (_IN_HAND, {State.OPEN}, {State.DONE, State.SNOOZED, State.DISMISSED})
"""What somebody works on counts first, then what is open, and last what waits for nobody."""


Costs = Mapping[UUID | None, int | None]
"""A month's cost of each resource, and under None the account's; None where nobody knows it."""


def count(findings: Iterable[Finding], *, costs: Costs) -> set[UUID]:
    """Set what each finding counts for; the ids of those for which that changed.

    Findings on a resource that is not among ``costs`` keep what they have. What the
    account's own findings save counts up to what its resources leave of its cost.
    """
    places: dict[UUID | None, list[Finding]] = {}
    for one in findings:
        places.setdefault(one.resource_id, []).append(one)
    of_account = places.pop(None, [])
    changed = set()
    for resource_id, some in places.items():
        if resource_id in costs:
            changed |= _set(some, cost=costs[resource_id])
    for one in of_account:
        whole = costs.get(None)
        left = None if whole is None else whole - _counted(places, one.currency)
        changed |= _set([one], cost=left)
    return changed


def promise(one: Finding, beside: Iterable[Finding], *, cost: int | None) -> int:
    """What agreeing to ``one`` promises on top of what was promised of its resource before."""
    agreed = [other for other in beside if other.state in AGREED and other.id != one.id]
    combinable, together = _together([one, *agreed])
    alone = _alone([one, *agreed])
    best = count_once(alone, cost=_most(alone, cost), combinable=combinable, together=together)
    promised = sum(other.promised_monthly or 0 for other in agreed)
    return max(0, min(one.own_saving, sum(best.values()) - promised))


def _counted(places: Mapping[UUID | None, list[Finding]], currency: str) -> int:
    return sum(
        one.monthly_saving
        for some in places.values()
        for one in some
        if one.state in LIVE and one.currency == currency
    )


def _set(findings: list[Finding], *, cost: int | None) -> set[UUID]:
    turns = [_alone(one for one in findings if one.state in states) for states in _TURNS]
    combinable, together = _together(findings)
    most = _most(_alone(findings), cost)
    counted = count_in_turn(turns, cost=most, combinable=combinable, together=together)
    changed = set()
    for one in findings:
        counts_for = counted.get(one.rule, one.monthly_saving)
        if counts_for != one.monthly_saving:
            one.monthly_saving = counts_for
            changed.add(one.id)
    return changed


def _most(alone: Mapping[str, int], cost: int | None) -> int:
    return sum(alone.values()) if cost is None else cost


def _alone(findings: Iterable[Finding]) -> dict[str, int]:
    """By rule, as one rule finds one thing once; risks save nothing."""
    return {one.rule: 0 if one.category is Category.RISK else one.own_saving for one in findings}


def _together(findings: Iterable[Finding]) -> tuple[frozenset[str], int | None]:
    """The rules whose findings can be carried out as one, and what that saves."""
    told = {
        one.rule: to_micro(Decimal(one.evidence[TOGETHER]))
        for one in findings
        if TOGETHER in one.evidence
    }
    return frozenset(told), min(told.values(), default=None)
