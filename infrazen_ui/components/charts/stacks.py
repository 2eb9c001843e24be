"""Bars over days or weeks, stacked by series that are known only when the data is there.

Data are as for ``series``, with ``total`` for the day; series are dicts with ``key``,
``name`` and ``paint``.
"""

from typing import Any

import reflex as rx

from infrazen_ui.components.charts.series import (
    figure,
    figures_table,
    legend,
    legend_item,
    plot,
)
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Rows, Text

_AXIS_WIDTH = 68


def stacked_bars(
    label: Text, data: Rows, series: Rows, *, when: Text, unit: Text, height: int = 260
) -> rx.Component:
    """A bar for each row, of which ``when`` names one; a row without data has none."""
    drawing = plot(
        rx.recharts.bar_chart,
        [rx.foreach(series, _bar)],
        data=data,
        height=height,
        axis=_AXIS_WIDTH,
        unit=unit,
    )
    return figure(
        label,
        legend(rx.foreach(series, lambda one: legend_item(one["name"], one["paint"]))),
        drawing=drawing,
        table=figures_table(
            label,
            when=when,
            heads=[
                rx.foreach(series, _head),
                rx.el.th(t("dashboard.chart.total"), scope="col", data_align="end"),
            ],
            rows=rx.foreach(data, lambda day: _row(day, series)),
        ),
        height=height,
    )


def _bar(one: Any) -> rx.Component:
    return rx.recharts.bar(
        data_key=one["key"],
        name=one["name"],
        fill=one["paint"],
        stack_id="all",
        max_bar_size=36,
        is_animation_active=False,
    )


def _head(one: Any) -> rx.Component:
    return rx.el.th(one["name"], scope="col", data_align="end")


def _row(day: Any, series: Rows) -> rx.Component:
    return rx.el.tr(
        rx.el.th(day["title"], scope="row"),
        rx.foreach(series, lambda one: rx.el.td(day[f"{one['key']}_text"], data_align="end")),
        rx.el.td(day["total"], data_align="end"),
    )
