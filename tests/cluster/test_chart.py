"""The chart on a real API server: its objects are taken, and what it made up stays."""

import base64
import json

import pytest

from tests.chart.conftest import program
from tests.chart.kubernetes_schemas import FILE, schemas
from tests.chart.rendering import CHART, previous_release
from tests.cluster.cloud_connections import RESOURCE, define, wait_until_explained
from tests.cluster.kubernetes_cluster import Refused
from tests.waiting import wait_for

RESTRICTED = {
    f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn", "audit")
}


@pytest.fixture
def home(control_plane):
    """A namespace that admits restricted pods alone; the definition is as it was afterwards."""
    known = is_defined(control_plane)
    with control_plane.namespace(**RESTRICTED) as name:
        yield name
        control_plane.kubectl("delete", "crd", RESOURCE, "--ignore-not-found")
        if known:
            define(control_plane)


def is_defined(cluster):
    return bool(cluster.kubectl("get", "crd", RESOURCE, "--ignore-not-found"))


@pytest.fixture
def helm(control_plane, home):
    """Run Helm in that namespace."""
    program("helm")

    def run(action, *words):
        # Another test may have brought the definition before.
        taking = ["--take-ownership"] if action in ("install", "upgrade") else []
        return control_plane.helm(action, *words, "--wait=false", *taking, namespace=home)

    return run


def made_up(cluster, namespace):
    secrets = {
        name: cluster.get("secret", name, namespace=namespace)["data"]
        for name in ("infrazen-environment", "infrazen-services")
    }
    return {
        key: base64.b64decode(value) for each in secrets.values() for key, value in each.items()
    }


def pods_of(cluster, namespace):
    items = cluster.get("pods", namespace=namespace)["items"]
    return {each["metadata"]["labels"].get("app.kubernetes.io/component") for each in items}


def test_with_no_values_its_pods_are_admitted_to_a_restricted_namespace(control_plane, home, helm):
    helm("install", "infrazen", str(CHART))
    wait_for(lambda: pods_of(control_plane, home) >= {"ui", "operator", "postgresql"})
    events = control_plane.get("events", namespace=home)["items"]
    assert not [each["message"] for each in events if each["reason"] == "FailedCreate"]
    wait_until_explained(control_plane)
    explained = control_plane.kubectl("explain", "cloudconnection.spec.schedule")
    assert "cron" in explained.lower()


def test_every_object_of_every_option_is_taken(control_plane, home, helm):
    options = (
        "redis.bundled.enabled=true,ui.replicas=2,ui.cluster.access=Write,operator.replicas=2,"
        "operator.allNamespaces=true,secretWatcher.enabled=true,ui.ingress.enabled=true,"
        "ui.ingress.host=infrazen.example.com,ui.autoscaling.enabled=true,"
        "monitoring.dashboard.enabled=true"
    )
    helm("install", "costs", str(CHART), "--set", options)
    wanted = {"ui", "operator", "secret-watcher", "postgresql", "redis"}
    wait_for(lambda: pods_of(control_plane, home) >= wanted)
    # Whoever scales has found what is to be scaled; figures of it need a metrics server.
    wait_for(lambda: "SucceededGetScale" in said_of_scaling(control_plane, home), seconds=60)
    helm("uninstall", "costs")


def said_of_scaling(cluster, namespace):
    scaler = cluster.get("hpa", "costs-infrazen-ui", namespace=namespace)
    return {one["reason"] for one in scaler["status"].get("conditions", [])}


def test_what_was_made_up_stays_over_upgrade_uninstall_and_a_new_start(control_plane, home, helm):
    helm("install", "infrazen", str(CHART))
    first = made_up(control_plane, home)
    pods_before = templates(control_plane, home)
    helm("upgrade", "infrazen", str(CHART), "--no-hooks")
    assert made_up(control_plane, home) == first
    assert templates(control_plane, home) == pods_before
    helm("rollback", "infrazen", "1", "--no-hooks")
    assert made_up(control_plane, home) == first
    helm("uninstall", "infrazen")
    assert made_up(control_plane, home) == first
    assert control_plane.get("crd", RESOURCE)
    wait_for(lambda: not control_plane.get("deployments", namespace=home)["items"])
    helm("install", "infrazen", str(CHART))
    assert made_up(control_plane, home) == first


def test_helm_3_brings_it_up_to_date_and_back(control_plane, home):
    program("helm3")

    def helm3(*words):
        control_plane.run("helm3", "--namespace", home, *words)

    helm3("install", "infrazen", previous_release(), "--take-ownership")
    first = made_up(control_plane, home)
    helm3("upgrade", "infrazen", CHART, "--no-hooks", "--take-ownership")
    assert made_up(control_plane, home) == first
    helm3("rollback", "infrazen", "1", "--no-hooks")
    helm3("uninstall", "infrazen")
    assert made_up(control_plane, home) == first


