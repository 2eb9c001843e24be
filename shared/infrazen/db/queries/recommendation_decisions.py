"""What people decide of recommendations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from infrazen.db.queries import overrides
from infrazen.db.queries.recommendations import Recommendation
from infrazen.db.tables.recommendations import (
    OptimizationRecommendationRow,
    RecommendationEventRow,
)
from infrazen.domain.recommendations import AGREED, State

_ROW = OptimizationRecommendationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided: the new state, why, and until when it sleeps."""

    state: State
    actor: str
    reason: str = ""
    snoozed_until: date | None = None


def hold(session: Session, organization_id: UUID, ids: Sequence[UUID]) -> None:
    """Let no evaluation write these recommendations until this transaction ends.

    To be called before they are read: it would else overwrite what is decided meanwhile.
    """
    connection = select(col(_ROW.connection_id)).distinct()
    connections = session.scalars(
        connection.where(col(_ROW.organization_id) == organization_id, col(_ROW.id).in_(ids))
    )
    for one in sorted(connections):
        overrides.hold(session, one)


def decide(
    session: Session,
    known: Recommendation,
    decision: Decision,
    *,
    promised: Decimal,
    baseline: Decimal | None,
    now: datetime,
) -> None:
    """Move a recommendation and write it into its history.

    Who agrees fixes what is ``promised`` a month and what the resource costs a day (its
    ``baseline``); who opens it again forgets both.
    """
    row = session.get_one(_ROW, known.id)
    session.add(
        RecommendationEventRow(
            organization_id=row.organization_id,
            recommendation_id=row.id,
            created_at=now,
            before=row.state,
            after=decision.state,
            actor=decision.actor,
            reason=decision.reason,
        )
    )
    if decision.state in AGREED and row.agreed_at is None:
        row.agreed_at = now
        row.promised_monthly = promised
        row.baseline_daily = baseline
        row.realised, row.realised_days = Decimal(0), 0
    elif decision.state not in AGREED:
        row.agreed_at = row.promised_monthly = row.baseline_daily = row.realised = None
        row.realised_days = 0
    row.state = decision.state
    row.state_reason = decision.reason
    row.state_by = decision.actor
    row.state_at = now
    row.snoozed_until = decision.snoozed_until
    row.misses = 0
    row.updated_at = now
    session.flush()


def set_savings(session: Session, savings: Mapping[UUID, Decimal]) -> None:
    """Set what recommendations count for."""
    for id_, saving in savings.items():
        session.get_one(_ROW, id_).monthly_saving = saving
    session.flush()
