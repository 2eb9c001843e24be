"""One sync from claim to close. Every door leads here: UI, API, CLI, schedule, cluster."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlmodel import Session

from infrazen.db.queries import billed_days, connections, cost_slices, runs
from infrazen.db.queries.connections import Connection
from infrazen.db.queries.runs import Run
from infrazen.db.queries.scope import Scope
from infrazen.db.session import Database
from infrazen.domain.periods import last_days, local_day, month_of, utc_day
from infrazen.domain.syncs import EndpointResult, Progress, SyncStatus, Trigger
from infrazen.errors import InfraZenError, LeaseLost
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Credentials, ProviderSpec
from infrazen.provider_kit.forms import parse_credentials, parse_settings
from infrazen.provider_kit.opening import open_provider
from infrazen.provider_kit.outcome import Outcome, outcome
from infrazen.provider_kit.reading import Reading, read
from infrazen.providers import provider
from infrazen.secret_store.connection_secrets import connection_secrets
from infrazen.sync.apply import Applied, Target, apply
from infrazen.sync.billing import HISTORY_DAYS, wanted_days
from infrazen.sync.elsewhere import read_elsewhere
from infrazen.sync.lease import Heartbeat, claim
from infrazen.sync.recommend import evaluate

logger = logging.getLogger(__name__)

Listener = Callable[[Progress], None]
CLOSING_ATTEMPTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A sync that somebody wants: of which connection, why, and for whom.

    ``credentials`` stand in for the stored ones, where those are kept elsewhere.
    """

    organization_id: UUID
    connection_id: UUID
    trigger: Trigger = Trigger.MANUAL
    requested_by: str = ""
    credentials: Credentials | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a sync ended; the snapshot has the rest."""

    snapshot_id: UUID
    status: SyncStatus
    reason: str | None = None
    message: str | None = None


def run(
    store: Database,
    order: Order,
    *,
    listener: Listener = lambda _progress: None,
    clock: Clock | None = None,
) -> Ended:
    """Sync one connection and return how it ended.

    ``clock`` says what time it is for everything that is asked and written; a history is
    made of syncs at earlier moments. Signs of life go by the real time.

    Raises ``NotFound``, ``Invalid``, ``AlreadyRunning`` and ``StorageUnavailable`` before
    anything has started; from then on every end is written to the snapshot and returned.
    """
    with store.reading() as session:
        connection = connections.get(
            session, organization_id=order.organization_id, connection_id=order.connection_id
        )
    spec = provider(connection.provider)
    clock = clock or Clock()
    held = claim(
        store,
        connection,
        trigger=order.trigger,
        requested_by=order.requested_by,
        started_at=clock.now(),
    )
    logger.info("sync %s of %s started", held.snapshot_id, connection.name)
    attempt = _Attempt(store, connection, spec, held, given=order.credentials, clock=clock)
    ended = attempt.run(listener)
    logger.info("sync %s of %s ended: %s", held.snapshot_id, connection.name, ended.status)
    return ended


class _Attempt:
    def __init__(
        self,
        store: Database,
        connection: Connection,
        spec: ProviderSpec,
        held: Run,
        *,
        given: Credentials | None,
        clock: Clock,
    ) -> None:
        self._store = store
        self._given = given
        self._clock = clock
        self._connection = connection
        self._spec = spec
        self._held = held
        self._started = time.monotonic()
        self._asked = local_day(clock.now(), spec.billing_time_zone)
        self._endpoints: tuple[EndpointResult, ...] = ()

    def run(self, listener: Listener) -> Ended:
        try:
            with Heartbeat(self._store, self._held) as heart:
                return self._read_and_write(heart, listener)
        except InfraZenError as error:
            return self._fail(error.reason, str(error))
        except Exception:
            logger.exception("sync %s broke", self._held.snapshot_id)
            return self._fail(InfraZenError.reason, "a defect in InfraZen; the log has the details")
        except BaseException:
            self._fail("Interrupted", "the worker was told to stop; nothing was written")
            raise

    def _read_and_write(self, heart: Heartbeat, listener: Listener) -> Ended:
        def told(progress: Progress) -> None:
            if heart.lost:
                raise LeaseLost("another worker closed this run")
            heart.tell(progress)
            listener(progress)

        told(Progress(stage="connecting"))
        reading = asyncio.run(self._read(told))
        self._endpoints = reading.endpoints
        verdict = outcome(reading.endpoints)
        if verdict.status is SyncStatus.ERROR:
            return self._fail(verdict.reason or InfraZenError.reason, verdict.message or "")
        told(
            Progress(
                stage="writing",
                endpoints_done=len(reading.endpoints),
                endpoints_total=len(reading.endpoints),
                items=len(reading.resources),
            )
        )
        return self._write(reading, verdict)

    async def _read(self, told: Listener) -> Reading:
        connection, spec = self._connection, self._spec
        credentials = self._given or self._stored_credentials()
        with self._store.reading() as session:
            billed = billed_days.whole_days(
                session,
                organization_id=connection.organization_id,
                connection_id=connection.id,
                days=last_days(HISTORY_DAYS, today=self._asked),
            )
            elsewhere = read_elsewhere(session, connection, spec)
        settings = parse_settings(spec, connection.settings)
        async with open_provider(
            spec, credentials, settings, connection.endpoint, clock=self._clock
        ) as account:
            return await read(
                account,
                on_progress=told,
                wanted=wanted_days(billed, today=self._asked),
                elsewhere=elsewhere,
                seconds=connection.timeout_seconds,
            )

    def _stored_credentials(self) -> Credentials:
        known = self._connection
        with self._store.reading() as session:
            secrets = connection_secrets(
                session, organization_id=known.organization_id, connection_id=known.id
            )
        return parse_credentials(self._spec, {**known.credentials, **secrets})

    def _write(self, reading: Reading, verdict: Outcome) -> Ended:
        now = self._clock.now()
        day = local_day(now, self._spec.billing_time_zone)
        scope = Scope(
            organization_id=self._held.organization_id,
            connection_id=self._held.connection_id,
            provider=self._spec.slug,
            snapshot_id=self._held.snapshot_id,
            now=now,
        )
        with self._store.writing() as session:
            # Here, where nothing is held yet that another sync might wait for.
            billed = (billed_day for bill in reading.bills for billed_day in bill.days)
            for month in sorted({month_of(one) for one in (day, *billed)}):
                cost_slices.ensure_partition(session, month)
        with self._store.writing() as session:
            target = Target(
                connection=self._connection, spec=self._spec, day=day, asked=self._asked
            )
            applied = apply(session, scope, target, reading)
            reading.resources.clear()  # the rules go by what is stored, and need the memory
            if applied.stirred or not self._was_asked_today(now):
                self._recommend(session, scope)
            values = {"status": verdict.status, **self._results(), **_applied(applied)}
            runs.close(session, self._held, now=self._clock.now(), values=values)
        return Ended(snapshot_id=self._held.snapshot_id, status=verdict.status)

    def _was_asked_today(self, now: datetime) -> bool:
        """Whether rules, which also look at ages in days, were asked on this day (UTC)."""
        last = self._connection.last_success_at
        return last is not None and utc_day(last) == utc_day(now)

    def _recommend(self, session: Session, scope: Scope) -> None:
        """Ask the rules. What they stumble over costs the findings, never the sync."""
        try:
            with session.begin_nested():
                connection = connections.get(
                    session,
                    organization_id=scope.organization_id,
                    connection_id=scope.connection_id,
                )
                evaluate(session, scope, connection=connection, spec=self._spec)
        except InfraZenError as error:
            logger.warning("rules over %s: %s", self._connection.name, error)
        except Exception:
            logger.exception("rules over %s broke", self._connection.name)

    def _fail(self, reason: str, message: str) -> Ended:
        """Close the run as an error; where even that fails, the watchdog will."""
        values = {
            "status": SyncStatus.ERROR,
            "error_reason": reason,
            "error_message": message[:2000],
            **self._results(),
        }
        for attempt in range(CLOSING_ATTEMPTS):
            try:
                with self._store.writing() as session:
                    runs.close(session, self._held, now=self._clock.now(), values=values)
                break
            except LeaseLost:
                break
            except InfraZenError as error:
                logger.warning("closing sync %s: %s", self._held.snapshot_id, error)
                time.sleep(2**attempt / 4)
        return Ended(
            snapshot_id=self._held.snapshot_id,
            status=SyncStatus.ERROR,
            reason=reason,
            message=message,
        )

    def _results(self) -> dict[str, Any]:
        return {
            "endpoints": [msgspec.to_builtins(one) for one in self._endpoints],
            "duration_ms": round((time.monotonic() - self._started) * 1000),
        }


def _applied(applied: Applied) -> dict[str, Any]:
    counts, money = applied.counts, applied.reconciliation
    values: dict[str, Any] = {
        "found": counts.found,
        "created": counts.created,
        "updated": counts.updated,
        "deleted": counts.deleted,
        "unchanged": counts.unchanged,
        "quarantined": counts.quarantined,
        "by_type": applied.totals.by_type,
        "by_status": applied.totals.by_status,
        "account": applied.account,
    }
    if money is not None:
        values |= {
            "currency": money.currency,
            "listed_daily": money.listed.daily,
            "listed_monthly": money.listed.monthly,
            "payable_daily": money.payable.daily,
            "payable_monthly": money.payable.monthly,
        }
    return values
