"""What shows that something is coming."""

from typing import Any

import reflex as rx

from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Figure, Text


def spinner(*, size: int = 18) -> rx.Component:
    """A turning ring; the text beside it says what is going on."""
    return rx.el.span(
        class_name="spinner spinner-shown", aria_hidden="true", style={"--spinner": f"{size}px"}
    )


def skeleton(*, width: str = "100%", height: str = "1rem", radius: str = "6px") -> rx.Component:
    """A grey block of the size of what will stand there."""
    return rx.el.span(
        class_name="skeleton",
        aria_hidden="true",
        style={"width": width, "height": height, "borderRadius": radius},
    )


def kpi_skeleton() -> rx.Component:
    """The place of a ``kpi_card``."""
    return rx.el.div(
        skeleton(width="45%", height="0.875rem"),
        skeleton(width="70%", height="2rem"),
        skeleton(width="35%", height="0.875rem"),
        class_name="card kpi kpi-loading",
    )


def card_skeleton(*, height: str = "12rem") -> rx.Component:
    """The place of a card."""
    return rx.el.div(
        skeleton(width="30%"), skeleton(height=height, radius="8px"), class_name="card stack"
    )


def table_skeleton(*, rows: int = 8) -> rx.Component:
    """The place of a table."""
    return rx.el.div(
        *[
            rx.el.div(
                skeleton(width="28%"),
                skeleton(width="16%"),
                skeleton(width="12%"),
                skeleton(width="14%"),
                class_name="table-skeleton-row",
            )
            for _ in range(rows)
        ],
        class_name="card table-skeleton",
    )


def loading_region(*children: rx.Component, class_name: str = "stack") -> rx.Component:
    """Skeletons with the word for those who don't see them."""
    return rx.el.div(
        rx.el.p(t("loading.text"), class_name="sr-only"),
        *children,
        class_name=class_name,
        role="status",
    )


def progress_bar(
    label: Text,
    *,
    value: Figure | None = None,
    maximum: Figure = 100,
    note: Text | None = None,
) -> rx.Component:
    """How far something is; with no ``value`` it only says that it goes on."""
    if value is None:
        track = rx.el.div(
            rx.el.div(class_name="progress-fill progress-endless"),
            role="progressbar",
            aria_label=label,
            class_name="progress-track",
        )
    else:
        share = _percent(value, maximum)
        track = rx.el.div(
            rx.el.div(class_name="progress-fill", style={"width": f"{share}%"}),
            role="progressbar",
            aria_label=label,
            aria_valuemin="0",
            aria_valuemax=maximum,
            aria_valuenow=value,
            class_name="progress-track",
        )
    return rx.el.div(
        rx.el.div(
            rx.el.span(label, class_name="progress-label"),
            *([rx.el.span(note, class_name="progress-note figures")] if note is not None else []),
            class_name="progress-head",
        ),
        track,
        class_name="progress",
    )


def _percent(value: Figure, maximum: Figure) -> Figure:
    if isinstance(value, rx.Var) or isinstance(maximum, rx.Var):
        share: Any = rx.Var.create(value) * 100 / rx.Var.create(maximum)  # pyright: ignore[reportOperatorIssue]
        return rx.cond(rx.Var.create(maximum) == 0, 0, share)
    return value * 100 / maximum if maximum else 0
