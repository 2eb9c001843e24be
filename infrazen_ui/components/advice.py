"""A few recommendations as a short list, on other pages than their own."""

from typing import Any

import reflex as rx

from infrazen_ui.components.badges import status
from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import some
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.present.recommendations import Advised
from infrazen_ui.states.advice import AdviceState


def advice() -> rx.Component:
    """The list, where there is one."""
    return rx.cond(
        some(AdviceState.items),
        card(
            section_header(
                t("recommendations.short_title"),
                actions=[button_link(t("recommendations.all"), href="/recommendations", size="sm")],
            ),
            rx.el.ul(rx.foreach(AdviceState.items, _short), class_name="recommendation-shorts"),
        ),
    )


def category_icon(category: Any) -> rx.Component:
    """The sign of a category."""
    return rx.el.span(
        rx.match(
            category,
            ("rightsize", icon("scaling", size=18)),
            ("cleanup", icon("trash-2", size=18)),
            ("storage", icon("archive", size=18)),
            ("discount", icon("percent", size=18)),
            icon("triangle-alert", size=18),
        ),
        class_name="recommendation-icon",
        data_category=category,
        aria_hidden="true",
    )


def _short(one: Advised) -> rx.Component:
    return rx.el.li(
        category_icon(one["category"]),
        rx.el.div(
            rx.el.a(one["title"], href=one["href"]),
            rx.el.p(
                rx.cond(AdviceState.about == "", rx.fragment(one["resource"], " · ")),
                one["why"],
                class_name="muted",
            ),
            class_name="recommendation-names",
        ),
        rx.el.div(
            rx.cond(
                one["saving"] != "",
                rx.el.span(one["saving"], class_name="recommendation-saving figures"),
            ),
            status(one["state_tone"], one["state"]),
            class_name="recommendation-money",
        ),
        class_name="recommendation-short",
        key=one["id"],
    )
