"""How much of something is used."""

from typing import Any

import reflex as rx

from infrazen_ui.components.values import Figure, Text


def share_bar(percent: Figure, **attributes: Any) -> rx.Component:
    """A track filled to ``percent``; the ``attributes`` say what it means, or hide it."""
    return rx.el.div(
        rx.el.div(class_name="usage-fill", style={"width": f"{percent}%"}),
        class_name="usage-track",
        **attributes,
    )


def usage_bar(
    label: Text,
    *,
    percent: Figure,
    shown: Text,
    tier: Text,
    tier_label: Text,
    detail: Text | None = None,
) -> rx.Component:
    """Used of available.

    ``shown`` is the percentage as people read it, ``detail`` the amounts; ``tier``
    (low, medium, high, critical) colours the bar and ``tier_label`` says it in a word.
    """
    return rx.el.div(
        rx.el.div(
            rx.el.span(label, class_name="usage-label"),
            rx.el.span(
                rx.el.strong(shown, class_name="figures"),
                rx.el.span(tier_label, class_name="usage-tier"),
                class_name="usage-value",
            ),
            class_name="usage-head",
        ),
        share_bar(
            percent,
            aria_label=label,
            aria_valuemin="0",
            aria_valuemax="100",
            aria_valuenow=percent,
            aria_valuetext=shown,
            custom_attrs={"role": "meter"},  # Reflex's own list of roles lacks it
        ),
        *([rx.el.p(detail, class_name="usage-detail figures")] if detail is not None else []),
        class_name="usage",
        data_tier=tier,
    )
