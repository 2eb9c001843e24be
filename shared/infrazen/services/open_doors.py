"""The few services that are no use case, each with the reason why.

``PUBLIC`` ones are called before there is an actor: they check what they need themselves.
``LOCAL`` ones are for whoever has the shell: command line, scheduler and health checks
call them, screens and API routes that people reach never do. A test holds every other
public function of ``infrazen.services`` to being a use case.
"""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC: dict[str, str] = {}
LOCAL: dict[str, str] = {}


def public(why: str) -> Callable[[F], F]:
    """Mark a service that needs no actor, and say why."""
    return _into(PUBLIC, why)


def local(why: str) -> Callable[[F], F]:
    """Mark a service for whoever runs this installation, and say why."""
    return _into(LOCAL, why)


def _into(register: dict[str, str], why: str) -> Callable[[F], F]:
    def mark(function: F) -> F:
        register[f"{function.__module__.rpartition('.')[2]}.{function.__name__}"] = why
        return function

    return mark
