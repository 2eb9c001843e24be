"""Events: what has changed between two statuses. What stays as it is makes none."""

from collections.abc import Iterator

from infrazen.manifests.status import Condition, Status, Truth
from infrazen_operator.conditions import Type
from infrazen_operator.decision import Event, EventType
from infrazen_operator.progress import WHY_IT_RUNS

_ORDINARY = {*WHY_IT_RUNS.values()}


def events(before: Status, after: Status) -> tuple[Event, ...]:
    """What is to be told of the step from one status to the next."""
    return tuple(_events(before, after))


def _events(before: Status, after: Status) -> Iterator[Event]:
    begun = _moved(before, after, Type.RECONCILING)
    if begun is not None and begun.status is Truth.TRUE:
        yield _event(begun, good=begun.reason in _ORDINARY)
    ready = _moved(before, after, Type.READY)
    if ready is None and _has_ended(before, after):
        ready = after.condition(Type.READY)
    if ready is not None and ready.status is not Truth.UNKNOWN:
        yield _event(ready, good=ready.status is Truth.TRUE)
    degraded = _moved(before, after, Type.DEGRADED)
    if degraded is not None and degraded.status is Truth.TRUE:
        yield _event(degraded, good=False)


def _moved(before: Status, after: Status, type_: Type) -> Condition | None:
    """A condition, if its status or reason is another one than before."""
    old, new = before.condition(type_), after.condition(type_)
    if new is None or (old and (old.status, old.reason) == (new.status, new.reason)):
        return None
    return new


def _has_ended(before: Status, after: Status) -> bool:
    """Whether something that was going on has come to its end."""
    old, new = before.condition(Type.RECONCILING), after.condition(Type.RECONCILING)
    return bool(old and new and old.status is Truth.TRUE and new.status is Truth.FALSE)


def _event(condition: Condition, *, good: bool) -> Event:
    kind = EventType.NORMAL if good else EventType.WARNING
    return Event(type=kind, reason=condition.reason, message=condition.message)
