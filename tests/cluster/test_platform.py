"""The platform as the chart installs it: a cloud, its custom resource, its Job, the dashboard.

The story begins with the previous version of the chart, and the rest is told by this one.
"""

import re
from base64 import b64decode

import pytest
from images import IMAGES
from playwright.sync_api import expect

from infrazen.manifests.names import CREDENTIALS_VERSION, PURPOSE, REQUESTED_AT
from tests.canary import assert_absent
from tests.chart.rendering import previous_release
from tests.cluster.browsing import browsing, sign_up
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
from tests.cluster.observed import Packed, memory, readable
from tests.cluster.pods import RESTRICTED
from tests.cluster.strikes import containers, kill, silent_cloud, slow_cloud, wait_until_it_syncs
from tests.waiting import wait_for

WRONG = "Canary-9f31c7/wrong"
ONCE_A_YEAR = "0 3 1 1 *"
IDLE_BYTES = 600_000_000
OPERATOR, SYNC = "app.kubernetes.io/component=operator", f"{PURPOSE}=sync"
FOUND = "SELECT count(*), sum(daily_cost) FROM resource WHERE is_active"
SOON = [
    {
        "key": f"node.kubernetes.io/{trouble}",
        "operator": "Exists",
        "effect": "NoExecute",
        "tolerationSeconds": 1,
    }
    for trouble in ("unreachable", "not-ready")
]
"""Tolerations with which a pod leaves a node that is in trouble at once, not in five minutes."""


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
def cloud(node, namespace, image):
    with simulated_cloud(node, namespace, image("ui")) as home:
        yield home


@pytest.fixture(scope="module")
def before(node, namespace, cloud, values):
    """What there was of a connection that a previous version of the chart has made Ready."""
    released(node, namespace, "install", previous_release(), values)
    node.apply(secret(), yearly(namespace), namespace=namespace)
    ready(node, namespace, seconds=110)
    return kept(node, namespace)


@pytest.fixture(scope="module")
def synced(node, namespace, before, values):
    """The same after an upgrade to this version, and a sync that was asked for just before it."""
    ask_for_a_sync(node, namespace, "in-mid-upgrade")
    released(node, namespace, "upgrade", CHART, values)
    wait_until_handled(node, namespace, "in-mid-upgrade")
    return namespace


def yearly(namespace, **spec):
    return connection(namespace, schedule=ONCE_A_YEAR, **spec)


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
    return sorted(told), int(asked(node, namespace, "SELECT count(*) FROM sync_snapshot"))


def ask_for_a_sync(node, namespace, word):
    named = f"{REQUESTED_AT}={word}"
    words = ("annotate", "--overwrite", "cloudconnection/beget-main", named)
    node.kubectl(*words, namespace=namespace)


def wait_until_handled(node, namespace, word=None):
    wait_until_at_rest(node, namespace, word)
    ready(node, namespace)


def wait_until_at_rest(node, namespace, word=None):
    """Wait until nothing is to do, and the sync asked for by ``word`` has ended, well or not."""

    def is_at_rest():
        resource = node.get("cloudconnection", "beget-main", namespace=namespace)
        status, notes = resource["status"], resource["metadata"]["annotations"]
        if {"activeJob", "queuedSince"} & status.keys():
            return False
        if status.get("observedCredentials") != notes.get(CREDENTIALS_VERSION):
            return False
        return word in (None, status.get("lastHandledReconcileAt"))

    wait_for(is_at_rest, seconds=180)


def handled(node, namespace):
    """The last word by which a sync was asked for and begun."""
    return status_of(node, namespace)["lastHandledReconcileAt"]


def test_an_upgrade_from_the_previous_version_keeps_all_and_loses_no_run(node, synced, before):
    assert kept(node, synced) == before
    told, counted = runs(node, synced)
    # The first one, and that of the upgrade; each once.
    assert len(told) == len(set(told)) == counted == 2


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


def test_a_secret_that_is_missing_or_lacks_a_key_is_waited_for(node, synced):
    def stalled(reason):
        found = conditions(node, synced)["Stalled"]
        return found if (found["status"], found["reason"]) == ("True", reason) else None

    node.kubectl("delete", "secret", "beget-main", namespace=synced)
    ask_for_a_sync(node, synced, "without-a-secret")
    missing = wait_for(lambda: stalled("SecretMissing"), seconds=120)
    assert missing["message"].startswith('Secret "beget-main" not found. Create it.')
    assert conditions(node, synced)["CredentialsValid"]["status"] == "False"
    lacking = secret(PASSWORD)
    del lacking["stringData"]["password"]
    node.apply(lacking, namespace=synced)
    keyless = wait_for(lambda: stalled("SecretKeyMissing"), seconds=180)
    said = f"Couldn't find key password in Secret {synced}/beget-main. Add the key"
    assert keyless["message"].startswith(said)
    node.apply(secret(PASSWORD), namespace=synced)
    wait_until_handled(node, synced, "without-a-secret")


