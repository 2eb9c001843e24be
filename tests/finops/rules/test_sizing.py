"""Oversized processors and memory: hit, near miss, exact saving, missing evidence."""

import pytest

from infrazen.domain.kinds import Kind
from infrazen.domain.prices import Measure
from infrazen.domain.recommendations import Confidence, Unknown
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.rule import Hit
from tests.finops.rules.resources import offer, resource, verdict, window

CPU, MEMORY = "oversized_cpu", "oversized_memory"
SMALLER = offer(1, 2048, monthly="540")


def test_a_quiet_machine_gets_the_smaller_size_at_its_price():
    found = verdict(CPU, resource(), SMALLER, cpu=window(maximum=20))
    assert isinstance(found, Hit)
    assert found.saving_micro == 120_000_000
    assert found.confidence is Confidence.HIGH
    assert found.change["cpu"] == [2, 1]
    assert found.change["monthly"] == ["660", "540"]
    assert found.evidence["threshold_percent"] == 30
    assert found.evidence["price_source"] == "prices"


def test_the_threshold_is_held_exactly():
    assert verdict(CPU, resource(), SMALLER, cpu=window(maximum=30)) is None
    assert isinstance(verdict(CPU, resource(), SMALLER, cpu=window(maximum=29.9)), Hit)


def test_what_was_found_is_let_go_later_than_it_is_taken_up():
    between = window(maximum=35)
    assert verdict(CPU, resource(), SMALLER, cpu=between) is None
    assert isinstance(verdict(CPU, resource(), SMALLER, is_open=True, cpu=between), Hit)
    above = window(maximum=40)
    assert verdict(CPU, resource(), SMALLER, is_open=True, cpu=above) is None


def test_a_short_window_counts_its_maximum_and_is_not_sure():
    short = window(peak=10, maximum=37, hours=2, points=108)
    assert verdict(CPU, resource(), SMALLER, cpu=short) is None
    found = verdict(CPU, resource(), SMALLER, cpu=window(maximum=20, hours=2, points=108))
    assert isinstance(found, Hit)
    assert found.confidence is Confidence.LOW


def test_a_long_window_may_have_exceptions():
    found = verdict(CPU, resource(), SMALLER, cpu=window(peak=10, maximum=95))
    assert isinstance(found, Hit)
    assert found.evidence["busiest"] == 10


def test_the_target_carries_the_load_with_headroom():
    facts = resource(cpu=16, monthly="5000")
    offers = [offer(n, 2048, monthly=str(300 * n)) for n in (1, 2, 4, 6, 8)]
    found = verdict(CPU, facts, *offers, cpu=window(maximum=25))
    assert isinstance(found, Hit)
    assert found.change["cpu"] == [16, 6]  # 16 * 25 % * 1.2 = 4.8, and 4 would run at 100 %


def test_a_database_goes_down_one_step():
    facts = resource(Kind.DATABASE, cpu=8, monthly="5000")
    offers = [offer(n, 2048, monthly=str(300 * n), kind=Kind.DATABASE) for n in (1, 2, 4)]
    found = verdict(CPU, facts, *offers, cpu=window(maximum=5))
    assert isinstance(found, Hit)
    assert found.change["cpu"] == [8, 4]


def test_units_cannot_save_more_than_the_machine_costs():
    core = offer(None, None, monthly="400", disk_mb=None, measure=Measure.VCPU)
    cheap = resource(cpu=8, monthly="900")  # a contract's price, below the price list
    assert verdict(CPU, cheap, core, cpu=window(maximum=10)) is Unknown.NO_OFFER


@pytest.mark.parametrize(
    "wrong",
    [
        offer(1, 1024, monthly="100"),
        offer(1, 2048, monthly="100", disk_mb=10240),
        offer(1, 2048, monthly="100", region="kz1"),
        offer(1, 2048, monthly="100", family="other"),
        offer(1, 2048, monthly="100", instead_of="another"),
        offer(1, 2048, monthly="100", kind=Kind.DATABASE),
        offer(1, 2048, monthly="700"),
    ],
    ids=["memory", "disk", "region", "family", "owners", "kind", "dearer"],
)
def test_only_what_fits_is_a_target(wrong):
    assert verdict(CPU, resource(), wrong, cpu=window()) is Unknown.NO_OFFER


def test_processors_sold_by_the_unit_save_their_price():
    rates = (
        offer(None, None, monthly="500", disk_mb=None, measure=Measure.VCPU),
        offer(None, None, monthly="130", disk_mb=None, measure=Measure.MEMORY_GIB),
    )
    found = verdict(CPU, resource(cpu=4, monthly="2260"), *rates, cpu=window(maximum=20))
    assert isinstance(found, Hit)
    assert found.saving_micro == 1_000_000_000
    assert found.change["cpu"] == [4, 2]


@pytest.mark.parametrize(
    ("facts", "seen", "reason"),
    [
        (resource(), {}, Unknown.NO_READINGS),
        (resource(), {"cpu": window(points=29)}, Unknown.FEW_READINGS),
        (resource(cpu=None), {"cpu": window()}, Unknown.NO_SIZE),
        (resource(monthly=None), {"cpu": window()}, Unknown.NO_PRICE),
    ],
)
def test_it_says_why_it_cannot_tell(facts, seen, reason):
    assert verdict(CPU, facts, SMALLER, **seen) is reason


def test_what_does_not_run_or_cannot_shrink_is_left_alone():
    stopped = resource(status=ResourceStatus.STOPPED)
    assert verdict(CPU, stopped, SMALLER, cpu=window()) is None
    assert verdict(CPU, resource(cpu=1), SMALLER, cpu=window()) is None


def test_a_saving_too_small_to_bother_anybody_is_not_told():
    almost = offer(1, 2048, monthly="628")
    assert verdict(CPU, resource(), almost, cpu=window()) is None
    enough = offer(1, 2048, monthly="627")
    assert isinstance(verdict(CPU, resource(), enough, cpu=window()), Hit)


def test_unused_memory_is_given_back():
    used = window(maximum=700, unit="MB", capacity=2048)
    found = verdict(MEMORY, resource(), offer(2, 1024, monthly="540"), memory=used)
    assert isinstance(found, Hit)
    assert found.saving_micro == 120_000_000
    assert found.change["memory_mb"] == [2048, 1024]
    busy = window(maximum=820, unit="MB", capacity=2048)
    assert verdict(MEMORY, resource(), offer(2, 1024, monthly="540"), memory=busy) is None


def test_memory_without_readings_is_no_reason_to_take_it():
    assert verdict(MEMORY, resource(), offer(2, 1024, monthly="540")) is Unknown.NO_READINGS
