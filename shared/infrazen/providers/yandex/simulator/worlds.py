"""Simulated accounts: one organization each."""

from collections.abc import Iterator

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.providers.yandex.simulator.accounts import CREATED, World, account
from infrazen.providers.yandex.simulator.aging import age
from infrazen.providers.yandex.simulator.demo import ZONE, demo
from infrazen.providers.yandex.simulator.ids import made_id
from infrazen.providers.yandex.simulator.placed import Placed
from infrazen.providers.yandex.simulator.records import (
    GIB,
    address,
    bucket,
    disk,
    growth,
    image,
    instance,
    snapshot,
)

PLACED = ("folders", "instances", "disks", "snapshots", "images", "addresses", "buckets")
COLLECTIONS = (
    "keys",
    "closed",
    "organizations",
    "clouds",
    "billingAccounts",
    "skus",
    "load",
    "fullness",
    "history",
    "extra_charges",
    "exports",
    *PLACED,
)
MOST_BUCKETS = 50
EXPORT, DIRECTORY = "simulated-billing", "details/"
"""Where the usage export of most worlds lies."""
_ZONES = ("ru-central1-a", "ru-central1-b", "ru-central1-d")
_PLATFORMS = ("standard-v3", "standard-v2", "standard-v3")
_SIZES = ((2, 4), (2, 8), (4, 8), (4, 16), (8, 32))
_FRACTIONS = (100, 100, 50, 20)
_TEAMS = ("shop", "search", "billing", "data")


def grow(setting: Setting) -> dict[str, Collection]:
    """The collections of ``setting``'s world."""
    match setting.world:
        case "reference":
            world = _reference()
        case "demo":
            world = demo(setting.past(ZONE))
        case "large":
            world = _large(setting)
            if setting.anchor is not None:
                age(world, setting.past(ZONE))
        case _:
            world = account("empty", "Пустая организация", folders={"default": "default"})
    world.setdefault("exports", [(EXPORT, {"prefix": DIRECTORY})])
    return {
        name: (Placed if name in PLACED else Collection)(world.get(name, ()))
        for name in COLLECTIONS
    }


def _reference() -> World:
    """Two machines in two zones, a disk that nobody uses any more, and a bucket."""
    seed = "severny-market"
    world = account(
        seed, "Северный маркет", folders={"production": "production", "sandbox": "sandbox"}
    )
    folder = made_id("b1g", seed, "production")
    web, data = made_id("fhm", seed, "web-1"), made_id("epd", seed, "db-1")
    web_boot, data_boot = made_id("fhm", seed, "web-1-boot"), made_id("epd", seed, "db-1-boot")
    old = made_id("epd", seed, "db-old-data")
    labels = {"env": "prod", "team": "shop"}
    world["instances"] = [
        (
            web,
            instance(
                web,
                "web-1",
                folder=folder,
                zone="ru-central1-a",
                platform="standard-v3",
                size=(8, 16),
                boot_disk=web_boot,
                created=CREATED,
                labels=labels | {"role": "web"},
                number=1,
            ),
        ),
        (
            data,
            instance(
                data,
                "db-1",
                folder=folder,
                zone="ru-central1-b",
                platform="standard-v2",
                size=(4, 16),
                boot_disk=data_boot,
                created=CREATED,
                labels=labels | {"role": "db"},
                number=2,
            ),
        ),
    ]
    world["disks"] = [
        (
            id_,
            disk(
                id_,
                name,
                folder=folder,
                zone=zone,
                size_gib=size,
                type_=type_,
                created=CREATED,
                labels=labels,
                instances=instances,
            ),
        )
        for id_, name, zone, size, type_, instances in (
            (web_boot, "web-1-boot", "ru-central1-a", 50, "network-ssd", (web,)),
            (data_boot, "db-1-boot", "ru-central1-b", 200, "network-ssd", (data,)),
            (old, "db-old-data", "ru-central1-b", 300, "network-ssd", ()),
        )
    ]
    world["load"] = [
        (web, {"cpu": 12.0, "memory": 46.0, "network_in": 14.0, "network_out": 38.0}),
        (data, {"cpu": 54.0, "memory": 78.0, "disk_read": 6.5, "disk_write": 9.0}),
    ]
    name = "severny-market-media"
    tags = {"env": "prod", "team": "shop"}
    world["buckets"] = [(name, bucket(name, folder=folder, created=CREATED, tags=tags))]
    world["fullness"] = [(name, growth(STANDARD=(800, 2)))]
    return world


