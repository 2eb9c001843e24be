"""Replicas of the dashboard: they go one after the other unnoticed, and more come with a crowd."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.cluster.browsing import browsing
from tests.cluster.installed import CHART, images, released
from tests.cluster.kubernetes_cluster import Refused
from tests.cluster.pods import RESTRICTED, SAFE, container, pod
from tests.waiting import wait_for

UI = "app.kubernetes.io/component=ui"
LONG = 60_000
TARGET = 25
"""Percent of the requested CPU: above what rests, below what a crowd takes on a busy machine."""
VISITORS = 4


@pytest.fixture(scope="module")
def values(node, image):
    """A dashboard of two or three replicas with Redis beside them, and nothing else."""
    return {
        "images": images(node, image),
        "redis": {"bundled": {"enabled": True}},
        "ui": {
            "autoscaling": {"enabled": True, "maxReplicas": 3, "targetCPUUtilization": TARGET},
            "cluster": {"access": "None"},
        },
        # Another release may have brought the definition.
        "operator": {"enabled": False},
        "crds": {"install": False},
    }


@pytest.fixture(scope="module")
def home(node, values):
    """The namespace where it is installed and ready."""
    with node.namespace(**RESTRICTED) as name:
        released(node, name, "install", CHART, values)
        wait_for(lambda: list(replicas(node, name).values()) == [True] * 2, seconds=60)
        yield name
        node.helm("uninstall", "infrazen", namespace=name)


@pytest.fixture
def owner(node, home):
    """An account that was made as the chart's notes say."""
    words = ("infrazen", "user", "add", "ann@example.com", "--name", "Анна", "--role", "owner")
    target = ("exec", "deployment/infrazen-ui", "--container", "ui", "--")
    return json.loads(node.kubectl(*target, *words, "--json", namespace=home))


@pytest.fixture(scope="module")
def address(node, home):
    """Where this machine reaches it."""
    service = node.get("service", "infrazen-ui", namespace=home)["spec"]
    return f"http://{service['clusterIP']}:{service['ports'][0]['port']}"


@pytest.fixture
def page(address, owner):
    """Her browser, signed in."""
    with browsing(address) as page:
        page.set_default_timeout(LONG)
        page.goto("/login")
        page.get_by_label("Электронная почта").fill(owner["email"])
        page.get_by_label("Пароль", exact=True).fill(owner["password"])
        page.get_by_role("button", name="Войти", exact=True).click()
        expect(page.get_by_role("button", name="Профиль: Анна")).to_be_visible(timeout=LONG)
        yield page


def replicas(node, home):
    """The dashboard's pods: whether they are ready, by their names."""
    found = {}
    for each in node.get("pods", "--selector", UI, namespace=home)["items"]:
        if "deletionTimestamp" not in each["metadata"]:
            states = {one["type"]: one["status"] for one in each["status"].get("conditions", ())}
            found[each["metadata"]["name"]] = states.get("Ready") == "True"
    return found


def evict(node, home, name):
    """Ask the API server to, as one who empties a node does."""
    wanted = {"name": name, "namespace": home}
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": wanted}
    path = f"/api/v1/namespaces/{home}/pods/{name}/eviction"
    node.kubectl("create", "--filename", "-", "--raw", path, given=json.dumps(eviction))


def wait_until_one_may_go(node, home):
    def is_allowed():
        budget = node.get("poddisruptionbudget", "infrazen-ui", namespace=home)
        return budget.get("status", {}).get("disruptionsAllowed") == 1

    wait_for(is_allowed, seconds=120)


