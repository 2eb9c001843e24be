"""What is paid for and not used: hit, near miss, exact saving, missing evidence."""

from datetime import timedelta
from decimal import Decimal

import pytest

from infrazen.domain.facts import AccountFacts
from infrazen.domain.kinds import Kind
from infrazen.domain.prices import Measure
from infrazen.domain.recommendations import Category, Confidence, Unknown
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.market import Market
from infrazen.finops.rule import Hit, Sight
from infrazen.finops.rules import rules
from tests.finops.rules.resources import NOW, offer, resource, verdict, window


def ago(days: int):
    return NOW - timedelta(days=days)


def test_an_idle_machine_could_go():
    idle = window(average=1, maximum=9, hours=160)
    quiet = window(average=0.01, unit="Mbit/s", hours=160)
    found = verdict("idle_server", resource(), cpu=idle, network_in=quiet)
    assert isinstance(found, Hit)
    assert (found.saving_micro, found.confidence) == (660_000_000, Confidence.HIGH)
    assert verdict("idle_server", resource(), cpu=window(average=5, maximum=9)) is None
    assert verdict("idle_server", resource(), cpu=window(average=1, maximum=15)) is None
    talks = window(average=3, unit="Mbit/s")
    assert verdict("idle_server", resource(), cpu=idle, network_out=talks) is None


def test_an_hour_of_silence_is_no_idleness():
    assert verdict("idle_server", resource()) is Unknown.NO_READINGS
    hour = window(average=1, maximum=2, hours=2)
    assert verdict("idle_server", resource(), cpu=hour) is Unknown.SHORT_WINDOW


@pytest.mark.parametrize(
    ("rule", "kind", "facts", "days"),
    [
        ("stopped_server", Kind.SERVER, {"status": ResourceStatus.STOPPED}, 14),
        ("unattached_disk", Kind.DISK, {"attached": False}, 7),
        ("idle_address", Kind.ADDRESS, {"attached": False}, 3),
    ],
)
def test_what_nobody_uses_for_long_enough_could_go(rule, kind, facts, days):
    long = resource(kind, monthly="99.5", changed_at=ago(days), **facts)
    found = verdict(rule, long)
    assert isinstance(found, Hit)
    assert found.saving_micro == 99_500_000
    assert found.evidence["days"] == found.evidence["threshold_days"] == days
    assert verdict(rule, resource(kind, changed_at=ago(days - 1), **facts)) is None
    assert verdict(rule, resource(kind, monthly="0", changed_at=ago(days), **facts)) is None


def test_what_is_used_stays():
    assert verdict("stopped_server", resource()) is None
    assert verdict("unattached_disk", resource(Kind.DISK, attached=True)) is None
    assert verdict("idle_address", resource(Kind.ADDRESS, attached=True)) is None
    assert verdict("unattached_disk", resource(Kind.DISK)) is Unknown.NO_ATTACHMENT
    assert verdict("idle_address", resource(Kind.ADDRESS)) is Unknown.NO_ATTACHMENT


def test_an_address_without_a_price_is_told_without_a_saving():
    found = verdict("idle_address", resource(Kind.ADDRESS, monthly=None, attached=False))
    assert isinstance(found, Hit)
    assert (found.saving_micro, found.confidence) == (0, Confidence.LOW)


def test_snapshots_grow_old_and_sooner_as_orphans():
    def said(days: int, **facts):
        return verdict("old_snapshot", resource(Kind.SNAPSHOT, created_at=ago(days), **facts))

    assert isinstance(said(90), Hit)
    assert said(89) is None
    assert said(89, source_exists=True) is None
    orphan = said(7, source_exists=False)
    assert isinstance(orphan, Hit)
    assert orphan.evidence["orphaned"]
    assert said(6, source_exists=False) is None
    assert said(90, monthly=None) is Unknown.NO_PRICE
    undated = resource(Kind.SNAPSHOT, created_at=None)
    assert verdict("old_snapshot", undated) is Unknown.NO_AGE


def gib(family: str, monthly: str):
    return offer(
        None,
        None,
        monthly=monthly,
        disk_mb=None,
        measure=Measure.STORAGE_GIB,
        kind=Kind.BUCKET,
        family=family,
    )


def test_a_class_that_costs_nothing_has_none_below_it():
    prices = (gib("standard", "0"), gib("cold", "1"))
    bucket = resource(Kind.BUCKET, monthly="1000", family="standard", config={"lifecycle_rules": 0})
    assert verdict("storage_class", bucket, *prices) is None


def test_a_bucket_without_lifecycle_could_keep_its_cold_part_cheaper():
    prices = (gib("standard", "2"), gib("cold", "1"), gib("ice", "0.5"))
    bucket = resource(Kind.BUCKET, monthly="1000", family="standard", config={"lifecycle_rules": 0})
    found = verdict("storage_class", bucket, *prices)
    assert isinstance(found, Hit)
    assert found.saving_micro == 250_000_000  # half of it at half the price
    assert found.change["storage_class"] == ["standard", "cold"]
    told = resource(Kind.BUCKET, family="standard", config={"lifecycle_rules": 2})
    assert verdict("storage_class", told, *prices) is None
    assert verdict("storage_class", bucket, prices[0]) is Unknown.NO_OFFER
    assert verdict("storage_class", resource(Kind.BUCKET), *prices) is Unknown.NO_CLASS
    coldest = resource(Kind.BUCKET, family="ice", config={"lifecycle_rules": 0})
    assert verdict("storage_class", coldest, *prices) is None


def test_a_domain_is_warned_of_in_time():
    def said(days: int, **config):
        last = (NOW + timedelta(days=days)).date().isoformat()
        domain = resource(Kind.DOMAIN, config={"expires_on": last, **config})
        return verdict("expiring_domain", domain)

    found = said(30, auto_renew=False)
    assert isinstance(found, Hit)
    assert found.saving_micro == 0
    assert rules()["expiring_domain"].category is Category.RISK
    assert said(31) is None
    assert said(3, auto_renew=True) is None
    unknown = resource(Kind.DOMAIN, status=ResourceStatus.ACTIVE)
    assert verdict("expiring_domain", unknown) is Unknown.NO_EXPIRY


def account(rule: str, **facts):
    known = rules()[rule]
    assert known.judge_account is not None
    sight = Sight(now=NOW, market=Market(()), windows={}, is_open=False)
    told = AccountFacts(**{"known": True, "currency": "RUB", **facts})
    return known.judge_account(told, known.parameters(), sight)


def test_a_year_in_advance_saves_what_it_is_cheaper():
    found = account("yearly_plan", monthly=Decimal(1000), yearly=Decimal(10_200))
    assert isinstance(found, Hit)
    assert found.saving_micro == 150_000_000
    dearer = account("yearly_plan", monthly=Decimal(1847), yearly=Decimal(22_166))
    assert dearer is None
    paid = account("yearly_plan", monthly=Decimal(1000), yearly=Decimal(9000), is_yearly=True)
    assert paid is None
    assert account("yearly_plan", monthly=Decimal(1000)) is Unknown.NO_PRICE
    assert account("yearly_plan", known=False) is Unknown.NO_ACCOUNT


def test_a_balance_is_warned_of_in_time():
    assert isinstance(account("low_balance", days_to_block=14), Hit)
    assert account("low_balance", days_to_block=15) is None
    assert isinstance(account("low_balance", balance=Decimal(149), daily=Decimal(10)), Hit)
    assert account("low_balance", balance=Decimal(150), payable_daily=Decimal(10)) is None
    assert account("low_balance", balance=Decimal(150)) is Unknown.NO_BALANCE
