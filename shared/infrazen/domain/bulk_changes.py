"""The same change to many resources, and how it is taken back.

What people write on a resource is a document of texts: its business fields by their names,
its own tags as ``tag.KEY``. None, or no entry, is nothing written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

TAG = "tag."
Facts = Mapping[str, str | None]
Changes = dict[str, tuple[str | None, str | None]]
"""What a field said before and says after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """What to write on each resource; fields not named stay.

    ``context`` sets business fields, None clears one. ``put`` sets own tags, ``remove`` takes
    them away; with ``only_these`` every own tag that is not in ``put`` goes.
    """

    context: Mapping[str, str | None] = field(default_factory=dict)
    put: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    only_these: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether it would change nothing, whatever there is."""
        return not (self.context or self.put or self.remove or self.only_these)


def planned(before: Facts, change: BulkChange) -> Changes:
    """What ``change`` makes of a resource: only fields that it makes different."""
    wanted: dict[str, str | None] = dict(change.context)
    wanted |= {f"{TAG}{key}": None for key in change.remove}
    if change.only_these:
        wanted |= dict.fromkeys(name for name in before if name.startswith(TAG))
    wanted |= {f"{TAG}{key}": value for key, value in change.put.items()}
    return {
        name: (before.get(name), value)
        for name, value in wanted.items()
        if before.get(name) != value
    }


def taken_back(now: Facts, changes: Changes) -> Changes:
    """What undoes ``changes``; what somebody has changed again since stays as it is."""
    return {
        name: (after, before) for name, (before, after) in changes.items() if now.get(name) == after
    }
