"""The platform as the chart installs it: a cloud, its custom resource, its Job, the dashboard.

The story begins with the previous version of the chart, and the rest is told by this one.
"""

import re

import pytest
from playwright.sync_api import expect, sync_playwright

from infrazen.manifests.names import REQUESTED_AT
from tests.canary import assert_absent
from tests.chart.rendering import previous_release
from tests.cluster.installed import (
    CHART,
    PASSWORD,
    asked,
    conditions,
    connection,
    images,
    reaching,
    ready,
    released,
    secret,
    simulated_cloud,
    status_of,
)
from tests.cluster.pods import RESTRICTED
from tests.waiting import wait_for

WRONG = "Canary-9f31c7/wrong"
ONCE_A_YEAR = "0 3 1 1 *"


@pytest.fixture(scope="module")
def namespace(node):
    with node.namespace(**RESTRICTED) as name:
        yield name


@pytest.fixture(scope="module")
def values(node, namespace, image):
    """The images that were built here; the rest is as by default, but for the cloud's address."""
    chosen = {"images": images(node, image), "secretWatcher": {"enabled": True}}
    return chosen | reaching(namespace)


@pytest.fixture(scope="module")
def before(node, namespace, image, values):
    """What there was of a connection that a previous version of the chart has made Ready."""
    with simulated_cloud(node, namespace, image("ui")):
        released(node, namespace, "install", previous_release(), values)
        resource = connection(namespace, schedule=ONCE_A_YEAR)
        node.apply(secret(), resource, namespace=namespace)
        ready(node, namespace, seconds=120)
        yield kept(node, namespace)


@pytest.fixture(scope="module")
def synced(node, namespace, before, values):
    """The same after an upgrade to this version, and a sync that was asked for just before it."""
    ask_for_a_sync(node, namespace, "in-mid-upgrade")
    released(node, namespace, "upgrade", CHART, values)
    wait_until_handled(node, namespace, "in-mid-upgrade")
    return namespace


def kept(node, namespace):
    """What no upgrade may change."""
    status = status_of(node, namespace)
    return {
        "keys": node.get("secret", "infrazen-environment", namespace=namespace)["data"],
        "connection": status["connectionId"],
        "next": status["nextScheduleTime"],
        "resources": asked(node, namespace, "SELECT count(*) FROM resource"),
    }


def runs(node, namespace):
    """The names of a connection's runs: as its status tells them, and as the database does."""
    told = [one["jobName"] for one in status_of(node, namespace)["history"]]
    return sorted(told), asked(node, namespace, "SELECT count(*) FROM sync_snapshot")


def ask_for_a_sync(node, namespace, word):
    named = f"{REQUESTED_AT}={word}"
    words = ("annotate", "--overwrite", "cloudconnection/beget-main", named)
    node.kubectl(*words, namespace=namespace)


def wait_until_handled(node, namespace, word):
    """Until the sync that was asked for has ended."""

    def ended():
        status = status_of(node, namespace)
        return status.get("lastHandledReconcileAt") == word and not status.get("activeJob")

    wait_for(ended, seconds=90)
    ready(node, namespace)


def test_an_upgrade_from_the_previous_version_keeps_all_and_loses_no_run(node, synced, before):
    assert kept(node, synced) == before
    told, counted = runs(node, synced)
    # The first one, and that of the upgrade; each once.
    assert len(told) == len(set(told)) == int(counted) == 2


def test_a_connection_that_is_applied_becomes_ready_with_its_figures(node, synced):
    status = status_of(node, synced)
    last = status["lastSync"]
    assert last["phase"] == "Partial"
    assert last["resources"]["found"] == 10
    assert last["cost"]["payable"] == {"daily": "60.73", "monthly": "1847.00"}
    assert last["cost"]["listed"] == {"daily": "121.46", "monthly": "3668.90"}
    assert {one["name"] for one in last["endpoints"]} == {"legacy.mysql", "legacy.ftp"}
    assert conditions(node, synced)["Degraded"]["status"] == "True"
    shown = node.kubectl("get", "cloudconnections", namespace=synced)
    assert re.search(r"beget-main\s+beget\s+True\s+\S+\s+10\s+60\.73", shown)


