"""Every pod is restricted, every right is named, for every way in which people set the chart."""

import copy

import pytest

from tests.chart.rendering import VALUES, containers, named, of_kind, pods

WITH_TOKEN = {"infrazen-operator", "infrazen-secret-watcher", "infrazen-ui"}
"""Pods that talk to the API server; all others hold no token."""
VOLUMES = {"emptyDir"}
UNWRITTEN = {"escalate", "bind", "impersonate", "deletecollection"}


def complaints(pod):
    """Which rules of restricted pod security, and of our own, a pod breaks."""
    yield from of_pod(pod)
    for container in containers(pod):
        yield from of_container(container)


def of_pod(pod):
    security = pod.get("securityContext", {})
    if security.get("runAsNonRoot") is not True:
        yield "runAsNonRoot"
    if 0 in (security.get("runAsUser"), security.get("runAsGroup")):
        yield "runAsUser"
    if security.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "seccompProfile"
    yield from (key for key in pod if key.startswith("host"))
    if pod.get("enableServiceLinks") is not False:
        yield "enableServiceLinks"
    if "automountServiceAccountToken" not in pod:
        yield "automountServiceAccountToken"
    for volume in pod.get("volumes", []):
        if not VOLUMES & volume.keys():
            yield f"volume {volume['name']}"


def of_container(container):
    security = container.get("securityContext", {})
    wanted = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    for key, value in wanted.items():
        if security.get(key) != value:
            yield key
    if security.keys() - wanted.keys():
        yield "further security settings"
    if any("hostPort" in port for port in container.get("ports", [])):
        yield "hostPort"
    resources = container.get("resources", {})
    if "memory" not in resources.get("limits", {}):
        yield "memory limit"
    if resources.get("requests", {}).keys() != {"cpu", "memory"}:
        yield "requests"


@pytest.mark.parametrize("case", VALUES)
def test_every_pod_is_restricted(case, rendered):
    found = list(pods(rendered(case)))
    assert found
    for name, pod in found:
        assert list(complaints(pod)) == [], name


def paths(node, before=()):
    """Where each field of a security context stands."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if key == "securityContext":
            yield from ((*before, key, field) for field in value)
        elif isinstance(value, dict | list):
            yield from paths(value, (*before, key))


def test_without_any_one_field_a_pod_would_not_pass(rendered):
    """Else the test above could not fail."""
    pod = named(rendered("nothing"), "Deployment", "infrazen-ui")["spec"]["template"]["spec"]
    harmless = {"runAsUser", "runAsGroup", "fsGroup", "fsGroupChangePolicy"}
    tried = [path for path in paths(pod) if path[-1] not in harmless]
    assert len(tried) == 2 + 3 * len(containers(pod))
    for path in tried:
        weaker = copy.deepcopy(pod)
        place = weaker
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        assert list(complaints(weaker)) == [path[-1]]


@pytest.mark.parametrize("case", VALUES)
def test_only_who_talks_to_the_api_server_holds_a_token(case, rendered):
    manifests = rendered(case)
    for each in of_kind(manifests, "ServiceAccount"):
        assert each["automountServiceAccountToken"] is False
    for name, pod in pods(manifests):
        allowed = name.rpartition("/")[2].replace("costs", "infrazen") in WITH_TOKEN
        assert allowed or pod["automountServiceAccountToken"] is False, name


def test_a_ui_without_a_cluster_has_no_token_and_no_rights(rendered):
    manifests = rendered("without a cluster's connections")
    pod = named(manifests, "Deployment", "infrazen-ui")["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert not of_kind(manifests, "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")


@pytest.mark.parametrize("case", VALUES)
def test_no_right_is_a_wildcard_or_leads_to_others(case, rendered):
    for role in of_kind(rendered(case), "Role", "ClusterRole"):
        assert role["rules"]
        for rule in role["rules"]:
            assert rule.keys() <= {"apiGroups", "resources", "verbs", "resourceNames"}
            words = [word for part in rule.values() for word in part]
            assert not any("*" in word for word in words), role["metadata"]["name"]
            assert not UNWRITTEN & set(rule["verbs"])
            assert not {"pods/exec", "serviceaccounts/token", "nodes"} & set(rule["resources"])


@pytest.mark.parametrize("case", VALUES)
def test_cluster_wide_rights_are_there_only_for_all_namespaces(case, rendered):
    wide = of_kind(rendered(case), "ClusterRole", "ClusterRoleBinding")
    assert bool(wide) == VALUES[case].get("operator", {}).get("allNamespaces", False)


@pytest.mark.parametrize("case", VALUES)
def test_secrets_are_read_by_the_watcher_alone(case, rendered):
    for role in of_kind(rendered(case), "Role", "ClusterRole"):
        verbs = {
            verb
            for rule in role["rules"]
            if "secrets" in rule["resources"]
            for verb in rule["verbs"]
        }
        name = role["metadata"]["name"]
        if name.endswith("-secret-watcher"):
            assert verbs == {"list", "watch"}
        elif name.endswith("-ui-write"):
            assert verbs == {"create"}
        else:
            assert not verbs, name


@pytest.mark.parametrize("case", VALUES)
def test_every_binding_gives_a_role_that_is_there_to_an_account_that_is_there(case, rendered):
    manifests = rendered(case)
    accounts = {
        (each["metadata"]["name"], each["metadata"]["namespace"])
        for each in of_kind(manifests, "ServiceAccount")
    }
    for binding in of_kind(manifests, "RoleBinding", "ClusterRoleBinding"):
        meta, ref = binding["metadata"], binding["roleRef"]
        assert named(manifests, ref["kind"], ref["name"], meta.get("namespace", "finops"))
        [subject] = binding["subjects"]
        assert (subject["name"], subject["namespace"]) in accounts
    for name, pod in pods(manifests):
        if account := pod.get("serviceAccountName"):
            assert (account, "finops") in accounts, name


def test_each_watched_namespace_gets_what_its_jobs_need(rendered):
    manifests = rendered("everything")
    for namespace, writes in (("team-a", ["ui-write"]), ("team-b", [])):
        there = {
            (each["kind"], each["metadata"]["name"])
            for each in manifests
            if each["metadata"].get("namespace") == namespace
        }
        assert there == {
            ("ConfigMap", "infrazen-settings"),
            ("NetworkPolicy", "infrazen-jobs"),
            ("Secret", "infrazen-environment"),
            ("ServiceAccount", "infrazen-jobs"),
            *(
                (kind, f"infrazen-{component}")
                for kind in ("Role", "RoleBinding")
                for component in ("operator", "secret-watcher", "ui", *writes)
            ),
        }
