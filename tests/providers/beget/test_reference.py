"""The reference account, through real HTTP: every figure that must come out."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from statistics import fmean

import pytest

from infrazen.domain.accounts import AccountStatus
from infrazen.domain.money import from_micro
from infrazen.domain.resources import ResourceStatus, SeenResource
from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.reading import Reading
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.provider_kit.simulation.faults import Kind
from tests.simulators import read_account

DATABASE = "mysql/3cf940aa-3704-499b-8b90-ef0ec941fc76"
BUCKET = "s3/f88ce2cf-8570-4ad0-bb67-824ac5308c34"


@pytest.fixture
def reading(beget_simulator: SimulatorControl) -> Reading:
    return read_account("beget", beget_simulator.url)


def named(reading: Reading, name: str) -> SeenResource:
    [found] = [resource for resource in reading.resources if resource.name == name]
    return found


def prices(resource: SeenResource) -> tuple[Decimal, Decimal] | None:
    price = resource.price
    return price and (from_micro(price.daily_micro), from_micro(price.monthly_micro))


def test_ten_resources_of_which_six_are_domains(reading):
    types = Counter(resource.type for resource in reading.resources)
    assert types == {"domain": 6, "vps": 2, "mysql": 1, "s3": 1}


def test_two_endpoints_fail_and_say_why(reading):
    failed = {e.name: (e.reason, e.message) for e in reading.endpoints if e.reason}
    assert failed == {
        "legacy.mysql": ("PermissionMissing", "Cannot access method mysql"),
        "legacy.ftp": ("PermissionMissing", "Cannot access method ftp"),
    }
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL


def test_listings_that_ended_well_prove_absence_and_others_do_not(reading):
    listed = {endpoint.name for endpoint in reading.endpoints if endpoint.listed}
    assert listed == {
        "legacy.domains",
        "legacy.subdomains",
        "legacy.sites",
        "legacy.mail",
        "modern.vps",
        "modern.network",
        "modern.snapshots",
        "modern.cloud",
        "modern.prices",
        "modern.calculator",
    }


def test_every_price_is_as_stated(reading):
    assert prices(named(reading, "Objective Perrin")) == (Decimal(22), Decimal(660))
    assert prices(named(reading, "runner rus")) == (Decimal("9.73"), Decimal("291.90"))
    assert prices(named(reading, "Cloud database 1")) == (Decimal(29), Decimal(870))
    assert prices(named(reading, "Humane Orrin")) == (Decimal(0), Decimal(0))
    assert prices(named(reading, "neurocola.com")) is None


def test_services_explain_the_whole_account_rate(reading):
    priced = [r.price for r in reading.resources if r.price and r.price.in_account_rate]
    assert sum(from_micro(price.daily_micro) for price in priced) == Decimal("60.73")
    assert reading.account.charge.daily == Decimal("60.73")
    assert reading.account.charge.monthly == Decimal(1847)
    assert reading.account.charge.yearly == Decimal(22166)


def test_the_registered_domain_is_active_and_the_subdomains_are_not(reading):
    assert named(reading, "neurocola.com").status is ResourceStatus.ACTIVE
    domains = [r for r in reading.resources if r.type == "domain"]
    assert [r.status for r in domains].count(ResourceStatus.INACTIVE) == 5


def test_the_database_is_described(reading):
    database = named(reading, "Cloud database 1")
    assert database.key == DATABASE
    assert database.region == "ru2"
    assert (
        database.config
        | {
            "cpu": 2,
            "memory_mb": 2048,
            "disk_mb": 20480,
            "version": "5.7.34",
            "host": "noufekuklorheg.beget.app",
            "port": 3306,
        }
        == database.config
    )


def test_the_bucket_has_ftp_sftp_and_cors_but_no_secret(reading):
    bucket = named(reading, "Humane Orrin")
    assert bucket.key == BUCKET
    assert set(bucket.config["ftp"]) == {"host", "port", "login", "status"}
    assert set(bucket.config["sftp"]) == {"host", "port", "login", "status"}
    assert bucket.config["cors"] == [
        {"origin": "https://app.example.ru", "methods": ["GET", "PUT"]}
    ]


def test_servers_are_alike_and_run_n8n(reading):
    for name in ("Objective Perrin", "runner rus"):
        server = named(reading, name)
        assert server.status is ResourceStatus.RUNNING
        size = {"cpu": 2, "memory_mb": 2048, "disk_mb": 30720, "bandwidth_mbps": 150}
        assert server.config | size == server.config
        [software] = [c for c in reading.components if c.resource == server.key]
        assert (software.kind, software.name, software.version) == ("software", "n8n", "1.108.2")


def test_sites_and_mailboxes_belong_to_their_domains(reading):
    homes = {c.name: c.resource for c in reading.components if c.kind in {"site", "mailbox"}}
    assert len(homes) == 7
    assert homes["neurocola.com/public_html"] == "domain/neurocola.com"
    assert homes["n8n.neurocola.com/public_html"] == "domain/n8n.neurocola.com"
    assert homes["info@neurocola.com"] == "domain/neurocola.com"


@pytest.mark.parametrize(
    ("name", "metric", "average", "maximum", "points"),
    [
        ("runner rus", "cpu", 7.66, 14.86, 108),
        ("runner rus", "memory", 991.38, None, 114),
        ("Objective Perrin", "cpu", 9.19, 12.77, 108),
        ("Objective Perrin", "memory", 1145.82, None, 114),
    ],
)
def test_utilisation_is_exact_to_the_hundredth(reading, name, metric, average, maximum, points):
    key = named(reading, name).key
    [series] = [s for s in reading.usage if (s.resource, s.metric) == (key, metric)]
    values = [point.value for point in series.points]
    assert len(values) == points
    assert round(fmean(values), 2) == average
    assert maximum is None or max(values) == maximum


def test_memory_is_measured_against_what_is_configured(reading):
    shares = {
        series.resource: round(fmean(p.value for p in series.points) / series.capacity * 100, 2)
        for series in reading.usage
        if series.metric == "memory"
    }
    assert shares[named(reading, "runner rus").key] == 48.41
    assert shares[named(reading, "Objective Perrin").key] == 55.95


def test_readings_are_a_minute_apart_and_end_now(reading):
    for series in (s for s in reading.usage if s.metric == "cpu"):
        times = [point.at for point in series.points]
        assert {(b - a).total_seconds() for a, b in pairwise(times)} == {60.0}


def test_disks_are_readings_and_no_configuration(reading):
    disks = {s.resource: s for s in reading.usage if s.metric == "disk"}
    assert disks[DATABASE].points[0].value == pytest.approx(437.0, abs=0.01)
    assert disks[DATABASE].capacity == 20480
    assert not any("used" in name for r in reading.resources for name in r.config)


def test_the_account_is_about_to_be_blocked(reading):
    account = reading.account
    assert account.status is AccountStatus.WARNING
    assert (account.account_id, account.plan) == ("demo", "Cloud")
    assert (account.balance, account.days_to_block) == (Decimal("174.51"), 2)
    limits = {limit.name: (limit.used, limit.allowed) for limit in account.limits}
    assert limits == {
        "sites": (6, 25),
        "domains": (6, None),
        "mysql": (1, None),
        "ftp": (1, None),
        "mail": (1, None),
        "disk": (1830, 10000),
    }
    assert set(account.software) == {"apache", "nginx", "mysql", "php", "python", "perl"}
    assert account.server["name"] == "gagarin7.beget.com"


def test_eight_resources_before_the_cloud_services_are_readable(beget_simulator):
    beget_simulator.fault(Kind.FORBIDDEN, "/v1/cloud")
    reading = read_account("beget", beget_simulator.url)
    assert len(reading.resources) == 8
    [services] = [e for e in reading.endpoints if e.name == "modern.cloud"]
    assert (services.status, services.reason) == (EndpointStatus.FAILED, "PermissionMissing")
    assert not services.listed


def test_nothing_changes_between_two_readings(beget_simulator):
    first, second = (read_account("beget", beget_simulator.url) for _ in range(2))
    by_key = {resource.key: resource for resource in first.resources}
    assert by_key == {resource.key: resource for resource in second.resources}
    assert sorted(map(repr, first.components)) == sorted(map(repr, second.components))
