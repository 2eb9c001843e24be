"""The simulator, compared with what is known of the real API."""

from collections import Counter
from datetime import UTC, datetime
from statistics import fmean

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrazen.provider_kit.simulation.simulator import Setting
from infrazen.providers.beget.simulator.series import series
from infrazen.providers.beget.simulator.worlds import grow

ME = {"login": "demo", "passwd": "simulator-password"}


@pytest.fixture
def http(beget_simulator):
    with httpx.Client(base_url=beget_simulator.url, trust_env=False) as client:
        yield client


@pytest.fixture
def cloud(http):
    answer = http.post("/v1/auth", json={"login": "demo", "password": "simulator-password"})
    http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return http


def refused(code: str, text: str) -> dict[str, str]:
    return {"status": "error", "error_text": text, "error_code": code}


def test_hosting_takes_get_and_post_alike(http):
    by_get = http.get("/api/user/getAccountInfo", params=ME)
    by_post = http.post("/api/user/getAccountInfo", data=ME)
    mixed = http.post("/api/user/getAccountInfo?login=demo", data={"passwd": ME["passwd"]})
    assert by_get.json() == by_post.json() == mixed.json()
    answer = by_get.json()["answer"]
    assert (by_get.json()["status"], answer["status"]) == ("success", "success")
    assert answer["result"]["user_is_year_plan"] == "0"
    assert answer["result"]["plan_domain"] == 2147483647


def test_hosting_does_not_say_that_it_is_json(http):
    assert "html" in http.get("/api/user/getAccountInfo", params=ME).headers["content-type"]


@pytest.mark.parametrize("wrong", [{"login": "demo"}, {**ME, "passwd": "x"}, {**ME, "login": "x"}])
def test_a_wrong_password_is_an_api_error_with_status_200(http, wrong):
    answer = http.post("/api/user/getAccountInfo", data=wrong)
    assert (answer.status_code, answer.json()["error_code"]) == (200, "AUTH_ERROR")


@pytest.mark.parametrize("method", ["mail/getList", "user/getEverything", "nothing/at_all"])
def test_methods_that_do_not_exist(http, method):
    answer = http.post(f"/api/{method}", data=ME)
    assert answer.json() == refused("NO_SUCH_METHOD", "No such method")


@pytest.mark.parametrize("section", ["mysql", "ftp"])
def test_closed_sections(http, section):
    answer = http.post(f"/api/{section}/getList", data=ME).json()
    assert answer["error_text"] == f"Cannot access method {section}"


@pytest.mark.parametrize(
    "arguments",
    [
        {"domain": "neurocola.com"},
        {"input_format": "json", "input_data": '{"domain":"neurocola.com"}'},
    ],
)
def test_arguments_come_plain_or_as_json(http, arguments):
    answer = http.post("/api/mail/getMailboxList", data=ME | arguments).json()
    [box] = answer["answer"]["result"]
    assert box["mailbox"] == "info"


def test_a_missing_argument_is_the_methods_error(http):
    answer = http.post("/api/mail/getMailboxList", data=ME).json()
    assert answer["status"] == "success"
    assert answer["answer"]["errors"][0]["error_code"] == "INVALID_DATA"


def test_arguments_that_are_no_json(http):
    broken = ME | {"input_format": "json", "input_data": "{"}
    answer = http.post("/api/domain/getList", data=broken).json()
    assert answer["error_code"] == "INCORRECT_REQUEST"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"login": "", "password": "x"}, "EMPTY_LOGIN"),
        ({"login": "demo"}, "EMPTY_PASSWORD"),
        ({"login": "demo", "password": "x"}, "INCORRECT_CREDENTIALS"),
    ],
)
def test_sign_in_errors_come_with_status_200(http, body, error):
    answer = http.post("/v1/auth", json=body)
    assert (answer.status_code, answer.json()) == (200, {"error": error})


def test_without_a_good_token_everything_is_401(http):
    for path in ("/v1/vps/server/list", "/v1/cloud", "/v1/vps/region"):
        assert http.get(path).status_code == 401
        assert http.get(path, headers={"Authorization": "Bearer x.y.z"}).status_code == 401


def test_a_refreshed_token_replaces_the_old_one(cloud):
    answer = cloud.post("/v1/auth/refresh")
    assert cloud.get("/v1/vps/region").status_code == 401
    cloud.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    assert cloud.get("/v1/vps/region").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/vps/server/nobody",
        "/v1/cloud/nobody",
        "/v1/vps/statistic/cpu/nobody",
        "/v1/vps/nobody/history",
        "/v1/vps/statistic/mood/0d8c9c3e-7f4e-4b7e-9d4f-2a1f6f1d3b10",
    ],
)
def test_unknown_ids_are_404(cloud, path):
    assert cloud.get(path).status_code == 404


def test_regions_are_those_of_the_reference_with_all_their_fields(cloud):
    regions = cloud.get("/v1/vps/region").json()["regions"]
    assert [region["id"] for region in regions] == ["ru1", "ru2", "kz1", "lv1"]
    fields = {"id", "name", "name_en", "country", "available", "priority", "short_name"}
    assert all(set(region) == fields for region in regions)


def test_processes_need_an_agent_that_is_not_there(cloud, beget_simulator):
    server = beget_simulator.ids("vps")[0]
    answer = cloud.get(f"/v1/vps/statistic/processes/{server}")
    assert answer.status_code == 200
    assert answer.json()["error"]["code"] == "GUEST_AGENT_UNAVAILABLE"
    assert cloud.get("/v1/vps/statistic/processes/nobody").status_code == 404


