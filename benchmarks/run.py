"""Measure InfraZen against floors: `make bench`, or parts of it.

make bench                              everything
make bench ARGS="--only sync"           one part (may be repeated)
make bench ARGS="--small"               a minute of it, to see that it works
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.figures import HEADER, Figure, line, load, told, write

PARTS = ("sync", "queries", "screens", "crowd")
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
    print(line(HEADER))
    for one in _measured(arguments.only or PARTS, small=arguments.small):
        print(told(one), flush=True)
        found.append(one)
        write(found, arguments.output)
    missed = sum(one.met is False for one in found)
    print(f"\n{len(found)} figures in {arguments.output}, {missed} aims missed")
    return 0


def _measured(parts: tuple[str, ...], *, small: bool) -> Iterator[Figure]:
    for part in parts:
        yield load()
        measure: Callable[..., Iterator[Figure]] = import_module(f"benchmarks.{part}").measure
        yield from measure(small=small)
    yield load()


if __name__ == "__main__":
    sys.exit(main())
