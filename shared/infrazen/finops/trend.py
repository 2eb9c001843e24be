"""How a period compares with the one before."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def change_percent(*, before: Sequence[Decimal], now: Sequence[Decimal]) -> Decimal | None:
    """By how much the average day changed, in percent to a tenth.

    Averages of recorded days, so that a period with gaps compares fairly; for full periods
    of the same length it is the change of their totals. None where either has no recorded
    day or the earlier one cost nothing.
    """
    if not before or not now or not sum(before):
        return None
    ratio = (sum(now, Decimal(0)) * len(before)) / (sum(before, Decimal(0)) * len(now))
    return (100 * (ratio - 1)).quantize(TENTH, rounding=ROUND_HALF_UP)
