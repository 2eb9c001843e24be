"""The figures of Beget's reference account, asked of the API alone: connect, sync, look."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from infrazen.db.session import Database
from infrazen.domain.syncs import EndpointStatus
from infrazen.provider_kit.simulation.control import SimulatorControl
from infrazen.provider_kit.simulation.faults import Kind
from tests.api.conftest import ApiClient
from tests.api.reference_account import ReferenceAccount, connected


@pytest.fixture
def account(
    api: ApiClient, database: Database, beget_simulator: SimulatorControl
) -> ReferenceAccount:
    found = connected(api, database, beget_simulator)
    found.sync()
    return found


def test_a_connection_is_tested_before_it_is_kept(api, database, beget_simulator):
    account = connected(api, database, beget_simulator)
    draft = account.draft("second", password="wrong")
    refused = account.client.post("/api/v1/connections/test", json=draft)
    assert (refused.status_code, refused.json()["reason"]) == (422, "CredentialsRefused")
    found = account.client.post(f"{account.path}/test", json={}).json()
    assert {part["name"]: part["is_open"] for part in found["parts"]} == {
        "legacy.account": True,
        "modern.auth": True,
    }
    assert found["account"]["balance"] == "174.51"
    assert len(account.client.get("/api/v1/connections").json()["items"]) == 1


def test_a_new_connection_waits_and_then_tells_how_it_went(api, database, beget_simulator):
    account = connected(api, database, beget_simulator)
    assert account.get()["state"] == "waiting"
    waiting = account.get("/sync")
    assert (waiting["is_waiting"], waiting["running"], waiting["last"]) == (True, None, None)
    again = account.client.post(f"{account.path}/sync")
    assert (again.status_code, again.json()["is_new"]) == (202, False)
    assert again.headers["location"] == again.json()["status_url"] == f"{account.path}/sync"
    account.sync()
    shown = account.get()
    assert (shown["state"], shown["last_status"], shown["resources"]) == ("partial", "partial", 10)
    last = account.get("/sync")["last"]
    assert last["id"] == shown["last_snapshot_id"]
    assert last["failed_endpoints"] == ["legacy.mysql", "legacy.ftp"]


def test_a_sync_finds_ten_resources_and_names_what_it_may_not_read(account):
    (listed,) = account.client.get("/api/v1/snapshots").json()["items"]
    run = account.client.get(f"/api/v1/snapshots/{listed['id']}").json()
    assert (run["status"], run["counts"]["found"], run["counts"]["created"]) == ("partial", 10, 10)
    assert run["by_type"] == {"domain": 6, "vps": 2, "mysql": 1, "s3": 1}
    assert run["by_status"] == {"active": 1, "inactive": 5, "running": 4}
    failed = {
        one["name"]: one["message"]
        for one in run["endpoints"]
        if one["status"] == EndpointStatus.FAILED
    }
    assert failed == {
        "legacy.mysql": "Cannot access method mysql",
        "legacy.ftp": "Cannot access method ftp",
    }
    assert {one["reason"] for one in run["endpoints"]} == {None, "PermissionMissing"}


def test_before_cloud_services_can_be_read_there_are_eight(api, database, beget_simulator):
    account = connected(api, database, beget_simulator)
    beget_simulator.fault(Kind.HTML, path="/v1/cloud")
    account.sync()
    assert account.get()["resources"] == 8


def test_every_line_is_listed_and_the_account_pays_once(account):
    rates = {
        "currency": "RUB",
        "payable": {"daily": "60.73", "monthly": "1847.00"},
        "listed": {"daily": "121.46", "monthly": "3668.90"},
    }
    (run,) = account.client.get("/api/v1/snapshots").json()["items"]
    assert run["cost"] == rates
    assert account.get()["costs"] == [rates]
    (found,) = account.get("/reconciliation")["items"]
    assert found["account"] == rates["payable"]
    assert found["listed"] == rates["listed"]
    assert found["payable"] == rates["payable"]
    assert found["explained"] == {"daily": "60.73", "monthly": "1821.90"}
    assert found["residual"] == {"daily": "0.00", "monthly": "25.10"}
    assert found["explained_percent"] == 100


def test_every_resource_costs_what_it_states(account):
    assert {
        one["name"]: (one["daily_cost"], one["monthly_cost"])
        for one in account.items("/api/v1/resources")
        if one["daily_cost"] is not None
    } == {
        "Objective Perrin": ("22.00", "660.00"),
        "runner rus": ("9.73", "291.90"),
        "Cloud database 1": ("29.00", "870.00"),
        "Humane Orrin": ("0.00", "0.00"),
    }


@pytest.mark.parametrize(
    ("server", "metric", "average", "percent", "tier"),
    [
        ("runner rus", "cpu", 7.66, 7.66, "low"),
        ("runner rus", "memory", 991.38, 48.41, "medium"),
        ("Objective Perrin", "cpu", 9.19, 9.19, "low"),
        ("Objective Perrin", "memory", 1145.82, 55.95, "medium"),
    ],
)
def test_every_statistic(account, server, metric, average, percent, tier):
    full = account.resource(server)
    (use,) = [one for one in full["usage"] if one["metric"] == metric]
    assert (round(use["average"], 2), round(use["average_percent"], 2)) == (average, percent)
    assert use["tier"] == tier
    readings = account.items(f"/api/v1/resources/{full['id']}/readings?metric={metric}&hours=48")
    assert len(readings) == use["points"]
    mean = sum(one["value"] for one in readings) / len(readings)
    assert mean == pytest.approx(use["average"], rel=1e-6)


def test_what_is_inside_and_around_the_resources(account):
    for server in ("runner rus", "Objective Perrin"):
        full = account.resource(server)
        assert [(one["name"], one["version"]) for one in full["components"]] == [("n8n", "1.108.2")]
        config = full["provider_config"]
        assert (config["cpu"], config["memory_mb"], config["disk_mb"]) == (2, 2048, 30720)
        assert full["secrets"]
        assert all(
            set(one) == {"field", "label", "fingerprint", "set_at"} for one in full["secrets"]
        )
    known = account.get("/account")["account"]
    assert (known["balance"], known["currency"]) == ("174.51", "RUB")
    assert (known["days_to_block"], known["status"]) == (2, "warning")
    assert (known["charge"]["daily"], known["charge"]["yearly"]) == ("60.73", "22166.00")


def test_secrets_come_out_by_their_audited_door_only(account):
    full = account.resource("runner rus")
    for secret in full["secrets"]:
        door = f"/api/v1/resources/{full['id']}/secrets/{secret['field']}/reveal"
        assert account.client.post(door).json()["value"]
    events = account.items("/api/v1/audit")
    revealed = [each["details"]["secret"] for each in events if each["action"] == "secret.reveal"]
    assert sorted(revealed) == sorted(one["field"] for one in full["secrets"])


def test_the_second_sync_changes_nothing(account):
    account.sync()
    second, first = account.items("/api/v1/snapshots")
    assert (second["counts"]["unchanged"], second["counts"]["updated"]) == (10, 0)
    assert account.items(f"/api/v1/snapshots/{second['id']}/changes") == []
    assert len(account.items(f"/api/v1/snapshots/{first['id']}/changes")) == 10
    states = account.items(f"/api/v1/snapshots/{second['id']}/states")
    assert [one["change"] for one in states] == ["unchanged"] * 10


def test_a_change_is_told_by_snapshot_comparison_and_resource(account, beget_simulator):
    full = account.resource("runner rus")
    server = beget_simulator.record("vps", full["external_id"])
    dearer = {**server["configuration"], "price_day": 12.5, "price_month": 375}
    beget_simulator.change("vps", full["external_id"], {"configuration": dearer})
    account.sync()
    newer, older = account.items("/api/v1/snapshots")
    for path in (
        f"/api/v1/snapshots/{newer['id']}/changes",
        f"/api/v1/snapshots/compare?older={older['id']}&newer={newer['id']}",
    ):
        (change,) = account.items(path)
        assert (change["resource_id"], change["change"]) == (full["id"], "updated")
        assert change["previous"]["price"]["daily"] == "9.73"
        assert change["current"]["price"]["daily"] == "12.50"
    history = account.items(f"/api/v1/resources/{full['id']}/history")
    assert [one["change"] for one in history] == ["updated", "created"]


def test_the_dashboard_counts_payable_money_only(account):
    shown = account.client.get("/api/v1/costs/dashboard").json()
    (expenses,) = shown["expenses"]
    assert (expenses["currency"], expenses["total"]) == ("RUB", "60.73")
    assert expenses["recorded_days"] == 1
    assert [one["amount"] for one in expenses["daily"] if one["amount"]] == ["60.73"]
    assert len(expenses["daily"]) == 30
    (running,) = shown["running"]
    assert running["payable"] == {"daily": "60.73", "monthly": "1847.00"}
    assert running["listed"] == {"daily": "121.46", "monthly": "3668.90"}
    assert shown["resources"] == 10
    assert shown["balances"][0]["balance"] == {"amount": "174.51", "currency": "RUB"}
    assert shown["balances"][0]["is_urgent"]
    assert {one["metric"] for one in shown["utilisation"]} >= {"cpu", "memory"}


def test_the_founding_routes_answer_as_the_new_ones(account):
    status = account.client.get(f"/api/providers/{account.id}/sync/status").json()
    assert status == account.get("/sync")
    assert account.client.get("/api/sync/snapshots").json() == (
        account.client.get("/api/v1/snapshots").json()
    )
    asked = account.client.post(f"/api/providers/beget/{account.id}/sync")
    assert (asked.status_code, asked.json()["is_new"]) == (202, True)
    assert account.get("/sync")["is_waiting"] is True


FILTERS: list[dict[str, Any]] = [
    {},
    {"type": "vps"},
    {"type": ["vps", "mysql"], "sort": "name", "order": "asc"},
    {"text": "neurocola", "sort": "name"},
    {"status": "inactive", "sort": "changed"},
    {"region": "ru2", "sort": "type", "order": "asc"},
    {"tag": "team=web"},
    {"presence": "deleted"},
]


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_the_exported_file_is_the_listed_query(account, wanted, beget_simulator):
    tagged = [account.resource("runner rus")["id"]]
    tags = {"resource_ids": tagged, "put": {"team": "web"}}
    assert account.client.patch("/api/v1/resources/tags", json=tags).status_code == 204
    beget_simulator.remove("vps", account.resource("Objective Perrin")["external_id"])
    account.sync()
    listed, cursor = [], {}
    while True:
        page = account.client.get("/api/v1/resources", params={**wanted, "limit": 2, **cursor})
        listed += page.json()["items"]
        if page.json()["next_cursor"] is None:
            break
        cursor = {"cursor": page.json()["next_cursor"]}
    assert listed
    totals = account.client.get(
        "/api/v1/resources/totals",
        params={name: value for name, value in wanted.items() if name not in {"sort", "order"}},
    ).json()
    rows = exported(account, "/api/v1/exports/resources.csv", wanted)
    assert totals["count"] == len(listed) == len(rows)
    for row, line in zip(rows, listed, strict=True):
        for column, cell in row.items():
            assert same(column, cell, listed_as(line, column)), column


def test_the_exported_costs_are_the_listed_ones(account):
    names = {account.id: account.get()["display_name"]}
    listed = account.items("/api/v1/costs/daily?days=7")
    rows = exported(account, "/api/v1/exports/costs.csv", {"days": 7})
    assert [
        (row["day"], row["connection"], float(row["cost"]), row["currency"]) for row in rows
    ] == [
        (one["day"], names[one["connection_id"]], float(one["amount"]), one["currency"])
        for one in listed
    ]
    assert [one["amount"] for one in listed] == ["60.73"]


def exported(account: ReferenceAccount, path: str, wanted: dict[str, Any]) -> list[dict[str, str]]:
    answer = account.client.get(path, params=wanted)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def listed_as(line: dict[str, Any], column: str) -> Any:
    """What the list says of a column; what the provider says stands apart there."""
    kind, _, name = column.partition("_")
    if kind != "provided":
        return line[column]
    said = line["provided"] or {"name": None, "price": None}
    return said[name] if name in said else (said["price"] or {}).get(name)


def same(column: str, cell: str, listed: Any) -> bool:
    """Whether a cell says what the list does; the list writes money with two decimals."""
    if listed is None:
        return cell == ""
    read: Callable[[str], Any] = float if column.endswith("_cost") else str
    return bool(read(cell) == read(listed))


def test_a_file_has_the_columns_of_the_screen_in_their_order(account):
    tagged = [account.resource("runner rus")["id"]]
    tags = {"resource_ids": tagged, "put": {"team": "web"}}
    assert account.client.patch("/api/v1/resources/tags", json=tags).status_code == 204
    columns = ["cost", "project", "tag:team", "last_seen", "cost_day"]
    path = "/api/v1/exports/resources.csv"
    rows = exported(account, path, {"text": "runner", "column": columns})
    (row,) = rows
    assert list(row) == [
        "name",
        "daily_cost",
        "monthly_cost",
        "currency",
        "cost_source",
        "project",
        "tag:team",
        "last_seen_at",
    ]
    assert (row["name"], row["daily_cost"], row["tag:team"]) == ("runner rus", "9.73", "web")
    assert row["last_seen_at"].endswith("+00:00")


def test_a_file_of_what_is_no_column_is_refused(account):
    answer = account.client.get("/api/v1/exports/resources.csv", params={"column": "secret"})
    assert (answer.status_code, answer.json()["field"]) == (422, "column")
