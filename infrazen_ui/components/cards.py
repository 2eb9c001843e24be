"""Surfaces and what stands on them: cards, key figures, facts."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.values import Child, Text


def card(*children: Child, class_name: str = "", **attributes: Any) -> rx.Component:
    """A white surface with a border."""
    return rx.el.section(*children, class_name=f"card {class_name}".strip(), **attributes)


def section_header(
    title: Text,
    *,
    note: Text | None = None,
    actions: Sequence[rx.Component] = (),
    level: int = 2,
) -> rx.Component:
    """A heading, a line about it, and what one can do with the section."""
    heading = rx.el.h2 if level == 2 else rx.el.h3
    return rx.el.header(
        rx.el.div(
            heading(title, class_name="section-title"),
            *([rx.el.p(note, class_name="section-note")] if note is not None else []),
        ),
        *([rx.el.div(*actions, class_name="section-actions")] if actions else []),
        class_name="section-header",
    )


def kpi_card(
    label: Text,
    figure: Child,
    *,
    secondary: Child | None = None,
    trend: rx.Component | None = None,
    icon_name: str | None = None,
    hint: Text | None = None,
) -> rx.Component:
    """One key figure: large, with how it moved and a second one beneath it."""
    return rx.el.article(
        rx.el.div(
            rx.el.h2(label, class_name="kpi-label", title=hint if hint is not None else ""),
            *([icon(icon_name, size=18, class_name="kpi-icon")] if icon_name else []),
            class_name="kpi-top",
        ),
        rx.el.p(figure, class_name="kpi-figure figures"),
        rx.el.div(
            *([trend] if trend is not None else []),
            *(
                []
                if secondary is None
                else [rx.el.span(secondary, class_name="kpi-secondary figures")]
            ),
            class_name="kpi-bottom",
        ),
        class_name="card kpi",
    )


def per(figure: Child, period: Text) -> rx.Component:
    """A key figure with what it is per, small beside it."""
    return rx.fragment(figure, rx.el.span(period, class_name="kpi-per"))


def trend_mark(direction: Text, tone: Text, label: Text) -> rx.Component:
    """An arrow and words, of ``present.trends.trend``."""
    return rx.el.span(
        rx.match(
            direction,
            ("up", icon("trending-up", size=14)),
            ("down", icon("trending-down", size=14)),
            ("flat", icon("minus", size=14)),
            rx.fragment(),
        ),
        label,
        class_name="trend",
        data_tone=tone,
    )


def facts(*pairs: tuple[Text, Child]) -> rx.Component:
    """Names and values, one a line."""
    return rx.el.dl(*[fact(name, value) for name, value in pairs], class_name="facts")


def fact(name: Text, value: Child) -> rx.Component:
    """One line of ``facts``, for lists made by ``rx.foreach``."""
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="fact")
