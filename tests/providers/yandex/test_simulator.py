"""The simulator, compared with what is known of the real API."""

from datetime import UTC, datetime, timedelta
from statistics import fmean

import pytest

from infrazen.domain.syncs import SyncStatus
from infrazen.provider_kit.outcome import outcome
from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.providers.yandex.mapper import monitoring as mapper
from infrazen.providers.yandex.simulator.worlds import grow
from tests.providers.yandex.conftest import OAUTH
from tests.simulators import read_account

DAY = timedelta(days=1)


@pytest.fixture
def folder(yandex) -> str:
    return yandex.ids("folders")[0]


def test_without_a_good_token_everything_is_unauthenticated(yandex, http):
    for path in ("/compute/v1/instances", "/billing/v1/skus", "/resource-manager/v1/clouds"):
        answer = http.get(path, headers={"Authorization": "Bearer t1.wrong"})
        assert (answer.status_code, answer.json()["code"]) == (401, 16)
        assert answer.json()["details"][0]["@type"].endswith("google.rpc.RequestInfo")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/compute/v1/instances", 400, 3),
        ("/compute/v1/instances?folderId=b1gunknown", 403, 7),
        ("/storage/v1/buckets/nobodys-bucket:getStats", 404, 5),
        ("/billing/v1/skus", 400, 3),
        ("/resource-manager/v1/folders", 400, 3),
    ],
)
def test_errors_are_rpc_statuses(http, path, status, code):
    answer = http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_json_is_that_of_proto3(http, folder):
    answer = http.get("/compute/v1/instances", params={"folderId": folder}).json()
    assert "nextPageToken" not in answer
    [web, _] = answer["instances"]
    assert web["resources"] == {"memory": "17179869184", "cores": "8", "coreFraction": "100"}
    assert "preemptible" not in web["schedulingPolicy"], "false is left out"
    assert "secondaryDisks" not in web, "an empty list is left out"
    empty = http.get("/compute/v1/snapshots", params={"folderId": folder})
    assert empty.json() == {}


def test_a_listing_of_buckets_leaves_out_what_only_the_full_view_has(http, folder):
    [listed] = http.get("/storage/v1/buckets", params={"folderId": folder}).json()["buckets"]
    path = f"/storage/v1/buckets/{listed['name']}"
    assert "tags" not in listed
    assert "tags" not in http.get(path).json()
    assert http.get(path, params={"view": "VIEW_FULL"}).json()["tags"]


def test_lists_are_paged_by_an_opaque_token(yandex, http):
    yandex.reset("large", size=900)
    answer = http.post("/iam/v1/tokens", json={"yandexPassportOauthToken": OAUTH})
    http.headers["Authorization"] = f"Bearer {answer.json()['iamToken']}"
    params = {"folderId": yandex.ids("folders")[0], "pageSize": 50}
    seen: list[str] = []
    while True:
        page = http.get("/compute/v1/instances", params=params).json()
        seen += [one["id"] for one in page["instances"]]
        if "nextPageToken" not in page:
            break
        params["pageToken"] = page["nextPageToken"]
    assert len(seen) == len(set(seen)) > 100
    for wrong in ({"pageSize": 1001}, {"pageToken": "no token"}):
        refused = http.get("/compute/v1/instances", params=params | wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, 3)


@pytest.mark.parametrize("size", [1, 10, 137, 5000])
def test_a_large_world_has_as_many_resources_as_asked_for(size):
    grown = grow(Setting(world="large", size=size))
    kinds = ("instances", "disks", "snapshots", "images", "addresses", "buckets")
    boot_disks = len(grown["instances"])
    assert sum(len(grown[kind]) for kind in kinds) - boot_disks == size


def test_the_same_seed_grows_the_same_world():
    def ids(seed: int) -> list[str]:
        return grow(Setting(world="large", size=50, seed=seed))["instances"].ids()

    assert ids(1) == ids(1) != ids(2)


