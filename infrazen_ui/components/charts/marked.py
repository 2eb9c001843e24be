"""Bars over days, with marks above them where something happened.

Data are as for ``series``; marks are dicts with ``left`` (how far right, in percent of the
bars' width), ``label``, ``count`` (empty for one) and ``place``, which goes to ``on_mark``.
"""

from typing import Any

import reflex as rx

from infrazen_ui.components.charts.series import figure, figures_table, plot
from infrazen_ui.components.values import Choose, Rows, Text
from infrazen_ui.present.paints import paint

_AXIS_WIDTH = 64
_COLOR = paint(1)


def marked_bars(
    label: Text,
    data: Rows,
    *,
    name: Text,
    unit: Text,
    when: Text,
    notes: Text,
    marks: rx.Component,
    height: int = 220,
) -> rx.Component:
    """Bars of one series called ``name``, with ``marks`` above them.

    Its table has a row for each of ``when``, and a column ``notes``.
    """
    bars = rx.recharts.bar(
        data_key="cost",
        name=name,
        fill=_COLOR,
        radius=[3, 3, 0, 0],
        max_bar_size=28,
        is_animation_active=False,
    )
    drawing = plot(
        rx.recharts.bar_chart, [bars], data=data, height=height, axis=_AXIS_WIDTH, unit=unit
    )
    table = figures_table(
        label,
        when=when,
        heads=[
            rx.el.th(name, scope="col", data_align="end"),
            rx.el.th(notes, scope="col"),
        ],
        rows=rx.foreach(data, _row),
    )
    return figure(label, marks, drawing=drawing, table=table, height=height)


def _row(day: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(day["title"], scope="row"),
        rx.el.td(day["cost_text"], data_align="end"),
        rx.el.td(day["note"], class_name="chart-note"),
    )


def marks(label: Text, *, wide: Rows, narrow: Rows, on_mark: Choose) -> rx.Component:
    """The marks: as many as have their place on a wide screen, and on a narrow one."""
    return rx.fragment(
        *[
            rx.el.ul(
                rx.foreach(found, lambda one: _mark(one, on_mark)),
                class_name=f"chart-marks chart-marks-{width}",
                aria_label=label,
                style={"--axis": f"{_AXIS_WIDTH}px"},
            )
            for width, found in (("wide", wide), ("narrow", narrow))
        ]
    )


def _mark(one: Any, on_mark: Choose) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(one["count"], class_name="chart-mark-dot figures", aria_hidden="true"),
            type="button",
            class_name="chart-mark",
            aria_label=one["label"],
            title=one["label"],
            on_click=on_mark(one["place"]),
        ),
        style={"left": one["left"]},
    )
