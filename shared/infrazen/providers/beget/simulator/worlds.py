"""Simulated Beget accounts."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.providers.beget.simulator import tariffs
from infrazen.providers.beget.simulator.records import (
    account,
    additional_address,
    bucket_service,
    cdn_service,
    database_service,
    domain,
    server,
    snapshot,
    software,
    zones,
)
from infrazen.providers.beget.simulator.reference import reference

MOST_DOMAINS = 50
COLLECTIONS = (
    "account",
    "closed",
    "zones",
    "domains",
    "subdomains",
    "sites",
    "mysql",
    "ftp",
    "mailboxes",
    "cron",
    "vps",
    "addresses",
    "networks",
    "snapshots",
    "services",
    "projects",
    "buckets",
    "cdns",
    "statistics",
)
_REGIONS = ("ru1", "ru2", "kz1", "lv1")
_PROJECTS = ("Магазин", "Аналитика", "Внутренние сервисы", "Песочница")


def grow(setting: Setting) -> dict[str, Collection]:
    """The collections of ``setting``'s world."""
    match setting.world:
        case "reference":
            grown = reference(setting.secret)
        case "large":
            grown = _large(setting)
        case _:
            grown = {
                "account": Collection([("account", account(price=Decimal(0)))]),
                "zones": zones(),
            }
    return {name: grown.get(name) or Collection() for name in COLLECTIONS}


def _large(setting: Setting) -> dict[str, Collection]:
    """``size`` resources: servers above all, services, snapshots, addresses, a few domains."""
    size = setting.size
    domains = min(size // 100, MOST_DOMAINS)
    services, snapshots, addresses = size * 12 // 100, size * 15 // 100, size * 3 // 100
    servers = size - domains - services - snapshots - addresses
    prices: list[Decimal] = []
    grown = {
        "zones": zones(),
        "domains": Collection(_domains(domains)),
        "projects": Collection(
            (project_id, {"id": project_id, "name": name, "is_default": not n})
            for n, name in enumerate(_PROJECTS)
            for project_id in [_id(setting, "project", n)]
        ),
        "vps": Collection(_servers(setting, servers, prices)),
        "services": Collection(_services(setting, services, prices)),
        "snapshots": Collection(_snapshots(setting, snapshots, servers, prices)),
        "addresses": Collection(_addresses(setting, addresses, servers)),
    }
    grown["account"] = Collection(
        [("account", account(price=sum(prices, Decimal(0)), domains=domains))]
    )
    return grown


def _id(setting: Setting, kind: str, number: int) -> str:
    return str(uuid5(UUID(int=setting.seed), f"{kind}/{number}"))


def _domains(count: int) -> Iterator[tuple[str, Record]]:
    for n in range(count):
        name = f"shop-{n:04}.ru"
        yield name, domain(100_000 + n, name, registrar="BEGET-RU", status="delegated")


def _servers(setting: Setting, count: int, prices: list[Decimal]) -> Iterator[tuple[str, Record]]:
    for n in range(count):
        cpu, memory, disk = tariffs.SIZES[n % len(tariffs.SIZES)]
        a_day = tariffs.machine(cpu, memory, disk)
        prices.append(a_day)
        server_id = _id(setting, "vps", n)
        yield (
            server_id,
            server(
                server_id,
                f"web-{n:06}",
                size=(cpu, memory, disk),
                price_day=a_day,
                status="STOPPED" if n % 14 == 13 else "RUNNING",
                region=_REGIONS[n % len(_REGIONS)],
                address=f"185.{n // 65536 % 200}.{n // 256 % 256}.{n % 256}",
                project_id=_id(setting, "project", n % len(_PROJECTS)),
                software=software(setting.secret) if n % 10 == 0 else None,
            ),
        )


def _services(setting: Setting, count: int, prices: list[Decimal]) -> Iterator[tuple[str, Record]]:
    for n in range(count):
        service_id = _id(setting, "service", n)
        common: dict[str, Any] = {
            "region": _REGIONS[n % len(_REGIONS)],
            "project_id": _id(setting, "project", n % len(_PROJECTS)),
        }
        if n % 8 == 7:
            yield (
                service_id,
                cdn_service(service_id, f"cdn-{n:05}", secret=setting.secret, **common),
            )
        elif n % 4 == 3:
            yield (
                service_id,
                bucket_service(service_id, f"bucket-{n:05}", secret=setting.secret, **common),
            )
        else:
            size = tariffs.SIZES[n % len(tariffs.SIZES)]
            prices.append(tariffs.machine(*size))
            engine = ("MYSQL8", "POSTGRESQL15", "MYSQL5")[n % 3]
            yield (
                service_id,
                database_service(service_id, f"db-{n:05}", type=engine, size=size, **common),
            )


def _snapshots(
    setting: Setting, count: int, servers: int, prices: list[Decimal]
) -> Iterator[tuple[str, Record]]:
    for n in range(count):
        gigabytes = 4 + n % 40
        prices.append(tariffs.SNAPSHOT_GB * gigabytes)
        snapshot_id = _id(setting, "snapshot", n)
        yield (
            snapshot_id,
            snapshot(
                snapshot_id,
                server_id=_id(setting, "vps", n % max(servers, 1)),
                server_name=f"web-{n:06}",
                exists=n % 10 != 9,
                gigabytes=gigabytes,
            ),
        )


def _addresses(setting: Setting, count: int, servers: int) -> Iterator[tuple[str, Record]]:
    for n in range(count):
        ip = f"193.{n // 65536 % 200}.{n // 256 % 256}.{n % 256}"
        owner = "" if n % 5 == 4 else _id(setting, "vps", n % max(servers, 1))
        yield ip, additional_address(ip, owner)
