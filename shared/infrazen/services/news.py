"""What the latest syncs changed, for the first screen."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from infrazen.db.queries import snapshot_changes, snapshots
from infrazen.db.queries.snapshot_changes import ChangeLine
from infrazen.db.queries.snapshots import Snapshot
from infrazen.services.use_case import Work

LATELY = timedelta(days=90)
MOST_NAMED = 500
"""Of a snapshot that changed more, only the counts are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A sync that changed something, and a few of the changes."""

    snapshot: Snapshot
    changes: tuple[ChangeLine, ...]

    @property
    def is_first(self) -> bool:
        """Whether everything in it is new, as it is when a connection is read first."""
        return self.snapshot.created == self.snapshot.found

    @property
    def unnamed(self) -> int:
        """How many changes are not in ``changes``."""
        shown = self.snapshot
        return shown.created + shown.updated + shown.deleted - len(self.changes)


def latest(work: Work, *, limit: int = 4) -> tuple[News, ...]:
    """The latest syncs that changed something, newest first."""
    found = snapshots.changing(
        work.session,
        organization_id=work.organization_id,
        since=work.now - LATELY,
        limit=limit,
    )
    small = [one.id for one in found if one.created + one.updated + one.deleted <= MOST_NAMED]
    changes: dict[UUID, list[ChangeLine]] = defaultdict(list)
    for change in snapshot_changes.some_changes(
        work.session, organization_id=work.organization_id, snapshot_ids=small
    ):
        changes[change.snapshot_id].append(change)
    return tuple(News(snapshot=one, changes=tuple(changes[one.id])) for one in found)
