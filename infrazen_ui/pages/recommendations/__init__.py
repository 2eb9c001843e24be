"""What could be saved: recommendations, why, what to do, and what came of it."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, kpi_card, per
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.empty_states import failed, not_permitted
from infrazen_ui.components.links import download_button
from infrazen_ui.components.loading import (
    card_skeleton,
    kpi_skeleton,
    loading_region,
)
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import page
from infrazen_ui.pages.recommendations.detail import detail_panel, dismissal
from infrazen_ui.pages.recommendations.found import found
from infrazen_ui.pages.recommendations.rules import rule_dialog, rules, saved
from infrazen_ui.states.recommendation_detail import RecommendationDetailState
from infrazen_ui.states.recommendations import RecommendationsState


def _actions() -> Sequence[rx.Component]:
    return [
        rx.cond(
            may(Permission.EXPORT),
            download_button(t("recommendations.export"), href=RecommendationsState.export_href),
        ),
    ]


def _waiting() -> rx.Component:
    return loading_region(
        rx.el.div(*[kpi_skeleton() for _ in range(4)], class_name="kpi-grid"),
        card_skeleton(height="24rem"),
        card_skeleton(height="12rem"),
    )


@page(
    "/recommendations",
    "recommendations.page",
    icon="lightbulb",
    order=40,
    waiting=_waiting,
    on_load=[RecommendationsState.load, RecommendationDetailState.load],
    actions=_actions,
)
def recommendations() -> rx.Component:
    """Figures, list, rules; the chosen one in a panel."""
    return rx.fragment(
        rx.match(
            RecommendationsState.phase,
            ("loading", _waiting()),
            ("forbidden", card(not_permitted(level=2))),
            ("failed", _failed()),
            _ready(),
        ),
        detail_panel(),
        dismissal(),
        rule_dialog(),
    )


def _ready() -> rx.Component:
    return rx.el.div(
        rx.cond(
            RecommendationsState.decided != "",
            callout(
                RecommendationsState.decided,
                tone="success",
                actions=[
                    button(
                        t("recommendations.undo"),
                        size="sm",
                        icon_name="undo-2",
                        on_click=RecommendationsState.undo,
                    )
                ],
            ),
        ),
        _figures(),
        found(),
        saved(),
        rules(),
        class_name="stack recommendations",
    )


def _figures() -> rx.Component:
    shown = RecommendationsState.figures
    return rx.el.div(
        kpi_card(
            t("recommendations.kpi.potential"),
            _lines(
                shown["potential"],
                t("recommendations.kpi.potential_none"),
                line=lambda one: per(one, t("period.per_month")),
            ),
            secondary=shown["potential_note"],
            icon_name="piggy-bank",
        ),
        kpi_card(
            t("recommendations.kpi.agreed"),
            shown["agreed"],
            secondary=shown["agreed_note"],
            icon_name="hammer",
        ),
        kpi_card(
            t("recommendations.kpi.saved"),
            _lines(shown["saved"], t("recommendations.kpi.saved_none")),
            secondary=shown["saved_note"],
            icon_name="badge-check",
            hint=t("recommendations.kpi.saved_hint"),
        ),
        kpi_card(
            t("recommendations.kpi.risks"),
            shown["risks"],
            secondary=rx.cond(
                shown["has_risks"],
                t("recommendations.kpi.risks_note"),
                t("recommendations.kpi.risks_none"),
            ),
            icon_name="triangle-alert",
        ),
        class_name="kpi-grid",
    )


def _lines(
    lines: Any, nothing: Any, *, line: Callable[[Any], Any] = lambda one: one
) -> rx.Component:
    return rx.cond(
        some(lines),
        rx.fragment(
            rx.foreach(lines, lambda one: rx.el.span(line(one), class_name="recommendations-line"))
        ),
        rx.el.span(nothing, class_name="recommendations-none"),
    )


def _failed() -> rx.Component:
    return card(
        failed(
            RecommendationsState.failure_title,
            RecommendationsState.failure_action,
            on_retry=RecommendationsState.load,
            level=2,
        )
    )
