"""Menus in the browser's own popovers.

They close on Esc and on a click beside them, and give the focus back, without a word to
the server.
"""

from typing import Any

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.values import Child, Flag, Text


def menu(*items: Child, id: str, label: Text, class_name: str = "") -> rx.Component:
    """The popover itself; ``opener`` of the same id opens it."""
    return rx.el.div(
        *items,
        id=id,
        class_name=f"menu {class_name}".strip(),
        role="group",
        aria_label=label,
        custom_attrs={"popover": "auto"},
    )


def opener(menu_id: str) -> dict[str, Any]:
    """Attributes that make a button open the menu ``menu_id``."""
    return {"custom_attrs": {"popoverTarget": menu_id, "aria-haspopup": "true"}}


def menu_item(
    label: Text,
    *,
    icon_name: str | None = None,
    tone: str = "neutral",
    is_chosen: Flag | None = None,
    **attributes: Any,
) -> rx.Component:
    """Something to do. With ``is_chosen`` it is one of several choices."""
    if is_chosen is not None:
        attributes["aria_pressed"] = is_chosen
    return rx.el.button(
        *([icon(icon_name)] if icon_name else []),
        rx.el.span(label, class_name="menu-label"),
        *([icon("check", class_name="menu-check")] if is_chosen is not None else []),
        type="button",
        class_name="menu-item",
        data_tone=tone,
        data_closes_menu="true",
        **attributes,
    )


def menu_link(label: Text, *, href: Text, icon_name: str | None = None) -> rx.Component:
    """Somewhere to go."""
    return rx.el.a(
        *([icon(icon_name)] if icon_name else []),
        rx.el.span(label, class_name="menu-label"),
        href=href,
        class_name="menu-item",
        data_closes_menu="true",
    )


def menu_heading(label: Text) -> rx.Component:
    """A word above a group of items."""
    return rx.el.p(label, class_name="menu-heading")


def menu_line() -> rx.Component:
    """A line between groups."""
    return rx.el.hr(class_name="menu-line")
