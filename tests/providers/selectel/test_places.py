"""Each endpoint, project and region fails on its own."""

from dataclasses import replace

import pytest

from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.errors import EndpointNotAllowed, ProviderUnavailable, UnexpectedPayload
from infrazen.provider_kit.openstack.session import Session
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.simulation.faults import Kind
from tests.simulators import read_account

QUIET = {"collect_statistics": False}
SECOND = "0" * 31 + "2"


def results(reading):
    return {endpoint.name: endpoint for endpoint in reading.endpoints}


def names(reading):
    return {resource.name for resource in reading.resources}


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.HTML, Kind.TRUNCATE, Kind.FORBIDDEN])
def test_a_region_fails_without_the_other(selectel, kind):
    selectel.fault(kind, "/spb/*")
    reading = read_account("selectel", selectel.url, settings=QUIET)
    assert names(reading) == {"web-msk-1"}
    servers = results(reading)["compute.servers"]
    assert (servers.status, servers.listed) == (EndpointStatus.FAILED, False)
    assert "Витрина in spb" in servers.message
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://198.51.100.7", EndpointNotAllowed.reason),
        ("https://169.254.169.254", EndpointNotAllowed.reason),
        ("https://elsewhere.invalid:port", UnexpectedPayload.reason),
        ("https://\x00", UnexpectedPayload.reason),
        ("file://localhost", ProviderUnavailable.reason),
        ("", ProviderUnavailable.reason),
    ],
)
def test_a_catalogue_cannot_lead_us_anywhere_else(selectel, monkeypatch, address, reason):
    """What it says is held to the allow-list like what a person enters, region by region."""
    genuine = Session.services

    async def services(self, *types):
        found = await genuine(self, *types)
        return [
            replace(one, url=f"{address}/v2.1") if one.region.startswith("spb") else one
            for one in found
        ]

    monkeypatch.setattr(Session, "services", services)
    reading = read_account("selectel", selectel.url, settings=QUIET)
    assert names(reading) == {"web-msk-1"}
    for endpoint in ("compute.servers", "block_storage.volumes"):
        found = results(reading)[endpoint]
        assert (found.status, found.reason, found.listed) == (EndpointStatus.FAILED, reason, False)
        assert "Витрина in spb" in found.message


def test_a_project_without_a_role_costs_that_project(selectel):
    """Keystone says 401 to a scope in which the user has no role."""
    selectel.put("projects", "unknown", {"id": SECOND, "name": "Чужой", "enabled": True})
    reading = read_account("selectel", selectel.url, settings=QUIET)
    assert {"web-msk-1", "db-spb-1"} <= names(reading)
    servers = results(reading)["compute.servers"]
    assert (servers.reason, servers.listed) == ("PermissionMissing", False)
    assert "Чужой" in servers.message


def test_a_project_that_cannot_be_read_lets_nothing_be_taken_for_gone(selectel):
    selectel.put("projects", "odd", {"id": ["?"], "name": "Странный"})
    reading = read_account("selectel", selectel.url, settings=QUIET)
    assert {"web-msk-1", "db-spb-1"} <= names(reading)
    assert not results(reading)["compute.servers"].listed
    assert not results(reading)["object_storage.buckets"].listed


def test_without_prices_what_was_known_of_them_stays(selectel):
    selectel.fault(Kind.FORBIDDEN, "/v2/billing/vpc/prices")
    reading = read_account("selectel", selectel.url, settings=QUIET)
    priced = [r for r in reading.resources if r.type != "bucket"]
    assert all(r.price is None and r.unknown == ("price",) for r in priced)
    flavors = results(reading)["compute.flavors"]
    assert (flavors.status, flavors.listed) == (EndpointStatus.SUCCEEDED, False)


def test_without_consumption_the_rest_is_read(selectel):
    selectel.fault(Kind.ERROR, "/v1/cloud_billing/*")
    reading = read_account("selectel", selectel.url, settings=QUIET)
    assert len(reading.resources) == 4
    [bucket] = [r for r in reading.resources if r.type == "bucket"]
    assert bucket.unknown == ("price",)
    assert reading.bills == []
    assert reading.account.days_to_block is None


def test_a_wrong_static_token_leaves_the_cloud_open(selectel):
    wrong = {"static_token": "not-the-token"}
    reading = read_account("selectel", selectel.url, credentials=wrong, settings=QUIET)
    assert len(reading.resources) == 4
    failed = {e.name for e in reading.endpoints if e.status is EndpointStatus.FAILED}
    assert failed == {"billing.prices", "billing.consumption", "billing.balance"}


def test_without_a_static_token_the_service_user_asks_for_money(selectel):
    without = {"static_token": ""}
    reading = read_account("selectel", selectel.url, credentials=without, settings=QUIET)
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    assert reading.bills


def test_a_wrong_password_leaves_the_money_readable(selectel):
    wrong = {"password": "not-the-password"}
    reading = read_account("selectel", selectel.url, credentials=wrong, settings=QUIET)
    found = results(reading)
    assert found["identity.sign_in"].reason == "CredentialsRefused"
    assert found["compute.servers"].status is EndpointStatus.SKIPPED
    assert found["billing.balance"].status is EndpointStatus.SUCCEEDED
    posts = [r for r in selectel.requests() if r["method"] == "POST"]
    assert len(posts) == 1, "a refused password is sent once"


def test_a_snapshot_whose_volume_could_not_be_read_has_no_made_up_price(selectel):
    selectel.reset("large", size=200)
    before = read_account("selectel", selectel.url, settings=QUIET)
    selectel.fault(Kind.ERROR, "*/volumes/detail")
    after = read_account("selectel", selectel.url, settings=QUIET)
    snapshots = [r for r in after.resources if r.type == "snapshot"]
    assert snapshots
    assert all(r.unknown == ("price",) for r in snapshots)
    assert all(r.price for r in before.resources if r.type == "snapshot")