def templates(cluster, namespace):
    """What would replace pods, were it another."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]
        for each in cluster.get("deployments,statefulsets", namespace=namespace)["items"]
    }


def test_a_secret_that_is_not_there_is_missed_at_once(control_plane, home, helm):
    """The hook's pod would wait for it as long as Helm waits for the hook."""
    helm("install", "infrazen", str(CHART))
    with pytest.raises(Refused, match=r"no Secret own in namespace .*make it first"):
        helm("upgrade", "infrazen", str(CHART), "--set", "environment.existingSecret=own")


def test_from_the_chart_s_secret_to_one_s_own_and_back(control_plane, home, helm):
    helm("install", "infrazen", str(CHART))
    first = made_up(control_plane, home)
    own = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "own"}, "data": {}}
    control_plane.apply(own, namespace=home)
    switched = ("--set", "environment.existingSecret=own")
    helm("upgrade", "infrazen", str(CHART), "--no-hooks", *switched)
    assert not control_plane.get("statefulsets", namespace=home)["items"]
    helm("rollback", "infrazen", "1", "--no-hooks")
    assert made_up(control_plane, home) == first
    assert control_plane.get("statefulset", "infrazen-postgresql", namespace=home)


def test_a_database_that_comes_with_the_upgrade_is_not_waited_for(control_plane, home, helm):
    """The hook would, and no pod runs here: the upgrade would never end."""
    elsewhere = ("--set", "database.url=postgresql://infrazen:password@db.example.com/infrazen")
    helm("install", "infrazen", str(CHART), *elsewhere)
    helm("upgrade", "infrazen", str(CHART), "--reset-values")
    helm("upgrade", "infrazen", str(CHART), *elsewhere)
    with pytest.raises(Refused, match="pre-upgrade hooks failed"):
        helm("upgrade", "infrazen", str(CHART), *elsewhere, "--timeout", "2s")


def test_an_upgrade_brings_the_definition_of_the_resource_up_to_date(control_plane, home, helm):
    helm("install", "infrazen", str(CHART))
    older = {"spec": {"names": {"shortNames": ["old"]}}}
    control_plane.kubectl("patch", "crd", RESOURCE, "--type=merge", "--patch", json.dumps(older))
    helm("upgrade", "infrazen", str(CHART), "--no-hooks", "--force-conflicts")
    names = control_plane.get("crd", RESOURCE)["spec"]["names"]
    assert names["shortNames"] == ["cloudconn", "cconn"]


def test_the_database_s_volume_is_as_it_was_installed(control_plane, home, helm):
    """A default storage class that comes later must not break upgrades."""
    helm("install", "infrazen", str(CHART))
    storage = {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "provisioner": "example.com/none",
        "metadata": {
            "name": "later",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
    }
    control_plane.apply(storage)
    try:
        helm("upgrade", "infrazen", str(CHART), "--no-hooks")
        assert claims(control_plane, home) == []
        helm("uninstall", "infrazen")
        wait_for(lambda: not control_plane.get("statefulsets", namespace=home)["items"])
        helm("install", "infrazen", str(CHART))
        assert claims(control_plane, home) == ["data"]
    finally:
        control_plane.kubectl("delete", "storageclass", "later")


def claims(cluster, namespace):
    found = cluster.get("statefulset", "infrazen-postgresql", namespace=namespace)
    return [each["metadata"]["name"] for each in found["spec"].get("volumeClaimTemplates", [])]


def test_the_operator_s_account_reads_no_secret(control_plane, home, helm):
    helm("install", "infrazen", str(CHART), "--set", "secretWatcher.enabled=true")
    operator = control_plane.service_account("infrazen-operator", namespace=home)
    wait_for(lambda: may(operator, "list", RESOURCE, home))
    with pytest.raises(Refused, match="cannot get resource"):
        operator.get("secret", "infrazen-environment", namespace=home)
    for verb in ("get", "list", "watch", "create", "patch", "delete"):
        assert not may(operator, verb, "secrets", home)
    assert not may(operator, "list", RESOURCE, "default")
    assert not may(operator, "create", "jobs.batch", "default")


def may(somebody, verb, kind, namespace):
    try:
        return somebody.kubectl("auth", "can-i", verb, kind, namespace=namespace).strip() == "yes"
    except Refused:
        return False


def test_the_schemas_of_the_chart_s_tests_are_this_api_server_s(control_plane):
    ours = json.loads(FILE.read_text())
    there = schemas(lambda path: json.loads(control_plane.kubectl("get", "--raw", path)))
    assert there == ours, "run tests/chart/kubernetes_schemas.py"