def test_a_cloud_that_is_down_is_told_and_tried_again(node, synced):
    node.apply(yearly(synced, retries=0), namespace=synced)
    with silent_cloud(node, synced):
        ask_for_a_sync(node, synced, "while-it-is-down")
        wait_until_at_rest(node, synced, "while-it-is-down")
    down = conditions(node, synced)
    assert (down["Ready"]["status"], down["Ready"]["reason"]) == ("False", "ProviderUnavailable")
    assert down["Stalled"]["status"] == "False"
    assert down["CredentialsValid"]["status"] == "True"
    assert "nextScheduleTime" in status_of(node, synced)
    node.apply(yearly(synced), namespace=synced)
    ask_for_a_sync(node, synced, "when-it-is-back")
    wait_until_handled(node, synced, "when-it-is-back")
    assert status_of(node, synced)["lastSync"]["trigger"] == "Manual"


def test_the_dashboard_shows_what_a_job_has_read(node, synced):
    said = node.kubectl("logs", "deployment/infrazen-ui", "-c", "ui", namespace=synced)
    code = re.search(r"/setup\?code=(\S+)", said)[1]
    service = node.get("service", "infrazen-ui", namespace=synced)
    address = f"http://{service['spec']['clusterIP']}:{service['spec']['ports'][0]['port']}"
    with browsing(address) as page:
        sign_up(page, f"/setup?code={code}")
        expect(page.get_by_role("button", name="Профиль: Анна Петрова")).to_be_visible()
        page.goto("/")
        expect(page.locator("main")).to_contain_text("1 847,00 ₽/мес", timeout=20_000)
        page.goto("/connections")
        card = page.get_by_role("article").filter(has_text="Beget, основной")
        expect(card).to_contain_text("60,73", timeout=20_000)
        expect(card).to_contain_text(f"{synced}/beget-main")
        card.get_by_role("button", name="Синхронизировать").click()
        wait_for(lambda: handled(node, synced) != "when-it-is-back", seconds=120)
        wait_until_handled(node, synced, handled(node, synced))
        card.get_by_text("Состояние и команды").click()
        told = card.get_by_role("list", name="Условия ресурса")
        for name in ("Данные получены", "Учётные данные приняты"):
            one = told.get_by_role("listitem").filter(has_text=name)
            expect(one.get_by_text("да", exact=True)).to_be_visible()


def test_no_secret_is_told_to_anybody_who_reads_the_cluster(node, synced):
    told = dict(readable(node, synced))
    assert not [where for where, said in told.items() if not said.strip()]
    made = {}
    for name in ("environment", "services"):
        data = node.get("secret", f"infrazen-{name}", namespace=synced)["data"]
        made |= {key: b64decode(value).decode() for key, value in data.items()}
    keys = made["INFRAZEN_MASTER_KEYS"].partition(":")[2]
    for canary in (WRONG, PASSWORD, keys, made["postgres-password"], made["metrics-token"]):
        for where, said in told.items():
            assert_absent(said, where=where, canary=canary)
    holders = [where for where in told if where.endswith(", sync")]
    assert len(holders) >= len(status_of(node, synced)["history"])


def test_an_image_knows_how_to_ask_its_pod_for_health(node, synced):
    for component in ("operator", "ui"):
        asking, *words = Packed.read(IMAGES[component].archive).config["Healthcheck"]["Test"]
        assert asking == "CMD"
        node.kubectl("exec", f"deployment/infrazen-{component}", "--", *words, namespace=synced)


def test_it_takes_little_memory_when_nothing_happens(node, synced):
    taken = wait_for(lambda: memory(node, synced), seconds=60)
    print({name: f"{size / 1e6:.0f} MB" for name, size in taken.items()})
    assert len(taken) == 4
    assert sum(taken.values()) < IDLE_BYTES, taken


def test_a_killed_operator_loses_no_request_and_doubles_none(node, synced):
    before, counted = runs(node, synced)
    with slow_cloud(node, synced):
        ask_for_a_sync(node, synced, "first")
        wait_until_it_syncs(node, synced)
        ask_for_a_sync(node, synced, "second, which has to wait")
        kill(node, containers(node, synced, OPERATOR))
    wait_until_handled(node, synced, "second, which has to wait")
    told, now = runs(node, synced)
    assert len(told) == len(set(told))
    assert len({*told} - {*before}) == 2
    assert now == counted + 2


