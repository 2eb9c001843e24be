"""Messages that stand in the page."""

from collections.abc import Sequence

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.values import Child, Text

_ICONS = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
    "neutral": "info",
}


def callout(
    title: Text,
    *body: Child,
    tone: str = "info",
    actions: Sequence[rx.Component] = (),
    is_urgent: bool = False,
) -> rx.Component:
    """Something to know. An urgent one is read out as soon as it appears."""
    return rx.el.div(
        icon(_ICONS[tone], size=18, class_name="callout-icon"),
        rx.el.div(
            rx.el.p(title, class_name="callout-title"),
            *[rx.el.div(part, class_name="callout-body") for part in body],
            *([rx.el.div(*actions, class_name="callout-actions")] if actions else []),
            class_name="callout-text",
        ),
        class_name="callout",
        data_tone=tone,
        role="alert" if is_urgent else "note",
    )