def _large(setting: Setting) -> World:
    """``size`` resources in four folders: machines above all, then disks, snapshots, addresses."""
    size = setting.size
    buckets = min(size // 100, MOST_BUCKETS)
    disks, snapshots = size * 20 // 100, size * 15 // 100
    addresses, images = size * 6 // 100, size * 2 // 100
    machines = size - buckets - disks - snapshots - addresses - images
    seed = f"large-{setting.seed}"
    words = [f"folder-{n}" for n in range(4)]
    world = account(seed, "Большая организация", folders=dict(zip(words, _TEAMS, strict=True)))
    folders = [made_id("b1g", seed, word) for word in words]
    places = _Places(seed, folders)
    world["instances"] = list(places.machines(machines))
    world["disks"] = [*places.boot_disks(machines), *places.disks(disks)]
    world["snapshots"] = list(places.snapshots(snapshots, disks=disks))
    world["addresses"] = list(places.addresses(addresses))
    world["images"] = list(places.images(images))
    world["buckets"] = list(places.buckets(buckets))
    world["fullness"] = [
        (name, growth(STANDARD=(20 + n % 300, n % 3), COLD=(n % 5 * 40, 0)))
        for n, (name, _) in enumerate(world["buckets"])
    ]
    return world


class _Places:
    """Things of every kind, spread over folders and zones."""

    def __init__(self, seed: str, folders: list[str]) -> None:
        self._seed = seed
        self._folders = folders

    def _id(self, prefix: str, kind: str, n: int) -> str:
        return made_id(prefix, self._seed, kind, str(n))

    def _folder(self, n: int) -> str:
        return self._folders[n % len(self._folders)]

    def machines(self, count: int) -> Iterator[tuple[str, Record]]:
        for n in range(count):
            id_ = self._id("fhm", "machine", n)
            yield (
                id_,
                instance(
                    id_,
                    f"web-{n:06}",
                    folder=self._folder(n),
                    zone=_zone(n),
                    platform=_PLATFORMS[n % len(_PLATFORMS)],
                    size=_SIZES[n % len(_SIZES)],
                    boot_disk=self._id("fhm", "boot", n),
                    core_fraction=_FRACTIONS[n % len(_FRACTIONS)],
                    status="STOPPED" if n % 14 == 13 else "RUNNING",
                    created=CREATED,
                    labels={"team": _TEAMS[n % len(_TEAMS)], "env": "prod" if n % 3 else "test"},
                    number=n,
                ),
            )

    def boot_disks(self, count: int) -> Iterator[tuple[str, Record]]:
        for n in range(count):
            id_, machine = self._id("fhm", "boot", n), self._id("fhm", "machine", n)
            yield (
                id_,
                disk(
                    id_,
                    f"boot-{n:06}",
                    folder=self._folder(n),
                    zone=_zone(n),
                    size_gib=20 + n % 4 * 10,
                    created=CREATED,
                    instances=(machine,),
                ),
            )

    def disks(self, count: int) -> Iterator[tuple[str, Record]]:
        for n in range(count):
            id_ = self._id("epd", "disk", n)
            owner = () if n % 9 == 8 else (self._id("fhm", "machine", n),)
            yield (
                id_,
                disk(
                    id_,
                    f"data-{n:06}",
                    folder=self._folder(n),
                    zone=_zone(n),
                    size_gib=100 + n % 7 * 50,
                    type_="network-hdd" if n % 3 else "network-ssd",
                    created=CREATED,
                    instances=owner,
                ),
            )

    def snapshots(self, count: int, *, disks: int) -> Iterator[tuple[str, Record]]:
        for n in range(count):
            id_ = self._id("fd8", "snapshot", n)
            yield (
                id_,
                snapshot(
                    id_,
                    f"nightly-{n:06}",
                    folder=self._folder(n),
                    size_bytes=(3 + n % 40) * GIB + n * 4096,
                    disk_gib=100,
                    disk_id=self._id("epd", "disk", n % max(disks, 1)),
                    created=CREATED,
                ),
            )

    def images(self, count: int) -> Iterator[tuple[str, Record]]:
        for n in range(count):
            id_ = self._id("fd8", "image", n)
            yield (
                id_,
                image(
                    id_,
                    f"base-{n:04}",
                    folder=self._folder(n),
                    size_bytes=(2 + n % 6) * GIB,
                    created=CREATED,
                ),
            )

    def addresses(self, count: int) -> Iterator[tuple[str, Record]]:
        for n in range(count):
            id_ = self._id("e9b", "address", n)
            ip = f"10.{200 + n // 65_536}.{n // 256 % 256}.{n % 256}"
            yield (
                id_,
                address(
                    id_,
                    f"ip-{n:05}",
                    folder=self._folder(n),
                    zone=_zone(n),
                    ip=ip,
                    created=CREATED,
                    used=n % 5 != 4,
                ),
            )

    def buckets(self, count: int) -> Iterator[tuple[str, Record]]:
        for n in range(count):
            name = f"{self._seed}-bucket-{n:03}"
            yield name, bucket(name, folder=self._folder(n), created=CREATED)


def _zone(n: int) -> str:
    return _ZONES[n % len(_ZONES)]
