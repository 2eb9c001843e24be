"""Each rule held to the same: a hit with its exact saving, near misses, missing evidence."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest

from infrazen.domain.facts import AccountFacts
from infrazen.domain.kinds import Kind
from infrazen.domain.prices import Measure
from infrazen.domain.recommendations import Unknown
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.market import Market
from infrazen.finops.rule import Hit, Sight, Verdict
from infrazen.finops.rules import rules
from tests.finops.rules.resources import NOW, offer, resource, verdict, window

Said = Callable[..., Verdict]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What makes a rule speak, what is just not enough, and what it cannot do without.

    ``said`` takes what differs from the hit; ``saves`` is a month's, in rubles. ``held`` is
    not enough to be found and enough to stay, ``let_go`` is not enough for that either.
    """

    said: Said
    saves: str
    near: list[dict]
    unknown: list[tuple[dict, Unknown]]
    held: dict = field(default_factory=dict)
    let_go: dict = field(default_factory=dict)


def ago(days: int):
    return NOW - timedelta(days=days)


def cpu(*, load=20, points=5000, is_open=False, **facts) -> Verdict:
    seen = {"cpu": window(maximum=load, points=points)} if points else {}
    price = facts.pop("price", "540")
    offers = [offer(1, 2048, monthly=price)] if price else []
    return verdict("oversized_cpu", resource(**facts), *offers, is_open=is_open, **seen)


def memory(*, used=700, points=5000, is_open=False, **facts) -> Verdict:
    read = window(maximum=used, unit="MB", capacity=2048, points=points)
    seen = {"memory": read} if points else {}
    price = facts.pop("price", "540")
    offers = [offer(2, 1024, monthly=price)] if price else []
    return verdict("oversized_memory", resource(**facts), *offers, is_open=is_open, **seen)


def idle(*, average=1, maximum=9, moved=0.01, hours=160, is_open=False, **facts) -> Verdict:
    seen = {
        "cpu": window(average=average, maximum=maximum, hours=hours),
        "network_in": window(average=moved, unit="Mbit/s", hours=hours),
    }
    known = seen if hours else {}
    return verdict("idle_server", resource(**facts), is_open=is_open, **known)


def waste(rule: str, kind: Kind, **usual) -> Said:
    def said(*, days, **facts) -> Verdict:
        known = {"monthly": "99.5", "changed_at": ago(days), **usual, **facts}
        return verdict(rule, resource(kind, **known))

    return said


def waste_case(rule: str, kind: Kind, days: int, unknown: list, **usual) -> Case:
    said = waste(rule, kind, **usual)
    return Case(
        said=lambda **facts: said(**{"days": days, **facts}),
        saves="99.5",
        near=[{"days": days - 1}, {"monthly": "0"}],
        unknown=unknown,
    )


def snapshot(*, days=90, **facts) -> Verdict:
    known = {"created_at": ago(days), "monthly": "99.5", **facts}
    return verdict("old_snapshot", resource(Kind.SNAPSHOT, **known))


def gib(family: str, monthly: str):
    kind = {"measure": Measure.STORAGE_GIB, "kind": Kind.BUCKET, "family": family}
    return offer(None, None, monthly=monthly, disk_mb=None, **kind)


def bucket(*, days=30, cold="1", **facts) -> Verdict:
    prices = [gib("standard", "2"), *([gib("cold", cold)] if cold else [])]
    known = {"monthly": "1000", "family": "standard", "config": {"lifecycle_rules": 0}, **facts}
    known.setdefault("created_at", ago(days))
    return verdict("storage_class", resource(Kind.BUCKET, **known), *prices)


def domain(*, days=30, **facts) -> Verdict:
    last = (NOW + timedelta(days=days)).date().isoformat()
    known = {"config": {"expires_on": last}, "status": ResourceStatus.ACTIVE, **facts}
    return verdict("expiring_domain", resource(Kind.DOMAIN, **known))


def account(rule: str, **usual) -> Said:
    def said(*, is_open=False, **facts) -> Verdict:
        known = rules()[rule]
        assert known.judge_account is not None
        told = AccountFacts(**{"known": True, "currency": "RUB", **usual, **facts})
        sight = Sight(now=NOW, market=Market(()), windows={}, is_open=is_open)
        return known.judge_account(told, known.parameters(), sight)

    return said


