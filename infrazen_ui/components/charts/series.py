"""Charts over days: areas, lines and bars.

Data are dicts with ``label`` (for the axis), ``title`` (for the tooltip and the table),
and for each series its ``key`` with a number, or None for a day without data, which
stays a gap, and ``key_text`` with the figure as people read it (a dash for a gap). A ``note``
is what else the tooltip says of a day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx
from reflex.vars.base import VarData
from reflex.vars.function import FunctionStringVar, FunctionVar

from infrazen_ui.components.disclosure import collapsible
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Child, Rows, Text
from infrazen_ui.present.paints import paint

_MARGIN = {"top": 8, "right": 8, "bottom": 0, "left": 0}
_AXIS: dict[str, Any] = {
    "axis_line": False,
    "tick_line": False,
    "stroke": "var(--text-muted)",
}
_TICK = {"fill": "var(--text-muted)", "fontSize": 12}
_SHORT = """(value, rows) => {
  const known = (row) => Object.values(row).filter((one) => typeof one === "number");
  const isLarge = (row) => known(row).reduce((all, one) => all + one, 0) >= 10000;
  const notation = rows?.some(isLarge) ? "compact" : "standard";
  const shown = { notation, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(document.documentElement.lang, shown).format(value);
}"""
"""An axis is in thousands, or it is not: all of its figures are of one kind."""
_TOOLTIP = {
    "formatter": rx.Var(
        "((value, name, item) => [item.payload[item.dataKey + '_text'] ?? value, name])"
    ),
    "labelFormatter": rx.Var(
        "((label, items) => [items?.[0]?.payload?.title ?? label, items?.[0]?.payload?.note]"
        ".filter(Boolean).join(' · '))"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line of a chart: the key in the data, its name, and a colour from 1 to 8.

    ``shade`` is a colour that only the data knows, as CSS says it.
    """

    key: str
    name: Text
    color: int = 1
    shade: Text | None = None

    @property
    def paint(self) -> Any:
        """The colour, which follows the theme."""
        return paint(self.color) if self.shade is None else self.shade


def area_chart(
    label: Text,
    data: Rows,
    series: Sequence[Series],
    *,
    height: int = 260,
    is_stacked: bool = False,
) -> rx.Component:
    """Amounts over time; stacked where the series add up."""
    drawn = [_area(one, is_stacked=is_stacked) for one in series]
    return _chart(
        rx.recharts.area_chart, drawn, label=label, data=data, series=series, height=height
    )


def line_chart(
    label: Text,
    data: Rows,
    series: Sequence[Series],
    *,
    height: int = 260,
    when: Text | None = None,
    unit: Text | None = None,
) -> rx.Component:
    """Levels over time; ``when`` heads the first column of its table, a day where None.

    ``unit`` stands at the axis, with the space before it.
    """
    drawn = [_line(one) for one in series]
    return _chart(
        rx.recharts.line_chart,
        drawn,
        label=label,
        data=data,
        series=series,
        height=height,
        when=when,
        unit=unit,
    )


def bar_chart(
    label: Text,
    data: Rows,
    series: Sequence[Series],
    *,
    height: int = 260,
    is_stacked: bool = False,
    unit: Text | None = None,
) -> rx.Component:
    """Amounts side by side, or on top of each other; ``unit`` as for ``line_chart``."""
    drawn = [_bar(one, is_stacked=is_stacked) for one in series]
    return _chart(
        rx.recharts.bar_chart,
        drawn,
        label=label,
        data=data,
        series=series,
        height=height,
        unit=unit,
    )


def _chart(
    frame: Callable[..., rx.Component],
    drawn: Sequence[rx.Component],
    *,
    label: Text,
    data: Rows,
    series: Sequence[Series],
    height: int,
    when: Text | None = None,
    unit: Text | None = None,
) -> rx.Component:
    drawing = plot(frame, drawn, data=data, height=height, unit=unit)
    items = [legend_item(one.name, one.paint) for one in series]
    named = [legend(*items)] if len(series) > 1 else []
    return figure(
        label, *named, drawing=drawing, table=_table(label, data, series, when), height=height
    )


def plot(
    frame: Callable[..., rx.Component],
    drawn: Sequence[rx.Component],
    *,
    data: Rows,
    height: int,
    axis: int | Literal["auto"] = "auto",
    unit: Text | None = None,
) -> rx.Component:
    """Axes, grid and tooltip around what is drawn.

    A fixed width of the ``axis`` spares a second drawing, in which bars may end up beside
    the frame. ``unit`` stands behind its figures, one without a space (a currency's sign in
    English) before them.
    """
    return frame(
        rx.recharts.cartesian_grid(
            stroke="var(--chart-grid)", vertical=False, stroke_dasharray="0"
        ),
        rx.recharts.x_axis(
            data_key="label", min_tick_gap=28, tick_size=10, tick=_TICK, height=32, **_AXIS
        ),
        rx.recharts.y_axis(
            width=axis,
            tick_count=5,
            tick_size=8,
            tick=_TICK,
            tick_formatter=_with_unit("" if unit is None else unit, data),
            interval=0,
            **_AXIS,
        ),
        _tooltip(),
        *drawn,
        data=data,
        width="100%",
        height=height,
        margin=_MARGIN,
        custom_attrs={"accessibilityLayer": False},
    )


def _with_unit(unit: Text, data: Rows) -> FunctionVar[Any]:
    """Writes the figures of an axis with what they are."""
    told, rows = rx.Var.create(unit), rx.Var.create(data)
    known = [one._get_all_var_data() for one in (told, rows)]  # noqa: SLF001 (there is no other way to it)
    return FunctionStringVar.create(
        f"((value) => {{ const unit = {told!s}, figure = ({_SHORT})(value, {rows!s});"
        " return /^[\\s%]/.test(unit) ? figure + unit : unit + figure; })",
        _var_data=VarData.merge(*known),
    )


def figure(
    label: Text, *legend: rx.Component, drawing: rx.Component, table: rx.Component, height: int
) -> rx.Component:
    """A drawing with its legend, and the same as a table."""
    return rx.el.figure(
        *legend,
        rx.el.div(drawing, class_name="chart-drawing", style={"height": f"{height}px"}),
        collapsible(t("chart.as_table"), table),
        class_name="chart",
        aria_label=label,
    )


def _tooltip() -> rx.Component:
    return rx.recharts.graphing_tooltip(
        separator="",
        cursor={"stroke": "var(--border-strong)", "strokeWidth": 1, "fill": "var(--surface-hover)"},
        is_animation_active=False,
        item_style={},
        label_style={},
        content_style={},
        custom_attrs=_TOOLTIP,
    )


def _area(one: Series, *, is_stacked: bool) -> rx.Component:
    return rx.recharts.area(
        data_key=one.key,
        name=one.name,
        type_="monotone",
        stroke=one.paint,
        stroke_width=2,
        fill=one.paint,
        dot=False,
        active_dot={"r": 4, "fill": one.paint, "stroke": "var(--surface)", "strokeWidth": 2},
        is_animation_active=False,
        custom_attrs={"fillOpacity": 0.16},
        **_stack(is_stacked=is_stacked),
    )


def _line(one: Series) -> rx.Component:
    return rx.recharts.line(
        data_key=one.key,
        name=one.name,
        type_="monotone",
        stroke=one.paint,
        stroke_width=2,
        dot=False,
        active_dot={"r": 4, "fill": one.paint, "stroke": "var(--surface)", "strokeWidth": 2},
        is_animation_active=False,
    )


def _bar(one: Series, *, is_stacked: bool) -> rx.Component:
    return rx.recharts.bar(
        data_key=one.key,
        name=one.name,
        fill=one.paint,
        radius=0 if is_stacked else [4, 4, 0, 0],
        max_bar_size=36,
        is_animation_active=False,
        **_stack(is_stacked=is_stacked),
    )


def _stack(*, is_stacked: bool) -> dict[str, Any]:
    return {"stack_id": "all"} if is_stacked else {}


def legend(*items: Child) -> rx.Component:
    """What the colours mean; the table says it to those who don't see them."""
    return rx.el.figcaption(*items, class_name="legend", aria_hidden="true")


def legend_item(name: Text, paint: Text) -> rx.Component:
    """One colour and its name."""
    return rx.el.span(
        rx.el.span(class_name="legend-mark", style={"background": paint}),
        name,
        class_name="legend-item",
    )


def _table(label: Text, data: Rows, series: Sequence[Series], when: Text | None) -> rx.Component:
    return figures_table(
        label,
        heads=[rx.el.th(one.name, scope="col", data_align="end") for one in series],
        rows=rx.foreach(data, lambda day: _table_row(day, series)),
        when=when,
    )


def figures_table(
    label: Text, *, heads: Sequence[Child], rows: Child, when: Text | None = None
) -> rx.Component:
    """A chart's figures, a day a row; ``when`` is what else a row is for."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption(label, class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(rx.el.th(t("chart.day") if when is None else when, scope="col"), *heads)
            ),
            rx.el.tbody(rows),
            class_name="chart-figures figures",
        ),
        class_name="chart-table",
        tab_index=0,
        role="region",
        aria_label=label,
    )


def _table_row(day: dict[str, Any], series: Sequence[Series]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(day["title"], scope="row"),
        *[rx.el.td(day[f"{one.key}_text"], data_align="end") for one in series],
    )
