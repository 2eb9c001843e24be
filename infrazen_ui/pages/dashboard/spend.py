"""What was spent day by day, and how much of what is paid for is used."""

from typing import Any

import reflex as rx

from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.charts.stacks import stacked_bars
from infrazen_ui.components.choices import segmented_values
from infrazen_ui.components.conditions import some
from infrazen_ui.components.empty_states import no_data_for_period
from infrazen_ui.components.texts import t
from infrazen_ui.components.usage import usage_bar
from infrazen_ui.states.dashboard import DashboardState

_HEIGHT = 264


def spend() -> rx.Component:
    """The chart of the period."""
    chart = DashboardState.chart
    return card(
        section_header(t("dashboard.chart.title"), note=chart["note"], actions=[_currencies()]),
        rx.cond(
            chart["has_data"],
            stacked_bars(
                t("dashboard.chart.title"),
                chart["days"],
                chart["series"],
                when=chart["when"],
                unit=chart["unit"],
                height=_HEIGHT,
            ),
            rx.el.div(no_data_for_period(), class_name="chart-nothing"),
        ),
    )


def _currencies() -> rx.Component:
    """The currencies to choose from, where there are several."""
    return rx.cond(
        some(DashboardState.currencies, more_than=1),
        segmented_values(
            t("dashboard.chart.currency"),
            DashboardState.currencies,
            chosen=DashboardState.currency,
            on_choose=DashboardState.choose_currency,
        ),
    )


def usage() -> rx.Component:
    """CPU, memory, storage and network."""
    return card(
        section_header(t("dashboard.usage.title"), note=t("dashboard.usage.note")),
        rx.el.div(rx.foreach(DashboardState.usage, _bar), class_name="usage-bars"),
    )


def _bar(one: Any) -> rx.Component:
    return rx.cond(
        one["tier"] != "",
        usage_bar(
            one["label"],
            percent=one["percent"],
            shown=one["shown"],
            tier=one["tier"],
            tier_label=one["tier_label"],
            detail=one["detail"],
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span(one["label"], class_name="usage-label"),
                rx.el.span(one["shown"], class_name="usage-tier"),
                class_name="usage-head",
            ),
            rx.el.div(class_name="usage-track usage-unknown"),
            rx.el.p(one["detail"], class_name="usage-detail"),
            class_name="usage",
        ),
    )
