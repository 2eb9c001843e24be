"""What parts take: plain values, or State's vars.

The type checker sees a State's attribute as its plain type, so both stand in each kind.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import reflex as rx

Text = str | rx.Var[Any]
Flag = bool | rx.Var[Any]
Figure = int | float | rx.Var[Any]
Rows = Sequence[Mapping[str, Any]] | rx.Var[Any]
Child = rx.Component | rx.Var[Any] | str
Handler = Callable[..., Any] | rx.event.EventSpec | Sequence[Any]
Choose = Callable[..., Any]
"""An event handler that gets what was chosen."""


def flag(value: Flag) -> rx.Var[Any]:
    """A flag as a var, so that ``~`` and ``&`` mean what they should."""
    return value if isinstance(value, rx.Var) else rx.Var.create(value)
