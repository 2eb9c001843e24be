"""Measure InfraZen against floors: `make bench`, or parts of it.

make bench                              everything
make bench ARGS="--only sync"           one part (may be repeated)
make bench ARGS="--small"               a minute of it, to see that it works
"""

import argparse
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.figures import HEADER, Figure, line, load, told, write

PARTS = ("sync", "queries", "rules", "screens", "crowd", "kubernetes")
ROOT = Path(__file__).parents[1]


def main() -> int:
    """Run the command line; a missed aim is a figure, not a failure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="this part alone")
    parser.add_argument("--small", action="store_true", help="sizes that take seconds")
    parser.add_argument("--output", type=Path, default=ROOT / ".data" / "bench.json")
    arguments = parser.parse_args()
    found: list[Figure] = []
    broken: list[str] = []
    print(line(HEADER))
    for one in _measured(arguments.only or PARTS, broken, small=arguments.small):
        print(told(one), flush=True)
        found.append(one)
        write(found, arguments.output)
    missed = sum(one.met is False for one in found)
    print(f"\n{len(found)} figures in {arguments.output}, {missed} aims missed")
    if broken:
        print(f"broke off, see above: {', '.join(broken)}")
    return 1 if broken else 0


def _measured(parts: Sequence[str], broken: list[str], *, small: bool) -> Iterator[Figure]:
    """The figures of all parts; one that breaks off is added to ``broken``, the others go on."""
    for part in parts:
        yield load()
        try:
            measure: Callable[..., Iterator[Figure]] = import_module(f"benchmarks.{part}").measure
            yield from measure(small=small)
        except Exception:  # noqa: BLE001 (what the others find shall not be lost)
            traceback.print_exc()
            broken.append(part)
    yield load()


if __name__ == "__main__":
    sys.exit(main())