def test_every_world_can_be_read(yandex):
    for world in ("reference", "empty", "large"):
        yandex.reset(world, size=300)
        reading = read_account("yandex", yandex.url)
        assert outcome(reading.endpoints).status is SyncStatus.SUCCESS, world
        assert reading.quarantined == []


# What moves with time


def sizes(yandex, at: datetime) -> float:
    yandex.reset(moment=at)
    reading = read_account("yandex", yandex.url)
    [series] = [u for u in reading.usage if u.resource.startswith("bucket/") and u.metric == "disk"]
    return series.points[0].value


def test_a_bucket_grows_by_the_day(yandex):
    first = datetime(2026, 3, 1, 12, tzinfo=UTC)
    before, after = sizes(yandex, first), sizes(yandex, first + 30 * DAY)
    assert after - before == 30 * 2 * 1024


def cpu(http, folder, since: datetime, until: datetime, *, hours: int = 1) -> list[float]:
    body = mapper.question(
        mapper.COMPUTE[0], ["web-1"], since=since, until=until, grid=timedelta(hours=hours)
    )
    answer = http.post("/monitoring/v2/data/read", json=body, params={"folderId": folder}).json()
    [line] = answer["metrics"]
    assert len(line["timeseries"]["timestamps"]) == len(line["timeseries"]["doubleValues"])
    return line["timeseries"]["doubleValues"]


def test_load_has_a_daily_and_a_weekly_rhythm(http, folder):
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    week = cpu(http, folder, monday, monday + 7 * DAY)
    assert len(week) == 168
    workdays, weekend = week[:120], week[120:]
    assert fmean(workdays) > 1.3 * fmean(weekend)
    by_hour = [fmean(workdays[hour::24]) for hour in range(24)]
    assert 8 <= by_hour.index(max(by_hour)) <= 16
    assert fmean(week) == pytest.approx(12.0, rel=0.1)


def test_the_past_does_not_change(http, folder):
    since = datetime(2026, 3, 2, tzinfo=UTC)
    assert cpu(http, folder, since, since + DAY) == cpu(http, folder, since, since + DAY)


def test_nothing_is_known_of_the_future_or_of_before_a_machine_was(yandex, http, folder):
    yandex.reset(moment=datetime(2026, 3, 2, 12, tzinfo=UTC))
    answer = http.post("/iam/v1/tokens", json={"yandexPassportOauthToken": OAUTH})
    http.headers["Authorization"] = f"Bearer {answer.json()['iamToken']}"
    day = datetime(2026, 3, 2, tzinfo=UTC)
    assert len(cpu(http, folder, day, day + DAY)) == 12
    assert (
        cpu(http, folder, datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)) == []
    )


def test_a_question_that_asks_too_much_is_refused(http, folder):
    since = datetime(2026, 1, 1, tzinfo=UTC)
    body = mapper.question(
        mapper.COMPUTE[0],
        ["web-1"],
        since=since,
        until=since + 300 * DAY,
        grid=timedelta(minutes=1),
    )
    answer = http.post("/monitoring/v2/data/read", json=body, params={"folderId": folder})
    assert (answer.status_code, answer.json()["code"]) == (400, 3)


def test_prices_are_told_in_each_currency(http):
    by_currency = {}
    for currency in ("RUB", "USD", "KZT"):
        answer = http.get("/billing/v1/skus", params={"currency": currency, "pageSize": 1000})
        skus = {sku["id"]: sku for sku in answer.json()["skus"]}
        [_, now] = skus["dn2k3vqlk9snp1jv351u"]["pricingVersions"]
        by_currency[currency] = now["pricingExpressions"][0]["rates"][0]
    assert {currency: rate["currency"] for currency, rate in by_currency.items()} == {
        currency: currency for currency in by_currency
    }
    assert by_currency["RUB"]["unitPrice"] == "1.24"
