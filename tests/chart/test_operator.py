"""What the chart tells the operator is what the operator understands."""

import pytest

from infrazen_operator.rights import OWN, SECRET_WATCH, SERVED
from infrazen_operator.settings import OperatorSettings
from tests.chart.rendering import VALUES, named, of_kind

DEPLOYMENTS = ("infrazen-operator", "infrazen-secret-watcher")


def rights(rules):
    """Each right on its own: group, resource and verb."""
    return {
        (group, resource, verb)
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def wanted(rules):
    return rights([rule.document() for rule in rules])


@pytest.mark.parametrize(
    ("name", "namespace", "rules"),
    [
        ("infrazen-operator", "team-a", SERVED),
        ("infrazen-operator", "team-b", SERVED),
        ("infrazen-operator-own", "finops", OWN),
        ("infrazen-secret-watcher", "team-a", SECRET_WATCH),
    ],
)
def test_roles_are_what_the_programs_need_and_no_more(rendered, name, namespace, rules):
    role = named(rendered("everything"), "Role", name, namespace)
    assert rights(role["rules"]) == wanted(rules)


def test_for_all_namespaces_they_are_the_same_in_a_cluster_role(rendered):
    manifests = rendered("all namespaces")
    for name, rules in (("operator", SERVED), ("secret-watcher", SECRET_WATCH)):
        role = named(manifests, "ClusterRole", f"finops-infrazen-{name}")
        assert rights(role["rules"]) == wanted(rules)


def settings_of(manifests, deployment, monkeypatch):
    """The operator's settings as its pod would read them."""
    [container] = named(manifests, "Deployment", deployment)["spec"]["template"]["spec"][
        "containers"
    ]
    for variable in container["env"]:
        given = "finops" if variable["name"] == "POD_NAMESPACE" else "pod-1"
        monkeypatch.setenv(variable["name"], variable.get("value", given))
    return OperatorSettings()


@pytest.mark.parametrize("case", VALUES)
def test_every_variable_of_the_operator_is_a_setting(case, rendered):
    known = {f"INFRAZEN_OPERATOR_{name.upper()}" for name in OperatorSettings.model_fields}
    for deployment in of_kind(rendered(case), "Deployment"):
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            names = {variable["name"] for variable in container.get("env", [])}
            assert {name for name in names if name.startswith("INFRAZEN_OPERATOR_")} <= known


def test_it_serves_the_release_s_own_namespace(rendered, monkeypatch):
    read = settings_of(rendered("nothing"), "infrazen-operator", monkeypatch)
    assert (read.namespaces, read.namespace, read.identity) == (("finops",), "finops", "pod-1")
    assert read.job_image == "infrazen-core:0.1.0"
    assert read.job_service_account == "infrazen-jobs"
    assert read.job_secrets == ("infrazen-environment",)
    assert read.job_config_maps == ("infrazen-settings",)


def test_it_gives_jobs_what_people_set_and_else_what_it_would_give_itself(rendered, monkeypatch):
    own = OperatorSettings().jobs
    read = settings_of(rendered("nothing"), "infrazen-operator", monkeypatch).jobs
    assert (read.requests, read.limits) == (own.requests, own.limits)
    read = settings_of(rendered("external services"), "infrazen-operator", monkeypatch).jobs
    assert read.requests == {"cpu": "2", "memory": "192Mi"}
    assert read.limits == {"memory": "2Gi"}


def test_it_serves_those_that_are_named_with_their_organizations(rendered, monkeypatch):
    read = settings_of(rendered("everything"), "infrazen-operator", monkeypatch)
    assert read.namespaces == ("team-a", "team-b")
    assert read.organizations == {"team-a": ("acme", "main"), "team-b": ("main",)}


def test_it_serves_all(rendered, monkeypatch):
    manifests = rendered("all namespaces")
    for deployment in DEPLOYMENTS:
        read = settings_of(manifests, deployment, monkeypatch)
        assert read.namespaces == ()
        assert read.watched == ()


def test_probes_ask_the_port_that_it_listens_on(rendered, monkeypatch):
    manifests = rendered("everything")
    for deployment in DEPLOYMENTS:
        read = settings_of(manifests, deployment, monkeypatch)
        [container] = named(manifests, "Deployment", deployment)["spec"]["template"]["spec"][
            "containers"
        ]
        assert container["ports"] == [{"name": "metrics", "containerPort": read.port}]
