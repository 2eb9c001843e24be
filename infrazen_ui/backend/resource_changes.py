"""The same change to many resources, as the table asks for it."""

from uuid import UUID

from infrazen.domain.bulk_changes import BulkChange
from infrazen.services import bulk_changes
from infrazen.services.bulk_changes import MOST_FOUND, Changed, Preview, Which
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call

__all__ = ["MOST_FOUND", "Which", "apply", "preview", "undo"]


async def preview(state: HasRouter, which: Which, change: BulkChange) -> Preview | Refused:
    """What a change would do."""
    return await call(state, bulk_changes.preview_change, which=which, change=change)


async def apply(state: HasRouter, which: Which, change: BulkChange) -> Changed | Refused:
    """Make a change."""
    return await call(state, bulk_changes.change_resources, which=which, change=change)


async def undo(state: HasRouter, change_id: UUID) -> int | Refused:
    """Take a change back."""
    return await call(state, bulk_changes.undo_change, change_id=change_id)
