"""Prometheus metrics of the whole installation, counted in the database when asked."""

import threading
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
    SummaryMetricFamily,
)

from infrazen import __version__
from infrazen.services.operations import Totals, totals

REFRESH_SECONDS = 10.0


class InstallationMetrics:
    """Collects from the database, at most every ten seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: tuple[float, Totals] | None = None

    def collect(self) -> Iterator[Metric]:
        """Every metric of ours; names and labels are stable, and none names a customer."""
        now = self._totals()
        yield InfoMetricFamily("infrazen", "The running version.", value={"version": __version__})
        yield from _syncs(now)
        yield from _inventory(now)
        yield from _queue(now)

    def _totals(self) -> Totals:
        with self._lock:
            now = time.monotonic()
            if self._counted is None or now - self._counted[0] >= REFRESH_SECONDS:
                self._counted = (now, totals())
            return self._counted[1]


class Exposition:
    """The text that Prometheus reads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(InstallationMetrics())
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """All metrics; raises ``StorageUnavailable`` without a database."""
        return generate_latest(self._registry)


def _syncs(now: Totals) -> Iterator[Metric]:
    labels = ["provider", "status"]
    runs = CounterMetricFamily("infrazen_syncs", "Sync runs on record.", labels=labels)
    took = SummaryMetricFamily(
        "infrazen_sync_duration_seconds", "Time that sync runs took.", labels=labels
    )
    for each in now.syncs:
        place = [each.provider, each.status.value]
        runs.add_metric(place, each.count)
        took.add_metric(place, count_value=each.count, sum_value=each.seconds)
    yield runs
    yield took


def _inventory(now: Totals) -> Iterator[Metric]:
    resources = GaugeMetricFamily("infrazen_resources", "Active resources.", labels=["provider"])
    connections = GaugeMetricFamily("infrazen_connections", "Connections.", labels=["provider"])
    age = GaugeMetricFamily(
        "infrazen_last_success_age_seconds",
        "Age of the last good sync of the connection where it is oldest.",
        labels=["provider"],
    )
    for provider, count in now.resources.items():
        resources.add_metric([provider], count)
    for each in now.connections:
        connections.add_metric([each.provider], each.count)
        if each.oldest_success is not None:
            age.add_metric([each.provider], (now.at - each.oldest_success).total_seconds())
    yield from (resources, connections, age)


def _queue(now: Totals) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "infrazen_sync_queue_length", "Syncs that wait for a worker.", value=now.queue.length
    )
    waited = (now.at - now.queue.oldest).total_seconds() if now.queue.oldest else 0.0
    yield GaugeMetricFamily(
        "infrazen_sync_queue_wait_seconds", "How long the first of them has waited.", value=waited
    )
