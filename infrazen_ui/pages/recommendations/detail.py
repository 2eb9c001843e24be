"""The panel of one recommendation, and the question before one is dismissed."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.badges import status, tag
from infrazen_ui.components.buttons import button, button_link
from infrazen_ui.components.cards import fact
from infrazen_ui.components.charts.series import Series, line_chart
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.disclosure import code_block
from infrazen_ui.components.forms import text_field
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.components.timeline import timeline, timeline_entry
from infrazen_ui.pages.recommendations.found import decisions
from infrazen_ui.present.metrics import MetricCard
from infrazen_ui.present.recommendation_detail import Past
from infrazen_ui.present.recommendation_words import Fact
from infrazen_ui.states.recommendation_detail import RecommendationDetailState
from infrazen_ui.states.recommendations import RecommendationsState

_FORM = "dismissal-form"
_DETAIL = RecommendationDetailState.detail
_CARD: Any = _DETAIL["card"]


def detail_panel() -> rx.Component:
    """Why, what to do, what became of it."""
    return dialog(
        _CARD["title"],
        rx.el.div(
            _head(),
            _evidence(),
            _change(),
            rx.cond(
                _DETAIL["measured"] != "",
                _part("measured", rx.el.p(_DETAIL["measured"], class_name="figures")),
            ),
            rx.cond(some(RecommendationDetailState.others), _others()),
            rx.cond(some(RecommendationDetailState.history), _history()),
            class_name="recommendation-detail",
        ),
        is_open=RecommendationDetailState.is_open,
        on_open_change=RecommendationDetailState.set_open,
        description=_DETAIL["rule_why"],
        size="lg",
        footer=[
            button_link(
                t("recommendations.open_resource"),
                href=_CARD["resource_href"],
                size="sm",
                class_name="recommendation-open",
            ),
            rx.cond(may(Permission.RESOURCE_WRITE), decisions(_CARD, prefix="detail")),
        ],
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(_CARD["resource"], class_name="recommendation-resource"),
            rx.el.p(
                rx.cond(_CARD["type"] != "", rx.fragment(_CARD["type"], " · ")),
                _CARD["connection"],
                class_name="muted",
            ),
        ),
        rx.el.div(
            rx.el.p(_CARD["saving"], class_name="recommendation-saving figures"),
            rx.el.p(_CARD["saving_note"], class_name="recommendation-note"),
            class_name="recommendation-money",
        ),
        rx.el.div(
            status(_CARD["state_tone"], _CARD["state"]),
            rx.el.span(_CARD["state_note"], class_name="muted"),
            rx.el.span(_CARD["reason"], class_name="muted"),
            tag(_CARD["confidence"], tone=_CARD["confidence_tone"]),
            class_name="recommendation-marks",
        ),
        class_name="recommendation-detail-head",
    )


def _part(name: str, *body: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t(f"recommendations.detail.{name}"), class_name="recommendation-part-title"),
        *body,
        class_name="recommendation-part",
    )


def _evidence() -> rx.Component:
    return _part(
        "evidence",
        rx.el.p(_CARD["why"]),
        rx.foreach(RecommendationDetailState.charts, _chart),
        rx.el.dl(rx.foreach(RecommendationDetailState.facts, _fact), class_name="facts"),
    )


def _fact(one: Fact) -> rx.Component:
    return fact(one["name"], one["value"])


def _chart(metric: MetricCard) -> rx.Component:
    points: Any = metric["points"]
    return rx.cond(
        points.length() > 0,
        line_chart(
            metric["title"],
            points,
            [
                Series(key="first", name=metric["first"], shade=metric["paint"]),
                Series(key="limit", name=t("recommendations.detail.threshold"), color=8),
            ],
            height=150,
            unit=metric["unit"],
            when=t("resource.moment"),
        ),
    )


def _change() -> rx.Component:
    return _part(
        "change",
        rx.cond(
            _CARD["change"] != "",
            rx.el.p(_CARD["change"], class_name="recommendation-change figures"),
        ),
        rx.el.p(_DETAIL["steps"]),
        rx.cond(
            _DETAIL["command"] != "",
            code_block(_DETAIL["command"], label=t("recommendations.detail.command")),
        ),
    )


def _others() -> rx.Component:
    return _part(
        "others",
        rx.el.dl(rx.foreach(RecommendationDetailState.others, _fact), class_name="facts"),
    )


def _history() -> rx.Component:
    return _part(
        "history",
        timeline(
            rx.foreach(RecommendationDetailState.history, _past),
            label=t("recommendations.detail.history"),
        ),
    )


def _past(one: Past) -> rx.Component:
    return timeline_entry(
        one["title"], rx.el.p(one["note"], class_name="muted"), when=one["when"], tone=one["tone"]
    )


def dismissal() -> rx.Component:
    """Asks why."""
    return dialog(
        t("recommendations.dismiss.title"),
        rx.el.form(
            text_field(
                t("recommendations.dismiss.reason"),
                name="reason",
                prefix="dismiss-",
                error=RecommendationsState.dismiss_error,
                is_required=True,
                max_length=1000,
                placeholder=t("recommendations.dismiss.placeholder"),
            ),
            id=_FORM,
            no_validate=True,
            on_submit=RecommendationsState.dismiss,
        ),
        is_open=RecommendationsState.dismissing != "",
        on_open_change=RecommendationsState.set_dismissing,
        description=t("recommendations.dismiss.text"),
        size="sm",
        footer=[
            button(t("action.cancel"), on_click=RecommendationsState.set_dismissing(False)),
            button(t("recommendations.dismiss.confirm"), kind="danger", type="submit", form=_FORM),
        ],
    )
