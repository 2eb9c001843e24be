"""What the chart renders is valid, for every way in which people set it."""

import json
import subprocess

import pytest

from tests.chart.rendering import CHART, NAMESPACE, VALUES, containers, named, of_kind, pods


def test_lint_finds_nothing(helm):
    words = [helm, "lint", "--strict", CHART]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("case", VALUES)
def test_kubeconform_finds_nothing(case, rendered, conform):
    manifests = rendered(case)
    done = conform(manifests)
    assert done.returncode == 0, done.stdout
    assert f"Valid: {len(manifests)}, Invalid: 0, Errors: 0, Skipped: 0" in done.stdout


def test_kubeconform_would_find_a_misspelt_field(rendered, conform):
    manifest = json.loads(json.dumps(named(rendered("nothing"), "Deployment", "infrazen-ui")))
    manifest["spec"]["template"]["spec"]["automountServiceAcountToken"] = False
    done = conform([manifest])
    assert done.returncode == 1
    assert "automountServiceAcountToken" in done.stdout


@pytest.mark.parametrize("case", VALUES)
def test_no_object_is_there_twice(case, rendered):
    names = [
        (each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"])
        for each in rendered(case)
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", VALUES)
def test_every_object_names_its_namespace_and_its_part(case, rendered):
    cluster_wide = {"ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"}
    for each in rendered(case):
        meta = each["metadata"]
        assert ("namespace" in meta) == (each["kind"] not in cluster_wide), meta["name"]
        assert meta["labels"]["app.kubernetes.io/part-of"] == "infrazen"
        assert VALUES[case].get("commonLabels", {}).items() <= meta["labels"].items()


@pytest.mark.parametrize("case", VALUES)
def test_selectors_find_their_own_pods_alone(case, rendered):
    manifests = rendered(case)
    made = {
        each["metadata"]["name"]: each["spec"]["template"]["metadata"]["labels"]
        for each in of_kind(manifests, "Deployment", "StatefulSet")
    }
    for service in of_kind(manifests, "Service"):
        wanted = service["spec"]["selector"].items()
        found = [name for name, labels in made.items() if wanted <= labels.items()]
        assert found == [service["metadata"]["name"]]


@pytest.mark.parametrize("case", VALUES)
def test_probes_and_services_lead_to_ports_that_are_there(case, rendered):
    manifests = rendered(case)
    for name, pod in pods(manifests):
        for container in containers(pod):
            ports = {port["name"] for port in container.get("ports", [])}
            for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
                probe = container.get(kind, {})
                for way in ("httpGet", "tcpSocket"):
                    if way in probe:
                        assert probe[way]["port"] in ports, f"{kind} of {name}"
    for service in of_kind(manifests, "Service"):
        owner = next(
            each
            for each in of_kind(manifests, "Deployment", "StatefulSet")
            if each["metadata"]["name"] == service["metadata"]["name"]
        )
        [container] = owner["spec"]["template"]["spec"]["containers"]
        ports = {port["name"] for port in container["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


def test_a_closed_network_names_its_registry_digests_and_pull_secrets(rendered):
    manifests = rendered("everything")
    for name, pod in pods(manifests):
        assert pod["imagePullSecrets"] == [{"name": "registry"}], name
        for container in containers(pod):
            assert container["image"].startswith("registry.example.com/mirror/"), name
    ui = named(manifests, "Deployment", "infrazen-ui")["spec"]["template"]["spec"]
    assert ui["containers"][0]["image"].endswith("/infrazen-ui@sha256:" + "a" * 64)
    told = environment(manifests, "infrazen-operator")
    assert told["INFRAZEN_OPERATOR_JOB_IMAGE"].startswith("registry.example.com/mirror/")
    assert told["INFRAZEN_OPERATOR_JOB_IMAGE_PULL_SECRETS"] == "registry"


def environment(manifests, name):
    [container] = named(manifests, "Deployment", name)["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each.get("value") for each in container["env"]}


def test_the_version_of_the_chart_alone_replaces_no_pod(helm, rendered):
    for name, manifest in (
        (each["metadata"]["name"], each)
        for each in of_kind(rendered("nothing"), "Deployment", "StatefulSet")
    ):
        labels = manifest["spec"]["template"]["metadata"]["labels"]
        assert "helm.sh/chart" not in labels, name
        assert "app.kubernetes.io/version" not in labels, name


def test_what_must_outlive_the_release_is_kept(rendered):
    kept = {
        (each["kind"], each["metadata"]["name"])
        for each in rendered("nothing")
        if "helm.sh/resource-policy" in (each["metadata"].get("annotations") or {})
    }
    assert kept == {
        ("CustomResourceDefinition", "cloudconnections.infrazen.io"),
        ("Secret", "infrazen-environment"),
        ("Secret", "infrazen-services"),
    }


def test_one_port_serves_pages_websocket_and_api(rendered):
    service = named(rendered("nothing"), "Service", "infrazen-ui")
    assert [port["name"] for port in service["spec"]["ports"]] == ["http"]
    assert service["metadata"]["namespace"] == NAMESPACE
