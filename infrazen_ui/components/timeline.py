"""What happened, newest first."""

import reflex as rx

from infrazen_ui.components.values import Child, Text


def timeline(*entries: Child, label: Text) -> rx.Component:
    """A list of ``timeline_entry``s (usually one ``rx.foreach``)."""
    return rx.el.ol(*entries, class_name="timeline", aria_label=label)


def timeline_entry(title: Child, *body: Child, when: Child, tone: Text = "neutral") -> rx.Component:
    """One thing that happened."""
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
    )
