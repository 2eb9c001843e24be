"""What happened to a resource, as programs see it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from infrazen.api.answers.money import Amount, Currency
from infrazen.api.answers.resources import ManualPrice
from infrazen.api.answers.snapshots import with_amounts
from infrazen.api.schemas import Answer
from infrazen.domain import lifecycle
from infrazen.domain.lifecycle import HappeningKind
from infrazen.domain.recommendations import State


class CostMove(Answer):
    """What a resource cost a day before and after something happened; null is nothing.

    With `before_day` or `after_day` that was billed for these days, else it is the price.
    """

    currency: Currency
    before: Amount | None
    after: Amount | None
    before_day: date | None
    after_day: date | None


class LifecycleEntry(Answer):
    """One thing that happened to a resource, and how its cost moved with it.

    What a sync saw has `changed_fields` (dotted names) with the facts before and after; what a
    person said in the provider's place has `name` or `price`; what somebody agreed to has the
    `state` of a recommendation by `rule`; what the provider's log tells has its `operation`.
    """

    at: datetime
    kind: HappeningKind
    id: Annotated[UUID, Field(description="Of the snapshot, the override, the decision.")]
    changed_fields: list[str]
    previous: dict[str, Any] | None
    current: dict[str, Any] | None
    name: str | None
    price: ManualPrice | None
    recommendation_id: UUID | None
    rule: str | None
    state: State | None
    actor: str
    reason: str
    operation: str | None
    failed: bool
    moves: list[CostMove]


def entry_of(found: lifecycle.LifecycleEntry) -> LifecycleEntry:
    """An entry with the prices before and after written as amounts."""
    one = found.happening
    around: dict[str, Any] = {
        "changed_fields": list(one.fields),
        "previous": with_amounts(one.previous),
        "current": with_amounts(one.current),
        "price": None if one.price is None else ManualPrice.model_validate(one.price),
        "moves": [_move(move) for move in found.moves],
    }
    own = LifecycleEntry.model_fields.keys() - around.keys()
    return LifecycleEntry(**{name: getattr(one, name) for name in own}, **around)


def _move(move: lifecycle.CostMove) -> CostMove:
    before_day, after_day = move.days or (None, None)
    return CostMove(
        currency=move.currency,
        before=move.before,
        after=move.after,
        before_day=before_day,
        after_day=after_day,
    )
