"""A snapshot that is old, or whose origin is gone."""

from typing import Annotated, Any

from pydantic import Field

from infrazen.domain.facts import Facts
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.finops.rule import Hit, Parameters, Rule, Sight, Verdict, days_since


class OldSnapshot(Parameters):
    """How old snapshots may get."""

    age_days: Annotated[
        int, Field(ge=1, le=3650), Label(title=Text("Старше, дней", "Older than, days"))
    ] = 90
    orphan_days: Annotated[
        int,
        Field(ge=0, le=3650),
        Label(title=Text("Старше, если источника уже нет, дней", "Orphaned and older than, days")),
    ] = 7


def judge(facts: Facts, parameters: OldSnapshot, sight: Sight) -> Verdict:
    """Whether the snapshot is old enough; sooner where what it was made of is gone."""
    if facts.created_at is None:
        return Unknown.NO_AGE
    days = days_since(facts.created_at, sight.now)
    orphaned = facts.source_exists is False
    limit = parameters.orphan_days if orphaned else parameters.age_days
    if days < limit:
        return None
    if facts.monthly_micro is None:
        return Unknown.NO_PRICE
    if not facts.monthly_micro:
        return None
    evidence: dict[str, Any] = {
        "days": days,
        "threshold_days": limit,
        "since": facts.created_at.date().isoformat(),
        "orphaned": orphaned,
        "size_bytes": facts.config.get("size_bytes"),
    }
    return Hit(
        saving_micro=facts.monthly_micro,
        confidence=Confidence.HIGH if orphaned else Confidence.MEDIUM,
        evidence=evidence,
        change={"remove": facts.name},
    )


RULE = Rule(
    id="old_snapshot",
    category=Category.CLEANUP,
    action=Action.REMOVE,
    title=Text("Старый снимок", "Old snapshot"),
    why=Text(
        "Снимок старый или его источника больше нет.",
        "The snapshot is old, or what it was made of is gone.",
    ),
    parameters=OldSnapshot,
    kinds=frozenset({Kind.SNAPSHOT}),
    judge=judge,
)
