"""What opens over the page: dialogs and the phone's drawer.

Radix keeps the focus inside, closes on Esc and hides the page from screen readers.
"""

from collections.abc import Sequence
from typing import Literal

import reflex as rx
from reflex_components_radix.primitives.dialog import dialog as primitive

from infrazen_ui.components.buttons import Kind, button, icon_button
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Child, Flag, Handler, Text

_RETURN_FOCUS = rx.call_function(rx.Var("(() => window.infrazen?.returnFocus())"))


def dialog(
    title: Text,
    *body: Child,
    is_open: Flag,
    on_open_change: Handler,
    description: Text,
    footer: Sequence[rx.Component] = (),
    size: Literal["sm", "md", "lg"] = "md",
) -> rx.Component:
    """A dialog; ``on_open_change`` gets False when somebody closes it."""
    return primitive.root(
        primitive.portal(
            primitive.overlay(class_name="overlay"),
            primitive.content(
                rx.el.header(
                    primitive.title(title, class_name="dialog-title"), class_name="dialog-header"
                ),
                primitive.description(description, class_name="dialog-description"),
                rx.el.div(*body, class_name="dialog-body"),
                *([rx.el.footer(*footer, class_name="dialog-footer")] if footer else []),
                # The last one in the order of the keyboard: what is to be done comes first.
                primitive.close(
                    icon_button(t("action.close"), "x", class_name="dialog-close"), as_child=True
                ),
                class_name=f"dialog dialog-{size}",
                on_close_auto_focus=_RETURN_FOCUS,
            ),
        ),
        open=is_open,
        on_open_change=on_open_change,
    )


def confirm_dialog(
    title: Text,
    consequence: Text,
    *body: Child,
    is_open: Flag,
    on_open_change: Handler,
    confirm_label: Text,
    on_confirm: Handler,
    kind: Kind = "danger",
    is_loading: Flag = False,
) -> rx.Component:
    """Asks before something that is hard to undo; ``consequence`` says what it means."""
    return dialog(
        title,
        *body,
        is_open=is_open,
        on_open_change=on_open_change,
        description=consequence,
        size="sm",
        footer=[
            primitive.close(button(t("action.cancel")), as_child=True),
            button(confirm_label, kind=kind, on_click=on_confirm, is_loading=is_loading),
        ],
    )


def drawer(
    title: Text,
    *body: Child,
    is_open: Flag,
    on_open_change: Handler,
    description: Text,
    side: Literal["left", "right"] = "left",
) -> rx.Component:
    """A panel from the edge of the screen."""
    return primitive.root(
        primitive.portal(
            primitive.overlay(class_name="overlay"),
            primitive.content(
                primitive.title(title, class_name="sr-only"),
                primitive.description(description, class_name="sr-only"),
                primitive.close(
                    icon_button(t("action.close"), "x", class_name="drawer-close"), as_child=True
                ),
                *body,
                class_name=f"drawer drawer-{side}",
                on_close_auto_focus=_RETURN_FOCUS,
            ),
        ),
        open=is_open,
        on_open_change=on_open_change,
    )