def test_lists_are_paged_by_offset_and_limit(cloud, beget_simulator):
    beget_simulator.reset("large", size=200)
    token = cloud.post("/v1/auth", json={"login": "demo", "password": "simulator-password"})
    cloud.headers["Authorization"] = f"Bearer {token.json()['token']}"
    total = beget_simulator.state()["collections"]["vps"]
    seen = []
    for offset in range(0, total, 50):
        page = cloud.get("/v1/vps/server/list", params={"offset": offset, "limit": 50}).json()
        assert page["total_count"] == total
        seen += [server["id"] for server in page["vps"]]
    assert len(set(seen)) == total
    beyond = cloud.get("/v1/vps/server/list", params={"offset": 10_000}).json()
    assert beyond == {"vps": [], "total_count": total}


def test_the_price_of_a_smaller_machine_can_be_asked_for(cloud):
    size = {"params.cpu_count": 2, "params.memory": 2048, "params.disk_size": 30720}
    answer = cloud.get("/v1/vps/configurator/calculation", params=size).json()["success"]
    assert (answer["price_day"], answer["price_month"]) == (22, 660)
    smaller = size | {"params.cpu_count": 1}
    answer = cloud.get("/v1/vps/configurator/calculation", params=smaller).json()["success"]
    assert answer["price_day"] == 18


def test_bytes_are_strings_and_megabytes_are_numbers(cloud):
    server = cloud.get("/v1/vps/server/list").json()["vps"][0]
    assert isinstance(server["disk_used"], str)
    assert isinstance(server["configuration"]["memory"], int)
    assert sum(len(str(value)) for value in server.values()) > 700, "about a kilobyte each"


@pytest.mark.parametrize("size", [10, 100, 1000, 4321])
def test_a_large_world_has_as_many_resources_as_asked_for(size):
    world = grow(Setting(world="large", size=size))
    kinds = ("vps", "services", "snapshots", "addresses", "domains")
    assert sum(len(world[kind]) for kind in kinds) == size


def test_the_same_seed_grows_the_same_world():
    def ids(seed):
        return grow(Setting(world="large", size=50, seed=seed))["vps"].ids()

    assert ids(7) == ids(7)
    assert not set(ids(7)) & set(ids(8))


def test_a_large_accounts_rate_is_the_sum_of_its_prices():
    world = grow(Setting(world="large", size=500))
    [account] = world["account"]
    prices = [server["configuration"]["price_day"] for server in world["vps"]]
    prices += [record["price_day"] for kind in ("services", "snapshots") for record in world[kind]]
    assert account["user_rate_current"] == pytest.approx(sum(prices))


def test_the_control_changes_adds_and_takes_away(beget_simulator):
    control = beget_simulator
    [first, second] = control.ids("vps")
    control.change("vps", first, {"display_name": "Renamed", "configuration": {"cpu_count": 4}})
    changed = control.record("vps", first)
    assert (changed["display_name"], changed["configuration"]["cpu_count"]) == ("Renamed", 4)
    assert changed["configuration"]["memory"] == 2048
    control.put("vps", "third", changed | {"id": "third"})
    control.remove("vps", second)
    assert control.ids("vps") == [first, "third"]
    control.change("account", "account", {"user_balance": -1})
    assert control.record("account", "account")["user_balance"] == -1
    control.reset()
    assert control.ids("vps") == [first, second]


def test_the_control_says_no_clearly(beget_simulator):
    for wrong in (
        lambda: beget_simulator.record("vps", "nobody"),
        lambda: beget_simulator.put("nothing", "x", {}),
        lambda: beget_simulator.reset("nowhere"),
        lambda: beget_simulator.fault("mood"),
    ):
        with pytest.raises(RuntimeError, match="the simulator refused"):
            wrong()


def test_requests_are_remembered_without_query_and_body(beget_simulator, http):
    http.get("/api/user/getAccountInfo", params=ME)
    assert beget_simulator.requests() == [
        {"method": "GET", "path": "/api/user/getAccountInfo", "status": 200}
    ]


# One reading can't be higher than all together.
profiles = (
    st.tuples(st.integers(1, 9000), st.integers(0, 4000), st.integers(2, 200))
    .filter(lambda p: p[0] + p[1] <= p[0] * p[2])
    .map(lambda p: {"average": p[0] / 100, "maximum": (p[0] + p[1]) / 100, "points": p[2]})
)


@given(profile=profiles, name=st.sampled_from(["cpu", "memory"]))
def test_series_are_exact_to_the_hundredth(profile, name):
    now = datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC)
    made = series("machine", name, profile, period="HOUR", now=now)
    values = made["value"]
    assert len(values) == len(made["date"]) == profile["points"]
    assert fmean(values) == pytest.approx(profile["average"], abs=1e-9)
    assert max(values) <= profile["maximum"] + 1e-9
    assert min(values) >= 0
    assert made["date"][-1] == "2026-03-01T12:34:00Z"
    assert made == series("machine", name, profile, period="HOUR", now=now)


@pytest.mark.parametrize(
    ("period", "points"), [("HOUR", 108), ("DAY", 144), ("WEEK", 168), ("MONTH", 360)]
)
def test_longer_periods_have_wider_steps(cloud, period, points):
    path = "/v1/vps/statistic/cpu/6b1e2f52-90a1-4d1c-8a37-5a3b1c9e7d21"
    cpu = cloud.get(path, params={"period": period}).json()["cpu"]
    assert Counter(len(part) for part in cpu.values()) == {points: 2}
