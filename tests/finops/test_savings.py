"""Savings counted once, whatever the findings say."""

from hypothesis import given
from hypothesis import strategies as st

from infrazen.finops.savings import count_once, share_out

AMOUNTS = st.integers(min_value=0, max_value=10**12)
FINDINGS = st.dictionaries(st.sampled_from("abcdef"), AMOUNTS, max_size=6)


@given(FINDINGS, AMOUNTS, st.frozensets(st.sampled_from("abcdef")), st.none() | AMOUNTS)
def test_together_they_never_exceed_the_cost_and_each_never_itself(alone, cost, group, together):
    counted = count_once(alone, cost=cost, combinable=group, together=together)
    assert counted.keys() == alone.keys()
    assert all(0 <= counted[name] <= alone[name] for name in alone)
    assert sum(counted.values()) <= cost
    assert sum(counted.values()) >= min(cost, max(alone.values(), default=0))


@given(FINDINGS, AMOUNTS)
def test_without_a_common_price_only_the_best_counts(alone, cost):
    counted = count_once(alone, cost=cost, combinable=frozenset(alone))
    assert sum(counted.values()) == min(cost, max(alone.values(), default=0))


def test_what_saves_more_together_counts_together():
    both = frozenset({"cpu", "memory"})
    alone = {"cpu": 120, "memory": 90, "idle": 150}
    assert count_once(alone, cost=660, combinable=both, together=200) == {
        "cpu": 120,
        "memory": 80,
        "idle": 0,
    }
    assert count_once(alone, cost=660, combinable=both, together=140)["idle"] == 150


@given(st.integers(-(10**12), 10**12), st.lists(AMOUNTS, min_size=1, max_size=6))
def test_shares_add_up_exactly_and_follow_the_weights(amount, weights):
    shares = share_out(amount, weights)
    assert sum(shares) == amount
    whole = sum(weights)
    if not whole:
        assert shares[0] == amount
        return
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * whole - amount * weight) <= whole
