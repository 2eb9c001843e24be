"""Simulated Selectel accounts."""

from collections.abc import Iterator

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.providers.selectel.simulator import records, tariffs
from infrazen.providers.selectel.simulator.account_world import World
from infrazen.providers.selectel.simulator.aging import age
from infrazen.providers.selectel.simulator.demo import ZONE, demo

PROJECT = "5e1ec7e1a0b14c2d9f3e6a7b8c9d0e1f"
_PROJECTS = ("Витрина", "Аналитика", "Песочница")


def grow(setting: Setting) -> dict[str, Collection]:
    """The collections of ``setting``'s world."""
    world = World(setting)
    world.kept["prices"] = tariffs.prices()
    for line, *size in tariffs.SIZES:
        world.flavor(line, *size)
    match setting.world:
        case "reference":
            _reference(world)
        case "demo":
            demo(world, setting.past(ZONE))
        case "large":
            _large(world)
            if setting.anchor is not None:
                age(world.kept, setting.past(ZONE))
        case _:
            world.kept["projects"] = [(PROJECT, records.project(PROJECT, _PROJECTS[0]))]
            world.kept["balance"] = [("primary", {"kopecks": 0})]
    return world.collections()


def _reference(world: World) -> None:
    """Two servers, a volume that nobody uses, a bucket: a shop in two cities."""
    world.kept["projects"] = [(PROJECT, records.project(PROJECT, _PROJECTS[0]))]
    world.kept["balance"] = [("primary", {"kopecks": 6_421_840})]
    web, database, disk = (world.id("reference", number) for number in range(3))
    secret = world.setting.secret or "made-up-secret"
    world.put(
        "servers",
        "msk-a",
        PROJECT,
        records.server(
            web,
            "web-msk-1",
            world.flavors["SL1.16-32768"],
            project=PROJECT,
            zone="msk-a",
            metadata={"env": "prod", "service": "storefront", "admin_password": secret},
        ),
    )
    world.put(
        "servers",
        "spb-a",
        PROJECT,
        records.server(
            database,
            "db-spb-1",
            world.flavors["ML1.8-65536"],
            project=PROJECT,
            zone="spb-a",
            created="2025-10-06T10:30:00Z",
            metadata={"env": "prod", "service": "database"},
        ),
    )
    world.put(
        "volumes",
        "spb-a",
        PROJECT,
        records.volume(
            disk,
            "db-spb-1-old-data",
            400,
            project=PROJECT,
            zone="spb-a",
            kind="universal",
            created="2025-10-06T10:40:00Z",
            metadata={"env": "prod"},
        ),
    )
    world.put("containers", "spb-a", PROJECT, records.container("media-archive", gigabytes=4200))
    world.kept["profiles"] = [
        (web, {"cpu": 24.0, "memory": 46.0, "network": 18.0}),
        (database, {"cpu": 58.0, "memory": 83.0, "network": 9.0}),
    ]


def _large(world: World) -> None:
    """``size`` resources over three projects and two cities."""
    size = world.setting.size
    projects = [(world.id("project", n).replace("-", ""), name) for n, name in enumerate(_PROJECTS)]
    world.kept["projects"] = [(key, records.project(key, name)) for key, name in projects]
    world.kept["balance"] = [("primary", {"kopecks": 250_000_000})]
    servers, volumes = size * 40 // 100, size * 40 // 100
    addresses, snapshots, images = size * 8 // 100, size * 6 // 100, size * 4 // 100
    buckets = size - servers - volumes - addresses - snapshots - images
    _servers(world, servers, volumes, projects)
    disks = list(_volumes(world, volumes, servers, projects))
    for n in range(snapshots):
        zone, project, source = disks[n % len(disks)]
        made = records.snapshot(world.id("snapshot", n), f"nightly-{n:06}", source)
        world.put("snapshots", zone, project, made)
    for n in range(images):
        zone, project = _spot(n, projects)
        made = records.image(world.id("image", n), f"golden-{n:04}", 2**31 + n, owner=project)
        world.put("images", zone, project, made)
    for n in range(addresses):
        zone, project = _spot(n, projects)
        port = None if n % 6 == 5 else world.id("port", n)
        address = f"95.213.{n // 256 % 256}.{n % 256}"
        made = records.floating_ip(world.id("address", n), address, project=project, port=port)
        world.put("floatingips", zone, project, made)
    for n in range(buckets):
        zone, project = _spot(n, projects)
        made = records.container(f"backups-{n:05}", gigabytes=20 + n % 500)
        world.put("containers", zone, project, made)


def _spot(number: int, projects: list[tuple[str, str]]) -> tuple[str, str]:
    return tariffs.ZONES[number % 2], projects[number // 2 % len(projects)][0]


def _servers(world: World, count: int, volumes: int, projects: list[tuple[str, str]]) -> None:
    sizes = list(world.flavors.values())
    for n in range(count):
        zone, project = _spot(n, projects)
        made = records.server(
            world.id("server", n),
            f"app-{n:06}",
            sizes[n % len(sizes)],
            project=project,
            zone=zone,
            status="SHUTOFF" if n % 15 == 14 else "ACTIVE",
            metadata={"env": ("prod", "stage", "dev")[n % 3]},
            volumes=[world.id("volume", n)] if n < volumes and n % 9 != 8 else [],
        )
        world.put("servers", zone, project, made)


def _volumes(
    world: World, count: int, servers: int, projects: list[tuple[str, str]]
) -> Iterator[tuple[str, str, Record]]:
    for n in range(count):
        zone, project = _spot(n, projects)
        made = records.volume(
            world.id("volume", n),
            f"data-{n:06}",
            20 + n % 400,
            project=project,
            zone=zone,
            kind=("fast", "universal", "basic")[n % 3],
            server=world.id("server", n) if n < servers and n % 9 != 8 else None,
        )
        world.put("volumes", zone, project, made)
        yield zone, project, made
