"""Flavors to lines, sizes to prices, kopecks to charges: without a network."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.accounts import AccountStatus
from infrazen.domain.money import from_micro
from infrazen.domain.prices import family_of
from infrazen.domain.resources import ResourceStatus
from infrazen.provider_kit.openstack import wire as openstack
from infrazen.provider_kit.openstack.facts import moment, server_status, state, tags_of
from infrazen.providers.selectel import wire
from infrazen.providers.selectel.mapper import billing, resources
from infrazen.providers.selectel.mapper.lines import line_of
from infrazen.providers.selectel.mapper.prices import PriceList, month_price, size_of
from infrazen.providers.selectel.mapper.resources import Where

PRICES = PriceList(
    [
        wire.UnitPrice("compute_cores", "ru-3", Decimal(700)),
        wire.UnitPrice("compute_cores", "ru-3a", Decimal(650)),
        wire.UnitPrice("compute_ram", "ru-3", Decimal("0.2")),
        wire.UnitPrice("compute_cores_percent_20", "ru-3", Decimal(200)),
        wire.UnitPrice("compute_cores_preemptible", "ru-3", Decimal(210)),
        wire.UnitPrice("compute_ram_preemptible", "ru-3", Decimal("0.06")),
        wire.UnitPrice("volume_gigabytes_local", "ru-3", Decimal(11)),
        wire.UnitPrice("volume_gigabytes_fast", "ru-3a", Decimal(13)),
        wire.UnitPrice("image_gigabytes", "ru-3", Decimal(3)),
    ]
)


def flavor(name, cores=4, memory=8192, disk=0, **specs):
    return openstack.Flavor(vcpus=cores, ram=memory, disk=disk, name=name, extra_specs=specs)


def where(prices=PRICES):
    return Where(
        listing="compute.servers", project_id="p", project="Shop", region="ru-3", prices=prices
    )


def server(**facts):
    return openstack.Server(**{"id": "1", "name": "web", "status": "ACTIVE", "flavor": {}, **facts})


PREEMPTIBLE = {"capabilities:instance_type": "preemptible"}


@pytest.mark.parametrize(
    ("name", "specs", "units", "family"),
    [
        ("SL1.4-8192", {}, ("compute_cores", "compute_ram"), "standard"),
        ("ML1.4-32768", {}, ("compute_cores", "compute_ram"), "memory"),
        ("CPU1.4-8192", {}, ("compute_cores", "compute_ram"), "cpu"),
        ("PRC20.4-8192", {}, ("compute_cores_percent_20", "compute_ram"), "shared/20"),
        ("HFL1.4-8192", {}, ("compute_cores_high_freq", "compute_ram_high_freq"), "high_freq"),
        (
            "SL1.4-8192",
            PREEMPTIBLE,
            ("compute_cores_preemptible", "compute_ram_preemptible"),
            "standard/preemptible",
        ),
        ("somebody-s-own", {}, ("compute_cores", "compute_ram"), "other"),
    ],
)
def test_a_flavors_line_says_what_is_charged(name, specs, units, family):
    known = flavor(name, **specs)
    line = line_of(known)
    assert (line.cores, line.memory) == units
    assert line.family == family
    seen = resources.server(server(), known, where())
    assert family_of(seen.config) == family


def test_a_zones_price_goes_before_its_pools():
    units = size_of(flavor("SL1.4-8192"), line_of(flavor("SL1.4-8192")))
    zoned = PRICES.of(units, zone="ru-3a", region="ru-3")
    pooled = PRICES.of(units, zone="ru-3b", region="ru-3")
    assert from_micro(zoned.monthly_micro) == 4 * 650 + Decimal("0.2") * 8192
    assert from_micro(pooled.monthly_micro) == 4 * 700 + Decimal("0.2") * 8192


def test_where_no_zone_is_known_the_pools_first_stands_for_it():
    price = PRICES.of({"volume_gigabytes_fast": Decimal(10)}, zone="", region="ru-3")
    assert from_micro(price.monthly_micro) == 130
    assert PRICES.of({"volume_gigabytes_fast": Decimal(1)}, zone="", region="ru-7") is None


def test_a_price_is_whole_or_none():
    assert (
        PRICES.of({"compute_cores": Decimal(1), "gpu": Decimal(1)}, zone="", region="ru-3") is None
    )


@pytest.mark.parametrize("status", ["SHUTOFF", "SUSPENDED", "PAUSED", "SHELVED"])
def test_a_server_that_is_off_costs_what_it_costs_running(status):
    known = flavor("SL1.4-8192", disk=50)
    running = resources.server(server(), known, where())
    off = resources.server(server(status=status), known, where())
    assert off.status is ResourceStatus.STOPPED
    assert off.price == running.price


def test_only_a_shelved_server_is_free():
    shelved = resources.server(server(status="SHELVED_OFFLOADED"), flavor("SL1.4-8192"), where())
    assert shelved.price == month_price(Decimal(0))


def test_a_server_without_prices_says_that_its_price_is_unknown():
    seen = resources.server(server(), flavor("SL1.4-8192"), where(None))
    assert (seen.price, seen.unknown) == (None, ("price",))


@given(st.integers(0, 2**45))
def test_an_images_price_is_to_the_millionth(size):
    source = openstack.Image(id="1", status="active", size=size)
    price = resources.image(source, where()).price
    exact = Decimal(size) / 1024**3 * 3
    assert abs(from_micro(price.monthly_micro) - exact) <= Decimal("0.0000005")


def test_an_idle_address_is_attached_to_nothing():
    source = openstack.FloatingIp(id="1", floating_ip_address="95.1.2.3", status="DOWN")
    seen = resources.floating_ip(source, where())
    assert (seen.status, seen.config["attached_to"]) == (ResourceStatus.INACTIVE, [])


def test_states_of_tomorrow_are_unknown():
    assert server_status("DREAMING") is ResourceStatus.UNKNOWN
    assert state("dreaming") is ResourceStatus.UNKNOWN
    assert state("error_deleting") is ResourceStatus.FAILED
    assert state("in-use") is ResourceStatus.ACTIVE


def test_a_time_without_a_zone_is_utc():
    assert moment("2025-06-02T08:20:00.000000") == moment("2025-06-02T08:20:00Z")
    assert moment(None) is None
    with pytest.raises(ValueError, match="Invalid isoformat"):
        moment("yesterday")


def test_what_is_named_like_a_secret_is_no_tag():
    assert tags_of({"env": "prod", "db_password": "x", "api_key": "y"}) == {"env": "prod"}


def consumed(**facts):
    return wire.Consumption(
        **{
            "provider_key": "vpc",
            "value": Decimal(1032),
            "period": "2026-11-22T00:00:00",
            "project": wire.ChargedProject("p", "Shop"),
            "object": wire.ChargedObject("1", "web", "cloud_vm"),
            "metric": wire.Metric("compute_cores", "vCPU", Decimal(48), "item", "ru-3"),
            **facts,
        }
    )


def test_a_charge_is_in_rubles_of_the_day_in_moscow():
    charge = billing.charge(consumed())
    assert (charge.amount, charge.day, charge.quantity) == (
        Decimal("10.32"),
        date(2026, 11, 22),
        48,
    )
    assert charge.line.resource == "server/1"
    assert (charge.line.sku, charge.line.region, charge.line.sub_account) == (
        "compute_cores",
        "ru-3",
        "Shop",
    )


def test_what_is_charged_for_no_object_is_a_line_of_its_service():
    charge = billing.charge(consumed(provider_key="mks", object=None, metric=None))
    assert (charge.line.resource, charge.line.service) == (None, "Managed Kubernetes")
    other = billing.charge(consumed(provider_key="tomorrow", metric=None))
    assert other.line.service == "tomorrow"


def test_a_bucket_is_known_by_its_project_pool_and_name():
    source = openstack.Container(name="media", count=1, bytes=1)
    seen = resources.bucket(source, where(), billed=None)
    charge = billing.charge(
        consumed(
            provider_key="storage",
            object=wire.ChargedObject("x", "media", "container"),
            metric=wire.Metric("storage_gigabytes", region="ru-3"),
        )
    )
    assert charge.line.resource == seen.key


def balance(kopecks, debt="no", mode="prepay"):
    return wire.Balance(
        wire.BalanceData(
            billings=[wire.Billing("primary", Decimal(kopecks))],
            settings=wire.BalanceSettings(mode=mode),
            debt_status=debt,
        )
    )


@pytest.mark.parametrize(
    ("kopecks", "debt", "mode", "status", "left"),
    [
        (100_000, "no", "prepay", AccountStatus.ACTIVE, 10),
        (0, "no", "prepay", AccountStatus.ACTIVE, 0),
        (-5, "no", "prepay", AccountStatus.WARNING, 0),
        (100_000, "debt", "prepay", AccountStatus.WARNING, 10),
        (100_000, "no", "postpay", AccountStatus.ACTIVE, None),
    ],
)
def test_a_balance_lasts_for_what_whole_days_cost(kopecks, debt, mode, status, left):
    today = date(2026, 11, 24)
    days = {date(2026, 11, day): Decimal(100) for day in (22, 23)} | {today: Decimal(3)}
    found = billing.account(balance(kopecks, debt, mode), account_id="1", days=days, today=today)
    assert (found.status, found.days_to_block) == (status, left)
    assert found.balance == Decimal(kopecks) / 100


def test_without_consumption_nobody_knows_how_long_a_balance_lasts():
    found = billing.account(balance(100), account_id="1", days={}, today=date(2026, 11, 24))
    assert found.days_to_block is None
