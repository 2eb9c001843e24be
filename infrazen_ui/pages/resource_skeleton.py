"""The shape of one resource's page before its data are there."""

import reflex as rx

from infrazen_ui.components.loading import loading_region, skeleton
from infrazen_ui.pages.resource_lifecycle import lifecycle_shape

_FACTS = ("55%", "70%", "48%", "62%", "50%", "66%")


def resource_skeleton() -> rx.Component:
    """Head, then use and costs beside what it is and whom it belongs to."""
    return loading_region(
        _head(),
        rx.el.div(
            rx.el.div(_metrics(), _lifecycle(), class_name="stack"),
            rx.el.div(_facts(), _form(), class_name="stack"),
            class_name="resource-columns",
        ),
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            skeleton(width="48px", height="48px", radius="12px"),
            rx.el.div(
                skeleton(width="14rem", height="1.75rem"),
                skeleton(width="18rem"),
                skeleton(width="11rem"),
                class_name="resource-who",
            ),
            class_name="resource-face",
        ),
        rx.el.div(
            skeleton(width="9rem", height="2.125rem"),
            skeleton(width="7rem", height="1.5rem"),
            skeleton(width="16rem", height="2.5rem"),
            skeleton(width="10rem", height="1.75rem"),
            class_name="resource-price",
        ),
        class_name="card resource-head",
    )


def _metrics() -> rx.Component:
    return rx.el.div(
        skeleton(width="30%", height="1.5rem"),
        rx.el.div(
            *[
                rx.el.div(
                    skeleton(width="60%"),
                    skeleton(height="150px", radius="8px"),
                    skeleton(height="2.5rem"),
                    class_name="metric",
                )
                for _ in range(2)
            ],
            class_name="metrics",
        ),
        class_name="card stack",
    )


def _lifecycle() -> rx.Component:
    return rx.el.div(
        skeleton(width="35%", height="1.5rem"),
        *lifecycle_shape(),
        class_name="card stack",
    )


def _facts() -> rx.Component:
    return rx.el.div(
        skeleton(width="45%", height="1.5rem"),
        *[skeleton(width=width, height="1.25rem") for width in _FACTS],
        class_name="card stack",
    )


def _form() -> rx.Component:
    return rx.el.div(
        skeleton(width="45%", height="1.5rem"),
        rx.el.div(*[skeleton(height="3.75rem") for _ in _FACTS], class_name="context-fields"),
        class_name="card stack",
    )
