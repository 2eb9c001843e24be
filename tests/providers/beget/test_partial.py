"""What fails apart, and what must not look changed because something else failed."""

import pytest

from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.simulation.faults import Kind
from tests.simulators import Hurry, read_account


def results(reading):
    return {endpoint.name: endpoint for endpoint in reading.endpoints}


def by_key(reading):
    return {resource.key: resource for resource in reading.resources}


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.HTML, Kind.TRUNCATE, Kind.DISCONNECT])
@pytest.mark.parametrize(
    ("path", "left"), [("/api/*", {"vps", "mysql", "s3"}), ("/v1/*", {"domain"})]
)
def test_either_api_fails_without_the_other(beget_simulator, kind, path, left):
    beget_simulator.fault(kind, path)
    reading = read_account("beget", beget_simulator.url)
    assert {r.type for r in reading.resources} == left
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL


def test_everything_down_is_an_error(beget_simulator):
    beget_simulator.fault(Kind.ERROR)
    reading = read_account("beget", beget_simulator.url)
    verdict = outcome(reading.endpoints)
    assert (verdict.status, verdict.reason) == (SyncStatus.ERROR, "ProviderUnavailable")
    assert reading.account is None


@pytest.mark.parametrize(
    ("path", "types", "unknown"),
    [
        ("/v1/cloud/s3/price", {"s3"}, ("price",)),
        ("/v1/cloud/cdn/price", {"cdn"}, ("price",)),
        (
            "/v1/cloud/projects/list",
            {"vps", "mysql", "postgresql", "s3", "cdn"},
            ("sub_account", "tags"),
        ),
        ("/api/domain/getZoneList", {"domain"}, ("price",)),
    ],
)
@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.WRONG_TYPES, Kind.TRUNCATE])
def test_what_an_enriching_endpoint_tells_is_unknown_when_it_fails(
    beget_simulator, path, types, unknown, kind
):
    """All else is as it was, so that keeping the unknown fields leaves no difference."""
    beget_simulator.reset("large", size=200)
    beget_simulator.put("buckets", "b", {"name": "bucket-00003", "storage_rate": 2.5})
    beget_simulator.put("cdns", "c", {"cdn_service_id": "c", "traffic_rate": 1})
    quiet = {"collect_statistics": False}
    before = by_key(read_account("beget", beget_simulator.url, settings=quiet))
    if kind is Kind.WRONG_TYPES and "Zone" in path:
        beget_simulator.change("zones", "ru", {"price_renew": [1]})
    else:
        beget_simulator.fault(kind, path)
    after = by_key(read_account("beget", beget_simulator.url, settings=quiet))
    assert set(after) == set(before)
    assert {r.type for r in after.values() if r.unknown} == types
    for key, resource in after.items():
        known = {name: getattr(before[key], name) for name in unknown if resource.unknown}
        assert resource.unknown in {(), unknown}
        assert all(
            getattr(resource, name) == getattr(before[key], name)
            for name in resource.__struct_fields__
            if name not in known and name != "unknown"
        )


def test_what_is_charged_for_use_is_the_buckets_price(beget_simulator):
    beget_simulator.change("buckets", "humane-orrin", {"storage_rate": 12.5, "traffic_rate": 0.25})
    reading = read_account("beget", beget_simulator.url)
    [bucket] = [r for r in reading.resources if r.type == "s3"]
    assert bucket.price.monthly_micro == 12_750_000
    assert (bucket.price.period, bucket.price.source) == ("unknown", "estimated")


def test_a_domain_registered_through_beget_has_a_price_of_its_own(beget_simulator):
    beget_simulator.change("domains", "neurocola.com", {"registrar": "BEGET"})
    reading = read_account("beget", beget_simulator.url)
    domain = by_key(reading)["domain/neurocola.com"]
    assert (domain.price.amount, domain.price.period) == (1690, "year")
    assert not domain.price.in_account_rate


def test_sites_keep_their_domain_while_the_domains_cannot_be_read(beget_simulator):
    before = read_account("beget", beget_simulator.url)
    beget_simulator.fault(Kind.ERROR, "/api/domain/*")
    after = read_account("beget", beget_simulator.url)

    def homes(reading):
        return {c.name: c.resource for c in reading.components if c.kind == "site"}

    assert homes(after) == homes(before)
    assert results(after)["legacy.mail"].status is EndpointStatus.SKIPPED


def test_a_site_without_a_domain_here_belongs_to_the_account(beget_simulator):
    stranger = {"id": "1", "path": "x/public_html", "domains": [{"id": 1, "fqdn": "x.example"}]}
    beget_simulator.put("sites", "1", stranger)
    reading = read_account("beget", beget_simulator.url)
    [site] = [c for c in reading.components if c.name == "x/public_html"]
    assert site.resource is None


def test_one_domain_whose_mailboxes_cannot_be_read_leaves_the_others(beget_simulator):
    beget_simulator.put("domains", "b.ru", {"id": "1", "fqdn": "b.ru"})
    beget_simulator.fault(Kind.HTML, "/api/mail/getMailboxList", times=1)
    reading = read_account("beget", beget_simulator.url)
    mail = results(reading)["legacy.mail"]
    assert (mail.status, mail.quarantined, mail.listed) == (EndpointStatus.SUCCEEDED, 1, False)