def test_a_killed_sync_is_tried_again_and_leaves_nothing_half_done(node, synced):
    before, counted = runs(node, synced)
    there = asked(node, synced, FOUND)
    with slow_cloud(node, synced):
        ask_for_a_sync(node, synced, "it will be killed")
        wait_until_it_syncs(node, synced)
        kill(node, containers(node, synced, SYNC))
        message = "after 1 that failed"
        wait_for(lambda: message in conditions(node, synced)["Reconciling"]["message"], seconds=60)
        assert asked(node, synced, FOUND) == there
    wait_until_handled(node, synced, "it will be killed")
    told, now = runs(node, synced)
    assert len({*told} - {*before}) == 1
    assert now == counted + 2
    assert last_runs(node, synced) == ["partial:", "error:WorkerDied"]
    assert asked(node, synced, FOUND) == there


def test_a_node_that_was_lost_goes_on_when_it_comes_back(node, synced):
    before, counted = runs(node, synced)
    with slow_cloud(node, synced):
        moved = {"schedule": ONCE_A_YEAR, "jobTemplate": {"tolerations": SOON}}
        node.apply(connection(synced, **moved), namespace=synced)
        wait_until_it_syncs(node, synced)
        sync = containers(node, synced, SYNC)
        with node.without("kubelet"):
            kill(node, sync)
            (pod,) = wait_for(lambda: leaving(node, synced), seconds=120)
            soon = ("delete", "pod", pod, "--grace-period=1", "--wait=false")
            node.kubectl(*soon, namespace=synced)
            wait_for(lambda: why_it_reconciles(node, synced) == "NodeLost", seconds=60)
    wait_until_handled(node, synced)
    told, now = runs(node, synced)
    assert len({*told} - {*before}) == 1
    assert now == counted + 2
    assert last_runs(node, synced) == ["partial:", "error:WorkerDied"]


def why_it_reconciles(node, namespace):
    return conditions(node, namespace)["Reconciling"]["reason"]


def leaving(node, namespace):
    """The names of a sync's pods that have been told to go."""
    pods = node.get("pods", "--selector", SYNC, namespace=namespace)["items"]
    about = [one["metadata"] for one in pods]
    return [one["name"] for one in about if "deletionTimestamp" in one]


def last_runs(node, namespace):
    """How the last two runs ended, as the database knows it."""
    fields = "status || ':' || coalesce(error_reason, '')"
    order = "ORDER BY started_at DESC LIMIT 2"
    return asked(node, namespace, f"SELECT {fields} FROM sync_snapshot {order}").splitlines()


def test_helm_tests_it_and_goes_back_and_forth_and_keeps_all(node, synced, before, values):
    node.helm("test", "infrazen", namespace=synced)
    told = runs(node, synced)
    node.helm("rollback", "infrazen", "1", "--wait", "--timeout", "240s", namespace=synced)
    assert (kept(node, synced), runs(node, synced)) == (before, told)
    released(node, synced, "upgrade", CHART, values, "--set", "operator.maxRunningSyncs=3")
    assert (kept(node, synced), runs(node, synced)) == (before, told)
    assert conditions(node, synced)["Ready"]["status"] == "True"


def test_a_connection_that_goes_leaves_its_data_where_it_is_to_stay(node, synced):
    node.kubectl("delete", "cloudconnection/beget-main", "--timeout=110s", namespace=synced)
    assert asked(node, synced, "SELECT count(*) FROM resource") == "10"
    released = "SELECT managed_by FROM cloud_connection WHERE removed_at IS NOT NULL"
    assert asked(node, synced, released) == f"{synced}/beget-main"


def test_one_that_is_deleted_in_mid_sync_takes_its_data_along(node, synced):
    node.apply(yearly(synced, deletionPolicy="Delete"), namespace=synced)
    ready(node, synced)
    assert asked(node, synced, "SELECT count(*) FROM cloud_connection") == "1"
    ask_for_a_sync(node, synced, "the-last")
    job = wait_for(lambda: status_of(node, synced).get("activeJob"), seconds=120)
    node.kubectl("delete", "cloudconnection/beget-main", "--timeout=110s", namespace=synced)
    for table in ("resource", "cloud_connection"):
        assert asked(node, synced, f"SELECT count(*) FROM {table}") == "0"
    assert node.kubectl("get", "job", job, "--ignore-not-found", namespace=synced) == ""


def test_uninstalled_it_leaves_connections_and_their_definition(node, synced):
    node.helm("uninstall", "infrazen", "--wait", namespace=synced)
    assert "cloudconnections.infrazen.io" in node.kubectl("get", "crd")
    left = node.kubectl("get", "deployments,statefulsets", "--output", "name", namespace=synced)
    assert left.strip() == ""
