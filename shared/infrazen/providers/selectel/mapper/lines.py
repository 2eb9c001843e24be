"""Lines of flavors: what a flavor's name and properties say of its price."""

import re
from dataclasses import dataclass
from functools import lru_cache

from infrazen.provider_kit.openstack.wire import Flavor

_SHARED = re.compile(r"(?:^prc|percent_)(10|20|50)")
_LINES = (
    ("hfl", "high_freq"),
    ("sl", "standard"),
    ("ml", "memory"),
    ("cpu", "cpu"),
    ("gl", "gpu"),
    ("vds", "vds"),
)
_INSTANCE_TYPE = "capabilities:instance_type"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of flavors and the units that its servers are charged in.

    ``fraction`` is the guaranteed share of a core in percent.
    """

    name: str
    fraction: int
    preemptible: bool

    @property
    def cores(self) -> str:
        """The unit of its processors."""
        return self._unit("compute_cores" + (self._share or self._frequency))

    @property
    def memory(self) -> str:
        """The unit of its memory, a MiB."""
        return self._unit("compute_ram" + self._frequency)

    @property
    def local_disk(self) -> str:
        """The unit of its local disk, a GiB."""
        return self._unit("volume_gigabytes_local")

    @property
    def family(self) -> str:
        """What decides the price beside the size, as ``family_of`` tells it of a server."""
        words = [self.name]
        if self.fraction != 100:
            words.append(str(self.fraction))
        return "/".join([*words, "preemptible"] if self.preemptible else words)

    @property
    def _share(self) -> str:
        return "" if self.fraction == 100 else f"_percent_{self.fraction}"

    @property
    def _frequency(self) -> str:
        return "_high_freq" if self.name == "high_freq" else ""

    def _unit(self, name: str) -> str:
        return f"{name}_preemptible" if self.preemptible else name


def line_of(flavor: Flavor) -> Line:
    """The line of ``flavor``; ``other`` where its name says nothing."""
    return _line(flavor.title.lower(), "preemptible" in flavor.extra_specs.get(_INSTANCE_TYPE, ""))


@lru_cache(maxsize=1024)
def _line(name: str, preemptible: bool) -> Line:  # noqa: FBT001 (cached by position)
    if shared := _SHARED.search(name):
        return Line("shared", int(shared[1]), preemptible)
    if "high_freq" in name:
        return Line("high_freq", 100, preemptible)
    known = (line for prefix, line in _LINES if name.startswith(prefix))
    return Line(next(known, "other"), 100, preemptible)
