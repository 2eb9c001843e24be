"""Conditions on what a State holds, for ``rx.cond``."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.states.session import SessionState


def may(permission: Permission) -> rx.Var[Any]:
    """Whether the visitor's role allows it. This only hides: the services refuse."""
    return rx.Var.create(SessionState.may).contains(permission.value)


def some(items: Any, *, more_than: int = 0) -> rx.Var[Any]:
    """Whether a list of a State has any items, or more than so many."""
    listed: Any = rx.Var.create(items)
    return listed.length() > more_than
