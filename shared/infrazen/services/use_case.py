"""The one way to write a use case: authorised, one transaction, audited.

    @use_case(Permission.CONNECTION_WRITE, audit="connection.rename")
    def rename_connection(work: Work, *, connection_id: UUID, name: str) -> None: ...

    rename_connection(actor, connection_id=..., name=...)

Callers pass the actor; the body gets a ``Work`` whose session belongs to a transaction
that commits when it returns. Every use case is in ``USE_CASES``, from which the tests
make their matrix of organizations, roles and nobody.
"""

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import audit as audit_queries
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Permission
from infrazen.errors import Forbidden, InfraZenError, TooManyAttempts
from infrazen.security.access import Actor, ActorKind, authorize

P = ParamSpec("P")
R = TypeVar("R")

MOST_IN_DEMO = 2_000
"""So many changes a demo takes until it is built anew: anybody may make them."""
_DEMO_RESTS = 1_800


@dataclass(slots=True)
class Work:
    """What a use case's body works with.

    ``target`` and ``details`` go to the audit log; never put a secret there.
    """

    session: Session
    actor: Actor
    now: datetime
    target: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    def about(self, target: str, *, called: str, id: UUID | None = None) -> None:
        """What it is about, as the audit log finds it, and what people call that now."""
        self.target = target
        self.details["called"] = called
        if id is not None:
            self.details["id"] = str(id)

    @property
    def organization_id(self) -> UUID:
        """The organization that everything here must belong to."""
        return self.actor.organization_id


@dataclass(frozen=True, slots=True)
class UseCase:
    """An entry of the register."""

    name: str
    permission: Permission
    writes: bool
    audit: str | None
    call: Callable[..., Any]


USE_CASES: dict[str, UseCase] = {}


def use_case(
    permission: Permission, *, audit: str | None = None, writes: bool | None = None
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Actor | None, P], R]]:
    """Make a function a use case that needs ``permission``.

    With ``audit`` the call is logged under that name, refusals too, and writes.
    """
    is_write = bool(audit) if writes is None else writes

    def wrap(
        body: Callable[Concatenate[Work, P], R],
    ) -> Callable[Concatenate[Actor | None, P], R]:
        @functools.wraps(body)
        def call(actor: Actor | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
            allowed = _allowed(actor, permission, audit)
            work: Work | None = None
            store = database()
            try:
                with (
                    store.writing(patience_ms=ANSWER_MS) if is_write else store.reading() as session
                ):
                    work = Work(session, allowed, utc_now())
                    if is_write:
                        _check_room(work)
                    result = body(work, *args, **kwargs)
                    if audit:
                        log(work, action=audit, outcome="done")
                    return result
            except Forbidden as refusal:
                if audit and work:
                    _log_refusal(allowed, audit, refusal, target=work.target)
                raise

        register(body, permission, writes=is_write, audit=audit, call=call)
        return call

    return wrap


def remote_use_case(
    permission: Permission, *, audit: str | None = None
) -> Callable[
    [Callable[Concatenate[Actor, P], Awaitable[R]]],
    Callable[Concatenate[Actor | None, P], Awaitable[R]],
]:
    """Make a coroutine that talks to a cloud a use case.

    It holds no transaction while it waits for others: it opens what it needs itself.
    """

    def wrap(
        body: Callable[Concatenate[Actor, P], Awaitable[R]],
    ) -> Callable[Concatenate[Actor | None, P], Awaitable[R]]:
        @functools.wraps(body)
        async def call(actor: Actor | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
            return await body(_allowed(actor, permission, audit), *args, **kwargs)

        register(body, permission, writes=bool(audit), audit=audit, call=call)
        return call

    return wrap


def waiting_use_case(
    permission: Permission, *, audit: str | None = None
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor | None, P], R]]:
    """Make a function that talks to a cluster a use case: one for a thread that may wait.

    It holds no transaction while it waits: it opens what it needs itself.
    """

    def wrap(
        body: Callable[Concatenate[Actor, P], R],
    ) -> Callable[Concatenate[Actor | None, P], R]:
        @functools.wraps(body)
        def call(actor: Actor | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
            return body(_allowed(actor, permission, audit), *args, **kwargs)

        register(body, permission, writes=bool(audit), audit=audit, call=call)
        return call

    return wrap


@contextmanager
def working(actor: Actor, *, audit: str) -> Iterator[Work]:
    """The transaction in which a remote use case writes, logged under ``audit``."""
    with database().writing(patience_ms=ANSWER_MS) as session:
        work = Work(session, actor, utc_now())
        yield work
        log(work, action=audit, outcome="done")


def register(
    body: Callable[..., Any],
    permission: Permission,
    *,
    writes: bool,
    audit: str | None,
    call: Callable[..., Any],
) -> None:
    """Put a use case into the register; two of one name are a mistake."""
    name = f"{body.__module__.rpartition('.')[2]}.{body.__name__}"
    if name in USE_CASES:
        raise RuntimeError(f"two use cases are called {name}")
    USE_CASES[name] = UseCase(name, permission, writes, audit, call)


def _allowed(actor: Actor | None, permission: Permission, audit: str | None) -> Actor:
    try:
        return authorize(actor, permission)
    except Forbidden as refusal:
        if actor is not None and audit:
            _log_refusal(actor, audit, refusal)
        raise


def _check_room(work: Work) -> None:
    """However many visitors play with a demo, and however fast, it grows no further than so."""
    if work.actor.kind is not ActorKind.DEMO:
        return
    if audit_queries.length(work.session, organization_id=work.organization_id) >= MOST_IN_DEMO:
        raise TooManyAttempts(
            "so much was changed in the demo that it is built anew first", retry_after=_DEMO_RESTS
        )


def _log_refusal(actor: Actor, action: str, refusal: InfraZenError, *, target: str = "") -> None:
    """Log a refusal in a transaction of its own, as the refused one was rolled back.

    What anybody tries in the demo is nobody's business, and would fill the disk.
    """
    if actor.kind is ActorKind.DEMO:
        return
    with database().writing(patience_ms=ANSWER_MS) as session:
        work = Work(session, actor, utc_now(), target)
        log(work, action=action, outcome=refusal.reason)


def log(work: Work, *, action: str, outcome: str) -> None:
    """Append to the organization's audit log within ``work``'s transaction.

    Addresses of whoever looks at the demo are kept nowhere.
    """
    audit_queries.append(
        work.session,
        organization_id=work.organization_id,
        actor=work.actor.name,
        actor_kind=work.actor.kind,
        action=action,
        target=work.target,
        outcome=outcome,
        address="" if work.actor.kind is ActorKind.DEMO else work.actor.address,
        details=work.details,
        at=work.now,
    )
