"""The reference account, to the kopeck."""

from decimal import Decimal

import pytest

from infrazen.domain.kinds import Kind
from infrazen.domain.money import CostSource, Period, from_micro
from infrazen.domain.prices import Measure, family_of
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.syncs import SyncStatus
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.simulation.faults import Kind as Fault
from infrazen.providers import provider
from infrazen.providers.yandex.simulator.records import GIB
from infrazen.providers.yandex.simulator.records import address as address_record
from tests.simulators import read_account

HOURS_A_MONTH = 720


@pytest.fixture
def reading(yandex):
    return read_account("yandex", yandex.url)


def named(reading) -> dict:
    return {resource.name: resource for resource in reading.resources}


def monthly(resource) -> Decimal:
    return from_micro(resource.price.monthly_micro)


def test_four_resources_in_two_zones(reading):
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    found = named(reading)
    assert {name: (one.type, one.zone) for name, one in found.items()} == {
        "web-1": ("instance", "ru-central1-a"),
        "db-1": ("instance", "ru-central1-b"),
        "db-old-data": ("disk", "ru-central1-b"),
        "severny-market-media": ("bucket", ""),
    }
    assert {one.region for one in found.values()} == {"ru-central1"}
    assert {one.sub_account for one in found.values()} == {"cloud-severny-market/production"}
    assert found["web-1"].status is ResourceStatus.RUNNING
    assert found["web-1"].tags == {"env": "prod", "team": "shop", "role": "web"}


def test_a_machine_costs_its_cores_its_memory_and_its_boot_disk(reading):
    web, data = named(reading)["web-1"], named(reading)["db-1"]
    an_hour = 8 * Decimal("1.24") + 16 * Decimal("0.33") + 50 * Decimal("0.0199")
    assert (web.price.amount, web.price.period) == (an_hour, Period.HOUR)
    assert monthly(web) == an_hour * HOURS_A_MONTH == Decimal("11660.4")
    assert from_micro(web.price.daily_micro) == an_hour * 24
    assert web.price.source is CostSource.PRICED
    assert web.sku == "dn2k3vqlk9snp1jv351u"
    assert data.price.amount == (
        4 * Decimal("1.3824") + 16 * Decimal("0.3601") + 200 * Decimal("0.0199")
    )


def test_what_rules_rely_on_is_told(reading):
    web, old = named(reading)["web-1"], named(reading)["db-old-data"]
    media = named(reading)["severny-market-media"]
    told = {"cpu": 8, "memory_mb": 16_384, "disk_mb": 51_200, "platform": "standard-v3"}
    assert told.items() <= web.config.items()
    assert (web.config["core_fraction"], web.config["preemptible"]) == (100, False)
    assert {"disk_mb": 307_200, "disk_type": "network-ssd", "attached_to": []}.items() <= (
        old.config.items()
    )
    assert (media.config["storage_class"], media.config["lifecycle_rules"]) == ("STANDARD", 0)
    assert provider("yandex").kinds[web.type] is Kind.SERVER


def test_a_boot_disk_is_part_of_its_machine(reading):
    parts = {(part.resource, part.name) for part in reading.components if part.kind == "boot_disk"}
    keys = {one.name: one.key for one in reading.resources}
    assert parts == {(keys["web-1"], "web-1-boot"), (keys["db-1"], "db-1-boot")}


def test_a_stopped_machine_costs_only_its_disk(yandex):
    [id_, _] = yandex.ids("instances")
    yandex.change("instances", id_, {"status": "STOPPED"})
    web = named(read_account("yandex", yandex.url))["web-1"]
    assert web.status is ResourceStatus.STOPPED
    assert web.price.amount == 50 * Decimal("0.0199")


@pytest.mark.parametrize(
    ("used", "an_hour"), [(True, "0.26352"), (False, "0.60390")], ids=["used", "idle"]
)
def test_an_idle_address_costs_more_than_a_used_one(yandex, used, an_hour):
    [folder, _] = yandex.ids("folders")
    record = address_record(
        "e9bmadeupaddress0001",
        "ip",
        folder=folder,
        zone="ru-central1-a",
        ip="10.200.0.1",
        created="2025-02-03T09:00:00Z",
        used=used,
    )
    yandex.put("addresses", record["id"], record)
    found = named(read_account("yandex", yandex.url))["ip"]
    assert found.price.amount == Decimal(an_hour)
    assert found.config.get("attached_to") == (None if used else [])


def test_an_address_knows_its_machine(yandex):
    [folder, _], [machine, _] = yandex.ids("folders"), yandex.ids("instances")
    nat = {"oneToOneNat": {"address": "10.200.0.9"}}
    interfaces = [{"index": "0", "primaryV4Address": {"address": "10.128.0.4", **nat}}]
    yandex.change("instances", machine, {"networkInterfaces": interfaces})
    record = address_record(
        "e9bmadeupaddress0001",
        "ip",
        folder=folder,
        zone="ru-central1-a",
        ip="10.200.0.9",
        created="2025-02-03T09:00:00Z",
        reserved=False,
    )
    yandex.put("addresses", record["id"], record)
    found = named(read_account("yandex", yandex.url))
    assert found["ip"].config["attached_to"] == [machine]
    assert found["web-1"].config["public_addresses"] == ["10.200.0.9"]