def test_pods_go_one_at_a_time_while_a_form_is_filled_in(node, home, page):
    page.goto("/settings/people?new=1")
    form = page.get_by_role("dialog")
    form.get_by_label("Электронная почта").fill("boris@example.com")
    form.get_by_label("Имя", exact=True).fill("Борис Годунов")
    first, second = replicas(node, home)
    wait_until_one_may_go(node, home)
    evict(node, home, first)
    with pytest.raises(Refused, match="disruption budget"):
        evict(node, home, second)
    wait_until_one_may_go(node, home)
    evict(node, home, second)
    wait_for(lambda: second not in replicas(node, home), seconds=60)
    # Whichever of the two had served the page, it is served by one that is new.
    expect(form.get_by_label("Имя", exact=True)).to_have_value("Борис Годунов")
    form.get_by_role("button", name="Добавить пользователя").click()
    expect(page.get_by_role("table").get_by_text("boris@example.com")).to_have_count(
        1, timeout=LONG
    )
    expect(page.get_by_role("button", name="Профиль: Анна")).to_be_visible()


@contextmanager
def crowd(address):
    """Visitors who ask for one page after another, as long as the block."""
    tired = Event()

    def visit():
        while not tired.is_set():
            with urlopen(address, timeout=30) as page:
                page.read()

    with ThreadPoolExecutor() as visitors:
        visits = [visitors.submit(visit) for _ in range(VISITORS)]
        try:
            yield
        finally:
            tired.set()
    assert [visit.exception() for visit in visits] == [None] * VISITORS


def scaled(node, home, pods):
    """What the chart's scaler says, once it wants this many pods."""
    said = node.get("hpa", "infrazen-ui", namespace=home)["status"]
    return said if said["desiredReplicas"] == pods else None


def test_a_third_pod_comes_where_many_visit(node, home, address):
    with node.metrics(), crowd(address):
        said = wait_for(lambda: scaled(node, home, 3), seconds=120)
        wait_for(lambda: list(replicas(node, home).values()) == [True] * 3, seconds=90)
    [measured] = said["currentMetrics"]
    assert measured["resource"]["current"]["averageUtilization"] > TARGET
    states = {one["type"]: one["status"] for one in said["conditions"]}
    assert states["ScalingActive"] == "True"


DATABASE = {"POSTGRES_USER": "infrazen", "POSTGRES_DB": "infrazen", "POSTGRES_PASSWORD": "password"}
FOLDERS = {"data": "/data", "run": "/var/run/postgresql", "tmp": "/tmp"}


@pytest.fixture
def database(node, home):
    """A PostgreSQL beside the release, which is no part of it; what leads there and its Secret."""
    variables = DATABASE | {"PGDATA": "/data/pgdata"}
    main = container(
        "localhost/postgres:1",
        env=[{"name": name, "value": value} for name, value in variables.items()],
        volumeMounts=[{"name": name, "mountPath": path} for name, path in FOLDERS.items()],
        securityContext={**SAFE, "runAsUser": 70},
        readinessProbe={"tcpSocket": {"port": 5432}, "periodSeconds": 1},
    )
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "own"}}
    keys = node.get("secret", "infrazen-environment", namespace=home)["data"]
    url = f"postgresql://infrazen:password@own.{home}.svc:5432/infrazen"
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "own"}}
    node.apply(
        pod("own", main, volumes=[{"name": name, "emptyDir": {}} for name in FOLDERS]),
        {**service, "spec": {"selector": {"app": "own"}, "ports": [{"port": 5432}]}},
        {**secret, "data": keys, "stringData": {"INFRAZEN_DATABASE_URL": url}},
        namespace=home,
    )
    node.kubectl("wait", "--for=condition=Ready", "pod/own", "--timeout=60s", namespace=home)
    return {
        "environment": {"existingSecret": "own"},
        "networkPolicy": {"database": {"to": [{"podSelector": {"matchLabels": {"app": "own"}}}]}},
    }


def test_the_hook_upgrades_a_database_that_no_policy_led_to_before(node, home, values, database):
    released(node, home, "upgrade", CHART, values | database, "--wait=false")
    words = ("psql", "-h", "/var/run/postgresql", "-U", "infrazen", "-tAc")
    question = "SELECT count(*) FROM alembic_version"
    assert node.kubectl("exec", "own", "--", *words, question, namespace=home).strip() == "1"
