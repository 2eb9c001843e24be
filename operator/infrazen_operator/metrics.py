"""What Prometheus is told: each figure is one of this process."""

import re
from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from infrazen.domain.syncs import Phase
from infrazen.manifests.connection import CloudConnection, InvalidConnection
from infrazen.manifests.status import Truth

_AMOUNT = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300)
_MINUTES = (5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200)


class SyncFigures:
    """What became of syncs."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.ended = Counter(
            "infrazen_operator_syncs",
            "Syncs that have ended, by provider and result.",
            ("provider", "result"),
            registry=registry,
        )
        self.seconds = Histogram(
            "infrazen_operator_sync_duration_seconds",
            "From a sync Job's start to its end.",
            ("provider",),
            buckets=_MINUTES,
            registry=registry,
        )
        self.start_delay = Histogram(
            "infrazen_operator_start_delay_seconds",
            "From the moment a sync was due to its Job.",
            ("trigger",),
            buckets=_SECONDS,
            registry=registry,
        )


class ConnectionFigures:
    """How connections are."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.all = Gauge(
            "infrazen_operator_connections",
            "CloudConnections, by provider and by what their condition Ready says.",
            ("provider", "ready"),
            registry=registry,
        )
        self.resources = Gauge(
            "infrazen_operator_resources",
            "Cloud resources that the last sync of a connection found.",
            ("namespace", "name", "provider"),
            registry=registry,
        )
        self.daily_cost = Gauge(
            "infrazen_operator_daily_cost",
            "What a connection costs a day, payable, as its last sync has found.",
            ("namespace", "name", "provider", "currency"),
            registry=registry,
        )
        self.last_success = Gauge(
            "infrazen_operator_last_success_timestamp_seconds",
            "When a connection was last synced, wholly or in part.",
            ("namespace", "name", "provider"),
            registry=registry,
        )

    def show(self, resources: Iterable[CloudConnection | InvalidConnection]) -> None:
        """Set the gauges that tell how connections are."""
        gauges = (self.all, self.resources, self.daily_cost, self.last_success)
        for gauge in gauges:
            gauge.clear()
        for resource in resources:
            provider = resource.spec.provider if isinstance(resource, CloudConnection) else ""
            ready = resource.status.condition("Ready")
            self.all.labels(provider, ready.status if ready else Truth.UNKNOWN).inc()
            self._show_last_sync(resource, provider)

    def _show_last_sync(self, resource: CloudConnection | InvalidConnection, provider: str) -> None:
        last = resource.status.last_sync
        if last is None or last.phase == Phase.FAILED:
            return
        where = (resource.metadata.namespace, resource.metadata.name, provider)
        self.resources.labels(*where).set(last.resources.found)
        self.last_success.labels(*where).set(last.completion_time.timestamp())
        if last.cost is not None and _AMOUNT.fullmatch(last.cost.payable.daily):
            cost = self.daily_cost.labels(*where, last.cost.currency)
            cost.set(float(last.cost.payable.daily))


class Metrics:
    """The operator's figures, in a registry of their own."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self.syncs = SyncFigures(registry)
        self.connections = ConnectionFigures(registry)
        self.jobs = Counter(
            "infrazen_operator_jobs", "Jobs created, by purpose.", ("purpose",), registry=registry
        )
        self.reconciles = Histogram(
            "infrazen_operator_reconcile_duration_seconds",
            "From a change of a connection to what followed from it.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.failures = Counter(
            "infrazen_operator_reconcile_failures",
            "Attempts to follow a change that failed and are repeated.",
            registry=registry,
        )
        self.unreleased = Counter(
            "infrazen_operator_unreleased",
            "Connections that were deleted while nobody could tell the database of it.",
            registry=registry,
        )
        self.status_writes = Counter(
            "infrazen_operator_status_writes", "Statuses written.", registry=registry
        )
        self.queued = Gauge(
            "infrazen_operator_queue_length", "Syncs that wait for a free place.", registry=registry
        )
        self.running = Gauge(
            "infrazen_operator_running_syncs", "Sync Jobs that run.", registry=registry
        )
        self.leader = Gauge(
            "infrazen_operator_leader",
            "1 where this process acts, 0 where it stands by.",
            registry=registry,
        )

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)
