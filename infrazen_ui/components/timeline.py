"""What happened, newest first."""

from typing import Any

import reflex as rx

from infrazen_ui.components.values import Child, Text


def timeline(*entries: Child, label: Text) -> rx.Component:
    """A list of ``timeline_entry``s (usually one ``rx.foreach``)."""
    return rx.el.ol(*entries, class_name="timeline", aria_label=label)


def timeline_entry(
    title: Child, *body: Child, when: Child, tone: Text = "neutral", **attributes: Any
) -> rx.Component:
    """One thing that happened; ``attributes`` are those of its line in the list."""
    return rx.el.li(
        rx.el.span(class_name="timeline-dot", aria_hidden="true"),
        rx.el.div(
            rx.el.div(
                rx.el.span(title, class_name="timeline-title"),
                rx.el.span(when, class_name="timeline-when figures"),
                class_name="timeline-head",
            ),
            *body,
            class_name="timeline-text",
        ),
        class_name="timeline-entry",
        data_tone=tone,
        **attributes,
    )
