"""Database, keys and settings get to whoever needs them, and to nobody else."""

import base64

import pytest

from infrazen.security.key_ring import parse_ring
from infrazen.settings import Settings
from tests.chart.rendering import (
    VALUES,
    HelmRefused,
    containers,
    helm_template,
    named,
    of_kind,
    pods,
)


def plain(secret):
    return {name: base64.b64decode(value).decode() for name, value in secret["data"].items()}


def environment_of(manifests, namespace="finops"):
    return plain(named(manifests, "Secret", "infrazen-environment", namespace))


def told(manifests, deployment):
    [container] = named(manifests, "Deployment", deployment)["spec"]["template"]["spec"][
        "containers"
    ]
    return {each["name"]: each for each in container["env"]}


def test_made_up_keys_are_a_ring(rendered):
    ring = parse_ring(environment_of(rendered("nothing"))["INFRAZEN_MASTER_KEYS"])
    assert len(ring.primary.value) == 32


def test_the_bundled_database_and_its_users_agree(rendered):
    manifests = rendered("nothing")
    password = plain(named(manifests, "Secret", "infrazen-services"))["postgres-password"]
    url = environment_of(manifests)["INFRAZEN_DATABASE_URL"]
    assert url == f"postgresql://infrazen:{password}@infrazen-postgresql.finops.svc:5432/infrazen"
    assert len(password) == 32


def test_copies_are_copies(rendered):
    manifests = rendered("everything")
    first = environment_of(manifests)
    assert [environment_of(manifests, name) for name in ("team-a", "team-b")] == [first, first]


def test_two_renderings_make_up_different_secrets(helm):
    one, other = (environment_of(helm_template(helm, {})) for _ in range(2))
    assert one["INFRAZEN_MASTER_KEYS"] != other["INFRAZEN_MASTER_KEYS"]


def test_where_a_secret_is_named_nothing_is_made_up(rendered, helm):
    assert not of_kind(rendered("production"), "Secret")
    # As Argo CD needs it: the same values, the same manifests.
    assert helm_template(helm, VALUES["production"]) == rendered("production")


def test_an_external_database_is_the_one_that_is_named(rendered):
    manifests = rendered("external services")
    url = VALUES["external services"]["database"]["url"]
    assert environment_of(manifests)["INFRAZEN_DATABASE_URL"] == url
    assert not of_kind(manifests, "StatefulSet")
    redis = plain(named(manifests, "Secret", "infrazen-services"))["redis-url"]
    assert redis == VALUES["external services"]["redis"]["url"]


@pytest.mark.parametrize("case", VALUES)
def test_no_secret_stands_outside_of_secrets(case, rendered):
    manifests = rendered(case)
    hidden = {
        word
        for secret in of_kind(manifests, "Secret")
        for value in plain(secret).values()
        for word in (value, base64.b64encode(value.encode()).decode())
    }
    others = repr([each for each in manifests if each["kind"] != "Secret"])
    assert not [word for word in hidden if word in others]


@pytest.mark.parametrize("case", VALUES)
def test_every_secret_and_config_map_that_a_pod_reads_is_there_or_named_by_people(case, rendered):
    manifests = rendered(case)
    there = {
        (each["kind"], each["metadata"]["name"])
        for each in of_kind(manifests, "Secret", "ConfigMap")
    }
    people = {("Secret", "infrazen"), ("Secret", "redis")} if case == "production" else set()
    for name, pod in pods(manifests):
        for container in containers(pod):
            for source in container.get("envFrom", []):
                for key, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
                    if key in source:
                        assert (kind, source[key]["name"]) in there | people, name
            for variable in container.get("env", []):
                if reference := variable.get("valueFrom", {}).get("secretKeyRef"):
                    assert ("Secret", reference["name"]) in there | people, name


@pytest.mark.parametrize("case", VALUES)
def test_every_variable_is_a_setting(case, rendered):
    known = {f"INFRAZEN_{name.upper()}" for name in Settings.model_fields}
    for deployment in of_kind(rendered(case), "Deployment"):
        for container in containers(deployment["spec"]["template"]["spec"]):
            for variable in container.get("env", []):
                name = variable["name"]
                if name.startswith("INFRAZEN_") and not name.startswith("INFRAZEN_OPERATOR_"):
                    assert name in known, name


def test_the_public_address_follows_from_the_ingress(helm, rendered):
    settings = named(rendered("everything"), "ConfigMap", "infrazen-settings")["data"]
    assert settings["INFRAZEN_PUBLIC_URL"] == "https://infrazen.example.com"
    assert settings["INFRAZEN_ALLOWED_ENDPOINTS"] == "cloud.example.com"
    plain_http = {"ui": {"ingress": {"enabled": True, "host": "a.b", "tls": {"enabled": False}}}}
    manifests = helm_template(helm, plain_http)
    settings = named(manifests, "ConfigMap", "infrazen-settings")["data"]
    assert settings["INFRAZEN_PUBLIC_URL"] == "http://a.b"


@pytest.mark.parametrize(
    ("values", "way_out"),
    [
        ({"ui": {"replicas": 2}}, "redis"),
        ({"ui": {"autoscaling": {"enabled": True}}}, "redis"),
        ({"database": {"bundled": {"enabled": False}}}, "environment.existingSecret"),
        ({"ui": {"demo": True, "schedules": False}}, "ui.schedules"),
        ({"ui": {"ingress": {"enabled": True}}}, "ui.ingress.host"),
        ({"ui": {"gateway": {"enabled": True}}}, "ui.gateway.parentRefs"),
        (
            {"ui": {"cluster": {"access": "Write", "writeNamespace": "elsewhere"}}},
            "operator.namespaces",
        ),
    ],
)
def test_what_cannot_work_together_is_refused_with_the_way_out(helm, values, way_out):
    with pytest.raises(HelmRefused, match=way_out):
        helm_template(helm, values)


def test_a_changed_setting_replaces_the_pods_that_read_it(helm):
    def checksum(**settings):
        values = {"environment": {"existingSecret": "infrazen", "settings": settings}}
        ui = named(helm_template(helm, values), "Deployment", "infrazen-ui")
        return ui["spec"]["template"]["metadata"]["annotations"]["checksum/environment"]

    assert checksum() == checksum()
    assert checksum() != checksum(INFRAZEN_SESSION_HOURS="8")


@pytest.mark.parametrize("case", VALUES)
def test_what_stands_in_the_secret_goes_before_settings(case, rendered):
    """Of two sources of a variable Kubernetes takes the last one; Jobs have them in this order."""
    for name, pod in pods(rendered(case)):
        for container in containers(pod):
            kinds = [next(iter(source)) for source in container.get("envFrom", [])]
            assert kinds in ([], ["configMapRef", "secretRef"]), name
