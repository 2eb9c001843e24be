"""Wire to domain, record by record."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.domain.accounts import AccountStatus
from infrazen.domain.money import Period, from_micro
from infrazen.domain.resources import ResourceStatus
from infrazen.errors import PrecisionLost, UnexpectedPayload
from infrazen.providers.beget.mapper import hosting, servers, services, utilisation
from infrazen.providers.beget.mapper.common import day_price, facts, moment, number, year_price
from infrazen.providers.beget.simulator import records
from infrazen.providers.beget.wire import cloud as cloud_wire
from infrazen.providers.beget.wire import hosting as hosting_wire

AT = datetime(2026, 3, 1, tzinfo=UTC)
NOTHING = services.Enrichment(projects={}, buckets={}, cdns={})


def wire(type_, **record):
    return msgspec.json.decode(msgspec.json.encode(record), type=type_, strict=False)


# Numbers, moments, prices


@pytest.mark.parametrize(
    ("given_", "expected"),
    [(None, None), ("", None), ("1", 1), (1, 1), (9.73, "9.73"), ("174.51", "174.51"), (0, 0)],
)
def test_numbers_come_as_numbers_or_strings(given_, expected):
    assert number(given_) == (None if expected is None else Decimal(expected))


@given(st.decimals(-(10**9), 10**9, places=2))
def test_amounts_survive_json(amount):
    assert number(msgspec.json.decode(msgspec.json.encode(float(amount)))) == amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-06-14T09:12:33Z", datetime(2025, 6, 14, 9, 12, 33, tzinfo=UTC)),
        ("2025-06-14T12:12:33+03:00", datetime(2025, 6, 14, 9, 12, 33, tzinfo=UTC)),
        ("2025-06-14T12:12:33+0300", datetime(2025, 6, 14, 9, 12, 33, tzinfo=UTC)),
        ("2025-06-14 12:12:33", datetime(2025, 6, 14, 9, 12, 33, tzinfo=UTC)),
        ("2025-06-14", datetime(2025, 6, 13, 21, tzinfo=UTC)),
        ("2025-06-14T09:12:33.123456Z", datetime(2025, 6, 14, 9, 12, 33, 123456, tzinfo=UTC)),
        (None, None),
        ("", None),
        (0, None),
        ("0", None),
        ("0000-00-00", None),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_moments_are_moscow_time_unless_they_say_otherwise(text, expected):
    assert moment(text) == expected


def test_a_moment_that_is_none_is_refused():
    with pytest.raises(ValueError, match="isoformat"):
        moment("yesterday")


def test_day_and_month_are_kept_as_given():
    price = day_price(Decimal("9.73"), Decimal("291.9"))
    assert (from_micro(price.daily_micro), from_micro(price.monthly_micro)) == (
        Decimal("9.73"),
        Decimal("291.90"),
    )
    assert price.in_account_rate


def test_a_month_that_is_not_thirty_days_is_kept_too():
    assert from_micro(day_price(Decimal(10), Decimal(299)).monthly_micro) == 299


def test_zero_is_a_price_and_none_is_none():
    assert day_price(Decimal(0), Decimal(0)).daily_micro == 0
    assert day_price(None, Decimal(5)) is None


def test_a_year_becomes_a_day():
    price = year_price(Decimal(365))
    assert (price.daily_micro, price.period, price.in_account_rate) == (
        1_000_000,
        Period.YEAR,
        False,
    )


@pytest.mark.parametrize("amount", ["1e13", "-1e13", "1e999999999"])
def test_amounts_beyond_reason_are_refused_at_once(amount):
    with pytest.raises((ValueError, ArithmeticError)):
        day_price(Decimal(amount), None)


def test_amounts_finer_than_a_millionth_are_refused():
    with pytest.raises(PrecisionLost):
        day_price(Decimal(1), Decimal("30.0000001"))


def test_facts_keep_zero_and_false_and_drop_what_is_empty():
    assert facts(a=0, b=False, c=None, d="", e=[], f={}, g="x") == {"a": 0, "b": False, "g": "x"}


# Account


@pytest.mark.parametrize(
    ("balance", "days", "status"),
    [
        ("174.51", 2, AccountStatus.WARNING),
        ("0", 0, AccountStatus.SUSPENDED),
        ("-5", -1, AccountStatus.SUSPENDED),
        ("10", 0, AccountStatus.WARNING),
        ("0", 5, AccountStatus.WARNING),
        ("100", 29, AccountStatus.WARNING),
        ("100", 30, AccountStatus.ACTIVE),
        ("100", None, AccountStatus.ACTIVE),
        (None, 0, AccountStatus.SUSPENDED),
    ],
)
def test_the_accounts_status_is_derived(balance, days, status):
    assert hosting.account_status(balance and Decimal(balance), days) is status


def test_an_account_that_tells_little_is_no_error():
    account = hosting.account("me", wire(hosting_wire.Account, plan_name=None, user_balance=""))
    assert (account.balance, account.charge, account.limits) == (None, None, ())


def test_without_limit_is_none():
    source = wire(hosting_wire.Account, user_ftp="1", plan_ftp="2147483647", user_sites=2)
    limits = {limit.name: limit.allowed for limit in hosting.account("me", source).limits}
    assert limits == {"ftp": None, "sites": None}


# Domains

SINCE = {"date_register": "2024-01-01"}


@pytest.mark.parametrize(
    ("facts_", "status"),
    [
        ({"registrar_status": "delegated"}, ResourceStatus.ACTIVE),
        (SINCE, ResourceStatus.ACTIVE),
        (
            SINCE | {"registrar_status": "not_active"},
            ResourceStatus.INACTIVE,
        ),
        (
            SINCE | {"registrar_status": "undelegated"},
            ResourceStatus.INACTIVE,
        ),
        (SINCE | {"registrar_status": "of_tomorrow"}, ResourceStatus.ACTIVE),
        ({"date_register": "0000-00-00"}, ResourceStatus.INACTIVE),
        ({"date_register": 0}, ResourceStatus.INACTIVE),
        ({}, ResourceStatus.INACTIVE),
    ],
)
def test_a_domains_status(facts_, status):
    source = wire(hosting_wire.Domain, fqdn="A.ru", **facts_)
    domain = hosting.domain(source, listing="legacy.domains", zones={})
    assert domain.status is status
    assert (domain.key, domain.name) == ("domain/a.ru", "A.ru")


ZONES = {
    "ru": hosting_wire.Zone(zone="ru", price_renew="365"),
    "msk.ru": hosting_wire.Zone(zone="msk.ru", price_renew=730),
    "рф": hosting_wire.Zone(zone="рф", price_renew=100, price_idn_renew="1095"),
    "free": hosting_wire.Zone(zone="free"),
}


@pytest.mark.parametrize(
    ("fqdn", "daily"),
    [
        ("shop.ru", 1_000_000),
        ("SHOP.RU", 1_000_000),
        ("shop.msk.ru", 2_000_000),
        ("магазин.рф", 3_000_000),
        ("xn--80aaxitdbjk.рф", 3_000_000),
        ("shop.free", None),
        ("shop.unknown", None),
        ("ru", None),
    ],
)
def test_a_renewal_costs_what_its_longest_zone_asks(fqdn, daily):
    price = hosting.renewal_price(fqdn, ZONES)
    assert (price and price.daily_micro) == daily


@pytest.mark.parametrize(
    ("registrar", "zones", "has_price", "unknown"),
    [
        ("BEGET", ZONES, True, ()),
        (None, ZONES, False, ()),
        ("BEGET", None, False, ("price",)),
        (None, None, False, ()),
    ],
)
def test_a_domain_registered_elsewhere_has_no_price(registrar, zones, has_price, unknown):
    source = wire(hosting_wire.Domain, fqdn="a.ru", registrar=registrar)
    domain = hosting.domain(source, listing="l", zones=zones)
    assert (domain.price is not None, domain.unknown) == (has_price, unknown)


# Servers


def server(**changes):
    record = records.server("s-1", "Web", size=(2, 2048, 30720), price_day=Decimal(22)) | changes
    return servers.server(
        wire(cloud_wire.Server, **record), listing="l", projects={"p": "Shop"}, at=AT
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("RUNNING", ResourceStatus.RUNNING),
        ("STOPPED", ResourceStatus.STOPPED),
        ("CREATING", ResourceStatus.PENDING),
        ("REINSTALLING", ResourceStatus.PENDING),
        ("UNKNOWN", ResourceStatus.UNKNOWN),
        ("OF_TOMORROW", ResourceStatus.UNKNOWN),
        (None, ResourceStatus.UNKNOWN),
    ],
)
def test_a_servers_status(word, status):
    assert server(status=word).resource.status is status


def test_an_archived_server_is_stopped():
    assert server(archived=True).resource.status is ResourceStatus.STOPPED


def test_a_project_is_sub_account_and_tag():
    resource = server(project_id="p").resource
    assert (resource.sub_account, resource.tags) == ("Shop", {"project": "Shop"})
    assert server(project_id="?").resource.sub_account == ""


def test_what_moves_by_itself_is_no_configuration():
    before, after = server(), server(disk_used="1", disk_left="2", migrating=True)
    assert before.resource == after.resource
    assert after.usage[0].points[0].value == 0.0


def test_a_stopped_server_still_costs():
    assert server(status="STOPPED").resource.price == server().resource.price


def test_null_everywhere_is_read():
    record = records.server("s-1", "Web", size=(2, 2048, 30720), price_day=Decimal(22))
    empty = {name: None for name in record if name not in {"id", "configuration"}}
    assert server(**empty).resource.name == "s-1"


def fields(*entries):
    software = records.software(None) | {"field_value": list(entries)}
    return server(software=software)


@pytest.mark.parametrize(
    ("kind", "variable", "value", "shown"),
    [
        ("EMAIL", "email", "a@b.ru", True),
        ("DOMAIN", "domain", "b.ru", True),
        ("TEXT", "login", "admin", True),
        ("PASSWORD", "x", "CANARY", False),
        ("TEXT", "db_password", "CANARY", False),
        ("TEXT", "api_token", "CANARY", False),
        ("TEXT", "note", "password: CANARY", False),
        ("TEXT", "url", "https://u:CANARY@h/", False),
        ("UNKNOWN", "x", "CANARY", False),
        ("OF_TOMORROW", "x", "CANARY", False),
        (None, "x", "CANARY", False),
    ],
)
def test_what_is_not_known_to_be_public_is_a_secret(kind, variable, value, shown):
    found = fields({"type": kind, "variable": variable, "label_en": variable, "value": value})
    [component] = found.components
    assert (value in msgspec.json.encode(component).decode()) == shown
    assert [secret.value for secret in found.secrets] == ([] if shown else [value])


def test_addresses_lose_credentials_and_query():
    software = records.software(None) | {"address": "https://u:p@n8n.ru/x?token=CANARY"}
    assert server(software=software).components[0].address == "https://n8n.ru/x"


# Services


def service(record):
    return services.service(
        wire(cloud_wire.Service, **record), listing="l", enrichment=NOTHING, at=AT
    )


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("MYSQL5", "mysql"),
        ("MYSQL84", "mysql"),
        ("MYSQL9", "mysql"),
        ("POSTGRESQL164", "postgresql"),
        ("S_3", "s3"),
        ("CDN", "cdn"),
        ("REDIS7", "cloud_service"),
    ],
)
def test_services_of_tomorrow_are_seen_with_their_price(type_, expected):
    record = records.service("x", "X", type=type_, region="ru1") | {"price_day": 5}
    found = service(record)
    assert found.resource.type == expected
    assert found.resource.price.daily_micro == 5_000_000
    assert found.resource.config["kind"] == type_
    assert found.resource.key == services.service_key(type_, "x")


def test_secrets_of_services_are_handed_over_and_kept_nowhere_else():
    bucket = service(records.bucket_service("b", "B", region="ru1", secret="CANARY"))
    cdn = service(records.cdn_service("c", "C", region="ru1", secret="CANARY"))
    assert {s.field for s in bucket.secrets + cdn.secrets} == {
        "s3.access_key",
        "s3.secret_key",
        "s3.ftp_password",
        "s3.sftp_password",
        "cdn.url_key",
    }
    assert b"CANARY" not in msgspec.json.encode([bucket.resource, cdn.resource])


def test_a_suspended_service_says_why():
    record = records.bucket_service("b", "B", region="ru1") | {
        "status": "SUSPENDED",
        "status_details": "SUSPENDED_INSUFFICIENT_FUNDS",
    }
    resource = service(record).resource
    assert resource.status is ResourceStatus.INACTIVE
    assert resource.config["status_details"] == "SUSPENDED_INSUFFICIENT_FUNDS"


def test_a_snapshot_of_a_vanished_server():
    record = records.snapshot("n", server_id="s", server_name="web", exists=False, gigabytes=10)
    snapshot = servers.snapshot(wire(cloud_wire.Snapshot, **record), listing="l")
    assert snapshot.config["server_exists"] is False
    assert snapshot.config["size_bytes"] == 10 * 1024**3
    assert (snapshot.price.daily_micro, snapshot.price.monthly_micro) == (500_000, 15_000_000)


def test_an_idle_address_is_inactive_and_its_price_is_not_known():
    idle = servers.additional_address(cloud_wire.AdditionalAddress(ip="1.1.1.1"), listing="l")
    used = servers.additional_address(
        cloud_wire.AdditionalAddress(ip="1.1.1.2", vps_id="s"), listing="l"
    )
    assert (idle.status, used.status) == (ResourceStatus.INACTIVE, ResourceStatus.ACTIVE)
    assert idle.price is None


# Utilisation


def usage(**series):
    source = wire(cloud_wire.Statistic, **series)
    return list(
        utilisation.usage(source, resource="vps/1", cores=2, memory_mb=2048, bandwidth_mbps=150)
    )


def test_series_are_sorted_and_each_moment_comes_once():
    dates = ["2026-01-01T00:01:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"]
    [cpu] = usage(cpu={"date": dates, "value": [2, "1", 3]})
    assert [(p.at.minute, p.value) for p in cpu.points] == [(0, 1.0), (1, 3.0)]
    assert (cpu.unit, cpu.capacity) == ("%", None)


def test_empty_arrays_are_no_error():
    assert usage(cpu={"date": [], "value": []}, memory={"date": None, "value": None}) == []


def test_missing_values_are_left_out():
    [memory] = usage(memory={"date": ["2026-01-01", "2026-01-02"], "value": [None, 7]})
    assert [point.value for point in memory.points] == [7.0]
    assert memory.capacity == 2048


def test_arrays_that_do_not_match_are_refused():
    with pytest.raises(UnexpectedPayload):
        usage(cpu={"date": ["2026-01-01"], "value": []})


def test_network_is_measured_against_its_bandwidth():
    one = {"date": ["2026-01-01"], "value": [3]}
    series = {s.metric: s.capacity for s in usage(data_rx=one, data_tx=one)}
    assert series == {"network_in": 150.0, "network_out": 150.0}
