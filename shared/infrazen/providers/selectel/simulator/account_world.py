"""A simulated Selectel account in the making."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.providers.selectel.simulator import records, tariffs

KINDS = ("servers", "volumes", "snapshots", "images", "floatingips", "containers")


def place(kind: str, region: str, project: str) -> str:
    """The collection of a kind of records in one region of one project."""
    return f"{kind}@{region}@{project}"


@dataclass
class World:
    """An account in the making."""

    setting: Setting
    kept: defaultdict[str, list[tuple[str, Record]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    flavors: dict[str, Record] = field(default_factory=dict)

    def id(self, kind: str, number: int) -> str:
        """An id that is always the same in this world."""
        return str(uuid5(UUID(int=self.setting.seed), f"{kind}/{number}"))

    def flavor(self, line: str, *size: int, megabits: int = tariffs.MEGABITS) -> Record:
        """A flavor that servers of this account may have: processors, MiB, GiB of local disk."""
        number = str(1000 + len(self.flavors))
        made = records.flavor(number, line, *size, megabits=megabits)
        self.flavors[made["name"]] = made
        self.kept["flavors"].append((number, made))
        return made

    def put(self, kind: str, zone: str, project: str, record: Record) -> None:
        """Add a record to its zone's region."""
        name = record.get("id") or record["name"]
        self.kept[place(kind, tariffs.REGIONS[zone], project)].append((name, record))

    def collections(self) -> dict[str, Collection]:
        """Everything that was put in, and an empty collection for what was not."""
        names = [
            place(kind, region, project)
            for kind in KINDS
            for region in tariffs.REGIONS.values()
            for project, _ in self.kept["projects"]
        ]
        always = (
            "projects",
            "flavors",
            "prices",
            "balance",
            "profiles",
            "history",
            "growth",
            "traffic",
        )
        return {name: Collection(self.kept[name]) for name in (*always, *names)}
