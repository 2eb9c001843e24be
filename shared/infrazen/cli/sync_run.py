"""One sync in this process: progress, result, exit code.

The embedded server and Kubernetes Jobs run this as a process of its own.
"""

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from infrazen.cli.cloud_connection import apply_handed
from infrazen.cli.exits import Exit, exit_for_reason
from infrazen.cli.failures import Failure, advised, failure
from infrazen.cli.local import make_ready, operator, quiet_logs
from infrazen.cli.result_file import check_result_file, write_result
from infrazen.cli.screen import Screen
from infrazen.cli.snapshot_text import snapshot_text
from infrazen.cli.sync_progress import sync_progress
from infrazen.db.queries.connections import Connection
from infrazen.db.queries.snapshots import Snapshot
from infrazen.domain.periods import utc_now
from infrazen.domain.syncs import SyncStatus, Trigger
from infrazen.errors import InfraZenError
from infrazen.logs import configure_logging
from infrazen.provider_kit.contract import Credentials
from infrazen.providers import provider
from infrazen.security.access import Actor, system_actor
from infrazen.services.connections import look_up
from infrazen.services.keys import require_master_key
from infrazen.services.managed_connections import forget_old_secrets
from infrazen.services.syncs import get_snapshot, run_sync
from infrazen.sync.engine import Ended, Order
from infrazen.sync.result import LastSync, encoded, failure_of, result_of

logger = logging.getLogger(__name__)

JOB_NAME = "INFRAZEN_JOB_NAME"
"""The variable that tells a Job its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which connection to sync, why, and how to tell of it.

    The connection is named by ``name`` or by its id, its organization by slug or by its id;
    with ``from_environment`` a custom resource in the environment says all of that.
    """

    name: str | None
    connection_id: UUID | None
    from_environment: bool
    organization: str | None
    organization_id: UUID | None
    trigger: Trigger
    requested_by: str | None
    result_file: Path | None
    quiet: bool
    exit_zero_on_partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """``known`` is None where nobody watches and an id was given: it is not needed then.

    ``credentials`` are those that are not stored but were handed to this process.
    """

    actor: Actor
    connection_id: UUID
    known: Connection | None
    credentials: Credentials | None = None


def sync_here(screen: Screen, wish: Wish) -> int:
    """Sync as ``wish`` says and return the exit code; however it ends, the result is told.

    Raises what keeps a run from starting, and ``KeyboardInterrupt`` where it was stopped.
    """
    started_at = utc_now()
    chosen = None
    try:
        if wish.result_file is not None:
            check_result_file(wish.result_file)
        chosen = _chosen(screen, wish)
        ended = _run(screen, wish, chosen)
        snapshot = _snapshot(chosen.actor, ended)
    except (Exception, KeyboardInterrupt) as error:
        told = failure(error)
        result = _failed(
            wish, chosen, started_at=started_at, reason=told.reason, message=told.message
        )
        with suppress(OSError):  # what came first matters more
            _tell(screen, wish, result)
        raise
    if snapshot is None:
        reason, message = ended.reason or InfraZenError.reason, ended.message or ""
        result = _failed(
            wish,
            chosen,
            started_at=started_at,
            reason=reason,
            message=message,
            snapshot_id=ended.snapshot_id,
        )
        _tell(screen, wish, result)
    else:
        result = result_of(snapshot, job_name=os.environ.get(JOB_NAME))
        _tell(screen, wish, result, _text(snapshot, chosen.known))
    return _exit(screen, wish, ended)


def _failed(
    wish: Wish,
    chosen: _Chosen | None,
    *,
    started_at: datetime,
    reason: str,
    message: str,
    snapshot_id: UUID | None = None,
) -> LastSync:
    return failure_of(
        reason=reason,
        message=message,
        trigger=wish.trigger,
        started_at=started_at,
        finished_at=utc_now(),
        snapshot_id=snapshot_id,
        connection_id=chosen.connection_id if chosen else None,
        job_name=os.environ.get(JOB_NAME),
    )


def _chosen(screen: Screen, wish: Wish) -> _Chosen:
    if wish.from_environment:
        return _handed(screen, wish)
    actor = _actor(screen, wish)
    if wish.connection_id is not None and (wish.quiet or screen.json):
        return _Chosen(actor=actor, connection_id=wish.connection_id, known=None)
    known = look_up(actor, name=wish.name, connection_id=wish.connection_id)
    return _Chosen(actor=actor, connection_id=known.id, known=known)


def _handed(screen: Screen, wish: Wish) -> _Chosen:
    quiet_logs()
    require_master_key()
    make_ready(screen)
    if wish.quiet:
        configure_logging()
    actor, made = apply_handed(os.environ)
    known = None if wish.quiet else look_up(actor, connection_id=made.connection_id)
    return _Chosen(
        actor=actor,
        connection_id=made.connection_id,
        known=known,
        credentials=made.credentials,
    )


def _actor(screen: Screen, wish: Wish) -> Actor:
    if wish.organization_id is None:
        actor = operator(screen, wish.organization)
    else:
        quiet_logs()
        make_ready(screen)
        actor = system_actor(wish.organization_id)
    if wish.quiet:
        configure_logging()
    return actor


def _run(screen: Screen, wish: Wish, chosen: _Chosen) -> Ended:
    order = Order(
        organization_id=chosen.actor.organization_id,
        connection_id=chosen.connection_id,
        trigger=wish.trigger,
        requested_by=wish.requested_by or chosen.actor.name,
        credentials=chosen.credentials,
    )
    is_live = screen.is_live and not wish.quiet
    titles = provider(chosen.known.provider).endpoint_titles if chosen.known else {}
    with sync_progress(titles, is_live=is_live) as listener:
        ended = run_sync(chosen.actor, order, listener=listener)
    if chosen.credentials is not None and ended.status in (SyncStatus.SUCCESS, SyncStatus.PARTIAL):
        forget_old_secrets(chosen.actor, connection_id=chosen.connection_id)
    return ended


def _snapshot(actor: Actor, ended: Ended) -> Snapshot | None:
    """The run's snapshot; None where a run failed and could not be closed as it ended."""
    try:
        found = get_snapshot(actor, snapshot_id=ended.snapshot_id)
    except InfraZenError:
        if ended.status is SyncStatus.ERROR:
            return None
        raise
    return found if (found.status, found.error_reason) == (ended.status, ended.reason) else None


def _text(snapshot: Snapshot, known: Connection | None) -> str:
    if known is None:
        return ""
    return snapshot_text(snapshot, provider(known.provider), name=known.name)


def _tell(screen: Screen, wish: Wish, result: LastSync, text: str = "") -> None:
    if wish.result_file is not None:
        write_result(wish.result_file, encoded(result))
    if screen.json or (text and not wish.quiet):
        screen.result(result, text)


def _exit(screen: Screen, wish: Wish, ended: Ended) -> Exit:
    if ended.status is SyncStatus.SUCCESS:
        return Exit.DONE
    if ended.status is SyncStatus.PARTIAL:
        return Exit.DONE if wish.exit_zero_on_partial else Exit.PARTIAL
    reason = ended.reason or InfraZenError.reason
    message = advised(reason, ended.message or reason)
    told = Failure(code=exit_for_reason(reason), reason=reason, message=message)
    if wish.quiet and not screen.json:
        logger.error("sync %s failed: %s", ended.snapshot_id, message)
    else:
        screen.fail(told.document(), told.message)
    return told.code
