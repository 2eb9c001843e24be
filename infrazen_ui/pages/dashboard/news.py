"""What the latest syncs changed."""

from typing import Any

import reflex as rx

from infrazen_ui.components.badges import tag
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import some
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.timeline import timeline, timeline_entry
from infrazen_ui.states.dashboard import DashboardState


def news() -> rx.Component:
    """Newest first; each leads to its connection's history."""
    return card(
        section_header(t("dashboard.news.title")),
        rx.cond(
            DashboardState.is_same,
            rx.el.p(
                icon("check", size=16),
                rx.el.span(t("dashboard.news.same")),
                class_name="news-same",
            ),
        ),
        rx.cond(
            some(DashboardState.news),
            timeline(rx.foreach(DashboardState.news, _item), label=t("dashboard.news.title")),
            rx.cond(
                ~DashboardState.is_same,
                rx.el.p(t("dashboard.news.none"), class_name="muted"),
            ),
        ),
        class_name="news",
    )


def _item(item: Any) -> rx.Component:
    return timeline_entry(
        rx.el.a(item["title"], href=item["href"]),
        rx.el.p(item["summary"]),
        rx.el.ul(rx.foreach(item["changes"], _change), class_name="news-changes"),
        rx.cond(item["more"] != "", rx.el.p(item["more"], class_name="muted")),
        when=item["when"],
        tone=item["tone"],
    )


def _change(one: Any) -> rx.Component:
    return rx.el.li(
        tag(one["change"], tone=one["tone"]),
        rx.el.span(one["name"], title=one["name"], class_name="news-name"),
        rx.el.span(one["detail"], class_name="muted"),
    )
