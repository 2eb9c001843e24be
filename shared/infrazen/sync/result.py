"""A sync's result as one small JSON document: the fields of a custom resource's ``lastSync``.

It is what ``infrazen sync run --json`` prints and what a Kubernetes Job leaves as its
container's termination message, of which the kubelet keeps 4,096 bytes. However large an
account is and whatever its provider says, a document stays under that.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from infrazen.domain.syncs import EndpointStatus, Phase, SyncStatus, Trigger
from infrazen.domain.text import without_controls

if TYPE_CHECKING:  # whoever reads results in a cluster has no database
    from infrazen.db.queries.snapshots import Snapshot

MOST_BYTES = 4000
_TEXT_LENGTHS = (300, 150, 80)
_NAME_LENGTH = 60
_JOB_NAME_LENGTH = 253


class Resources(msgspec.Struct, frozen=True, kw_only=True):
    """How many resources a run found and what became of them."""

    found: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Exact amounts per day and per month, with at least two decimals."""

    daily: str
    monthly: str


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What the account costs: what there is to pay, and every line as the provider states it."""

    currency: str
    payable: Rate
    listed: Rate


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint that did not succeed: ``Failed`` or ``Skipped``, and why."""

    name: str
    status: str
    message: str


class Purge(msgspec.Struct, frozen=True, kw_only=True):
    """How far a purge is: rows that this run erased, all that there were, and what is left.

    Nothing is left when all is gone, and not before.
    """

    erased: int
    total: int
    left: int


