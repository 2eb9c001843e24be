"""What fails apart: endpoints, and folders within them."""

import msgspec
import pytest

from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.errors import Invalid
from infrazen.provider_kit.forms import parse_settings
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.simulation.faults import Kind
from infrazen.providers import provider
from tests.simulators import read_account

LARGE = 400


@pytest.fixture
def large(yandex):
    yandex.reset("large", size=LARGE)
    return yandex


def results(reading):
    return {endpoint.name: endpoint for endpoint in reading.endpoints}


def by_folder(reading) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in reading.resources:
        found.setdefault(one.config["folder_id"], set()).add(one.key)
    return found


def quiet(yandex, **settings):
    chosen = {"collect_statistics": "false", **settings}
    return read_account("yandex", yandex.url, settings=chosen)


def test_one_closed_folder_costs_that_folder_and_nothing_is_taken_for_gone(large):
    whole = by_folder(quiet(large))
    closed, *others = large.ids("folders")
    large.put("closed", closed, {})
    reading = quiet(large)
    assert by_folder(reading) == {id_: whole[id_] for id_ in others}
    for name, result in results(reading).items():
        if name.split(".")[0] in {"compute", "vpc", "storage"}:
            assert (result.status, result.reason) == (EndpointStatus.FAILED, "PermissionMissing")
            assert not result.listed
            assert "1 of 4 folders: cloud-large-1/shop" in result.message
    assert outcome(reading.endpoints).status is SyncStatus.PARTIAL


def test_a_choice_of_folders_is_kept_to(large):
    whole = by_folder(quiet(large))
    first, second, *_ = large.ids("folders")
    assert by_folder(quiet(large, folder_ids=f"{first}, {second}")) == {
        id_: whole[id_] for id_ in (first, second)
    }
    assert by_folder(quiet(large, cloud_ids=large.ids("clouds")[0])) == whole


@pytest.mark.parametrize("setting", ["cloud_ids", "folder_ids"])
def test_a_chosen_place_that_is_not_there_proves_nothing_gone(large, setting):
    """It may only be hidden: a role was taken away."""
    reading = quiet(large, **{setting: "b1gnotthereanylonger"})
    assert reading.resources == []
    assert not results(reading)["compute.instances"].listed
    messages = " ".join(e.message or "" for e in reading.endpoints)
    assert "b1gnotthereanylonger" in messages


def test_ids_are_checked_when_they_are_entered():
    with pytest.raises(Invalid) as caught:
        parse_settings(provider("yandex"), {"folder_ids": "b1g…, наш каталог"})
    assert caught.value.field == "folder_ids"


def test_without_the_machines_only_lone_disks_are_told(yandex):
    [id_, _] = yandex.ids("instances")
    extra = yandex.record("disks", yandex.ids("disks")[2])
    extra |= {"id": "fhmattacheddisk00001", "name": "attached", "instanceIds": [id_]}
    yandex.put("disks", extra["id"], extra)
    assert "attached" in {one.name for one in read_account("yandex", yandex.url).resources}
    yandex.fault(Kind.FORBIDDEN, "/compute/v1/instances")
    reading = read_account("yandex", yandex.url)
    assert {one.name for one in reading.resources} == {"db-old-data", "severny-market-media"}
    disks = results(reading)["compute.disks"]
    assert (disks.status, disks.listed) == (EndpointStatus.SUCCEEDED, False)


def test_without_the_disks_machines_keep_their_stored_prices(yandex):
    yandex.fault(Kind.FORBIDDEN, "/compute/v1/disks")
    reading = read_account("yandex", yandex.url)
    machines = [one for one in reading.resources if one.type == "instance"]
    assert len(machines) == 2
    assert all(set(one.unknown) == {"price", "config"} for one in machines)
    assert results(reading)["compute.disks"].status is EndpointStatus.FAILED
    assert results(reading)["compute.instances"].listed


@pytest.mark.parametrize("broken", [{}, {"resources": "?"}], ids=["whole", "broken"])
def test_what_people_keep_in_labels_and_metadata_is_nobodys_business(yandex, broken):
    for kind in ("instances", "disks", "addresses"):
        for id_ in yandex.ids(kind):
            labels = {"db-password": "canary", "env": "prod"}
            yandex.change(kind, id_, {"labels": labels, "metadata": {"user-data": "canary"}})
    for id_ in yandex.ids("instances"):
        yandex.change("instances", id_, broken)
    reading = read_account("yandex", yandex.url)
    told = msgspec.json.encode([reading.resources, reading.quarantined]).decode()
    assert "canary" not in told
    assert '"env":"prod"' in told
    assert bool(reading.quarantined) is bool(broken)


def test_a_closed_bucket_is_listed_without_its_price(yandex):
    yandex.fault(Kind.FORBIDDEN, "/storage/v1/buckets/*")
    reading = read_account("yandex", yandex.url)
    [bucket] = [one for one in reading.resources if one.type == "bucket"]
    assert (bucket.price, set(bucket.unknown)) == (None, {"price", "config", "tags"})
    assert "could not be read" in results(reading)["storage.buckets"].message


def test_nobody_who_pays_can_be_seen(yandex):
    for id_ in yandex.ids("billingAccounts"):
        yandex.remove("billingAccounts", id_)
    reading = read_account("yandex", yandex.url)
    assert outcome(reading.endpoints).status is SyncStatus.SUCCESS
    assert reading.account.account_id == yandex.ids("organizations")[0]
    assert all(one.price for one in reading.resources), "the street's price list is open to all"


def test_of_several_who_pay_it_is_the_one_with_our_cloud(yandex):
    [ours] = yandex.ids("billingAccounts")
    [cloud] = yandex.ids("clouds")
    other = yandex.record("billingAccounts", ours) | {"id": "dn2aaaaaaaaaaaaaaaaa", "name": "x"}
    yandex.remove("billingAccounts", ours)
    kept = other | {"id": ours, "name": "ours"}
    yandex.put("billingAccounts", other["id"], other)
    yandex.put("billingAccounts", ours, kept)
    yandex.change("clouds", cloud, {"billingAccountId": ours})
    assert read_account("yandex", yandex.url).account.account_id == ours


def test_a_page_token_that_comes_again_does_not_go_on_for_ever(large, monkeypatch):
    from infrazen.providers.yandex.wire import common

    plain = common.page_decoder  # the token says: from the first record on

    class Looping:
        def __init__(self, key):
            self._inner = plain(key)

        def decode(self, body):
            page = self._inner.decode(body)
            return type(page)(records=page.records, next_page_token="ZnJvbTow")

    monkeypatch.setattr(common, "page_decoder", Looping)
    reading = quiet(large)
    assert results(reading)["resource-manager.clouds"].reason == "UnexpectedPayload"
    assert "cursor came twice" in results(reading)["resource-manager.clouds"].message
