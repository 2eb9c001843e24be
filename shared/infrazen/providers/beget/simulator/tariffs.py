"""What the simulated Beget asks for machines, rubles per day."""

from decimal import ROUND_HALF_UP, Decimal

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


def number(amount: Decimal) -> float | int:
    """An amount as the API writes it."""
    whole = int(amount)
    return whole if whole == amount else float(amount)


def whole(amount: Decimal) -> int:
    """An amount rounded to rubles, as in the account's rates."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
