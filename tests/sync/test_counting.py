"""A resource's savings count once, whatever people decide about what was found on it."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from infrazen.db.queries.findings import Finding
from infrazen.domain.recommendations import AGREED, LIVE, Category, Confidence, State
from infrazen.finops.rule import plain_amount
from infrazen.finops.rules import rules
from infrazen.finops.verdicts import TOGETHER
from infrazen.sync.counting import count, promise

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MACHINE, OTHER = UUID(int=7), UUID(int=8)
SIZES = ("oversized_cpu", "oversized_memory")
RULES = (*SIZES, "idle_server", "stopped_server")
AMOUNTS = st.integers(min_value=0, max_value=10**12)
DECIDED = sorted(set(State) - {State.CLOSED})


def finding(
    rule: str,
    own: int,
    state: State = State.OPEN,
    *,
    on: UUID | None = MACHINE,
    together: int | None = None,
    counts: int = 0,
) -> Finding:
    known = rules()[rule]
    return Finding(
        id=UUID(int=RULES.index(rule) if rule in RULES else 99),
        created_at=NOW,
        resource_id=on,
        subject=on.hex if on else "",
        rule=rule,
        category=known.category,
        action=known.action,
        monthly_saving=counts,
        own_saving=own,
        currency="RUB",
        confidence=Confidence.HIGH,
        evidence={} if together is None else {TOGETHER: plain_amount(together)},
        change={},
        state=state,
        state_reason="",
        state_by="",
        state_at=NOW,
        snoozed_until=None,
        misses=0,
        updated_at=NOW,
        agreed_at=None,
        promised_monthly=None,
        baseline_daily=None,
        realised=None,
        realised_days=0,
    )


def counted(*findings: Finding, cost: int = 660) -> list[int]:
    count(findings, costs={MACHINE: cost})
    return [one.monthly_saving for one in findings]


@st.composite
def places(draw) -> list[Finding]:
    """What rules found on one machine, each where somebody has moved it."""
    chosen = draw(st.lists(st.sampled_from(RULES), unique=True))
    together = draw(st.none() | AMOUNTS)
    return [
        finding(
            rule,
            draw(AMOUNTS),
            draw(st.sampled_from(DECIDED)),
            together=together if rule in SIZES else None,
        )
        for rule in chosen
    ]


def live(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.state in LIVE]


@given(places(), AMOUNTS)
def test_savings_of_a_resource_never_exceed_its_cost_nor_each_its_own(findings, cost):
    count(findings, costs={MACHINE: cost})
    assert sum(one.monthly_saving for one in findings) <= cost
    assert all(0 <= one.monthly_saving <= one.own_saving for one in findings)


@given(places(), AMOUNTS)
def test_the_best_of_what_waits_counts_whatever_is_put_away(findings, cost):
    count(findings, costs={MACHINE: cost})
    waiting = live(findings)
    best = min(cost, max((one.own_saving for one in waiting), default=0))
    assert sum(one.monthly_saving for one in waiting) >= best
    alone = [finding(one.rule, one.own_saving, one.state) for one in waiting]
    for one, copy in zip(waiting, alone, strict=True):
        copy.evidence = one.evidence
    count(alone, costs={MACHINE: cost})
    assert [one.monthly_saving for one in alone] == [one.monthly_saving for one in waiting]


@given(places(), AMOUNTS)
def test_counting_again_changes_nothing(findings, cost):
    count(findings, costs={MACHINE: cost})
    assert count(findings, costs={MACHINE: cost}) == set()


@given(places(), AMOUNTS, st.data())
def test_promises_of_a_resource_never_exceed_its_cost(findings, cost, data):
    for one in data.draw(st.permutations(findings)):
        one.state = State.OPEN
    for one in findings:
        one.promised_monthly = promise(one, findings, cost=cost)
        one.state = data.draw(st.sampled_from(sorted(AGREED)))
        assert 0 <= one.promised_monthly <= one.own_saving
        assert sum(other.promised_monthly or 0 for other in findings) <= cost


def test_the_next_best_takes_the_place_of_what_was_put_away():
    idle, cpu = finding("idle_server", 660), finding("oversized_cpu", 120)
    assert counted(idle, cpu) == [660, 0]
    for state in (State.DISMISSED, State.SNOOZED, State.DONE):
        idle.state = state
        assert counted(idle, cpu) == [540, 120]
    idle.state = State.OPEN
    assert counted(idle, cpu) == [660, 0]


def test_what_somebody_works_on_counts_before_what_is_only_open():
    idle, cpu = finding("idle_server", 660), finding("oversized_cpu", 120, State.ACCEPTED)
    assert counted(idle, cpu) == [540, 120]
    assert promise(cpu, [idle, cpu], cost=660) == 120
    cpu.promised_monthly = 120
    assert promise(idle, [idle, cpu], cost=660) == 540


def test_two_smaller_sizes_count_as_the_one_with_both_while_both_wait():
    cpu = finding("oversized_cpu", 120, together=200)
    memory = finding("oversized_memory", 90, together=200)
    assert counted(cpu, memory) == [120, 80]
    cpu.state = State.DISMISSED
    assert counted(cpu, memory) == [110, 90]
    cpu.state = State.ACCEPTED
    assert counted(cpu, memory) == [120, 80]


def test_what_is_not_there_any_more_keeps_what_it_had():
    gone = finding("idle_server", 660, on=OTHER, counts=5)
    closed = finding("oversized_cpu", 120, State.CLOSED, counts=7)
    assert count([gone, closed], costs={MACHINE: 660}) == set()


def test_the_account_saves_no_more_than_what_is_left_to_pay():
    idle = finding("idle_server", 660)
    yearly = finding("yearly_plan", 150, on=None)
    count([idle, yearly], costs={MACHINE: 660, None: 700})
    assert (idle.monthly_saving, yearly.monthly_saving) == (660, 40)
    count([idle, yearly], costs={MACHINE: 660})
    assert yearly.monthly_saving == 150
    idle.state = State.DISMISSED
    count([idle, yearly], costs={MACHINE: 660, None: 700})
    assert yearly.monthly_saving == 150


def test_a_risk_saves_nothing():
    domain = finding("expiring_domain", 5)
    assert domain.category is Category.RISK
    assert counted(domain) == [0]
