"""What every rule must keep to."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.facts import Sort
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.rule import Hit
from infrazen.finops.rules import rules
from infrazen.finops.verdicts import TOGETHER, Applied, Bench, facts_of
from tests.finops.rules.resources import NOW, Market, offer, resource, verdict, window

RULES = rules()


def test_the_rules_are_those_we_promise():
    assert set(RULES) == {
        "expiring_domain",
        "idle_address",
        "idle_server",
        "low_balance",
        "old_snapshot",
        "oversized_cpu",
        "oversized_memory",
        "stopped_server",
        "storage_class",
        "unattached_disk",
        "yearly_plan",
    }


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_says_what_it_is_in_both_languages_within_limits(rule):
    assert all(text.strip() for one in (rule.title, rule.why) for text in (one.ru, one.en))
    assert rule.title.en.isascii()
    assert (rule.judge is None) != (rule.judge_account is None)
    assert bool(rule.kinds) == (rule.judge is not None)
    assert not rule.metrics or "window_days" in rule.parameters.model_fields
    defaults = rule.parameters()
    for name, field in rule.parameters.model_fields.items():
        assert any(isinstance(one, Label) for one in field.metadata), name
        low = next(one.ge for one in field.metadata if hasattr(one, "ge"))
        high = next(one.le for one in field.metadata if hasattr(one, "le"))
        assert low <= getattr(defaults, name) <= high, name


NEEDING_READINGS = {name: rule for name, rule in RULES.items() if rule.metrics}


@pytest.mark.parametrize("rule", NEEDING_READINGS.values(), ids=NEEDING_READINGS)
@given(
    status=st.sampled_from(ResourceStatus),
    cpu=st.none() | st.integers(1, 3),
    memory_mb=st.none() | st.integers(1, 4096),
    monthly=st.none() | st.sampled_from(["0", "660"]),
    days=st.integers(0, 900),
)
def test_without_readings_a_rule_of_readings_says_the_same_of_a_whole_sort(
    rule, status, cpu, memory_mb, monthly, days
):
    for kind in rule.kinds:
        known = {"status": status, "cpu": cpu, "memory_mb": memory_mb}
        at = NOW - timedelta(days=days)
        one = resource(kind, monthly=monthly, created_at=at, changed_at=at, **known)
        of_all = facts_of(Sort(type=kind.value, kind=kind, **known), at=NOW)
        said = verdict(rule.id, one, offer(1, 1024, monthly="1"))
        assert not isinstance(said, Hit)
        assert said == verdict(rule.id, of_all)


def bench(*offers, windows=None, was_open=frozenset()) -> Bench:
    applied = [Applied(rule=rule, parameters=rule.parameters()) for rule in RULES.values()]
    seen = windows or {}
    return Bench(
        applied,
        market=Market(offers),
        windows={days: {resource().id: seen} if seen else {} for days in (7, 14)},
        was_open=was_open,
        now=NOW,
    )


def test_two_smaller_sizes_of_one_machine_count_as_the_one_that_has_both():
    judge = bench(
        offer(1, 2048, monthly="540"),
        offer(2, 1024, monthly="540"),
        offer(1, 1024, monthly="420"),
        windows={
            "cpu": window(average=6, maximum=20),
            "memory": window(maximum=500, unit="MB", capacity=2048),
        },
    )
    judge.judge(resource())
    found = {one.rule.id: one for one in judge.verdicts.found}
    assert {name: one.hit.saving_micro for name, one in found.items()} == {
        "oversized_cpu": 120_000_000,
        "oversized_memory": 120_000_000,
    }
    assert {one.hit.evidence[TOGETHER] for one in found.values()} == {"240"}
    assert judge.verdicts.costs == {resource().id: 660_000_000}


def test_the_size_with_both_is_priced_only_where_both_are_too_large():
    judge = bench(
        offer(1, 2048, monthly="540"),
        windows={"cpu": window(average=1, maximum=5, hours=24 * 7)},
    )
    judge.judge(resource())
    said = {one.rule.id: TOGETHER in one.hit.evidence for one in judge.verdicts.found}
    assert said == {"oversized_cpu": False, "idle_server": False}


def test_what_was_found_before_tells_its_cost_though_nothing_is_found_now():
    judge = bench(was_open=frozenset({(resource().id, "idle_server")}))
    judge.judge(resource())
    judge.judge(resource(id=UUID(int=2)))
    assert (judge.verdicts.found, judge.verdicts.costs) == ([], {resource().id: 660_000_000})


def test_silence_is_counted_by_reason():
    judge = bench()
    for _ in range(3):
        judge.judge(resource())
    judge.judge(resource(Kind.DISK))
    assert judge.verdicts.outcomes["oversized_cpu", "no_readings"] == 3
    assert judge.verdicts.outcomes["unattached_disk", "no_attachment"] == 1
    assert judge.verdicts.outcomes["stopped_server", "miss"] == 3
