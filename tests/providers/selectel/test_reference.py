"""The reference account, read the real way: every figure follows from sizes and prices."""

from datetime import timedelta
from decimal import Decimal

import pytest

from infrazen.domain.money import CostSource, from_micro
from infrazen.domain.prices import Measure, family_of
from infrazen.domain.syncs import SyncStatus
from infrazen.provider_kit.outcome import outcome
from infrazen.providers.selectel.simulator import tariffs
from tests.simulators import read_account


@pytest.fixture
def reading(selectel):
    return read_account("selectel", selectel.url)


@pytest.fixture
def by_name(reading):
    return {resource.name: resource for resource in reading.resources}


def test_the_account_has_two_servers_a_volume_and_a_bucket(reading):
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    assert sorted(resource.type for resource in reading.resources) == [
        "bucket",
        "server",
        "server",
        "volume",
    ]
    assert {(r.type, r.zone) for r in reading.resources if r.zone} == {
        ("server", "msk-a"),
        ("server", "spb-a"),
        ("volume", "spb-a"),
    }
    assert {r.sub_account for r in reading.resources} == {"Витрина"}


def test_a_server_costs_its_processors_and_memory(by_name):
    web = by_name["web-msk-1"]
    month = 16 * tariffs.month("compute_cores") + 32768 * tariffs.month("compute_ram")
    assert from_micro(web.price.monthly_micro) == month
    assert web.price.source is CostSource.ESTIMATED
    assert (web.config["cpu"], web.config["memory_mb"], web.config["platform"]) == (
        16,
        32768,
        "standard",
    )
    assert by_name["db-spb-1"].config["platform"] == "memory"


def test_a_volume_that_nobody_uses_says_so_and_costs_its_size(by_name):
    volume = by_name["db-spb-1-old-data"]
    assert volume.config["attached_to"] == []
    assert from_micro(volume.price.monthly_micro) == 400 * tariffs.month(
        "volume_gigabytes_universal"
    )


def test_metadata_are_tags_but_for_what_is_named_like_a_secret(by_name):
    assert by_name["web-msk-1"].tags == {"env": "prod", "service": "storefront"}


def test_bills_cover_every_resource_of_every_day_and_add_up(reading):
    [bill] = reading.bills
    assert len(bill.days) == 7
    keys = {resource.key for resource in reading.resources}
    for lines in list(bill.days.values())[:-1]:
        assert {line.resource for line in lines} == keys
        assert sum(amount.amount for amount in lines.values()) > 1500
    assert {line.unit for lines in bill.days.values() for line in lines} == {"item", "MB", "GB"}


def test_a_bill_of_a_server_is_its_price_of_the_day_to_the_kopeck(reading, by_name):
    [bill] = reading.bills
    yesterday = sorted(bill.days)[-2]
    for name in ("web-msk-1", "db-spb-1", "db-spb-1-old-data"):
        resource = by_name[name]
        billed = sum(
            amount.amount
            for line, amount in bill.days[yesterday].items()
            if line.resource == resource.key
        )
        assert abs(billed - from_micro(resource.price.daily_micro)) <= Decimal("0.01")


def test_a_bucket_costs_what_its_last_whole_day_did(reading, by_name):
    [bill] = reading.bills
    yesterday = sorted(bill.days)[-2]
    bucket = by_name["media-archive"]
    billed = sum(
        amount.amount
        for line, amount in bill.days[yesterday].items()
        if line.resource == bucket.key
    )
    assert from_micro(bucket.price.daily_micro) == billed


def test_every_size_that_could_be_had_instead_has_its_price(reading, by_name):
    offers = {offer.key: offer for offer in reading.offers}
    web = by_name["web-msk-1"]
    own = offers[f"msk/{web.sku}"]
    assert own.price.monthly_micro == web.price.monthly_micro
    assert own.family == family_of(web.config)
    smaller = offers["msk/SL1.8-16384"]
    assert smaller.measure is Measure.SIZE
    assert smaller.price.monthly_micro < own.price.monthly_micro
    volume = by_name["db-spb-1-old-data"]
    disks = {
        offer.family: offer.price.monthly_micro
        for offer in reading.offers
        if offer.measure is Measure.DISK_GIB and offer.region == volume.region
    }
    assert disks["basic"] < disks[family_of(volume.config)] < disks["fast"]


def test_a_size_says_how_much_local_disk_it_has_or_that_it_has_none(reading):
    offers = {offer.key: offer for offer in reading.offers}
    assert offers["msk/SL1.4-8192-64"].disk_mb == 64 * 1024
    assert offers["msk/SL1.4-8192"].disk_mb == 0


def test_the_balance_lasts_as_long_as_the_last_days_cost(reading):
    [bill] = reading.bills
    days = [sum(a.amount for a in lines.values()) for lines in bill.days.values()][:-1]
    account = reading.account
    assert account.balance == Decimal("64218.40")
    assert account.days_to_block == int(account.balance / (sum(days) / len(days)))


def test_use_of_a_day_in_five_minute_steps(reading, by_name):
    series = {(one.resource, one.metric): one for one in reading.usage}
    web = by_name["web-msk-1"]
    cpu = series[web.key, "cpu"]
    assert len(cpu.points) in {287, 288}
    assert cpu.weight == 16
    assert series[web.key, "memory"].capacity == 32768
    assert series[web.key, "network_in"].capacity == tariffs.MEGABITS
    assert series[by_name["media-archive"].key, "disk"].points


def test_an_account_grows_and_breathes(reading):
    """A bucket holds more each day, and less of it is read on a weekend."""
    traffic = bucket_days(reading, "storage_traffic_gigabytes")
    weekend = [amount for day, amount in traffic.items() if day.weekday() >= 5]
    week = [amount for day, amount in traffic.items() if day.weekday() < 5]
    assert max(weekend) < min(week)
    stored = list(bucket_days(reading, "storage_gigabytes").values())
    assert stored == sorted(stored)
    assert stored[0] < stored[-1]


def bucket_days(reading, sku):
    """What a metric of the bucket came to on each whole day."""
    [bill] = reading.bills
    return {
        day: sum(amount.amount for line, amount in bill.days[day].items() if line.sku == sku)
        for day in sorted(bill.days)[:-1]
    }


def test_a_server_of_another_size_before_was_billed_as_that(selectel):
    reading = read_account("selectel", selectel.url)
    [web] = [r for r in reading.resources if r.name == "web-msk-1"]
    selectel.put("history", web.external_id, {"days_ago": 3, "flavor": "SL1.8-16384"})
    [bill] = read_account("selectel", selectel.url).bills
    cores = {
        day: amount.quantity
        for day, lines in bill.days.items()
        for line, amount in lines.items()
        if line.resource == web.key and line.sku == "compute_cores"
    }
    today = max(bill.days)
    assert cores[today - timedelta(days=2)] == 16
    assert cores[today - timedelta(days=3)] == 8
