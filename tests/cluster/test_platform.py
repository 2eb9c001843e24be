"""The platform as the chart installs it: a cloud, its custom resource, its Job, the dashboard.

The images are built from the sources as they are. The cloud is a simulator in the cluster.
"""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from infrazen.manifests.names import REQUESTED_AT
from tests.canary import assert_absent
from tests.cluster.kubernetes_cluster import CACHE, Refused
from tests.cluster.pods import RESTRICTED, container, pod
from tests.waiting import wait_for

CHART = Path(__file__).parents[2] / "charts/infrazen"
PASSWORD = "simulator-password"
WRONG = "Canary-9f31c7/wrong"
CLOUD_PORT = 8091
READY = "--for=condition=Ready"


def conditions(node, namespace, name="beget-main"):
    resource = node.get("cloudconnection", name, namespace=namespace)
    return {one["type"]: one for one in resource.get("status", {}).get("conditions", ())}


def status_of(node, namespace, name="beget-main"):
    return node.get("cloudconnection", name, namespace=namespace).get("status", {})


def secret(password):
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "beget-main"},
        "stringData": {"login": "demo", "password": password},
    }


def connection(namespace, **spec):
    return {
        "apiVersion": "infrazen.io/v1alpha1",
        "kind": "CloudConnection",
        "metadata": {"name": "beget-main"},
        "spec": {
            "provider": "beget",
            "displayName": "Beget, основной",
            "credentialsSecretRef": {"name": "beget-main"},
            "endpoint": f"http://cloud.{namespace}-cloud.svc:{CLOUD_PORT}",
            **spec,
        },
    }


@pytest.fixture(scope="module")
def namespace(node):
    with node.namespace(**RESTRICTED) as name:
        yield name


@pytest.fixture(scope="module")
def cloud(node, namespace, image):
    """A namespace with a Beget simulator in it, which is not part of the platform."""
    home = f"{namespace}-cloud"
    named = {"metadata": {"name": home, "labels": RESTRICTED}}
    node.apply({"apiVersion": "v1", "kind": "Namespace", **named})
    words = ["simulate", "beget", "--host", "0.0.0.0", "--port", str(CLOUD_PORT)]
    mounts = [{"name": "tmp", "mountPath": "/tmp"}]
    ready = {"tcpSocket": {"port": CLOUD_PORT}, "periodSeconds": 1}
    main = container(image("ui"), args=words, volumeMounts=mounts, readinessProbe=ready)
    ports = [{"port": CLOUD_PORT}]
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cloud"}}
    node.apply(
        pod("cloud", main, volumes=[{"name": "tmp", "emptyDir": {}}]),
        {**service, "spec": {"selector": {"app": "cloud"}, "ports": ports}},
        namespace=home,
    )
    node.kubectl("wait", READY, "pod/cloud", "--timeout=90s", namespace=home)
    yield home
    node.kubectl("delete", "namespace", home, "--wait=false")


@pytest.fixture(scope="module")
def values(node, namespace, image, tmp_path_factory):
    """The images that were built here; the rest is as by default, but for the cloud's address."""
    node.load_image(CACHE / "images/postgres.tar")

    def of(reference):
        registry, _, rest = reference.partition("/")
        repository, _, tag = rest.partition(":")
        return {"registry": registry, "repository": repository, "tag": tag}

    inside = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": f"{namespace}-cloud"}}
    }
    chosen = {
        "images": {
            **{name: of(image(name)) for name in ("core", "operator", "ui")},
            "postgresql": of("localhost/postgres:1"),
        },
        "environment": {"settings": {"INFRAZEN_ALLOW_PRIVATE_ENDPOINTS": "true"}},
        "networkPolicy": {"extraEgress": [{"to": [inside]}]},
        "secretWatcher": {"enabled": True},
    }
    path = tmp_path_factory.mktemp("values") / "values.json"
    path.write_text(json.dumps(chosen))
    return path


@pytest.fixture(scope="module")
def platform(node, namespace, cloud, values):
    """InfraZen, installed and ready; what its pods said is shown where it is not."""
    try:
        node.helm(
            "install",
            "infrazen",
            str(CHART),
            "--values",
            str(values),
            "--wait",
            "--timeout",
            "240s",
            namespace=namespace,
        )
    except Refused:
        said = node.kubectl("get", "pods,events", namespace=namespace)
        logs = node.kubectl(
            "logs",
            "--all-containers",
            "--prefix",
            "--tail=20",
            "--selector",
            "app.kubernetes.io/instance=infrazen",
            namespace=namespace,
        )
        pytest.fail(f"{said}\n{logs}")
    return namespace


@pytest.fixture(scope="module")
def synced(node, platform):
    """A connection that has been applied and has become Ready."""
    node.apply(secret(PASSWORD), connection(platform), namespace=platform)
    node.kubectl("wait", READY, "cloudconnection/beget-main", "--timeout=120s", namespace=platform)
    return platform


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
    node.kubectl("wait", READY, "cloudconnection/beget-main", "--timeout=90s", namespace=synced)


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
    node.kubectl(
        "annotate", "cloudconnection/beget-main", f"{REQUESTED_AT}=now-1", namespace=synced
    )
    wait_for(lambda: status_of(node, synced).get("lastHandledReconcileAt") == "now-1", seconds=60)
    node.kubectl("wait", READY, "cloudconnection/beget-main", "--timeout=90s", namespace=synced)


def test_helm_tests_and_upgrades_it_and_keeps_the_data(node, synced, values):
    node.helm("test", "infrazen", namespace=synced)
    key = node.get("secret", "infrazen-environment", namespace=synced)["data"]
    changed = ("--set", "operator.maxRunningSyncs=3")
    node.helm(
        "upgrade",
        "infrazen",
        str(CHART),
        "--values",
        str(values),
        *changed,
        "--wait",
        "--timeout",
        "240s",
        namespace=synced,
    )
    assert node.get("secret", "infrazen-environment", namespace=synced)["data"] == key
    node.helm("rollback", "infrazen", "1", "--wait", "--timeout", "240s", namespace=synced)
    assert conditions(node, synced)["Ready"]["status"] == "True"


def test_a_deleted_connection_takes_its_data_along_and_a_released_one_goes(node, synced):
    node.apply(connection(synced, deletionPolicy="Delete"), namespace=synced)
    node.kubectl("delete", "cloudconnection/beget-main", "--timeout=120s", namespace=synced)
    words = (
        "exec",
        "infrazen-postgresql-0",
        "--",
        "psql",
        "-h",
        "/var/run/postgresql",
        "-U",
        "infrazen",
        "-tAc",
        "SELECT count(*) FROM resource",
    )
    assert node.kubectl(*words, namespace=synced).strip() == "0"


def test_uninstalled_it_leaves_connections_and_their_definition(node, synced):
    node.helm("uninstall", "infrazen", "--wait", namespace=synced)
    assert "cloudconnections.infrazen.io" in node.kubectl("get", "crd")
    left = node.kubectl("get", "deployments,statefulsets", "--output", "name", namespace=synced)
    assert left.strip() == ""
