"""Every rule over every resource of one connection: findings, and why there are no others."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from infrazen.domain.facts import AccountFacts, Facts, Window
from infrazen.domain.kinds import Kind
from infrazen.domain.money import to_micro
from infrazen.domain.recommendations import Unknown
from infrazen.finops.market import Market
from infrazen.finops.rule import (
    Hit,
    Parameters,
    Rule,
    Sight,
    Verdict,
    plain_amount,
    with_evidence,
)

HIT = "hit"
MISS = "miss"
TOGETHER = "together_saving"
"""In the evidence of two smaller sizes of one machine: what the size with both saves a month."""
WindowsOf = Callable[[UUID], Mapping[str, Window]]
Finding = tuple[UUID | None, str]
"""A resource (None for the account) and a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A rule with an organization's parameters for it."""

    rule: Rule
    parameters: Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding; what its hit saves, it saves alone."""

    resource_id: UUID | None
    rule: Rule
    hit: Hit
    currency: str


@dataclass(slots=True, kw_only=True)
class Verdicts:
    """What all rules said.

    ``missed`` are earlier findings whose rule now says that all is well, ``silent`` those
    of which it cannot tell any more; about the rest nobody was asked. ``outcomes`` counts
    resources by rule and outcome: ``hit``, ``miss`` or why the rule could not tell.
    ``costs`` is a month's cost in millionths of whatever has findings, now or from before;
    of the account it is what there is to pay. None where nobody knows it.
    """

    found: list[Found] = field(default_factory=list)
    missed: set[Finding] = field(default_factory=set)
    silent: set[Finding] = field(default_factory=set)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    costs: dict[UUID | None, int | None] = field(default_factory=dict)


class Bench:
    """Judges the resources of one connection, one by one."""

    def __init__(
        self,
        applied: Iterable[Applied],
        *,
        market: Market,
        windows: Mapping[int, WindowsOf],
        was_open: AbstractSet[Finding],
        now: datetime,
    ) -> None:
        self._market = market
        self._windows = windows
        self._was_open = was_open
        self._seen_before = {resource_id for resource_id, _ in was_open}
        self._now = now
        self._by_kind: dict[Kind, list[Applied]] = {}
        self._of_account: list[Applied] = []
        for one in applied:
            for kind in one.rule.kinds:
                self._by_kind.setdefault(kind, []).append(one)
            if one.rule.judge_account is not None:
                self._of_account.append(one)
        # What most resources are looked at with: no metrics, and nothing found before.
        self._plain = Sight(now=now, market=market, windows={}, is_open=False)
        self.verdicts = Verdicts()

    def judge(self, facts: Facts) -> None:
        """Ask every rule for resources of this kind."""
        hits: list[tuple[Rule, Hit]] = []
        for one in self._by_kind.get(facts.kind, ()):
            verdict = self._ask(one, facts)
            self._note(one.rule, facts.id, verdict)
            if isinstance(verdict, Hit):
                hits.append((one.rule, verdict))
        if hits or (self._seen_before and facts.id in self._seen_before):
            self.verdicts.costs[facts.id] = facts.monthly_micro
        for rule, hit in self._priced_together(facts, hits) if hits else ():
            self._found(rule, hit, resource_id=facts.id, currency=facts.currency)

    def judge_account(self, account: AccountFacts) -> None:
        """Ask the rules for the account."""
        if account.payable_monthly is not None:
            self.verdicts.costs[None] = to_micro(account.payable_monthly)
        for one in self._of_account:
            judge = one.rule.judge_account
            if judge is None:
                continue
            verdict = judge(account, one.parameters, self._sight(one, None))
            self._note(one.rule, None, verdict)
            if isinstance(verdict, Hit):
                self._found(one.rule, verdict, resource_id=None, currency=account.currency)

    def _ask(self, one: Applied, facts: Facts) -> Verdict:
        judge = one.rule.judge
        return None if judge is None else judge(facts, one.parameters, self._sight(one, facts.id))

    def _sight(self, one: Applied, resource_id: UUID | None) -> Sight:
        days = getattr(one.parameters, "window_days", None)
        windows: Mapping[str, Window] = {}
        if days is not None and resource_id is not None:
            windows = self._windows[days](resource_id)
        is_open = self._was_found(one.rule, resource_id)
        if not windows and not is_open:
            return self._plain
        return Sight(now=self._now, market=self._market, windows=windows, is_open=is_open)

    def _was_found(self, rule: Rule, resource_id: UUID | None) -> bool:
        """Whether it is open from before; where nothing is, no id is hashed to see that."""
        return bool(self._was_open) and (resource_id, rule.id) in self._was_open

    def _note(self, rule: Rule, resource_id: UUID | None, verdict: Verdict) -> None:
        if isinstance(verdict, Hit):
            outcome = HIT
        elif isinstance(verdict, Unknown):
            outcome = verdict.value
            if self._was_found(rule, resource_id):
                self.verdicts.silent.add((resource_id, rule.id))
        else:
            outcome = MISS
            if self._was_found(rule, resource_id):
                self.verdicts.missed.add((resource_id, rule.id))
        self.verdicts.outcomes[rule.id, outcome] += 1

    def _priced_together(
        self, facts: Facts, hits: list[tuple[Rule, Hit]]
    ) -> list[tuple[Rule, Hit]]:
        """The hits; two smaller sizes of one machine also say what the size with both saves."""
        sizes = [hit.size for _, hit in hits if hit.size is not None]
        if len(sizes) < 2:
            return hits
        cpu = min(size[0] for size in sizes)
        memory = min((size[1] for size in sizes if size[1] is not None), default=None)
        both = self._market.resized(facts, cpu=cpu, memory_mb=memory)
        if both is None:
            return hits
        saving = plain_amount((facts.monthly_micro or 0) - both.monthly_micro)
        return [
            (rule, hit if hit.size is None else with_evidence(hit, {TOGETHER: saving}))
            for rule, hit in hits
        ]

    def _found(self, rule: Rule, hit: Hit, *, resource_id: UUID | None, currency: str) -> None:
        self.verdicts.found.append(
            Found(resource_id=resource_id, rule=rule, hit=hit, currency=currency)
        )
