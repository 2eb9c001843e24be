"""What agreed changes have saved, by the costs of later days."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import findings as queries
from infrazen.db.queries.findings import Finding
from infrazen.db.queries.scope import Scope
from infrazen.domain.periods import utc_day
from infrazen.domain.recommendations import AGREED


def measure(session: Session, scope: Scope, findings: Iterable[Finding]) -> set[UUID]:
    """Add up what each agreed finding has saved; the ids of those whose sum changed.

    A day saves what the resource cost when somebody agreed, less what it costs on that
    day; a resource that is gone costs nothing. Costs that rose count against it.
    """
    agreed = [one for one in findings if _is_measured(one)]
    if not agreed:
        return set()
    since = min(_agreed_day(one) for one in agreed)
    days = queries.recorded_days(session, scope, since=since)
    resources = {one.resource_id for one in agreed if one.resource_id is not None}
    costs = queries.costs_by_day(session, scope, resources, since=since)
    changed = set()
    for one in agreed:
        realised, count = _realised(one, days, costs)
        if (one.realised, one.realised_days) != (realised, count):
            one.realised, one.realised_days = realised, count
            changed.add(one.id)
    return changed


def _is_measured(finding: Finding) -> bool:
    agreed = finding.state in AGREED and finding.agreed_at is not None
    return agreed and finding.resource_id is not None and finding.baseline_daily is not None


def _agreed_day(finding: Finding) -> date:
    assert finding.agreed_at is not None  # noqa: S101 (see _is_measured)
    return utc_day(finding.agreed_at)


def _realised(
    finding: Finding, days: Iterable[date], costs: dict[tuple[UUID, date], int]
) -> tuple[int, int]:
    """Millionths saved, and on how many days after the one of the agreement."""
    assert finding.resource_id is not None  # noqa: S101 (see _is_measured)
    later = [day for day in days if day > _agreed_day(finding)]
    baseline = finding.baseline_daily or 0
    spent = sum(costs.get((finding.resource_id, day), 0) for day in later)
    return baseline * len(later) - spent, len(later)
