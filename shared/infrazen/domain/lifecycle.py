"""What happens to a resource from its first day on, and how its cost moves with that."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from infrazen.domain.overrides import ManualPrice
from infrazen.domain.recommendations import State


class HappeningKind(StrEnum):
    """What happened. ``RETURNED``: it was gone and is there again."""

    CREATED = "created"
    UPDATED = "updated"
    RETURNED = "returned"
    DELETED = "deleted"
    NAMED = "named"
    UNNAMED = "unnamed"
    PRICED = "priced"
    UNPRICED = "unpriced"
    DECIDED = "decided"
    OPERATED = "operated"


SEEN = frozenset(
    {
        HappeningKind.CREATED,
        HappeningKind.UPDATED,
        HappeningKind.RETURNED,
        HappeningKind.DELETED,
    }
)
"""What syncs saw; the rest is what people said, and what a provider's log tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened to a resource.

    ``id`` is the snapshot's, the override's or the decision's; of what stands in the provider's
    log it is made of that. What a sync saw has ``fields`` (dotted names) with the facts before
    and after; what people said has ``name`` or ``price``; what they decided has the ``state``
    of a recommendation by ``rule``; what the log tells has the provider's ``operation``.
    """

    at: datetime
    kind: HappeningKind
    id: UUID
    fields: tuple[str, ...] = ()
    previous: dict[str, Any] | None = None
    current: dict[str, Any] | None = None
    name: str | None = None
    price: ManualPrice | None = None
    recommendation_id: UUID | None = None
    rule: str | None = None
    state: State | None = None
    actor: str = ""
    reason: str = ""
    operation: str | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CostMove:
    """What a resource cost a day before and after something happened, in ``currency``.

    None is nothing. With ``days`` both are what was billed of these two (None where nothing is
    billed yet), without it what the price came to.
    """

    currency: str
    before: Decimal | None
    after: Decimal | None
    days: tuple[date | None, date | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleEntry:
    """What happened, and how the cost moved with it; empty where it did not."""

    happening: Happening
    moves: tuple[CostMove, ...]
