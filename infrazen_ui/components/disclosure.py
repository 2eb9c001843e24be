"""What unfolds, and what one copies."""

from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import copy_button
from infrazen_ui.components.icons import icon
from infrazen_ui.components.values import Child, Text


def collapsible(
    title: Text, *body: Child, note: Child | None = None, is_open: bool = False
) -> rx.Component:
    """A title with a turning chevron; the browser opens and closes it by itself."""
    opened: dict[str, Any] = {"open": True} if is_open else {}
    return rx.el.details(
        rx.el.summary(
            icon("chevron-right", class_name="chevron"),
            rx.el.span(title, class_name="collapsible-title"),
            *([rx.el.span(note, class_name="collapsible-note")] if note is not None else []),
            class_name="collapsible-summary",
        ),
        rx.el.div(*body, class_name="collapsible-body"),
        class_name="collapsible",
        **opened,
    )


def copyable(value: Text) -> rx.Component:
    """A short piece of code, such as an id, with a button that copies it."""
    return rx.el.span(
        rx.el.code(value, class_name="copyable-value"), copy_button(value), class_name="copyable"
    )


def code_block(value: Text, *, label: Text) -> rx.Component:
    """Several lines of code with a button that copies them."""
    return rx.el.div(
        rx.el.pre(rx.el.code(value), tab_index=0, role="region", aria_label=label),
        copy_button(value),
        class_name="code-block",
    )
