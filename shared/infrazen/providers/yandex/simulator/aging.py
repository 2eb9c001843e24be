"""A year behind a large account: its things came one by one, some grew, some are gone."""

from datetime import timedelta

from infrazen.provider_kit.simulation.chance import chance_of
from infrazen.provider_kit.simulation.collection import Record
from infrazen.provider_kit.simulation.past import BEGINS, Past
from infrazen.providers.yandex.simulator.accounts import World
from infrazen.providers.yandex.simulator.ids import made_id
from infrazen.providers.yandex.simulator.records import extra_charge, period

KINDS = ("instances", "disks", "snapshots", "images", "addresses", "buckets")
RESIZED, GONE, SENDING = 12, 16, 5
"""One machine in so many had half its size before, is gone by now, sends to the internet."""
_RESIZED_AGO = 60
_LATEST_CAME, _LATEST_LEFT = 160, 20
_SPIKE_AGO, _SPIKE_DAYS, _SPIKE_GIB = 33, 3, 900
_EGRESS = "dn28ml7sjbb5v98jkuj3"


def age(world: World, past: Past) -> None:
    """Let everything have come on a day of the past; what has not come yet is left out."""
    world["history"] = []
    gone = _gone(world, past)
    resizing, sending = (
        {id_ for id_, _ in world["instances"][::one]} for one in (RESIZED, SENDING)
    )
    for kind in KINDS:
        dated = [(past.arrival(_owner(record)), id_, record) for id_, record in world[kind]]
        world[kind] = [
            (id_, record | {"createdAt": f"{day}T09:00:00Z"})
            for day, id_, record in dated
            if day <= past.day
        ]
    resized = past.days_ago(_RESIZED_AGO)
    gone["history"] += [
        (id_, _smaller(record, until=str(resized)))
        for id_, record in world["instances"]
        if id_ in resizing and record["createdAt"] < str(resized)
    ]
    senders = [(id_, record) for id_, record in world["instances"] if id_ in sending]
    world["extra_charges"] = _extras(senders, past)
    for kind, records in gone.items():
        world[kind] += records


def _owner(record: Record) -> str:
    """Whose arrival counts: that of the machine of a disk, else its own."""
    machines = record.get("instanceIds")
    found: str = machines[0] if machines else record["id"]
    return found


def _gone(world: World, past: Past) -> World:
    """Machines that were there for some months, with their disks."""
    found: World = {"instances": [], "disks": [], "history": []}
    disks = dict(world["disks"])
    for number, (id_, record) in enumerate(world["instances"][::GONE]):
        came = past.arrival(id_, "gone") if number else past.days_ago(_LATEST_CAME)
        left = came + timedelta(days=chance_of(id_, "left").randint(14, 150))
        if not number:
            left = past.days_ago(_LATEST_LEFT)
        if came > past.day or left > past.anchor:
            continue
        machine, boot = made_id("fhm", id_, "gone"), made_id("fhm", id_, "gone-boot")
        disk = disks[record["bootDisk"]["diskId"]]
        created = {"createdAt": f"{came}T09:00:00Z"}
        copied = record | created | {"id": machine, "name": f"batch-{number:04}"}
        copied["bootDisk"] = record["bootDisk"] | {"diskId": boot}
        found["instances"].append((machine, copied))
        belongs = {"id": boot, "name": f"batch-{number:04}-boot", "instanceIds": [machine]}
        found["disks"].append((boot, disk | created | belongs))
        found["history"].append((machine, {"periods": [period(came, left)]}))
    return found


def _smaller(record: Record, *, until: str) -> Record:
    """A machine had half its cores and memory until a day."""
    size = record["resources"]
    halves = {name: str(int(size[name]) // 2) for name in ("cores", "memory")}
    since = record["createdAt"][:10]
    return {"periods": [period(since, until, resources=halves), period(until)]}


def _extras(senders: list[tuple[str, Record]], past: Past) -> list[tuple[str, Record]]:
    """What machines send to the internet, a mistake that took three days, and support."""
    support = extra_charge(
        "dn2simulatorsupport1",
        1,
        past.days_ago(BEGINS),
        name="Support plan. Business",
        service="Technical Support",
        unit="day",
        price=1500,
    )
    found = [("support", support)]
    spike = past.days_ago(_SPIKE_AGO)
    for id_, record in senders:
        gib = chance_of(id_, "sends").randint(2, 40)
        facts = {"id": id_, "folderId": record["folderId"], "labels": record.get("labels", {})}
        since = record["createdAt"][:10]
        sent = extra_charge(_EGRESS, gib, since, weekend=0.6, noise=0.12, daily=0.02, **facts)
        found.append((f"egress-{id_}", sent))
        if since < str(spike) and "spike" not in dict(found):
            ends = spike + timedelta(days=_SPIKE_DAYS)
            found.append(("spike", extra_charge(_EGRESS, _SPIKE_GIB, spike, ends, **facts)))
    return found
