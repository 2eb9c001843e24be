"""Money, times and words as the command line writes them."""

import re
from decimal import Decimal

from infrazen.domain.costs import Rate
from infrazen.sync.result import amount

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def money(value: Decimal, currency: str) -> str:
    """Exact, with its currency: ``1847.00 RUB``."""
    return f"{amount(value)} {currency}"


def per_day_and_month(rate: Rate, currency: str) -> str:
    """``60.73 RUB a day, 1847.00 RUB a month``."""
    return f"{money(rate.daily, currency)} a day, {money(rate.monthly, currency)} a month"


def duration(milliseconds: int) -> str:
    """``840 ms``, ``2.1 s`` or ``3 min 12 s``."""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    seconds = milliseconds / 1000
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {seconds % 60:.0f} s"


def words(reason: str | None) -> str:
    """A stable CamelCase word as plain ones: ``permission missing``."""
    return _HUMP.sub(" ", reason or "unknown").lower()
