"""How findings live: opened, refreshed, woken, closed by themselves. Pure."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from infrazen.db.columns import new_id
from infrazen.db.queries.findings import Finding, Move
from infrazen.domain.periods import utc_day
from infrazen.domain.recommendations import LIVE, Category, State
from infrazen.finops.verdicts import Found, Verdicts
from infrazen.sync.counting import count

MISSES_TO_CLOSE = 2
"""Evaluations in a row that must find nothing before a finding is let go."""
DAYS_TO_RETURN = 14
"""Days after which what was done and is found again counts as not done."""
GONE = "evidence_vanished"
FOUND = "found"
FOUND_AGAIN = "found_again"
WOKEN = "snooze_ended"
RULE_OFF = "rule_disabled"
_WAITING = frozenset({State.OPEN, State.SNOOZED})


class Ledger:
    """A connection's findings, and what an evaluation makes of them.

    ``moves`` are the states that changed; ``findings`` everything there is afterwards.
    """

    def __init__(self, findings: Iterable[Finding], *, now: datetime) -> None:
        self.findings = list(findings)
        self.moves: list[Move] = []
        self._now = now
        self._changed: set[UUID] = set()

    def settle(self, verdicts: Verdicts, *, enabled: AbstractSet[str]) -> set[UUID]:
        """Bring the findings to what ``verdicts`` say; the ids of those that changed."""
        known = {(one.resource_id, one.rule): one for one in self.findings}
        hits = {(one.resource_id, one.rule.id): one for one in verdicts.found}
        for key, finding in known.items():
            self._wake(finding)
            if found := hits.get(key):
                self._refresh(finding, found)
            elif finding.rule not in enabled:
                self._close(finding, RULE_OFF, wait=False)
            elif key in verdicts.missed:
                self._close(finding, GONE, wait=True)
            elif key not in verdicts.silent:
                # Nobody was asked about it: the resource is gone.
                self._close(finding, GONE, wait=False)
        for key, found in hits.items():
            if key not in known:
                self._open(found)
        self._changed |= count(self.findings, costs=verdicts.costs)
        return self._changed

    def _open(self, found: Found) -> None:
        finding = Finding(
            id=new_id(),
            created_at=self._now,
            resource_id=found.resource_id,
            subject=found.resource_id.hex if found.resource_id else "",
            rule=found.rule.id,
            category=found.rule.category,
            action=found.rule.action,
            monthly_saving=0,
            own_saving=found.hit.saving_micro,
            currency=found.currency,
            confidence=found.hit.confidence,
            evidence=found.hit.evidence,
            change=found.hit.change,
            state=State.OPEN,
            state_reason=FOUND,
            state_by="",
            state_at=self._now,
            snoozed_until=None,
            misses=0,
            updated_at=self._now,
            agreed_at=None,
            promised_monthly=None,
            baseline_daily=None,
            realised=None,
            realised_days=0,
        )
        self.findings.append(finding)
        self._changed.add(finding.id)
        self.moves.append(
            Move(recommendation_id=finding.id, before=None, after=State.OPEN, reason=FOUND)
        )

    def _refresh(self, finding: Finding, found: Found) -> None:
        if finding.state is State.CLOSED:
            self._move(finding, State.OPEN, FOUND_AGAIN)
        done_long_ago = (self._now - finding.state_at).days >= DAYS_TO_RETURN
        if finding.state is State.DONE and done_long_ago:
            self._move(finding, State.OPEN, FOUND_AGAIN)
        facts = {
            "own_saving": found.hit.saving_micro,
            "currency": found.currency,
            "confidence": found.hit.confidence,
            "evidence": found.hit.evidence,
            "change": found.hit.change,
            "misses": 0,
        }
        if any(getattr(finding, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(finding, name, value)
            finding.updated_at = self._now
            self._changed.add(finding.id)

    def _wake(self, finding: Finding) -> None:
        until = finding.snoozed_until
        if finding.state is State.SNOOZED and until is not None and until <= utc_day(self._now):
            self._move(finding, State.OPEN, WOKEN)

    def _close(self, finding: Finding, reason: str, *, wait: bool) -> None:
        """Let a finding go; one that somebody agreed to has been carried out."""
        if finding.state not in LIVE | _WAITING:
            return
        finding.misses += 1
        self._changed.add(finding.id)
        if wait and finding.misses < MISSES_TO_CLOSE:
            return
        agreed = finding.state not in _WAITING and reason == GONE
        self._move(finding, State.DONE if agreed else State.CLOSED, reason)

    def _move(self, finding: Finding, after: State, reason: str) -> None:
        self.moves.append(
            Move(recommendation_id=finding.id, before=finding.state, after=after, reason=reason)
        )
        finding.state = after
        finding.state_reason = reason
        finding.state_by = ""
        finding.state_at = self._now
        finding.snoozed_until = None
        finding.misses = 0
        finding.updated_at = self._now
        if finding.category is Category.RISK or after is State.OPEN:
            finding.agreed_at = finding.promised_monthly = finding.baseline_daily = None
            finding.realised, finding.realised_days = None, 0
        self._changed.add(finding.id)