def test_a_refused_password_stalls_until_the_secret_changes(node, synced):
    before = status_of(node, synced)["lastSync"]["jobName"]
    node.apply(secret(WRONG), namespace=synced)
    node.kubectl(
        "wait",
        "--for=condition=Stalled",
        "cloudconnection/beget-main",
        "--timeout=90s",
        namespace=synced,
    )
    refused = status_of(node, synced)
    assert conditions(node, synced)["CredentialsValid"]["status"] == "False"
    assert refused["lastSync"]["jobName"] != before
    assert refused["lastSync"]["reason"] == "CredentialsRefused"
    node.apply(secret(PASSWORD), namespace=synced)
    ready(node, synced)


def test_no_secret_is_told_to_anybody_who_reads_the_cluster(node, synced):
    for kinds in ("cloudconnections,jobs,pods,events,configmaps", "deployments,leases"):
        listed = node.kubectl("get", kinds, "--output", "json", namespace=synced)
        assert_absent(listed, where=kinds, canary=WRONG)
    for component in ("operator", "secret-watcher", "ui"):
        chosen = f"app.kubernetes.io/component={component}"
        said = node.kubectl(
            "logs", "--all-containers", "--tail=-1", "--selector", chosen, namespace=synced
        )
        assert_absent(said, where=f"the log of the {component}", canary=WRONG)


def test_the_dashboard_shows_what_a_job_has_read(node, synced):
    said = node.kubectl("logs", "deployment/infrazen-ui", "-c", "ui", namespace=synced)
    code = re.search(r"/setup\?code=(\S+)", said)[1]
    service = node.get("service", "infrazen-ui", namespace=synced)
    address = f"http://{service['spec']['clusterIP']}:{service['spec']['ports'][0]['port']}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(locale="ru-RU")
        page.goto(f"{address}/setup?code={code}")
        page.get_by_label("Организация").fill("Пример")
        page.get_by_label("Ваше имя").fill("Анна Петрова")
        page.get_by_label("Электронная почта").fill("anna@example.com")
        page.get_by_label("Пароль", exact=True).fill("long-enough-for-a-test")
        page.get_by_role("button", name="Создать и войти").click()
        expect(page.get_by_role("button", name="Профиль: Анна Петрова")).to_be_visible()
        page.goto(f"{address}/connections")
        card = page.get_by_role("article").filter(has_text="Beget, основной")
        expect(card).to_contain_text("60,73", timeout=20_000)
        expect(card).to_contain_text(f"{synced}/beget-main")
        browser.close()


def test_a_sync_can_be_asked_for(node, synced):
    ask_for_a_sync(node, synced, "now-1")
    wait_until_handled(node, synced, "now-1")


def test_helm_tests_it_and_goes_back_and_forth_and_keeps_all(node, synced, before, values):
    node.helm("test", "infrazen", namespace=synced)
    told = runs(node, synced)
    node.helm("rollback", "infrazen", "1", "--wait", "--timeout", "240s", namespace=synced)
    assert (kept(node, synced), runs(node, synced)) == (before, told)
    released(node, synced, "upgrade", CHART, values, "--set", "operator.maxRunningSyncs=3")
    assert (kept(node, synced), runs(node, synced)) == (before, told)
    assert conditions(node, synced)["Ready"]["status"] == "True"


def test_a_deleted_connection_takes_its_data_along_and_a_released_one_goes(node, synced):
    node.apply(connection(synced, schedule=ONCE_A_YEAR, deletionPolicy="Delete"), namespace=synced)
    node.kubectl("delete", "cloudconnection/beget-main", "--timeout=120s", namespace=synced)
    assert asked(node, synced, "SELECT count(*) FROM resource") == "0"


def test_uninstalled_it_leaves_connections_and_their_definition(node, synced):
    node.helm("uninstall", "infrazen", "--wait", namespace=synced)
    assert "cloudconnections.infrazen.io" in node.kubectl("get", "crd")
    left = node.kubectl("get", "deployments,statefulsets", "--output", "name", namespace=synced)
    assert left.strip() == ""
