"""What agreed changes have saved, by the costs of later days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import findings as queries
from infrazen.db.queries.findings import Finding
from infrazen.db.queries.scope import Scope
from infrazen.domain.money import DAYS_A_MONTH, MICRO, from_micro
from infrazen.domain.periods import local_day
from infrazen.domain.recommendations import AGREED
from infrazen.finops.savings import share_out
from infrazen.providers import provider


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedDay:
    """What was promised for one day, and what that day cost less, in ``currency``."""

    day: date
    currency: str
    promised: Decimal
    realised: Decimal

    def __add__(self, other: "SavedDay") -> "SavedDay":
        return SavedDay(
            day=self.day,
            currency=self.currency,
            promised=self.promised + other.promised,
            realised=self.realised + other.realised,
        )


def measure(session: Session, scope: Scope, findings: Iterable[Finding]) -> set[UUID]:
    """Add up what each agreed finding has saved; the ids of those whose sum changed.

    A day saves what the resource cost when somebody agreed first, less what it costs on
    that day; a resource that is gone costs nothing. Costs that rose count against it. What
    several findings on one resource have saved is shared by what they promised.
    """
    agreed = [one for one in findings if _is_measured(one)]
    place = (scope.organization_id, scope.connection_id)
    sums = {one.id: (0, 0) for one in agreed}
    for one, _, saved in _days(session, *place, agreed, zone=_zone(scope.provider)):
        before, count = sums[one.id]
        sums[one.id] = (before + saved, count + 1)
    changed = set()
    for one in agreed:
        if (one.realised, one.realised_days) != sums[one.id]:
            one.realised, one.realised_days = sums[one.id]
            changed.add(one.id)
    return changed


def saved_days(
    session: Session,
    organization_id: UUID,
    connection_id: UUID,
    *,
    provider_slug: str,
    since: date,
) -> list[SavedDay]:
    """What a connection's agreed findings promised and saved, day by day from ``since``."""
    agreed = [one for one in queries.stored(session, connection_id) if _is_measured(one)]
    place = (organization_id, connection_id)
    found: dict[tuple[date, str], SavedDay] = {}
    for one, day, saved in _days(session, *place, agreed, zone=_zone(provider_slug)):
        if day < since:
            continue
        promised = (from_micro(one.promised_monthly or 0) / DAYS_A_MONTH).quantize(MICRO)
        new = SavedDay(
            day=day, currency=one.currency, promised=promised, realised=from_micro(saved)
        )
        before = found.get((day, one.currency))
        found[day, one.currency] = new if before is None else before + new
    return list(found.values())


def _zone(provider_slug: str) -> str:
    """Where a day of the provider's costs begins."""
    return provider(provider_slug).billing_time_zone


def _is_measured(finding: Finding) -> bool:
    agreed = finding.state in AGREED and finding.agreed_at is not None
    return agreed and finding.resource_id is not None and finding.baseline_daily is not None


def _days(
    session: Session,
    organization_id: UUID,
    connection_id: UUID,
    agreed: list[Finding],
    *,
    zone: str,
) -> Iterator[tuple[Finding, date, int]]:
    """Each finding's recorded days after the one of the agreement, and what they saved.

    A day on which the resource costs anything in another currency says nothing, and neither
    does one on which a resource that was there, and has a price, costs nothing: that day's bill
    names no resources.
    """
    if not agreed:
        return
    place = (organization_id, connection_id)
    since = min(_agreed_day(one, zone) for one in agreed)
    days = queries.recorded_days(session, *place, since=since)
    together = _together(agreed)
    resources = {resource_id for resource_id, _ in together}
    costs = queries.costs_by_day(session, *place, resources, since=since)
    gone = {
        id_: date.max if at is None else local_day(at, zone)
        for id_, at in queries.priced_until(session, organization_id, resources).items()
    }
    for (resource_id, currency), some in together.items():
        begun = [(_agreed_day(one, zone), one) for one in some]
        for day in days:
            counting = [one for agreed_day, one in begun if agreed_day < day]
            cost = costs.get((resource_id, day), {})
            if not cost and day < gone.get(resource_id, day):
                continue
            if counting and not cost.keys() - {currency}:
                yield from _shared(counting, day, cost.get(currency, 0))


def _together(agreed: Iterable[Finding]) -> dict[tuple[UUID, str], list[Finding]]:
    """Findings by resource and currency, the first agreement first."""
    found: dict[tuple[UUID, str], list[Finding]] = {}
    for one in sorted(agreed, key=lambda one: (_agreed_at(one), one.id)):
        if one.resource_id is not None:
            found.setdefault((one.resource_id, one.currency), []).append(one)
    return found


def _shared(counting: list[Finding], day: date, cost: int) -> Iterator[tuple[Finding, date, int]]:
    saved = (counting[0].baseline_daily or 0) - cost
    shares = share_out(saved, [one.promised_monthly or 0 for one in counting])
    for one, share in zip(counting, shares, strict=True):
        yield one, day, share


def _agreed_day(finding: Finding, zone: str) -> date:
    return local_day(_agreed_at(finding), zone)


def _agreed_at(finding: Finding) -> datetime:
    assert finding.agreed_at is not None  # noqa: S101 (see _is_measured)
    return finding.agreed_at
