"""The demo's account at Selectel: its ingredients, from which every figure follows.

A shop's front in Moscow and its cache in Saint Petersburg. The front got more processors than
it turned out to need; the disk of a database that was moved away is still paid for; backups
grow. Days are counted back from the day that the history leads up to.
"""

from infrazen.provider_kit.simulation.past import Past
from infrazen.providers.selectel.simulator import records, tariffs
from infrazen.providers.selectel.simulator.account_world import World

ZONE = "Europe/Moscow"

PROJECT = "7c4e1b0d9a2f4e6f8b3d5a1c0e9f7b24"
PROJECT_NAME = "Витрина"
MEGABITS = 100
PRICES = {
    "compute_cores": "720.00",
    "compute_ram": "0.205078125",
    "volume_gigabytes_fast": "12.50",
    "volume_gigabytes_local": "10.00",
}
"""What the account pays for units a month, in rubles; memory is 210 a GiB."""

FLAVORS = (
    ("SL1", 4, 16384, 96),
    ("SL1", 8, 16384, 96),
    ("ML1", 4, 32768, 64),
)
FRONT, FRONT_BEFORE, CACHE = "SL1.8-16384-96", "SL1.4-16384-96", "ML1.4-32768-64"

BEGINS = 400
FRONT_GREW = 190
CACHE_CAME = 230
DISK_CAME, DISK_LEFT_ALONE = 220, 21
DISK_GIB = 400
BACKUPS_GIB, BACKUPS_GROW_GIB = 4000, 5

SENT_GIB = (3598, 3510, 3420, 3325, 3225, 3115, 3000, 2875, 2740, 2595, 2440, 2275, 2100, 1915)
"""What the front sends to the internet in thirty days, the latest first."""
WEEKDAYS = (119, 115, 112, 114, 124, 50, 44)

LOAD = {
    "front": {"cpu": 18.0, "memory": 62.0, "network": 34.0, "disk_read": 16.0, "disk_write": 9.0},
    "cache": {"cpu": 80.0, "memory": 79.0, "network": 24.0, "disk_read": 7.0, "disk_write": 21.0},
}
"""Averages of a week, in percent; those of the network are of its bandwidth."""
SWING = {"front": {"cpu": 0.3, "network": 0.45}, "cache": {"cpu": 0.12, "network": 0.3}}

BALANCE_KOPECKS = 6_480_000


def demo(world: World, past: Past) -> None:
    """Make the account as it is on the past's day."""
    for line, *size in FLAVORS:
        world.flavor(line, *size, megabits=MEGABITS)
    world.kept["prices"] = tariffs.prices(PRICES)
    world.kept["projects"] = [(PROJECT, records.project(PROJECT, PROJECT_NAME))]
    world.kept["balance"] = [("primary", {"kopecks": BALANCE_KOPECKS})]
    front, cache = _servers(world, past)
    _storage(world, past, cache)
    world.kept["profiles"] = [
        (id_, {**LOAD[name], "swing": SWING[name]})
        for id_, name in ((front, "front"), (cache, "cache"))
    ]
    sent = past.spread(SENT_GIB, WEEKDAYS)
    world.kept["traffic"] = [(str(day), {front: gib}) for day, gib in sent.items()]


def _servers(world: World, past: Past) -> tuple[str, str]:
    """The front and, once it has come, the cache; their ids."""
    front, cache = world.id("demo/server", 0), world.id("demo/server", 1)
    now = past.ago()
    size = FRONT if now < FRONT_GREW else FRONT_BEFORE
    if now < FRONT_GREW:
        before = {"days_ago": FRONT_GREW - now, "flavor": FRONT_BEFORE}
        world.kept["history"] = [(front, before)]
    for id_, name, flavor, zone, came, role in (
        (front, "shop-front-1", size, "msk-a", BEGINS, "storefront"),
        (cache, "cache-spb-1", CACHE, "spb-a", CACHE_CAME, "cache"),
    ):
        if now <= came:
            made = records.server(
                id_,
                name,
                world.flavors[flavor],
                project=PROJECT,
                zone=zone,
                created=f"{past.days_ago(came)}T08:15:00Z",
                metadata={"env": "prod", "team": "shop", "service": role},
            )
            world.put("servers", zone, PROJECT, made)
    return front, cache


def _storage(world: World, past: Past, cache: str) -> None:
    now = past.ago()
    volume = records.volume(
        world.id("demo/volume", 0),
        "orders-db-old-data",
        DISK_GIB,
        project=PROJECT,
        zone="spb-a",
        kind="fast",
        server=cache if now > DISK_LEFT_ALONE else None,
        created=f"{past.days_ago(DISK_CAME)}T08:40:00Z",
        metadata={"env": "prod", "team": "shop"},
    )
    world.put("volumes", "spb-a", PROJECT, volume)
    stored = BACKUPS_GIB - BACKUPS_GROW_GIB * now
    world.put("containers", "spb-a", PROJECT, records.container("shop-backups", gigabytes=stored))
    growth = {"daily_gib": BACKUPS_GROW_GIB, "since": str(past.days_ago(BEGINS))}
    world.kept["growth"] = [("shop-backups", growth)]