def test_a_bucket_costs_what_is_in_each_class(yandex):
    yandex.put(
        "fullness",
        "severny-market-media",
        {
            "STANDARD": {"start_gib": 100, "daily_gib": 0},
            "COLD": {"start_gib": 400, "daily_gib": 0},
        },
    )
    reading = read_account("yandex", yandex.url)
    media = named(reading)["severny-market-media"]
    a_day = 24 * (100 * Decimal("0.003002") + 400 * Decimal("0.0016"))
    assert from_micro(media.price.daily_micro) == a_day
    assert media.price.source is CostSource.ESTIMATED, "its size moves"
    stored = {u.metric: u.points[-1].value for u in reading.usage if u.resource == media.key}
    megabytes = GIB // 1024**2
    assert stored == {
        "disk": 500 * megabytes,
        "stored_standard": 100 * megabytes,
        "stored_cold": 400 * megabytes,
    }


def test_the_account_is_who_pays(reading):
    account = reading.account
    assert (account.balance, account.currency) == (Decimal("84210.37"), "RUB")
    assert account.plan == "severny-market-main"


def test_whole_families_are_offered(reading):
    offers = {offer.key: offer for offer in reading.offers}
    cores = [o for o in offers.values() if (o.kind, o.measure) == (Kind.SERVER, Measure.VCPU)]
    assert {"standard-v1", "standard-v2", "standard-v3", "highfreq-v3", "amd-v1"} <= {
        offer.family for offer in cores
    }
    assert offers["storage:COLD"].price.amount == Decimal("0.0016")
    assert offers["disk:network-hdd"].measure is Measure.DISK_GIB
    assert offers["address:"].price.amount == Decimal("0.26352")
    assert offers["memory:standard-v3/20"].price == offers["memory:standard-v3"].price
    assert offers["cpu:standard-v3/20/preemptible"].price.amount == Decimal("0.1653")


def test_offers_are_found_by_what_machines_say_of_themselves(yandex):
    [id_, _] = yandex.ids("instances")
    few = {"cores": "2", "memory": "4294967296", "coreFraction": "20"}
    yandex.change("instances", id_, {"resources": few, "schedulingPolicy": {"preemptible": True}})
    reading = read_account("yandex", yandex.url)
    families = {(offer.measure, offer.family) for offer in reading.offers}
    for one in reading.resources:
        measures = {
            "instance": {Measure.VCPU, Measure.MEMORY_GIB},
            "disk": {Measure.DISK_GIB},
            "bucket": {Measure.STORAGE_GIB},
        }[one.type]
        assert {(measure, family_of(one.config)) for measure in measures} <= families


def test_without_the_price_list_stored_prices_stay(yandex):
    yandex.fault(Fault.ERROR, "/billing/v1/skus")
    reading = read_account("yandex", yandex.url)
    assert len(reading.resources) == 4
    assert {one.price for one in reading.resources} == {None}
    assert all("price" in one.unknown for one in reading.resources)


def test_machines_of_a_platform_without_a_price_are_counted(yandex):
    [id_, _] = yandex.ids("instances")
    yandex.change("instances", id_, {"platformId": "standard-of-tomorrow"})
    reading = read_account("yandex", yandex.url)
    assert named(reading)["web-1"].price is None
    [instances] = [e for e in reading.endpoints if e.name == "compute.instances"]
    assert "without a price in the price list: 1." in instances.message


def test_utilisation_is_that_of_the_machines_profiles(reading):
    keys = {one.name: one.key for one in reading.resources}
    found = {(u.resource, u.metric): u for u in reading.usage}
    cpu, memory = found[keys["web-1"], "cpu"], found[keys["db-1"], "memory"]
    assert (cpu.unit, cpu.weight, len(cpu.points)) == ("%", 8, 96)
    average = sum(point.value for point in cpu.points) / 96
    assert 8 < average < 16
    assert memory.capacity == 16_384
    used = sum(point.value for point in memory.points) / 96 / memory.capacity
    assert 0.74 < used < 0.82
    metrics = {metric for key, metric in found if key == keys["web-1"]}
    assert metrics == {
        "cpu",
        "memory",
        "disk",
        "disk_read",
        "disk_write",
        "network_in",
        "network_out",
    }


def test_a_machine_without_an_agent_tells_nothing_of_its_memory(yandex):
    [id_, _] = yandex.ids("instances")
    yandex.change("load", id_, {"agent": False})
    reading = read_account("yandex", yandex.url)
    metrics = {u.metric for u in reading.usage if u.resource == f"instance/{id_}"}
    assert "cpu" in metrics
    assert "memory" not in metrics
    [metric] = [e for e in reading.endpoints if e.name == "monitoring.metrics"]
    assert "without readings of memory: 1." in metric.message
