"""Nothing is reached that is not listed, and what has to be reached is."""

import pytest

from infrazen.manifests.names import MANAGED_BY, OPERATOR, PURPOSE
from tests.chart.rendering import VALUES, helm_template, named, of_kind
from tests.cluster.kubernetes.network_policies import ruleset

PROTECTED = [case for case in VALUES if case != "without a cluster's connections"]
JOB = {MANAGED_BY: OPERATOR, PURPOSE: "sync"}


def selects(selector, labels):
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    return all(
        each["operator"] == "Exists" and each["key"] in labels
        for each in selector.get("matchExpressions", [])
    )


def policies_of(manifests, labels, namespace="finops"):
    return [
        each["spec"]
        for each in of_kind(manifests, "NetworkPolicy")
        if each["metadata"]["namespace"] == namespace
        and selects(each["spec"]["podSelector"], labels)
    ]


def labels_of(manifests):
    for each in manifests:
        if each["kind"] == "Pod":
            yield each["metadata"]["name"], each["metadata"]["labels"]
        elif "template" in (each.get("spec") or {}):
            yield each["metadata"]["name"], each["spec"]["template"]["metadata"]["labels"]


def ports(policies, direction):
    return {
        port["port"]
        for policy in policies
        for rule in policy.get(direction, [])
        for port in rule["ports"]
    }


@pytest.mark.parametrize("case", PROTECTED)
def test_every_pod_is_denied_what_no_policy_lists(case, rendered):
    manifests = rendered(case)
    for name, labels in labels_of(manifests):
        found = policies_of(manifests, labels)
        assert found, name
        assert all(set(policy["policyTypes"]) == {"Ingress", "Egress"} for policy in found)
        for policy in found:
            for rule in policy.get("egress", []):
                assert rule["ports"], name


def test_without_policies_there_is_none(rendered):
    assert not of_kind(rendered("without a cluster's connections"), "NetworkPolicy")


def test_each_pod_gets_to_what_it_needs_and_no_further(rendered):
    manifests = rendered("everything")
    found = {
        name: (
            ports(policies_of(manifests, labels), "ingress"),
            ports(policies_of(manifests, labels), "egress"),
        )
        for name, labels in labels_of(manifests)
    }
    assert found == {
        "infrazen-ui": ({8000}, {53, 443, 5432, 6379, 6443, 8090}),
        "infrazen-operator": ({8081}, {53, 443, 6443}),
        "infrazen-secret-watcher": ({8081}, {53, 443, 6443}),
        "infrazen-postgresql": ({5432}, set()),
        "infrazen-redis": ({6379}, set()),
        "infrazen-migrations": (set(), {53, 5432}),
        "infrazen-test": (set(), {53, 8000, 8081}),
    }


@pytest.mark.parametrize("namespace", ["finops", "team-a", "team-b"])
def test_jobs_get_to_database_and_clouds_wherever_they_run(rendered, namespace):
    manifests = rendered("everything")
    found = policies_of(manifests, JOB, namespace)
    assert ports(found, "ingress") == set()
    assert ports(found, "egress") == {53, 443, 5432, 8090}
    [rule] = named(manifests, "NetworkPolicy", "infrazen-postgresql")["spec"]["ingress"]
    [peer] = [peer for peer in rule["from"] if selects(peer["podSelector"], JOB)]
    [within] = peer["namespaceSelector"]["matchExpressions"]
    assert namespace in within["values"]


def test_clouds_are_not_found_at_private_addresses(rendered):
    [policy] = policies_of(rendered("nothing"), JOB)
    [rule] = [rule for rule in policy["egress"] if rule["ports"][0]["port"] == 443]
    excepted = {net for peer in rule["to"] for net in peer["ipBlock"]["except"]}
    assert {"10.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16", "fc00::/7"} <= excepted


def test_the_bundled_database_is_reached_by_ours_alone(rendered):
    [rule] = named(rendered("nothing"), "NetworkPolicy", "infrazen-postgresql")["spec"]["ingress"]
    who = [peer["podSelector"]["matchLabels"] for peer in rule["from"]]
    components = [labels.get("app.kubernetes.io/component") for labels in who]
    assert components == ["ui", "migrations", None]
    assert who[-1] == {MANAGED_BY: OPERATOR}


def test_an_external_database_is_reached_where_it_is(helm):
    values = {
        "database": {"url": "postgresql://infrazen:password@10.1.2.3:6432/infrazen"},
        "networkPolicy": {
            "database": {"to": [{"ipBlock": {"cidr": "10.1.2.3/32"}}], "ports": [6432]}
        },
    }
    [policy] = policies_of(helm_template(helm, values), JOB)
    assert {
        "to": [{"ipBlock": {"cidr": "10.1.2.3/32"}}],
        "ports": [{"protocol": "TCP", "port": 6432}],
    } in policy["egress"]


def test_the_test_node_of_ipv4_leaves_out_what_is_ipv6(rendered):
    policies = of_kind(rendered("nothing"), "NetworkPolicy")
    pod = {
        "metadata": {"name": "sync", "namespace": "finops", "labels": JOB},
        "spec": {"containers": []},
        "status": {"podIP": "10.0.0.5", "phase": "Running"},
    }
    home = {"metadata": {"name": "finops"}}
    rules = ruleset([pod], [home], policies)
    assert "ip daddr 0.0.0.0/0 ip daddr != { 10.0.0.0/8" in rules
    assert "::" not in rules
