"""Whole syncs by the real command, beside a bare program that moves the same bytes and rows."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, figure, pairs
from benchmarks.processes import Took, took
from benchmarks.rows import (
    COSTS,
    FILLED,
    forget_costs,
    make_room,
    save_rows,
    watch_writes,
    written_rows,
)
from benchmarks.stores import Stores, every_kind
from tests.simulators import simulator

NAME = "bench"
SIZES = {20_000: 5, 100_000: 3}
"""Resources, and how often each is measured."""
SMALL = {300: 1}
MOST_SECONDS, MOST_MB = 2.5, 180
"""What 20,000 resources may take."""
TIMES = 2
SNAPSHOT = ("sync_snapshot", "cloud_connection")
KINDS = {
    "first": ("first sync", FILLED),
    "same": ("sync again, unchanged", ("sync_snapshot",)),
    "day": ("unchanged, on a new day", ("sync_snapshot", *COSTS)),
}
"""What each sync is called, and which tables it writes."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds of the bare program: until it could begin, and of its work."""

    start: float
    work: float


@dataclass(slots=True)
class Runs:
    """What the runs of one kind of sync took, ours and the floor's, in pairs.

    ``starts`` are what the command takes that does nothing but start and look.
    """

    starts: list[float] = field(default_factory=list)
    ours: list[Took] = field(default_factory=list)
    floors: list[Floor] = field(default_factory=list)


def measure(*, small: bool) -> Iterator[Figure]:
    """Syncs of every size on every database."""
    folder = Path(tempfile.mkdtemp(prefix="infrazen-bench-"))
    with simulator("beget") as control, every_kind() as kinds:
        for size, repeats in (SMALL if small else SIZES).items():
            control.reset("large", size=size)
            for stores in kinds:
                bench = _Bench(stores, control.url, folder, size)
                yield from bench.figures(repeats)


class _Bench:
    def __init__(self, stores: Stores, endpoint: str, folder: Path, size: int) -> None:
        self._stores = stores
        self._endpoint = endpoint
        self._folder = folder
        self._size = size
        self._runs = {kind: Runs() for kind in KINDS}

    def figures(self, repeats: int) -> Iterator[Figure]:
        """The syncs' times and memory, and what the unchanged ones wrote."""
        for turn in range(repeats):
            url, floor = self._stores.fresh(), self._stores.fresh()
            self._connect(url)
            make_room(floor)
            for kind in KINDS:
                self._pair(kind, url, floor, is_first=turn == 0)
            if turn == 0:
                written = list(self._written(url))
            self._stores.drop(url)
            self._stores.drop(floor)
        for kind, runs in self._runs.items():
            yield from self._told(KINDS[kind][0], runs)
        yield from written

    def _told(self, name: str, runs: Runs) -> Iterator[Figure]:
        title = f"{name}, {self._size:,} resources, {self._stores.title}"
        limited = self._size == 20_000
        walls = [run.wall for run in runs.ours]
        ours, floor, ratio = pairs(walls, [one.start + one.work for one in runs.floors])
        most = MOST_SECONDS if limited else None
        yield figure(title, ours, "s", floor=floor, ratio=ratio, most=most)
        works = [max(0.0, wall - start) for wall, start in zip(walls, runs.starts, strict=True)]
        ours, floor, ratio = pairs(works, [one.work for one in runs.floors])
        short = f"  {name}: without the start of the process"
        yield figure(short, ours, "s", floor=floor, ratio=ratio, most_times=TIMES)
        yield figure(f"  {name}: CPU", median(run.cpu for run in runs.ours), "s")
        most = MOST_MB if limited else None
        yield figure(f"  {name}: peak memory", median(run.mb for run in runs.ours), "MB", most=most)

    def _pair(self, kind: str, url: str, floor: str, *, is_first: bool) -> None:
        """Run a sync and then its floor."""
        if kind == "day":
            forget_costs(url)
            forget_costs(floor)
        self._runs[kind].starts.append(self._infrazen(url, "sync", "status", NAME, "--json").wall)
        self._runs[kind].ours.append(self._sync(url, created=self._size if kind == "first" else 0))
        rows = self._folder / f"{self._stores.title}-{self._size}-{kind}.pickle"
        if is_first:
            save_rows(url, rows, tables=KINDS[kind][1])
        self._runs[kind].floors.append(self._bare(floor, rows))

    def _connect(self, url: str) -> None:
        secret = self._folder / "secret"
        secret.write_text("simulator-password")
        given = ("--set", "login=demo", "--secret-file", str(secret))
        where = ("--endpoint", self._endpoint, "--setting", "collect_statistics=false")
        self._infrazen(url, "connection", "add", "beget", NAME, *given, *where, "--no-sync")

    def _sync(self, url: str, *, created: int) -> Took:
        ran = self._infrazen(url, "sync", "run", NAME, "--json")
        counts = json.loads(ran.out)["resources"]
        if (counts["found"], counts["created"], counts["updated"]) != (self._size, created, 0):
            raise RuntimeError(f"not what was to be synced: {counts}")
        return ran

    def _infrazen(self, url: str, *words: str) -> Took:
        environment = self._settings(url)
        return took("-m", "infrazen", *words, folder=self._folder, environment=environment)

    def _bare(self, url: str, rows: Path) -> Floor:
        words = ("-m", "benchmarks.bare_sync", self._endpoint, url, str(rows))
        ran = took(*words, folder=self._folder, environment=self._settings(url))
        spent = json.loads(ran.out)
        return Floor(start=spent["start"], work=spent["read"] + spent["write"])

    def _settings(self, url: str) -> dict[str, str]:
        return {
            "INFRAZEN_DATA_DIR": str(self._folder / "data"),
            "INFRAZEN_DATABASE_URL": url,
            "INFRAZEN_ALLOW_PRIVATE_ENDPOINTS": "true",
        }

    def _written(self, url: str) -> Iterator[Figure]:
        """Rows written by unchanged syncs, counted by triggers, in runs that are not timed."""
        forget_costs(url)
        watch_writes(url)
        self._sync(url, created=0)
        yield self._counted("on a new day", written_rows(url), costs=True)
        self._sync(url, created=0)
        yield self._counted("again", written_rows(url), costs=False)

    def _counted(self, when: str, rows: dict[str, int], *, costs: bool) -> Figure:
        """How many rows were written; raises where others were than an unchanged sync may."""
        allowed = (*SNAPSHOT, *COSTS) if costs else SNAPSHOT
        others = rows.keys() - set(allowed)
        if others:
            raise RuntimeError(f"an unchanged sync wrote to {', '.join(sorted(others))}: {rows}")
        told = ", ".join(f"{count} {table}" for table, count in rows.items())
        name = f"  rows written, unchanged {when} ({told})"
        return figure(name, sum(rows[table] for table in rows.keys() & set(COSTS)), "cost rows")