CASES = {
    "oversized_cpu": Case(
        said=cpu,
        saves="120",
        near=[{"load": 30}, {"price": "650.1"}, {"status": ResourceStatus.STOPPED}, {"cpu": 1}],
        unknown=[
            ({"points": 0}, Unknown.NO_READINGS),
            ({"points": 29}, Unknown.FEW_READINGS),
            ({"cpu": None}, Unknown.NO_SIZE),
            ({"monthly": None}, Unknown.NO_PRICE),
            ({"price": None}, Unknown.NO_OFFER),
        ],
        held={"load": 39.9},
        let_go={"load": 40},
    ),
    "oversized_memory": Case(
        said=memory,
        saves="120",
        near=[{"used": 819.2}, {"price": "650.1"}, {"status": ResourceStatus.STOPPED}],
        unknown=[
            ({"points": 0}, Unknown.NO_READINGS),
            ({"points": 29}, Unknown.FEW_READINGS),
            ({"memory_mb": None}, Unknown.NO_SIZE),
            ({"monthly": None}, Unknown.NO_PRICE),
            ({"price": None}, Unknown.NO_OFFER),
        ],
        held={"used": 853},
        let_go={"used": 983.1},
    ),
    "idle_server": Case(
        said=idle,
        saves="660",
        near=[{"average": 5}, {"maximum": 15}, {"moved": 0.1}],
        unknown=[
            ({"hours": 0}, Unknown.NO_READINGS),
            ({"hours": 71}, Unknown.SHORT_WINDOW),
            ({"monthly": None}, Unknown.NO_PRICE),
        ],
        held={"average": 7.4},
        let_go={"average": 7.5},
    ),
    "stopped_server": waste_case(
        "stopped_server",
        Kind.SERVER,
        14,
        [({"monthly": None}, Unknown.NO_PRICE)],
        status=ResourceStatus.STOPPED,
    ),
    "unattached_disk": waste_case(
        "unattached_disk",
        Kind.DISK,
        7,
        [({"monthly": None}, Unknown.NO_PRICE), ({"attached": None}, Unknown.NO_ATTACHMENT)],
        attached=False,
    ),
    "idle_address": waste_case(
        "idle_address",
        Kind.ADDRESS,
        3,
        [({"attached": None}, Unknown.NO_ATTACHMENT)],
        attached=False,
    ),
    "old_snapshot": Case(
        said=snapshot,
        saves="99.5",
        near=[{"days": 89}, {"monthly": "0"}, {"days": 6, "source_exists": False}],
        unknown=[
            ({"created_at": None}, Unknown.NO_AGE),
            ({"monthly": None}, Unknown.NO_PRICE),
        ],
    ),
    "storage_class": Case(
        said=bucket,
        saves="250",  # half of it at half the price
        near=[{"days": 29}, {"cold": "1.97"}, {"config": {"lifecycle_rules": 1}}],
        unknown=[
            ({"config": {}}, Unknown.NO_CLASS),
            ({"created_at": None}, Unknown.NO_AGE),
            ({"monthly": None}, Unknown.NO_PRICE),
            ({"cold": None}, Unknown.NO_OFFER),
        ],
    ),
    "yearly_plan": Case(
        said=account("yearly_plan", monthly=Decimal(1000), yearly=Decimal(10_200)),
        saves="150",
        near=[{"yearly": Decimal(11_641)}, {"is_yearly": True}],
        unknown=[
            ({"yearly": None}, Unknown.NO_PRICE),
            ({"known": False}, Unknown.NO_ACCOUNT),
        ],
    ),
    "expiring_domain": Case(
        said=domain,
        saves="0",
        near=[{"days": 31}],
        unknown=[({"config": {}}, Unknown.NO_EXPIRY)],
    ),
    "low_balance": Case(
        said=account("low_balance", days_to_block=14),
        saves="0",
        near=[{"days_to_block": 15}],
        unknown=[
            ({"days_to_block": None}, Unknown.NO_BALANCE),
            ({"known": False}, Unknown.NO_ACCOUNT),
        ],
        held={"days_to_block": 17},
        let_go={"days_to_block": 18},
    ),
}

_NEAR = [
    pytest.param(case.said, near, id=f"{rule}-{near}")
    for rule, case in CASES.items()
    for near in case.near
]
_UNKNOWN = [
    pytest.param(case.said, lacks, reason, id=f"{rule}-{reason}")
    for rule, case in CASES.items()
    for lacks, reason in case.unknown
]
_FLAPPING = {rule: case for rule, case in CASES.items() if case.held}


def test_no_rule_is_left_out():
    assert set(CASES) == set(rules())


@pytest.mark.parametrize("rule", CASES)
def test_a_hit_saves_exactly_what_it_says(rule):
    found = CASES[rule].said()
    assert isinstance(found, Hit)
    assert found.saving_micro == Decimal(CASES[rule].saves) * 10**6
    assert found.change
    assert any(name.startswith(("threshold", "monthly", "days")) for name in found.evidence)


@pytest.mark.parametrize(("said", "near"), _NEAR)
def test_what_is_just_not_enough_is_not_found(said, near):
    assert said(**near) is None


@pytest.mark.parametrize(("said", "lacks", "reason"), _UNKNOWN)
def test_what_is_missing_is_told(said, lacks, reason):
    assert said(**lacks) is reason


@pytest.mark.parametrize("rule", _FLAPPING)
def test_what_was_found_stays_a_little_longer(rule):
    case = _FLAPPING[rule]
    assert case.said(**case.held) is None
    assert isinstance(case.said(**case.held, is_open=True), Hit)
    assert case.said(**case.let_go, is_open=True) is None
