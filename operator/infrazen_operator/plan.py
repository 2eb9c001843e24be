"""What should become of a CloudConnection: every rule of the operator, without any I/O."""

from datetime import UTC, datetime

from infrazen.errors import Invalid
from infrazen.manifests.connection import CloudConnection, InvalidConnection
from infrazen.manifests.names import FINALIZER
from infrazen.manifests.spec import Spec
from infrazen.manifests.status import Status
from infrazen_operator import due
from infrazen_operator.conditions import Said, settled
from infrazen_operator.decision import Event, EventType, Plan, Run, earliest
from infrazen_operator.due import Timetable, timetable
from infrazen_operator.happened import events
from infrazen_operator.progress import Standing, hopeless, said_of, stalls
from infrazen_operator.reasons import CREDENTIALS_AT_FAULT, Reason, told
from infrazen_operator.record import Record, record
from infrazen_operator.removal import removal
from infrazen_operator.results import Why
from infrazen_operator.seen import Policy, Refusal, Seen
from infrazen_operator.wanted import Wishes, adopted_version, refused, wanted_run, wishes

_DEFAULT = Policy()
_FIELDS = {"time_zone": "timeZone"}


def plan(seen: Seen, now: datetime, policy: Policy = _DEFAULT) -> Plan:
    """Decide what should be so for one connection, from what is so.

    Whoever carries a plan out and asks again gets one that changes nothing. Nothing is
    remembered between two calls: resource, status and Jobs are all there is.
    """
    now = now.astimezone(UTC).replace(microsecond=0)
    if seen.metadata.deletion_timestamp is not None:
        return removal(seen, now, policy)
    known = record(seen, policy, now)
    resource = seen.resource
    if isinstance(resource, InvalidConnection):
        invalid = Why(Reason.INVALID_SPEC, str(resource))
        return _stalled(seen, known, invalid, policy=policy, now=now)
    if (wrong := _what_is_wrong(seen, resource.spec, now)) is not None:
        return _stalled(seen, known, wrong, policy=policy, now=now)
    return _decided(seen, resource, known, policy=policy, now=now)


def _what_is_wrong(seen: Seen, spec: Spec, now: datetime) -> Why | None:
    """What neither the API server nor the models can know of a spec."""
    try:
        due.check(spec, now)
    except Invalid as error:
        field = _FIELDS.get(error.field or "", error.field)
        return Why(Reason.INVALID_SPEC, f"spec.{field}: {error}")
    if seen.organization_allowed:
        return None
    message = f"spec.organization: {spec.organization!r} is not for this namespace"
    return Why(Reason.ORGANIZATION_NOT_ALLOWED, message)


def _decided(
    seen: Seen, connection: CloudConnection, known: Record, *, policy: Policy, now: datetime
) -> Plan:
    """The plan for a connection whose spec makes sense."""
    wish = wishes(connection, known.status)
    table = _table(connection, known, policy, now)
    run = wanted_run(connection, known.status, wish, table, jobs=known.syncs, now=now)
    refusal = _refusal(seen, run)
    waits = refusal is not None and now < policy.again_at(refusal)
    wanted = None if known.is_busy or waits else run
    changes = {
        "observed_credentials": _version(wish, known),
        "last_schedule_time": table.last,
        "next_schedule_time": table.next,
        # A run that was refused still waits: whoever waits is not late, however long it takes.
        "queued_since": run.due if run and not known.is_busy else None,
    }
    status = known.status.model_copy(update=changes)
    standing = Standing(
        status=status,
        run=run,
        refusal=refusal,
        active=known.active,
        held_up=known.held_up,
        is_new=wish.is_changed,
        is_suspended=connection.spec.suspend,
    )
    status = _with_conditions(seen, status, said_of(standing), now)
    return Plan(
        status=status,
        finalizer=True,
        wanted=wanted,
        unwanted=known.unwanted,
        abandoned=known.abandoned,
        events=(*_missed(table), *events(seen.status, status)),
        wake_at=earliest(
            None if known.is_busy else table.wake_at,
            policy.again_at(refusal) if refusal else None,
            *_moments_of_active(known, policy),
            now=now,
        ),
    )


def _stalled(seen: Seen, known: Record, why: Why, *, policy: Policy, now: datetime) -> Plan:
    """The plan for a connection that nothing can be started for. What runs goes on."""
    status = known.status.model_copy(update={"next_schedule_time": None, "queued_since": None})
    status = _with_conditions(seen, status, hopeless(status, why), now)
    return Plan(
        status=status,
        finalizer=FINALIZER in seen.metadata.finalizers,
        unwanted=known.unwanted,
        abandoned=known.abandoned,
        events=events(seen.status, status),
        wake_at=earliest(*_moments_of_active(known, policy), now=now),
    )


def _table(connection: CloudConnection, known: Record, policy: Policy, now: datetime) -> Timetable:
    """Where the connection stands in its schedule; nowhere if nothing is to start by that."""
    spec, status = connection.spec, known.status
    if not spec.schedule or spec.suspend or stalls(status.last_sync):
        return Timetable(last=status.last_schedule_time)
    return timetable(
        spec,
        status,
        known.syncs,
        uid=connection.metadata.uid,
        longest_jitter=policy.longest_jitter,
        now=now,
    )


def _refusal(seen: Seen, run: Run | None) -> Refusal | None:
    """The API server's answer to ``run``, if it was no."""
    if run is None or seen.refusal is None or not refused(run, seen.refusal):
        return None
    return seen.refusal


def _version(wish: Wishes, known: Record) -> str | None:
    """The Secret's version to go by; while a Job waits for the Secret, none is taken on."""
    if known.held_up is not None and known.held_up.reason in CREDENTIALS_AT_FAULT:
        return known.status.observed_credentials
    return adopted_version(wish, known.status)


def _with_conditions(seen: Seen, status: Status, said: tuple[Said, ...], now: datetime) -> Status:
    generation = seen.metadata.generation
    conditions = settled(seen.status.conditions, said, generation=generation, now=now)
    changes = {"observed_generation": generation, "conditions": conditions, "removal": None}
    return status.model_copy(update=changes)


def _missed(table: Timetable) -> tuple[Event, ...]:
    if table.missed is None:
        return ()
    reason = Reason.SCHEDULE_MISSED
    message = told(reason, f"the sync due at {table.missed:%Y-%m-%dT%H:%M:%SZ} was skipped")
    return (Event(type=EventType.WARNING, reason=reason, message=message),)


def _moments_of_active(known: Record, policy: Policy) -> tuple[datetime | None, ...]:
    """When the node of the Job at work counts as lost, and when that is given up."""
    pod = known.active.pod if known.active else None
    given_up_at = policy.given_up_at(pod) if pod and known.held_up else None
    return (policy.lost_at(pod), given_up_at)
