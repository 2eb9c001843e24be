"""The first screen: what everything costs, whether it is used, and what needs attention."""

from collections.abc import Sequence

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.advice import advice
from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.cards import card
from infrazen_ui.components.conditions import may
from infrazen_ui.components.empty_states import (
    failed,
    first_sync_running,
    no_connection_yet,
    not_permitted,
)
from infrazen_ui.components.icons import icon
from infrazen_ui.components.links import plain_link
from infrazen_ui.components.loading import card_skeleton, kpi_skeleton, loading_region, skeleton
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import page
from infrazen_ui.pages.dashboard.clouds import ADD, clouds
from infrazen_ui.pages.dashboard.inventory import inventory, types
from infrazen_ui.pages.dashboard.ledger import ledger
from infrazen_ui.pages.dashboard.news import news
from infrazen_ui.pages.dashboard.spend import spend, usage
from infrazen_ui.pages.dashboard.steps import first_steps
from infrazen_ui.pages.dashboard.top import alerts, freshness, key_figures, unread
from infrazen_ui.states.advice import AdviceState
from infrazen_ui.states.dashboard import DashboardState
from infrazen_ui.states.first_steps import FirstStepsState


def _actions() -> Sequence[rx.Component]:
    return [
        # There from the start: what comes later moves all that stands below.
        rx.cond((DashboardState.view == "ready") | (DashboardState.view == "loading"), _periods()),
        icon_button(t("dashboard.refresh"), "refresh-cw", on_click=DashboardState.refresh),
        rx.cond(
            (DashboardState.view == "ready") & may(Permission.CONNECTION_SYNC),
            button(
                t("dashboard.sync_all"),
                icon_name="cloud-download",
                is_loading=DashboardState.is_busy,
                on_click=DashboardState.sync_all,
                class_name="folding",
                title=t("dashboard.sync_all"),
            ),
        ),
        rx.cond(
            (DashboardState.view == "ready") & may(Permission.EXPORT),
            _export(),
        ),
    ]


def _waiting() -> rx.Component:
    return loading_region(
        skeleton(width="16rem", height="1.25rem"),
        rx.el.div(*[kpi_skeleton() for _ in range(5)], class_name="kpi-grid five"),
        rx.el.div(
            card_skeleton(height="20rem"),
            card_skeleton(height="20rem"),
            class_name="wide-and-narrow",
        ),
        card_skeleton(height="16rem"),
    )


@page(
    "/",
    "dashboard.title",
    icon="layout-dashboard",
    order=10,
    waiting=_waiting,
    on_load=[FirstStepsState.load, DashboardState.load, AdviceState.load_largest],
    actions=_actions,
)
def dashboard() -> rx.Component:
    """One of its faces."""
    return rx.el.div(
        first_steps(),
        rx.match(
            DashboardState.view,
            ("ready", _ready()),
            ("loading", _waiting()),
            ("newcomer", card(no_connection_yet(href=ADD, level=2), class_name="welcome")),
            ("first", _first()),
            ("unread", rx.el.div(alerts(), unread(), clouds(), class_name="stack")),
            ("forbidden", card(not_permitted(level=2))),
            card(
                failed(
                    DashboardState.title,
                    DashboardState.action,
                    on_retry=DashboardState.refresh,
                    level=2,
                )
            ),
        ),
        on_unmount=DashboardState.leave,
        class_name="dashboard",
    )


def _ready() -> rx.Component:
    return rx.el.div(
        freshness(),
        alerts(),
        key_figures(),
        rx.el.div(spend(), usage(), class_name="wide-and-narrow"),
        rx.el.div(
            rx.el.div(ledger(), advice(), class_name="stack top"),
            rx.el.div(news(), types(), class_name="stack top"),
            class_name="wide-and-narrow",
        ),
        clouds(),
        inventory(),
        class_name="stack",
    )


def _first() -> rx.Component:
    return rx.el.div(
        card(
            first_sync_running(
                value=DashboardState.progress["percent"],
                note=DashboardState.progress["note"],
                level=2,
            ),
            class_name="welcome",
        ),
        clouds(),
        class_name="stack",
    )


def _periods() -> rx.Component:
    """Links, so that a period can be kept, shared and gone back from."""
    periods = (
        ("7", t("dashboard.period.week")),
        ("30", t("dashboard.period.month")),
        ("90", t("dashboard.period.quarter")),
        ("365", t("dashboard.period.year")),
    )
    return rx.el.nav(
        *[
            rx.el.a(
                title,
                href=f"/?days={days}",
                class_name="segment",
                aria_current=rx.cond(DashboardState.days == days, "true", "false"),
            )
            for days, title in periods
        ],
        class_name="segmented periods",
        aria_label=t("dashboard.period.label"),
    )


def _export() -> rx.Component:
    return plain_link(
        rx.el.span(icon("download"), rx.el.span(t("dashboard.export")), class_name="button-face"),
        href=f"/api/v1/exports/costs.csv?days={DashboardState.days}",
        class_name="button button-secondary button-md folding",
        title=t("dashboard.export"),
        custom_attrs={"download": ""},
    )
