"""Which SKU is a price of what, and which of its prices counts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.providers.yandex.mapper.prices import PriceList
from infrazen.providers.yandex.mapper.skus import BY_ID, STORAGE_SERVICE, Meter, Thing, meter
from infrazen.providers.yandex.wire import billing as wire
from infrazen.providers.yandex.wire import resources

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Intel Ice Lake. 100% vCPU", Meter(Thing.CPU, "standard-v3", 100)),
        ("Regular VM. Intel Ice Lake. 20% vCPU", Meter(Thing.CPU, "standard-v3", 20)),
        (
            "Intel Cascade Lake. 5% vCPU \u2014 preemptible instances",
            Meter(Thing.CPU, "standard-v2", 5, preemptible=True),
        ),
        ("Preemptible VM. AMD Zen 3. RAM", Meter(Thing.MEMORY, "amd-v1", 0, preemptible=True)),
        ("Intel Ice Lake (Compute Optimized). RAM", Meter(Thing.MEMORY, "highfreq-v3")),
        ("PostgreSQL. Intel Ice Lake. 100% vCPU", None),
        ("Intel Ice Lake. 100% vCPU. CVoS, 6 months", None),
        ("Dedicated host. Intel Ice Lake", None),
        ("Intel Granite Rapids. 100% vCPU", None),
    ],
)
def test_machines_are_told_by_name_where_the_id_is_new(name, expected):
    assert meter("dn2new", name=name, service="dn22pas77ftg9h3f2djj", unit="core*hour") == expected


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("Standard storage used space", "gbyte*hour", "STANDARD"),
        ("Object Storage \u2013 занятое место в холодном хранилище", "gbyte*hour", "COLD"),
        ("Занятое место в ледяном хранилище", "gbyte*month", "ICE"),
        ("PUT operations, standard storage", "10*request", None),
        ("Some other service", "gbyte*hour", None),
        ("Device storage price", "gbyte*hour", None),
    ],
)
def test_storage_classes_are_told_by_a_word(name, unit, expected):
    found = meter("dn2new", name=name, service=STORAGE_SERVICE, unit=unit)
    assert found == (Meter(Thing.STORAGE, expected) if expected else None)


def test_no_two_known_skus_measure_the_same():
    assert len(set(BY_ID.values())) == len(BY_ID)


def version(since: datetime | None, price: str, *, type_: str = "STREET_PRICE", free: str = ""):
    rates = [wire.Rate(unit_price=price, currency="RUB", start_pricing_quantity=free or "0")]
    if free:
        rates.append(wire.Rate(unit_price="0", currency="RUB"))
    expression = wire.PricingExpression(rates=rates)
    return wire.PricingVersion(type=type_, effective_time=since, pricing_expressions=[expression])


def an_hour(*versions, unit: str = "gbyte*hour") -> Decimal | None:
    prices = PriceList(currency="RUB", now=NOW)
    sku = wire.Sku(id="dn27ajm6m8mnfcshbi61", pricing_unit=unit, pricing_versions=list(versions))
    prices.add(sku)
    rate = prices.rate(Meter(Thing.DISK, "network-ssd"))
    return rate.an_hour if rate else None


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_the_latest_price_that_has_begun_counts():
    versions = [version(ago(10), "2"), version(ago(400), "1"), version(ago(-5), "3")]
    assert an_hour(*versions) == 2
    assert an_hour(version(ago(-5), "3")) is None


def test_a_contract_counts_before_the_street():
    street, contract = version(ago(1), "2"), version(ago(300), "1.5", type_="CONTRACT_PRICE")
    assert an_hour(street, contract) == Decimal("1.5")


def test_what_is_free_each_month_is_the_accounts():
    assert an_hour(version(ago(1), "0.003", free="720")) == Decimal("0.003")


def test_a_month_has_720_hours():
    assert an_hour(version(None, "720"), unit="gbyte*month") == 1
    assert an_hour(version(None, "1"), unit="gbyte*fortnight") is None


def test_a_price_in_another_currency_is_none_of_ours():
    rates = [wire.Rate(unit_price="1", currency="USD")]
    expression = wire.PricingExpression(rates=rates)
    assert an_hour(wire.PricingVersion(pricing_expressions=[expression])) is None


@given(
    cores=st.integers(1, 96),
    memory=st.integers(1, 640),
    cpu=st.decimals("0.0001", "50", places=4),
    ram=st.decimals("0.0001", "10", places=4),
)
def test_an_hour_of_a_machine_is_exact(cores, memory, cpu, ram):
    prices = PriceList(currency="RUB", now=NOW)
    for id_, price in (("dn2k3vqlk9snp1jv351u", cpu), ("dn2ilq72mjc3bej6j74p", ram)):
        sku = wire.Sku(id=id_, pricing_unit="x*hour", pricing_versions=[version(None, str(price))])
        prices.add(sku)
    size = resources.Size(memory=memory * 1024**3, cores=cores)
    machine = resources.Instance(id="x", platform_id="standard-v3", resources=size)
    price = prices.machine(machine, None)
    assert price.amount == cores * cpu + memory * ram
    assert price.daily_micro == int((cores * cpu + memory * ram) * 24 * 10**6)
    assert price.monthly_micro == 30 * price.daily_micro


def test_a_price_that_is_no_number_costs_its_sku():
    with pytest.raises(ArithmeticError):
        an_hour(version(None, "a lot"))


def test_a_sku_decodes_from_the_documented_json():
    raw = b"""{"id": "dn27ajm6m8mnfcshbi61", "name": "SSD", "serviceId": "dn22",
      "pricingUnit": "gbyte*hour", "pricingVersions": [{"type": "STREET_PRICE",
      "effectiveTime": "2025-05-01T00:00:00.123456789Z", "pricingExpressions": [{"rates":
      [{"startPricingQuantity": "0", "unitPrice": "0.0199", "currency": "RUB"}]}]}]}"""
    sku = msgspec.json.decode(raw, type=wire.Sku, strict=False)
    prices = PriceList(currency="RUB", now=NOW)
    prices.add(sku)
    assert prices.rate(Meter(Thing.DISK, "network-ssd")).sku == "dn27ajm6m8mnfcshbi61"
