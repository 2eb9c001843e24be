"""What a rule is: one file that says when, how much, how sure and why.

A rule looks at one resource (or one account) at a time and answers with a ``Hit``, with
``Unknown`` where it cannot tell, or with None where all is well. It does no I/O.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from infrazen.domain.facts import AccountFacts, Facts, Window
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.money import from_micro
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.market import Market

FULL = 0.7
PARTIAL = 0.25
"""Parts of a window from which on a rule is sure, or fairly so."""


class Parameters(BaseModel):
    """Base of a rule's parameters: defaults and limits, stored per organization."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Days = Annotated[
    int, Field(ge=1, le=90), Label(title=Text("Окно наблюдения, дней", "Evidence window, days"))
]
Points = Annotated[
    int, Field(ge=1, le=100_000), Label(title=Text("Замеров не меньше", "Readings at least"))
]
LeastSaving = Annotated[
    float,
    Field(ge=0, le=1_000_000),
    Label(
        title=Text("Экономия не меньше, в месяц", "Saving at least, a month"),
        help=Text("В валюте ресурса.", "In the resource's currency."),
    ),
]
LeastShare = Annotated[
    int,
    Field(ge=0, le=100),
    Label(title=Text("Экономия не меньше, % цены", "Saving at least, % of the price")),
]


class Hit(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Something worth changing. ``saving_micro`` is a month's, in millionths.

    ``evidence`` are the numbers that convinced the rule and the thresholds they passed;
    ``change`` is what to make of the resource. ``size`` is what a smaller machine needs
    (processors, memory in MB), so that two such hits can be priced together.
    """

    saving_micro: int
    confidence: Confidence
    evidence: dict[str, Any]
    change: dict[str, Any]
    size: tuple[int, int | None] | None = None


Verdict = Hit | Unknown | None


class Sight(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a rule may look at beside the resource: prices, its metrics, the moment.

    ``is_open`` says that the rule found this before: it then lets go later than it took
    hold, so that findings do not flap.
    """

    now: datetime
    market: Market
    windows: Mapping[str, Window]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``judge`` is for resources of ``kinds``, ``judge_account`` for the account.

    It is asked about resources in one of ``statuses`` (None: in any), all others are well.
    ``metrics`` are those it needs, over ``parameters.window_days`` days. A rule that needs
    any finds nothing without, and says then the same of all resources of one ``Sort``.
    """

    id: str
    category: Category
    action: Action
    title: Text
    why: Text
    parameters: type[Parameters]
    kinds: frozenset[Kind] = frozenset()
    statuses: frozenset[ResourceStatus] | None = None
    metrics: tuple[str, ...] = ()
    judge: Callable[[Facts, Any, Sight], Verdict] | None = None
    judge_account: Callable[[AccountFacts, Any, Sight], Verdict] | None = None

    def looks_at(self, status: ResourceStatus) -> bool:
        """Whether it has anything to say of resources in ``status``."""
        return self.statuses is None or status in self.statuses

    def verdict(self, facts: Facts, parameters: Parameters, sight: Sight) -> Verdict:
        """What it says of one resource of its kinds."""
        if self.judge is None or not self.looks_at(facts.status):
            return None
        return self.judge(facts, parameters, sight)


def confidence(window: Window, days: int) -> Confidence:
    """How sure readings that cover so much of ``days`` days make."""
    covered = window.coverage(days)
    if covered >= FULL:
        return Confidence.HIGH
    return Confidence.MEDIUM if covered >= PARTIAL else Confidence.LOW


def busiest(window: Window, days: int) -> float:
    """What the metric reaches: the 95th percentile, or the maximum of a short window.

    A few hours are too few to call their highest readings an exception.
    """
    return window.peak if window.coverage(days) >= FULL else window.maximum


def observed(window: Window, days: int) -> dict[str, Any]:
    """A window as evidence."""
    return {
        "average": round(window.average, 2),
        "maximum": round(window.maximum, 2),
        "p95": round(window.peak, 2),
        "unit": window.unit,
        "capacity": window.capacity,
        "points": window.points,
        "hours": window.hours,
        "window_days": days,
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
    }


def with_evidence(hit: Hit, more: Mapping[str, Any]) -> Hit:
    """``hit`` with more evidence."""
    return msgspec.structs.replace(hit, evidence={**hit.evidence, **more})


def plain_amount(micro: int) -> str:
    """An amount as evidence and changes hold it: ``660``, ``9.73``."""
    return format(from_micro(micro).normalize(), "f")


def days_since(moment: datetime, now: datetime) -> int:
    """Whole days from ``moment`` to ``now``, none for what lies ahead."""
    return max(0, (now - moment).days)
