"""Every rule over every resource of one connection: findings, and why there are no others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from infrazen.domain.facts import AccountFacts, Facts, Sort, Window
from infrazen.domain.kinds import Kind
from infrazen.domain.money import to_micro
from infrazen.domain.resources import ResourceStatus
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
Windows = Mapping[UUID, Mapping[str, Window]]
"""Each resource's metrics over one length of window."""
Finding = tuple[UUID | None, str]
"""A resource (None for the account) and a rule."""
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A rule with an organization's parameters for it."""

    rule: Rule
    parameters: Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An applied rule, and how many days it looks back (None where it needs no metrics)."""

    rule: Rule
    parameters: Parameters
    days: int | None


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
    """Judges the resources of one connection, one by one or sort by sort."""

    def __init__(
        self,
        applied: Iterable[Applied],
        *,
        market: Market,
        windows: Mapping[int, Windows],
        was_open: AbstractSet[Finding],
        now: datetime,
    ) -> None:
        self._market = market
        self._windows = windows
        self._now = now
        self._by_kind: dict[Kind, list[_Asked]] = {}
        self._of_account: list[_Asked] = []
        for asked in map(_asked, applied):
            for kind in asked.rule.kinds:
                self._by_kind.setdefault(kind, []).append(asked)
            if asked.rule.judge_account is not None:
                self._of_account.append(asked)
        self._open: dict[UUID | None, set[str]] = {}
        for resource_id, rule in was_open:
            self._open.setdefault(resource_id, set()).add(rule)
        # What most resources are looked at with: no metrics, and nothing found before.
        self._plain = Sight(now=now, market=market, windows={}, is_open=False)
        self.verdicts = Verdicts()

    def judge(self, facts: Facts) -> None:
        """Ask every rule for resources of this kind."""
        hits: list[tuple[Rule, Hit]] = []
        # Where nothing is open from before, no id is hashed to see that.
        before = self._open.get(facts.id, _NOTHING) if self._open else _NOTHING
        sights: dict[tuple[int | None, bool], Sight] = {}
        for asked in self._by_kind.get(facts.kind, ()):
            was_found = asked.rule.id in before
            key = (asked.days, was_found)
            sight = sights.get(key)
            if sight is None:
                sight = sights[key] = self._sight(asked.days, facts.id, is_open=was_found)
            verdict = asked.rule.verdict(facts, asked.parameters, sight)
            self._note(asked.rule, facts.id, verdict, was_found=was_found)
            if isinstance(verdict, Hit):
                hits.append((asked.rule, verdict))
        if hits or before:
            self.verdicts.costs[facts.id] = facts.monthly_micro
        for rule, hit in self._priced_together(facts, hits) if hits else ():
            self._found(rule, hit, resource_id=facts.id, currency=facts.currency)

    def tells_by_sort(self, kind: Kind, status: ResourceStatus) -> bool:
        """Whether rules say the same of all such resources of a sort: where none has readings."""
        return all(
            asked.rule.metrics or not asked.rule.looks_at(status)
            for asked in self._by_kind.get(kind, ())
        )

    def judge_sort(self, sort: Sort, count: int) -> None:
        """Ask once about ``count`` resources without readings and without earlier findings."""
        facts = facts_of(sort, at=self._now)
        for asked in self._by_kind.get(sort.kind, ()):
            verdict = asked.rule.verdict(facts, asked.parameters, self._plain)
            self.verdicts.outcomes[asked.rule.id, _outcome(verdict)] += count

    def judge_account(self, account: AccountFacts) -> None:
        """Ask the rules for the account."""
        if account.payable_monthly is not None:
            self.verdicts.costs[None] = to_micro(account.payable_monthly)
        before = self._open.get(None, _NOTHING)
        for asked in self._of_account:
            judge = asked.rule.judge_account
            if judge is None:
                continue
            was_found = asked.rule.id in before
            verdict = judge(account, asked.parameters, self._sight(None, None, is_open=was_found))
            self._note(asked.rule, None, verdict, was_found=was_found)
            if isinstance(verdict, Hit):
                self._found(asked.rule, verdict, resource_id=None, currency=account.currency)

    def _sight(self, days: int | None, resource_id: UUID | None, *, is_open: bool) -> Sight:
        windows: Mapping[str, Window] = {}
        if days is not None and resource_id is not None and (known := self._windows[days]):
            windows = known.get(resource_id, {})
        if not windows and not is_open:
            return self._plain
        return Sight(now=self._now, market=self._market, windows=windows, is_open=is_open)

    def _note(
        self, rule: Rule, resource_id: UUID | None, verdict: Verdict, *, was_found: bool
    ) -> None:
        self.verdicts.outcomes[rule.id, _outcome(verdict)] += 1
        if was_found and not isinstance(verdict, Hit):
            missing = self.verdicts.missed if verdict is None else self.verdicts.silent
            missing.add((resource_id, rule.id))

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


def facts_of(sort: Sort, *, at: datetime) -> Facts:
    """A resource of a sort of which nothing else is known."""
    return Facts(
        id=UUID(int=0),
        kind=sort.kind,
        type=sort.type,
        name="",
        status=sort.status,
        region="",
        family="",
        sku=None,
        currency="",
        daily_micro=None,
        monthly_micro=None,
        created_at=None,
        changed_at=at,
        config={},
        cpu=sort.cpu,
        memory_mb=sort.memory_mb,
    )


def _asked(applied: Applied) -> _Asked:
    days = getattr(applied.parameters, "window_days", None)
    return _Asked(rule=applied.rule, parameters=applied.parameters, days=days)


def _outcome(verdict: Verdict) -> str:
    if isinstance(verdict, Hit):
        return HIT
    return MISS if verdict is None else verdict.value
