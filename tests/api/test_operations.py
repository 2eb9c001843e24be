"""Probes and metrics."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from infrazen.settings import settings

LOCAL = {"Host": "localhost:8000"}


@pytest.fixture
def fresh_metrics(monkeypatch):
    """No figures of an earlier test's database."""
    monkeypatch.setattr("infrazen.api.metrics.REFRESH_SECONDS", 0.0)


def test_health_needs_nothing(api):
    assert api.get("/healthz").json() == {"status": "ok"}


def test_readiness_is_a_status_and_the_reason(api, world):
    ready = api.get("/readyz")
    assert (ready.status_code, ready.json()) == (
        200,
        {"database": "ok", "schema": "ok", "keys": "ok"},
    )
    settings().key_file.unlink()
    broken = api.get("/readyz")
    assert (broken.status_code, broken.json()["keys"]) == (503, "unreadable")


def test_metrics_tell_counts_and_no_names(api, world, fresh_metrics):
    answer = api.at("127.0.0.1").get("/metrics", headers=LOCAL)
    assert answer.headers["content-type"].startswith("text/plain")
    found = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    beget, success = ("provider", "beget"), ("status", "success")
    assert found["infrazen_syncs_total", (beget, success)] == 2
    assert found["infrazen_sync_duration_seconds_sum", (beget, success)] == 3
    assert found["infrazen_resources", (beget,)] == 2
    assert found["infrazen_connections", (beget,)] == 2
    assert found["infrazen_sync_queue_length", ()] == 0
    assert found["process_resident_memory_bytes", ()] > 0
    assert "alpha" not in answer.text
    assert "canary" not in answer.text


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", LOCAL),
        ("127.0.0.1", {"Host": "infrazen.example"}),
        ("127.0.0.1", {**LOCAL, "X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", {**LOCAL, "Forwarded": "for=192.0.2.7"}),
        ("127.0.0.1", {**LOCAL, "Via": "1.1 proxy"}),
    ],
)
def test_without_a_token_only_this_machine_may_ask(api, world, address, headers):
    assert api.at(address).get("/metrics", headers=headers).status_code == 401


@pytest.mark.parametrize(("address", "host"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]:8000")])
def test_this_machine_may_ask(api, world, address, host):
    assert api.at(address).get("/metrics", headers={"Host": host}).status_code == 200


def test_with_a_public_address_loopback_may_be_a_proxy(api, world, monkeypatch):
    monkeypatch.setenv("INFRAZEN_PUBLIC_URL", "https://infrazen.example")
    settings.cache_clear()
    assert api.at("127.0.0.1").get("/metrics", headers=LOCAL).status_code == 401


def test_a_metrics_token_opens_from_anywhere_and_is_then_needed(api, world, monkeypatch):
    monkeypatch.setenv("INFRAZEN_METRICS_TOKEN", "metrics-test-token")
    settings.cache_clear()
    assert api.as_token("metrics-test-token").get("/metrics").status_code == 200
    assert api.as_token("another").get("/metrics").status_code == 401
    assert api.at("127.0.0.1").get("/metrics", headers=LOCAL).status_code == 401
    assert api.as_token(world.alpha.tokens["owner"]).get("/metrics").status_code == 401
