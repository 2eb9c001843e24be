"""What was measured: figures beside their floors, as a table and as JSON."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One result; ``floor`` is what the least that could do the job took in the same run.

    ``ratio`` is figure to floor, ``aim`` what was promised, in words; None where there is none.
    """

    name: str
    figure: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    aim: str | None = None
    met: bool | None = None


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    floor: float | None = None,
    most: float | None = None,
    most_times: float | None = None,
    ratio: float | None = None,
) -> Figure:
    """A figure; its aim is to be ``most`` at most, and ``most_times`` its floor at most."""
    if ratio is None and floor:
        ratio = value / floor
    aims = []
    if most is not None:
        aims.append((f"≤ {most:g} {unit}", value <= most))
    if most_times is not None:
        aims.append((f"≤ {most_times:g} × floor", ratio is not None and ratio <= most_times))
    return Figure(
        name=name,
        figure=round(value, 3),
        unit=unit,
        floor=None if floor is None else round(floor, 3),
        ratio=None if ratio is None else round(ratio, 2),
        aim=", ".join(words for words, _ in aims) or None,
        met=all(held for _, held in aims) if aims else None,
    )


def pairs(ours: Sequence[float], floors: Sequence[float]) -> tuple[float, float, float]:
    """The medians of both and of their ratios, pair by pair.

    Each pair ran back to back, so that a busy machine slows both of it.
    """
    ratios = [ours_ / floor for ours_, floor in zip(ours, floors, strict=True)]
    return median(ours), median(floors), median(ratios)


def percentile(values: Sequence[float], part: float) -> float:
    """The value that ``part`` of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def load() -> Figure:
    """How busy the machine is: figures of a busy one are pessimistic."""
    return figure("load average now", os.getloadavg()[0], f"of {os.cpu_count()} cores")


HEADER = ("what", "figure", "unit", "floor", "ratio", "aim", "met")
WIDTHS = (62, 10, 12, 10, 7, 26, 4)


def line(cells: Iterable[str]) -> str:
    """One row of the table."""
    one, *rest = (f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True))
    return " ".join([one, *rest]).rstrip()


def told(one: Figure) -> str:
    """A figure as a row of the table."""
    met = "" if one.met is None else "yes" if one.met else "NO"
    cells = (one.name, _short(one.figure), one.unit, _short(one.floor), _short(one.ratio))
    return line((*cells, one.aim or "", met))


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def write(figures: Iterable[Figure], path: Path) -> None:
    """Write ``figures`` as a JSON list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    documents = [asdict(one) for one in figures]
    path.write_text(json.dumps(documents, ensure_ascii=False, indent=2) + "\n")
