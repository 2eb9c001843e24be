"""Alerts and dashboard ask for figures that the operator has."""

import json
import re

from infrazen_operator.metrics import Metrics
from tests.chart.rendering import CHART, named, of_kind

ADDED = ("_bucket", "_sum", "_count", "_total", "_created")


def known():
    """Each figure of the operator with its labels."""
    return {
        metric.name: metric
        for metric in Metrics().registry.collect()
        if metric.name.startswith("infrazen_")
    }


def asked(expression):
    return re.findall(r"\b(infrazen_[a-z_]+|process_[a-z_]+)", expression)


def family(name):
    """The figure that a series belongs to."""
    for suffix in ADDED:
        if name.endswith(suffix) and name.removesuffix(suffix) in known():
            return name.removesuffix(suffix)
    return name


def expressions():
    dashboard = json.loads((CHART / "files/dashboard.json").read_text())
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_the_dashboard_asks_for_what_there_is():
    names = {name for expression in expressions() for name in asked(expression)}
    assert len(names) > 8
    ours = {family(name) for name in names if name.startswith("infrazen_")}
    assert ours <= known().keys()


def test_alerts_ask_for_what_there_is_in_the_release_s_namespace(rendered):
    [group] = named(rendered("everything"), "PrometheusRule", "infrazen")["spec"]["groups"]
    assert len(group["rules"]) == 7
    for rule in group["rules"]:
        ours = {family(name) for name in asked(rule["expr"])}
        assert ours <= known().keys(), rule["alert"]
        assert 'namespace="finops"' in rule["expr"]
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"].keys() == {"summary", "description"}
    stale = next(rule for rule in group["rules"] if rule["alert"] == "InfraZenConnectionStale")
    assert stale["expr"].endswith("> 172800")


def test_the_dashboard_is_one_that_grafana_finds(rendered):
    made = named(rendered("everything"), "ConfigMap", "infrazen-dashboard")
    assert made["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert json.loads(made["data"]["infrazen.json"])["uid"] == "infrazen"


def test_prometheus_asks_with_the_token_that_the_ui_wants(rendered):
    monitors = of_kind(rendered("everything"), "ServiceMonitor")
    assert {each["metadata"]["name"] for each in monitors} == {"infrazen-ui", "infrazen-operator"}
    ui = named(rendered("everything"), "ServiceMonitor", "infrazen-ui")["spec"]["endpoints"][0]
    assert ui["authorization"]["credentials"] == {
        "name": "infrazen-services",
        "key": "metrics-token",
    }
    kept = named(rendered("production"), "ServiceMonitor", "infrazen-ui")["spec"]["endpoints"][0]
    assert kept["authorization"]["credentials"] == {
        "name": "infrazen",
        "key": "INFRAZEN_METRICS_TOKEN",
    }
