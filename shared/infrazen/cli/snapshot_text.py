"""A sync run in words: what it found, what it costs, what could not be read."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from infrazen.cli.figures import duration, per_day_and_month, words
from infrazen.cli.screen import facts_text
from infrazen.db.queries.snapshots import Snapshot
from infrazen.domain.costs import Rate
from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.provider_kit.contract import ProviderSpec, Text
from infrazen.sync.result import amount


def snapshot_document(snapshot: Snapshot) -> dict[str, Any]:
    """A run for programs; amounts are exact strings."""
    facts = asdict(snapshot)
    del facts["organization_id"]
    money = {name: value for name, value in facts.items() if isinstance(value, Decimal)}
    return facts | {name: amount(value) for name, value in money.items()}


def snapshot_text(snapshot: Snapshot, spec: ProviderSpec, *, name: str) -> str:
    """A run of the connection called ``name``, a line a fact."""
    facts: dict[str, Any] = {
        "connection": name,
        "status": snapshot.status.value,
        **_error(snapshot),
        "started": snapshot.started_at,
        **({} if snapshot.duration_ms is None else {"took": duration(snapshot.duration_ms)}),
        "asked_by": f"{snapshot.requested_by or '—'} ({snapshot.trigger.value})",
        **_progress(snapshot, spec),
        **_counts(snapshot, spec, name=name),
        **_money(snapshot),
        "snapshot": snapshot.id,
    }
    lines = [facts_text(facts), *_not_read(snapshot, spec)]
    return "\n".join(lines)


def _error(snapshot: Snapshot) -> dict[str, str]:
    if snapshot.status is not SyncStatus.ERROR:
        return {}
    return {"because": f"{words(snapshot.error_reason)}: {snapshot.error_message}"}


def _progress(snapshot: Snapshot, spec: ProviderSpec) -> dict[str, str]:
    progress = snapshot.progress
    if not progress:
        return {}
    at = _title(spec.endpoint_titles, progress.get("endpoint")) or progress.get("stage", "")
    done = f"{progress.get('endpoints_done', 0)} of {progress.get('endpoints_total', 0)}"
    return {"now": f"{at}, {done} endpoints, {progress.get('items', 0)} items"}


def _counts(snapshot: Snapshot, spec: ProviderSpec, *, name: str) -> dict[str, str]:
    if snapshot.status not in (SyncStatus.SUCCESS, SyncStatus.PARTIAL):
        return {}
    by_type = (snapshot.by_type or {}).items()
    kinds = ", ".join(f"{_title(spec.resource_types, kind)} {n}" for kind, n in by_type)
    facts = {
        "found": f"{snapshot.found} resources" + (f" ({kinds})" if kinds else ""),
        "changed": f"{snapshot.created} created, {snapshot.updated} updated, "
        f"{snapshot.deleted} deleted, {snapshot.unchanged} unchanged",
    }
    if snapshot.quarantined:
        facts["unread"] = (
            f"{snapshot.quarantined} records: `infrazen connection unread {name}` says why"
        )
    return facts


def _money(snapshot: Snapshot) -> dict[str, str]:
    if (
        snapshot.currency is None
        or snapshot.payable_daily is None
        or snapshot.payable_monthly is None
        or snapshot.listed_daily is None
        or snapshot.listed_monthly is None
    ):
        return {}
    payable = Rate(snapshot.payable_daily, snapshot.payable_monthly)
    listed = Rate(snapshot.listed_daily, snapshot.listed_monthly)
    return {
        "payable": per_day_and_month(payable, snapshot.currency),
        "listed": per_day_and_month(listed, snapshot.currency),
    }


def _not_read(snapshot: Snapshot, spec: ProviderSpec) -> list[str]:
    """The endpoints that did not succeed, and what the provider said."""
    lines = []
    for one in snapshot.endpoints or ():
        if one["status"] == EndpointStatus.SUCCEEDED:
            continue
        title = _title(spec.endpoint_titles, one["name"])
        failed = one["status"] == EndpointStatus.FAILED
        why = words(one.get("reason")) if failed else "skipped"
        lines.append(f"  {title} ({one['name']}): {why}: {one.get('message') or '—'}")
    return ["not read:", *lines] if lines else []


def _title(titles: Mapping[str, Text], name: str | None) -> str:
    if not name:
        return ""
    return titles[name].en if name in titles else name
