"""Every rule over every resource of one connection: findings, and why there are no others."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from infrazen.domain.facts import AccountFacts, Facts, Window
from infrazen.domain.kinds import Kind
from infrazen.domain.recommendations import Category, Unknown
from infrazen.finops.market import Market
from infrazen.finops.rule import Hit, Parameters, Rule, Sight, Verdict
from infrazen.finops.savings import count_once

HIT = "hit"
MISS = "miss"
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
    """A finding; savings are a month's in millionths: alone, and as it counts in a sum."""

    resource_id: UUID | None
    rule: Rule
    hit: Hit
    currency: str
    counted_micro: int
    daily_micro: int | None


@dataclass(slots=True, kw_only=True)
class Verdicts:
    """What all rules said.

    ``missed`` are earlier findings whose rule now says that all is well, ``silent`` those
    of which it cannot tell any more; about the rest nobody was asked. ``outcomes`` counts
    resources by rule and outcome: ``hit``, ``miss`` or why the rule could not tell.
    """

    found: list[Found] = field(default_factory=list)
    missed: set[Finding] = field(default_factory=set)
    silent: set[Finding] = field(default_factory=set)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)


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
        if hits:
            counted = self._counted(facts, hits)
            for rule, hit in hits:
                self._found(rule, hit, facts, counted[rule.id])

    def judge_account(self, account: AccountFacts, *, left_micro: int | None) -> None:
        """Ask the rules for the account; savings count up to ``left_micro``, where known."""
        for one in self._of_account:
            judge = one.rule.judge_account
            if judge is None:
                continue
            verdict = judge(account, one.parameters, self._sight(one, None))
            self._note(one.rule, None, verdict)
            if isinstance(verdict, Hit):
                most = verdict.saving_micro if left_micro is None else max(0, left_micro)
                self.verdicts.found.append(
                    Found(
                        resource_id=None,
                        rule=one.rule,
                        hit=verdict,
                        currency=account.currency,
                        counted_micro=min(verdict.saving_micro, most),
                        daily_micro=None,
                    )
                )

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

    def _counted(self, facts: Facts, hits: list[tuple[Rule, Hit]]) -> dict[str, int]:
        """What counts of each; two rightsizings are priced as one size, where there is one."""
        alone = {rule.id: hit.saving_micro for rule, hit in hits}
        sizes = {rule.id: hit.size for rule, hit in hits if hit.size is not None}
        together = None
        if len(sizes) > 1:
            cpu = min(size[0] for size in sizes.values())
            memory = min((size[1] for size in sizes.values() if size[1] is not None), default=None)
            both = self._market.resized(facts, cpu=cpu, memory_mb=memory)
            if both is not None:
                together = (facts.monthly_micro or 0) - both.monthly_micro
        return count_once(
            alone,
            cost=facts.monthly_micro or 0,
            combinable=frozenset(sizes),
            together=together,
        )

    def _found(self, rule: Rule, hit: Hit, facts: Facts, counted: int) -> None:
        self.verdicts.found.append(
            Found(
                resource_id=facts.id,
                rule=rule,
                hit=hit,
                currency=facts.currency,
                counted_micro=0 if rule.category is Category.RISK else counted,
                daily_micro=facts.daily_micro,
            )
        )