class LastSync(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A finished run; times are RFC 3339 in UTC.

    ``snapshot_id`` is None for a run that never began, ``connection_id`` where it got no
    further than to look for its connection, ``cost`` for one that read no price. Only a run
    that is no sync may have ``purge``.
    """

    snapshot_id: str | None
    connection_id: str | None = None
    job_name: str | None
    trigger: str
    phase: Phase
    start_time: str
    completion_time: str
    resources: Resources = Resources()
    cost: Cost | None = None
    endpoints: tuple[Trouble, ...] = ()
    purge: Purge | msgspec.UnsetType = msgspec.UNSET


class FailedSync(LastSync, frozen=True, kw_only=True, rename="camel"):
    """A run that failed: ``reason`` is the error's stable word, ``message`` what to do."""

    reason: str
    message: str


_PHASES = {SyncStatus.SUCCESS: Phase.SUCCEEDED, SyncStatus.PARTIAL: Phase.PARTIAL}


def result_of(snapshot: "Snapshot", *, job_name: str | None = None) -> LastSync:
    """The result of a run that has ended."""
    facts: dict[str, Any] = {
        "snapshot_id": str(snapshot.id),
        "connection_id": str(snapshot.connection_id),
        "job_name": _job_name(job_name),
        "trigger": snapshot.trigger.value,
        "phase": _PHASES.get(snapshot.status, Phase.FAILED),
        "start_time": _moment(snapshot.started_at),
        "completion_time": _moment(snapshot.finished_at or snapshot.beat_at),
        "resources": Resources(
            found=snapshot.found,
            created=snapshot.created,
            updated=snapshot.updated,
            deleted=snapshot.deleted,
            unchanged=snapshot.unchanged,
        ),
        "cost": _cost(snapshot),
        "endpoints": tuple(_troubles(snapshot.endpoints or ())),
    }
    if facts["phase"] is Phase.FAILED:
        return FailedSync(
            **facts, reason=snapshot.error_reason or "", message=snapshot.error_message or ""
        )
    return LastSync(**facts)


def success_of(
    *, started_at: datetime, finished_at: datetime, purge: Purge | None = None
) -> LastSync:
    """The result of a command that is no sync, in the same form; it went well."""
    return LastSync(
        snapshot_id=None,
        job_name=None,
        trigger=Trigger.MANUAL.value,
        phase=Phase.SUCCEEDED,
        start_time=_moment(started_at),
        completion_time=_moment(finished_at),
        purge=purge or msgspec.UNSET,
    )


def failure_of(
    *,
    reason: str,
    message: str,
    trigger: Trigger,
    started_at: datetime,
    finished_at: datetime,
    snapshot_id: UUID | None = None,
    connection_id: UUID | None = None,
    job_name: str | None = None,
    purge: Purge | None = None,
) -> FailedSync:
    """The result of a run of which there is no snapshot to read."""
    return FailedSync(
        snapshot_id=str(snapshot_id) if snapshot_id else None,
        connection_id=str(connection_id) if connection_id else None,
        job_name=_job_name(job_name),
        trigger=trigger.value,
        phase=Phase.FAILED,
        start_time=_moment(started_at),
        completion_time=_moment(finished_at),
        reason=reason,
        message=message,
        purge=purge or msgspec.UNSET,
    )


def encoded(result: LastSync) -> bytes:
    """``result`` as JSON of at most ``MOST_BYTES``.

    What is too long is cut from its end: first texts, then the list of endpoints, whose
    last entry then says how many more there are.
    """
    for longest in _TEXT_LENGTHS:
        short = _with_short_texts(result, longest)
        document = msgspec.json.encode(short)
        if len(document) <= MOST_BYTES:
            return document
    kept = len(short.endpoints)
    while len(document) > MOST_BYTES and kept:
        kept -= max(1, kept // 8)
        document = msgspec.json.encode(_with_few_endpoints(short, kept))
    return document


def decoded(document: bytes) -> LastSync:
    """The result that ``encoded`` wrote; raises ``msgspec.DecodeError`` for anything else."""
    found = msgspec.json.decode(document)
    has_failed = isinstance(found, dict) and "reason" in found
    return msgspec.convert(found, FailedSync if has_failed else LastSync)


def amount(value: Decimal) -> str:
    """``value`` with at least two decimals and every digit that it has."""
    whole, _, fraction = f"{value:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def _cost(snapshot: "Snapshot") -> Cost | None:
    listed = _rate(snapshot.listed_daily, snapshot.listed_monthly)
    payable = _rate(snapshot.payable_daily, snapshot.payable_monthly)
    if snapshot.currency is None or listed is None or payable is None:
        return None
    return Cost(currency=snapshot.currency, payable=payable, listed=listed)


def _rate(daily: Decimal | None, monthly: Decimal | None) -> Rate | None:
    if daily is None or monthly is None:
        return None
    return Rate(daily=amount(daily), monthly=amount(monthly))


def _troubles(endpoints: Iterable[dict[str, Any]]) -> list[Trouble]:
    """Endpoints that did not succeed, failed ones first."""
    found = [
        Trouble(name=one["name"], status=one["status"], message=one.get("message") or "")
        for one in endpoints
        if one["status"] != EndpointStatus.SUCCEEDED
    ]
    return sorted(found, key=lambda trouble: trouble.status != EndpointStatus.FAILED)


def _with_short_texts(result: LastSync, longest: int) -> LastSync:
    endpoints = tuple(
        Trouble(
            name=_cut(one.name, _NAME_LENGTH),
            status=one.status,
            message=_cut(one.message, longest),
        )
        for one in result.endpoints
    )
    changes: dict[str, Any] = {"endpoints": endpoints}
    if isinstance(result, FailedSync):
        changes |= {
            "reason": _cut(result.reason, _NAME_LENGTH),
            "message": _cut(result.message, 2 * longest),
        }
    return msgspec.structs.replace(result, **changes)


def _with_few_endpoints(result: LastSync, kept: int) -> LastSync:
    left = result.endpoints[kept:]
    more = Trouble(
        name="…", status=left[0].status, message=f"and {len(left)} more: see the snapshot"
    )
    return msgspec.structs.replace(result, endpoints=(*result.endpoints[:kept], more))


def _cut(text: str, longest: int) -> str:
    plain = without_controls(text, longest=longest + 1)
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def _job_name(name: str | None) -> str | None:
    return _cut(name, _JOB_NAME_LENGTH) if name else None


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
