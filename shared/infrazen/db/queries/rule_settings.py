"""How organizations set rules, and what rules said when they were last asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.scope import Scope
from infrazen.db.tables.recommendations import RuleOutcomeRow, RuleSettingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetting:
    """What an organization changed of a rule's defaults."""

    is_enabled: bool
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of how many resources of a connection a rule said ``outcome``."""

    connection_id: UUID
    rule: str
    outcome: str
    resources: int
    changed_at: datetime


def settings(session: Session, organization_id: UUID) -> dict[str, RuleSetting]:
    """What is set, by rule; rules without an entry have their defaults."""
    rows = session.scalars(
        select(RuleSettingRow).where(col(RuleSettingRow.organization_id) == organization_id)
    )
    return {
        row.rule: RuleSetting(is_enabled=row.is_enabled, parameters=row.parameters) for row in rows
    }


def put(
    session: Session,
    *,
    organization_id: UUID,
    rule: str,
    setting: RuleSetting,
    now: datetime,
) -> None:
    """Set a rule for an organization."""
    session.merge(
        RuleSettingRow(
            organization_id=organization_id,
            rule=rule,
            is_enabled=setting.is_enabled,
            parameters=setting.parameters,
            updated_at=now,
        )
    )


def replace_outcomes(
    session: Session, scope: Scope, outcomes: Mapping[tuple[str, str], int]
) -> None:
    """Make ``outcomes``, by rule and outcome, what the connection's rules said."""
    row = RuleOutcomeRow
    there = session.execute(
        select(col(row.rule), col(row.outcome), col(row.resources)).where(
            col(row.connection_id) == scope.connection_id
        )
    )
    if {(rule, outcome): count for rule, outcome, count in there} == dict(outcomes):
        return
    session.execute(
        delete(RuleOutcomeRow).where(col(RuleOutcomeRow.connection_id) == scope.connection_id)
    )
    bulk.insert(
        session,
        RuleOutcomeRow,
        ("rule", "outcome", "resources"),
        [(rule, outcome, count) for (rule, outcome), count in outcomes.items()],
        constants={
            "organization_id": scope.organization_id,
            "connection_id": scope.connection_id,
            "changed_at": scope.now,
        },
    )


def outcomes(session: Session, organization_id: UUID) -> list[Outcome]:
    """What rules said of each connection in use, when they were last asked."""
    row = RuleOutcomeRow
    rows = session.scalars(
        select(row)
        .where(col(row.organization_id) == organization_id)
        .order_by(col(row.rule), col(row.connection_id), col(row.outcome))
    )
    return [
        Outcome(
            connection_id=one.connection_id,
            rule=one.rule,
            outcome=one.outcome,
            resources=one.resources,
            changed_at=one.changed_at,
        )
        for one in rows
    ]


def summed(found: list[Outcome]) -> Counter[tuple[str, str]]:
    """Outcomes of all connections together, by rule and outcome."""
    together: Counter[tuple[str, str]] = Counter()
    for one in found:
        together[one.rule, one.outcome] += one.resources
    return together
