"""What stands first: how fresh everything is, what needs attention, the key figures."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.badges import status
from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import kpi_card, per, trend_mark
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.states.dashboard import DashboardState


def freshness() -> rx.Component:
    """How old the figures are, and whether newer ones are on their way."""
    return rx.el.div(
        icon("clock", size=14),
        rx.el.span(DashboardState.fresh, role="status"),
        rx.cond(
            DashboardState.is_busy,
            rx.el.span(
                status("info", t("dashboard.fresh.syncing"), is_live=True),
                rx.el.span(DashboardState.progress["note"]),
                class_name="fresh-busy",
            ),
        ),
        rx.cond(some(DashboardState.fresh_each), _each_freshness()),
        class_name="fresh figures",
    )


def _each_freshness() -> rx.Component:
    """What each connection's figures rest on: when it was read, up to when it is billed."""
    return rx.el.details(
        rx.el.summary(t("dashboard.fresh.each"), class_name="fresh-summary"),
        rx.el.ul(
            rx.foreach(
                DashboardState.fresh_each,
                lambda one: rx.el.li(
                    rx.el.span(one["name"], class_name="fresh-name"),
                    rx.el.span(one["read"], data_stale=one["is_stale"], class_name="fresh-read"),
                    rx.el.span(one["billed"]),
                    class_name="fresh-line",
                ),
            ),
            class_name="fresh-lines",
        ),
        class_name="fresh-each",
    )


def alerts() -> rx.Component:
    """What needs attention, the most urgent first."""
    return rx.cond(
        some(DashboardState.alerts),
        rx.el.div(rx.foreach(DashboardState.alerts, _alert), class_name="alerts"),
    )


def _alert(item: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            item["tone"] == "danger",
            icon("circle-alert", size=18, class_name="callout-icon"),
            icon("triangle-alert", size=18, class_name="callout-icon"),
        ),
        rx.el.div(
            rx.el.p(item["title"], class_name="callout-title"),
            rx.el.p(item["text"], class_name="callout-body"),
            class_name="callout-text",
        ),
        rx.el.a(
            t("dashboard.alert.open"),
            href=item["href"],
            class_name="alert-link",
        ),
        class_name="callout alert",
        data_tone=item["tone"],
        role="note",
    )


def unread() -> rx.Component:
    """Connections are there, but nothing was read yet."""
    return callout(
        t("dashboard.unread.title"),
        t("dashboard.unread.text"),
        actions=[
            rx.cond(
                may(Permission.CONNECTION_SYNC),
                button(
                    t("dashboard.sync_all"),
                    kind="primary",
                    size="sm",
                    on_click=DashboardState.sync_all,
                ),
            )
        ],
    )


def key_figures() -> rx.Component:
    """Expenses, payable, savings, resources, connections."""
    figures = DashboardState.kpis
    return rx.el.div(
        kpi_card(
            figures["period"],
            rx.foreach(figures["spent"], lambda one: _line(one["total"])),
            trend=rx.fragment(
                rx.foreach(
                    figures["spent"],
                    lambda one: trend_mark(one["direction"], one["tone"], one["trend"]),
                )
            ),
            secondary=rx.foreach(
                figures["spent"],
                lambda one: rx.cond(one["source"] != "", _line(one["source"]), rx.fragment()),
            ),
            icon_name="wallet",
        ),
        kpi_card(
            t("dashboard.kpi.payable"),
            rx.foreach(
                figures["payable"],
                lambda one: _line(per(one["day"], t("period.per_day"))),
            ),
            secondary=rx.foreach(figures["payable"], lambda one: _line(one["month"])),
            icon_name="receipt",
        ),
        kpi_card(
            t("dashboard.kpi.savings"),
            rx.cond(
                some(figures["savings"]),
                rx.foreach(figures["savings"], lambda one: _line(per(one, t("period.per_month")))),
                rx.el.span(t("dashboard.kpi.savings_none"), class_name="kpi-none"),
            ),
            secondary=figures["savings_note"],
            icon_name="piggy-bank",
        ),
        kpi_card(
            t("dashboard.kpi.resources"),
            figures["resources"],
            secondary=figures["resources_note"],
            icon_name="server",
        ),
        kpi_card(
            t("dashboard.kpi.connections"),
            figures["connections"],
            secondary=figures["connections_note"],
            icon_name="cloud",
        ),
        class_name="kpi-grid five",
    )


def _line(shown: Any) -> rx.Component:
    return rx.el.span(shown, class_name="kpi-line")