def test_mailboxes_are_not_asked_for_when_switched_off(beget_simulator):
    reading = read_account("beget", beget_simulator.url, settings={"collect_mailboxes": False})
    assert not results(reading)["legacy.mail"].listed
    assert "/api/mail/getMailboxList" not in {r["path"] for r in beget_simulator.requests()}


def test_open_sections_are_read(beget_simulator):
    for section in ("mysql", "ftp"):
        beget_simulator.remove("closed", section)
    beget_simulator.put("mysql", "shop", {"name": "shop", "size": "12", "accesses": []})
    beget_simulator.put("ftp", "u", {"login": "u", "homedir": "/home"})
    reading = read_account("beget", beget_simulator.url)
    assert {"hosting_mysql/shop", "hosting_ftp/u"} <= set(by_key(reading))
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    [disk] = [s for s in reading.usage if s.resource == "hosting_mysql/shop"]
    assert (disk.metric, disk.unit, disk.points[0].value) == ("disk", "MB", 12.0)


def test_an_empty_php_map_is_an_empty_list(beget_simulator):
    for zone in beget_simulator.ids("zones"):
        beget_simulator.remove("zones", zone)
    reading = read_account("beget", beget_simulator.url)
    assert results(reading)["legacy.zones"].status is EndpointStatus.SUCCEEDED


def test_a_vanished_and_a_new_server_are_seen(beget_simulator):
    first = "0d8c9c3e-7f4e-4b7e-9d4f-2a1f6f1d3b10"
    record = beget_simulator.record("vps", first)
    beget_simulator.remove("vps", first)
    beget_simulator.put("vps", "new", {**record, "id": "new", "display_name": "Fresh"})
    reading = read_account("beget", beget_simulator.url)
    assert {"vps/new"} == set(by_key(reading)) - {
        "vps/6b1e2f52-90a1-4d1c-8a37-5a3b1c9e7d21",
        *(k for k in by_key(reading) if not k.startswith("vps/")),
    }


def test_a_removed_server_that_is_still_listed_is_gone(beget_simulator):
    beget_simulator.change("vps", "0d8c9c3e-7f4e-4b7e-9d4f-2a1f6f1d3b10", {"status": "REMOVED"})
    reading = read_account("beget", beget_simulator.url)
    assert len([r for r in reading.resources if r.type == "vps"]) == 1


# Utilisation


def test_utilisation_can_be_switched_off(beget_simulator):
    reading = read_account("beget", beget_simulator.url, settings={"collect_statistics": False})
    assert reading.usage == []
    assert "modern.statistics" not in results(reading)


def test_a_stopped_server_is_not_asked_for_utilisation(beget_simulator):
    key = "0d8c9c3e-7f4e-4b7e-9d4f-2a1f6f1d3b10"
    beget_simulator.change("vps", key, {"status": "STOPPED"})
    reading = read_account("beget", beget_simulator.url)
    assert not [s for s in reading.usage if s.resource == f"vps/{key}" and s.metric == "cpu"]
    assert not [r for r in beget_simulator.requests() if r["path"].endswith(f"/cpu/{key}")]


def test_what_time_does_not_allow_is_told_and_no_error(beget_simulator):
    """The dearest machines come first; the rest are counted."""
    settings = {"statistics_seconds": 10, "requests_per_second": 0.5}
    beget_simulator.reset("large", size=60)
    hurry = Hurry()
    reading = read_account("beget", beget_simulator.url, settings=settings, hurry=hurry)
    statistics = results(reading)["modern.statistics"]
    assert statistics.status is EndpointStatus.SUCCEEDED
    assert statistics.message.endswith("machines were not reached within 10 s.")
    assert statistics.words["en"] == statistics.message
    assert statistics.words["ru"].startswith("За отведённые 10 с не дошла очередь до ")
    measured = {s.resource for s in reading.usage if s.metric == "cpu"}
    prices = {r.key: r.price.daily_micro for r in reading.resources if r.price}
    machines = {k: p for k, p in prices.items() if k.startswith(("vps/", "mysql/", "postgresql/"))}
    assert measured
    assert min(machines[k] for k in measured) == max(machines.values())


def test_a_machine_whose_series_break_leaves_the_others(beget_simulator):
    key = "0d8c9c3e-7f4e-4b7e-9d4f-2a1f6f1d3b10"
    beget_simulator.fault(Kind.HTML, f"/v1/vps/statistic/cpu/{key}")
    reading = read_account("beget", beget_simulator.url)
    statistics = results(reading)["modern.statistics"]
    assert (statistics.status, statistics.quarantined) == (EndpointStatus.SUCCEEDED, 1)
    assert [(q.key, q.raw) for q in reading.quarantined] == [(f"vps/{key}", "cpu")]
    assert len([s for s in reading.usage if s.metric == "cpu"]) == 2


def test_utilisation_that_is_down_altogether_is_given_up(beget_simulator):
    beget_simulator.reset("large", size=200)
    beget_simulator.fault(Kind.HTML, "/v1/vps/statistic/*")
    beget_simulator.fault(Kind.HTML, "/v1/cloud/*/statistic/*")
    reading = read_account("beget", beget_simulator.url)
    statistics = results(reading)["modern.statistics"]
    assert (statistics.status, statistics.reason) == (EndpointStatus.FAILED, "UnexpectedPayload")
    assert statistics.requests < 20
