"""Whose turn it is: limits are kept, organizations share, nobody waits for ever."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.syncs import Trigger
from infrazen.manifests.names import Purpose
from infrazen_operator.decision import Priority, Run
from infrazen_operator.turns import LONGEST_WAIT, Limits, Waiting, admit

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
NO_LIMITS = Limits(running=1000, per_organization=1000)


def waiting(key, *, organization="acme", priority=Priority.SCHEDULED, since=0):
    run = Run(
        name=key,
        purpose=Purpose.SYNC,
        trigger=Trigger.SCHEDULE,
        run_key="",
        due=NOW - timedelta(seconds=since),
        priority=priority,
    )
    return Waiting(key=key, organization=organization, run=run)


def keys(chosen):
    return [one.key for one in chosen]


def test_all_start_where_there_is_room():
    line = [waiting("a"), waiting("b", since=5)]
    assert keys(admit(line, [], NO_LIMITS, NOW)) == ["b", "a"]


def test_new_ones_go_first_then_requests_then_changes_then_schedules():
    line = [
        waiting("scheduled", since=400),
        waiting("changed", priority=Priority.CHANGED, since=300),
        waiting("asked", priority=Priority.MANUAL, since=200),
        waiting("new", priority=Priority.NEW),
    ]
    assert keys(admit(line, [], NO_LIMITS, NOW)) == ["new", "asked", "changed", "scheduled"]


def test_a_new_one_goes_before_another_organization_with_fewer_syncs():
    line = [waiting("b", organization="b", since=60), waiting("a", priority=Priority.NEW)]
    limits = Limits(running=4, per_organization=4)
    assert keys(admit(line, ["acme"] * 3, limits, NOW)) == ["a"]


def test_organizations_take_turns():
    line = [waiting(f"a{n}", organization="a", since=100 - n) for n in range(6)]
    line += [waiting(f"b{n}", organization="b", since=10 - n) for n in range(2)]
    limits = Limits(running=6, per_organization=6)
    assert keys(admit(line, ["b"], limits, NOW)) == ["a0", "a1", "b0", "a2", "b1"]


def test_an_organization_at_its_limit_leaves_the_room_to_others():
    line = [waiting(f"a{n}", organization="a") for n in range(5)]
    line += [waiting("b0", organization="b")]
    limits = Limits(running=5, per_organization=2)
    assert Counter(one.organization for one in admit(line, [], limits, NOW)) == {"a": 2, "b": 1}


def test_who_has_waited_long_goes_with_the_first():
    long = LONGEST_WAIT.total_seconds()
    line = [waiting("asked", priority=Priority.MANUAL, since=long - 1), waiting("old", since=long)]
    assert keys(admit(line, [], Limits(running=1, per_organization=1), NOW)) == ["old"]


def test_nobody_starts_above_a_limit_that_was_lowered():
    line = [waiting("a"), waiting("b", organization="b")]
    assert not admit(line, ["acme"] * 9, Limits(running=5, per_organization=5), NOW)


lines = st.lists(
    st.builds(
        waiting,
        st.uuids().map(str),
        organization=st.sampled_from("abcde"),
        priority=st.sampled_from(Priority),
        since=st.integers(0, 8000),
    ),
    max_size=40,
)
limits = st.builds(Limits, running=st.integers(1, 12), per_organization=st.integers(1, 12))


@given(lines, st.lists(st.sampled_from("abcdef"), max_size=15), limits)
def test_limits_are_kept_and_no_room_is_left_unused(line, running, limit):
    chosen = admit(line, running, limit, NOW)
    assert len({one.key for one in chosen}) == len(chosen)
    busy = Counter(running) + Counter(one.organization for one in chosen)
    for organization in {one.organization for one in chosen}:
        assert busy[organization] <= limit.per_organization
    assert not chosen or busy.total() <= limit.running
    left = [one for one in line if one not in chosen]
    has_room = busy.total() < limit.running
    assert not [one for one in left if has_room and busy[one.organization] < limit.per_organization]


@given(lines, st.lists(st.sampled_from("abcdef"), max_size=15), limits)
def test_the_order_of_those_who_wait_does_not_matter(line, running, limit):
    assert admit(line, running, limit, NOW) == admit(line[::-1], running[::-1], limit, NOW)


@given(
    limit=limits,
    patient=st.sampled_from(Priority),
    rivals=st.lists(
        st.tuples(st.sampled_from("abcde"), st.sampled_from(Priority), st.integers(1, 3)),
        min_size=1,
        max_size=6,
    ),
)
def test_nobody_waits_for_ever(limit, patient, rivals):
    """Every ten minutes more rivals come than can run; each sync takes as long."""
    now, step = NOW, LONGEST_WAIT / 6
    ours = Waiting(
        key="ours",
        organization="a",
        run=waiting("ours", organization="a", priority=patient).run,
    )
    line = [ours]
    for turn in range(600):
        for number, (organization, priority, count) in enumerate(rivals):
            for one in range(count):
                come = waiting(f"{turn}.{number}.{one}", priority=priority)
                come = replace(come, run=replace(come.run, due=now))
                line.append(Waiting(key=come.key, organization=organization, run=come.run))
        chosen = admit(line, [], limit, now)
        if ours in chosen:
            break
        line = [one for one in line if one not in chosen]
        now += step
    queued_before_patience_ended = sum(count for *_, count in rivals) * 7
    assert turn <= 7 + queued_before_patience_ended
