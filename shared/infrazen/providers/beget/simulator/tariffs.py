"""What the simulated Beget asks for machines, rubles per day."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CPU = Decimal(4)
MEMORY_GB = Decimal(4)
DISK_GB = Decimal("0.2")
SNAPSHOT_GB = Decimal("0.05")
DAYS_A_MONTH = 30
DAYS_A_YEAR = 365

SIZES = ((1, 1024, 10240), (1, 2048, 20480), (2, 2048, 30720), (2, 4096, 61440), (4, 8192, 122880))
"""The catalogue: processors, memory in MB, disk in MB."""


def machine(cpu: int, memory_mb: int, disk_mb: int) -> Decimal:
    """The price of a machine of this size."""
    return CPU * cpu + MEMORY_GB * memory_mb / 1024 + DISK_GB * disk_mb / 1024


def configuration(cpu: int, memory_mb: int, disk_mb: int, *, price_day: Decimal) -> str:
    """The id of a configuration; one of other times has its price's own."""
    name = f"cfg-{cpu}-{memory_mb // 1024}-{disk_mb // 1024}"
    of_today = price_day == machine(cpu, memory_mb, disk_mb)
    return name if of_today else f"{name}-{price_day}"


def resized(kept: Mapping[str, Any], cpu: int, memory_mb: int, disk_mb: int) -> Decimal:
    """What another size costs who has the configuration ``kept``, at the rate they bought at."""
    today = machine(kept["cpu_count"], kept["memory"], kept["disk_size"])
    rate = Decimal(str(kept["price_day"])) / today
    return (machine(cpu, memory_mb, disk_mb) * rate).quantize(Decimal("0.01"))


def number(amount: Decimal) -> float | int:
    """An amount as the API writes it."""
    whole = int(amount)
    return whole if whole == amount else float(amount)


def whole(amount: Decimal) -> int:
    """An amount rounded to rubles, as in the account's rates."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
