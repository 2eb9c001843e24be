"""Runs use cases for a screen: in a thread, as the visitor, with refusals as values."""

import asyncio
import inspect
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Concatenate, TypeVar, cast, overload

from infrazen.errors import InfraZenError
from infrazen.logs import request_id
from infrazen.security.access import Actor
from infrazen.services.sign_in import Principal
from infrazen_ui.backend.browsers import HasRouter, address_of, cookie_of
from infrazen_ui.backend.visitors import visitors

logger = logging.getLogger(__name__)

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A use case that said no, or broke: what a screen needs to explain it.

    ``field`` names the input that is wrong; ``request_id`` finds an unexpected error
    in the log. The message is for engineers: people read ``present.failures``.
    """

    reason: str
    message: str = ""
    field: str | None = None
    retry_after: float | None = None
    request_id: str | None = None


async def current_visitor(state: HasRouter) -> Principal | None:
    """Who is signed in at the browser of ``state``."""
    return await visitors().find(cookie_of(state), address=address_of(state))


async def current_actor(state: HasRouter) -> Actor | None:
    """The actor to pass to a use case; None where nobody is signed in."""
    visitor = await current_visitor(state)
    return visitor and visitor.actor


@overload
async def call(
    state: HasRouter,
    use_case: Callable[Concatenate[Actor | None, ...], Awaitable[R]],
    /,
    **inputs: Any,
) -> R | Refused: ...


@overload
async def call(
    state: HasRouter, use_case: Callable[Concatenate[Actor | None, ...], R], /, **inputs: Any
) -> R | Refused: ...


async def call(
    state: HasRouter, use_case: Callable[Concatenate[Actor | None, ...], Any], /, **inputs: Any
) -> Any:
    """The result of ``use_case`` as the visitor of ``state``, or why there is none.

    Synchronous ones run in a thread, so that one query never holds up other people.
    """
    try:
        actor = await current_actor(state)
        if inspect.iscoroutinefunction(inspect.unwrap(use_case)):
            return await cast("Awaitable[Any]", use_case(actor, **inputs))
        return await asyncio.to_thread(use_case, actor, **inputs)
    except InfraZenError as refusal:
        return refused(refusal)
    except Exception as error:  # noqa: BLE001 (the edge: a screen must get an answer)
        return unexpected(error, what=getattr(use_case, "__name__", "a use case"))


def refused(error: InfraZenError) -> Refused:
    """A deliberate error as a value."""
    return Refused(
        reason=error.reason,
        message=str(error),
        field=getattr(error, "field", None),
        retry_after=getattr(error, "retry_after", None),
    )


def unexpected(error: Exception, *, what: str) -> Refused:
    """An error nobody meant, logged with a number that people can quote."""
    number = secrets.token_hex(4)
    mark = request_id.set(number)
    try:
        logger.error("%s failed unexpectedly", what, exc_info=error)
    finally:
        request_id.reset(mark)
    return Refused(reason=InfraZenError.reason, request_id=number)
