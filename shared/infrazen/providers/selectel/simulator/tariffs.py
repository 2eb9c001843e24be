"""What units cost a month in the simulated account, in rubles. Made up, of a likely size."""

from collections.abc import Mapping
from decimal import Decimal

from infrazen.provider_kit.simulation.collection import Record

ZONES = ("msk-a", "spb-a")
REGIONS = {"msk-a": "msk", "spb-a": "spb"}

UNITS = {
    "compute_cores": "684.00",
    "compute_ram": "0.2016",
    "compute_cores_percent_20": "236.40",
    "compute_cores_preemptible": "205.20",
    "compute_ram_preemptible": "0.0605",
    "volume_gigabytes_fast": "13.20",
    "volume_gigabytes_universal": "9.06",
    "volume_gigabytes_basic": "4.35",
    "volume_gigabytes_local": "11.10",
    "volume_gigabytes_local_preemptible": "3.33",
    "snapshot_gigabytes_fast": "3.90",
    "snapshot_gigabytes_universal": "3.90",
    "snapshot_gigabytes_basic": "3.00",
    "image_gigabytes": "3.30",
    "network_floatingips": "186.00",
}
STORED_GIB = Decimal("1.86")
TRAFFIC_GIB = Decimal("0.82")

# Line, cores, MiB of memory, GiB of local disk.
SIZES = (
    ("SL1", 1, 2048, 0),
    ("SL1", 2, 4096, 0),
    ("SL1", 2, 8192, 0),
    ("SL1", 4, 8192, 0),
    ("SL1", 4, 16384, 0),
    ("SL1", 8, 16384, 0),
    ("SL1", 8, 32768, 0),
    ("SL1", 16, 32768, 0),
    ("SL1", 16, 65536, 0),
    ("ML1", 2, 16384, 0),
    ("ML1", 4, 32768, 0),
    ("ML1", 8, 65536, 0),
    ("ML1", 16, 131072, 0),
    ("PRC20", 1, 1024, 0),
    ("PRC20", 2, 2048, 0),
    ("SL1", 2, 4096, 32),
    ("SL1", 4, 8192, 64),
)
MEGABITS = 1000


def flavor_name(line: str, cores: int, memory: int, disk: int) -> str:
    """``SL1.4-8192``, with the local disk behind it where there is one."""
    return f"{line}.{cores}-{memory}" + (f"-{disk}" if disk else "")


def prices(own: Mapping[str, str] | None = None) -> list[tuple[str, Record]]:
    """The price list as the panel's API gives it: every unit in every zone.

    ``own`` are what an account pays for some units instead.
    """
    return [
        (
            f"{resource}:{zone}",
            {"resource": resource, "group": zone, "value": float(value), "unit": "month"},
        )
        for zone in ZONES
        for resource, value in {**UNITS, **(own or {})}.items()
    ]


def month(resource: str) -> Decimal:
    """What one unit costs a month."""
    return Decimal(UNITS[resource])
