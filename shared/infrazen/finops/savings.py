"""Savings counted once: what may be added up of several findings on one thing."""

from collections.abc import Mapping, Sequence


def count_once(
    alone: Mapping[str, int],
    *,
    cost: int,
    combinable: frozenset[str] = frozenset(),
    together: int | None = None,
) -> dict[str, int]:
    """What each finding counts for in a sum; together never more than ``cost``.

    ``alone`` is what each would save by itself. Only one of them can be carried out, so
    only the best counts, unless those in ``combinable`` save more together: ``together``
    is then what they save as one, and the larger of them keeps its own part. All amounts
    are of one period and currency, not negative.
    """
    counted = dict.fromkeys(alone, 0)
    if not alone:
        return counted
    ceiling = max(0, cost)
    best = min(ceiling, max(alone.values()))
    shared = [name for name in _largest_first(alone) if name in combinable]
    budget = min(ceiling, together or 0, sum(alone[name] for name in shared))
    if budget <= best:
        counted[_largest_first(alone)[0]] = best
        return counted
    for name in shared:
        counted[name] = min(alone[name], budget)
        budget -= counted[name]
    return counted


def count_in_turn(
    turns: Sequence[Mapping[str, int]],
    *,
    cost: int,
    combinable: frozenset[str] = frozenset(),
    together: int | None = None,
) -> dict[str, int]:
    """As ``count_once``, where some come first: later ones count for what they save on top.

    So what everybody up to some turn counts for is as much as could be had of them alone.
    """
    counted: dict[str, int] = {}
    before: dict[str, int] = {}
    for turn in turns:
        before |= turn
        best = count_once(before, cost=cost, combinable=combinable, together=together)
        left = sum(best.values()) - sum(counted.values())
        counted |= count_once(turn, cost=left, combinable=combinable, together=together)
    return counted


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` in parts that add up to it exactly, in proportion to ``weights``.

    The first gets it all where nothing weighs anything. Weights are not negative.
    """
    whole = sum(weights)
    if not whole:
        return [amount, *(0 for _ in weights[1:])]
    shares, so_far, given = [], 0, 0
    for weight in weights:
        so_far += weight
        reached = amount * so_far // whole
        shares.append(reached - given)
        given = reached
    return shares


def _largest_first(alone: Mapping[str, int]) -> list[str]:
    return sorted(alone, key=lambda name: (-alone[name], name))
