"""What people decided about recommendations for one resource."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from infrazen.db.tables.recommendations import (
    OptimizationRecommendationRow,
    RecommendationEventRow,
)
from infrazen.domain.lifecycle import Happening, HappeningKind
from infrazen.domain.recommendations import State


def decisions(
    session: Session,
    *,
    organization_id: UUID,
    resource_id: UUID,
    states: Collection[State],
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[Happening]:
    """Moves of the resource's recommendations into ``states``, latest first.

    ``before`` goes on from (moment, id).
    """
    event, about = RecommendationEventRow, OptimizationRecommendationRow
    at, id_ = col(event.created_at), col(event.id)
    statement = (
        select(*_columns())
        .join(about, col(about.id) == col(event.recommendation_id))
        .where(
            col(event.organization_id) == organization_id,
            col(about.resource_id) == resource_id,
            col(event.after).in_(list(states)),
        )
        .order_by(at.desc(), id_.desc())
        .limit(limit)
    )
    if before is not None:
        moment, last = before
        statement = statement.where(or_(at < moment, and_(at == moment, id_ < last)))
    return [_decided(*row) for row in session.execute(statement)]


def _columns() -> tuple[Any, ...]:
    event, about = RecommendationEventRow, OptimizationRecommendationRow
    return (
        col(event.created_at),
        col(event.id),
        col(about.id),
        col(about.rule),
        col(event.after),
        col(event.actor),
        col(event.reason),
    )


def _decided(*row: Any) -> Happening:
    at, id_, recommendation_id, rule, state, actor, reason = row
    return Happening(
        at=at,
        kind=HappeningKind.DECIDED,
        id=id_,
        recommendation_id=recommendation_id,
        rule=rule,
        state=state,
        actor=actor,
        reason=reason,
    )
