"""The demo's account at Yandex Cloud: its ingredients, from which every figure follows.

A shop's application and its database in two zones. The application was made larger for the
season and smaller after it; once a copy of everything was sent out by mistake, three days long;
pictures lie in the dearest class and nothing moves them on. Days are counted back from the day
that the history leads up to.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from infrazen.provider_kit.simulation.collection import Record
from infrazen.provider_kit.simulation.past import Past
from infrazen.providers.yandex.simulator.accounts import World, account
from infrazen.providers.yandex.simulator.ids import made_id
from infrazen.providers.yandex.simulator.price_list import own_sku
from infrazen.providers.yandex.simulator.records import (
    GIB,
    bucket,
    disk,
    extra_charge,
    growth_to,
    instance,
    period,
    proto,
)

ZONE = "Europe/Moscow"

SEED = "chaika-market"
TITLE = "Чайка Маркет"
BALANCE = "186340.55"
PLATFORM = "standard-v3"
LABELS = {"env": "prod", "team": "shop"}

SENT = "dn28ml7sjbb5v98jkuj3"
PRICES = {
    "dn2k3vqlk9snp1jv351u": "1.24",
    "dn2ilq72mjc3bej6j74p": "0.33",
    "dn27ajm6m8mnfcshbi61": "0.0199",
    "dn2simulatorstandard": "0.0030",
    "dn2simulatorcoldspac": "0.0016",
    "dn2simulatoricespace": "0.0008",
    SENT: "1.68",
}
"""What the account pays in rubles: an hour of a core and of a GiB, a GiB that is sent."""

BEGINS = 400
APP_SIZES = {BEGINS: (12, 48), 250: (16, 64), 130: (24, 96), 39: (16, 64)}
"""Cores and GiB of memory, since how many days ago."""
DATABASE_SIZES = {BEGINS: (8, 48), 180: (12, 64)}
BOOT_GIB = 100
DATA_GIB = 400

EXPORT, DIRECTORY = "chaika-market-billing", "details/"
"""Where the account's usage is exported to; the bucket belongs to another cloud."""
PICTURES = "chaika-market-pictures"
PICTURES_GIB, PICTURES_GROW_GIB = 5000, 8

SENT_GIB = (4177, 4080, 3985, 3880, 3770, 3650, 3520, 3380, 3230, 3070, 2900, 2720, 2530, 2330)
"""What the application sends to the internet in thirty days, the latest first."""
WEEKDAYS = (118, 116, 113, 116, 122, 52, 46)
COPIED_OUT_GIB = {52: 1250, 51: 2100, 50: 1375}
"""What went out beyond that, by days ago: a copy of all pictures, by mistake."""

LOAD: dict[str, dict[str, float]] = {
    "app": {
        "cpu": 77.0,
        "memory": 80.0,
        "filesystem": 38.0,
        "disk_read": 4.5,
        "disk_write": 7.5,
        "network_in": 11.0,
        "network_out": 24.0,
    },
    "database": {
        "cpu": 82.0,
        "memory": 88.0,
        "filesystem": 48.0,
        "disk_read": 18.0,
        "disk_write": 26.0,
        "network_in": 16.0,
        "network_out": 19.0,
    },
}
"""Averages of a week: percent, MB/s, Mbit/s."""
SWING = {"app": {"cpu": 0.12}, "database": {"cpu": 0.08}}
NOISE = 0.04
LARGER_CPU = 51.0
"""How busy the application's processors were while it had more of them."""
COPYING = {"network_out": 8.0, "disk_read": 3.0}
"""How many times busier it was while it sent the copy."""


def demo(past: Past) -> World:
    """The account, with all that it was on other days."""
    began = f"{past.days_ago(BEGINS)}T09:00:00Z"
    world = account(
        SEED, TITLE, folders={"production": "production"}, created=began, balance=BALANCE
    )
    folder = made_id("b1g", SEED, "production")
    app, database = made_id("fhm", SEED, "app-1"), made_id("epd", SEED, "db-1")
    place = {"folder": folder, "created": began}
    world["instances"] = [
        _machine(app, "app-1", "ru-central1-a", number=1, sizes=APP_SIZES, **place),
        _machine(database, "db-1", "ru-central1-b", number=2, sizes=DATABASE_SIZES, **place),
    ]
    world["disks"] = [
        _disk(
            _boot(app), "app-1-boot", size_gib=BOOT_GIB, machine=app, zone="ru-central1-a", **place
        ),
        *(
            _disk(id_, name, size_gib=gib, machine=database, zone="ru-central1-b", **place)
            for id_, name, gib in (
                (_boot(database), "db-1-boot", BOOT_GIB),
                (made_id("epd", SEED, "db-1-data"), "db-1-data", DATA_GIB),
            )
        ),
    ]
    world["exports"] = [(EXPORT, {"prefix": DIRECTORY})]
    world["buckets"] = [(PICTURES, bucket(PICTURES, folder=folder, created=began, tags=LABELS))]
    world["fullness"] = [
        (PICTURES, growth_to(past.anchor, STANDARD=(PICTURES_GIB, PICTURES_GROW_GIB)))
    ]
    world["load"] = [(app, _load("app", past)), (database, _load("database", past))]
    world["history"] = [
        (app, _sizes(APP_SIZES, past)),
        (database, _sizes(DATABASE_SIZES, past)),
    ]
    world["extra_charges"] = list(_sent(app, past, folder=folder))
    world["skus"] = [(sku, own_sku(sku, price, since=began)) for sku, price in PRICES.items()]
    return world


def _machine(
    id_: str, name: str, zone: str, *, sizes: Mapping[int, tuple[int, int]], **facts: Any
) -> tuple[str, Record]:
    return id_, instance(
        id_,
        name,
        zone=zone,
        platform=PLATFORM,
        size=sizes[min(sizes)],
        boot_disk=_boot(id_),
        labels=LABELS | {"role": name.partition("-")[0]},
        **facts,
    )


def _boot(machine: str) -> str:
    return made_id("fhm", SEED, machine, "boot")


def _disk(id_: str, name: str, *, machine: str, **facts: Any) -> tuple[str, Record]:
    return id_, disk(id_, name, labels=LABELS, instances=(machine,), **facts)


def _load(name: str, past: Past) -> Record:
    load: Record = {**LOAD[name], "swing": SWING[name], "noise": NOISE}
    if name == "app":
        load["surges"] = {str(past.days_ago(ago)): COPYING for ago in COPIED_OUT_GIB}
        if past.phase(APP_SIZES) != APP_SIZES[min(APP_SIZES)]:
            load["cpu"] = LARGER_CPU
    return load


def _sizes(sizes: Mapping[int, tuple[int, int]], past: Past) -> Record:
    """The history of a machine's size; the last is what its record says."""
    begins = sorted(sizes, reverse=True)
    periods = [
        period(
            past.days_ago(since),
            past.days_ago(until),
            resources=proto(cores=sizes[since][0], memory=sizes[since][1] * GIB),
        )
        for since, until in pairwise(begins)
    ]
    return {"periods": [*periods, period(past.days_ago(begins[-1]))]}


def _sent(app: str, past: Past, *, folder: str) -> Iterator[tuple[str, Record]]:
    """What was sent to the internet, a charge for each day."""
    sent = past.spread(SENT_GIB, WEEKDAYS)
    for ago, gib in COPIED_OUT_GIB.items():
        sent[past.days_ago(ago)] += gib
    for day, gib in sent.items():
        if past.ago(day) > BEGINS:
            continue
        until = day + timedelta(days=1)
        yield f"sent-{day}", extra_charge(SENT, gib, day, until, id=app, folderId=folder)
