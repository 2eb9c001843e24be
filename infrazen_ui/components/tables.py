"""Tables that sort, keep their header in sight, and become cards on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.sorting import Orders, sort_control
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Child, Choose, Rows, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: ``key`` is what the sort handler gets; numbers stand at the end.

    A ``control`` stands in the header in the title's place.
    """

    key: str
    title: Text
    is_sortable: bool = False
    align: Literal["start", "end"] = "start"
    width: str = ""
    control: rx.Component | None = None


def data_table(
    *rows: Child,
    label: Text,
    columns: Sequence[Column],
    more: Rows | None = None,
    sort: Text | None = None,
    direction: Text | None = None,
    on_sort: Choose | None = None,
    orders: Orders | None = None,
) -> rx.Component:
    """A table of ``row``s (usually one ``rx.foreach``).

    ``more`` are columns that a State lists after the others (key, title, align, and sort, by
    which it orders or empty). ``direction`` is asc or desc of what ``sort`` names; ``on_sort``
    gets a key. A phone hides the headers and has one control instead: for ``orders`` that a State
    lists (key, title), else for the sortable ``columns``.
    ``j`` and ``k`` walk the rows, Enter opens a row's link.
    """
    sortable = [(column.key, column.title) for column in columns if column.is_sortable]
    return rx.el.div(
        *_sorting(sortable if orders is None else orders, sort, direction, on_sort),
        rx.el.table(
            rx.el.caption(label, class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(
                    *[_header(column, sort, direction, on_sort) for column in columns],
                    *([] if more is None else [_listed(more, sort, direction, on_sort)]),
                    role="row",
                ),
                role="rowgroup",
            ),
            rx.el.tbody(*rows, role="rowgroup"),
            class_name="table",
            role="table",
        ),
        class_name="table-frame",
    )


def row(*cells: Child, **attributes: Any) -> rx.Component:
    """A row that the keyboard reaches."""
    return rx.el.tr(*cells, role="row", data_row="true", tab_index=-1, **attributes)


def cell(column: Column, *content: Child, is_main: bool = False) -> rx.Component:
    """A cell of ``column``; the main one is the card's title on a phone."""
    element = rx.el.th if is_main else rx.el.td
    named: dict[str, Any] = {"role": "rowheader", "scope": "row"} if is_main else {"role": "cell"}
    return element(
        *content,
        class_name="cell",
        data_label=column.title,
        data_align=column.align,
        data_key=column.key,
        data_main=is_main,
        **named,
    )


def listed_cell(column: Any, *content: Child) -> rx.Component:
    """A cell of a column that a State lists."""
    return rx.el.td(
        *content,
        class_name="cell",
        data_label=column["title"],
        data_align=column["align"],
        data_key=column["key"],
        role="cell",
    )


def two_lines(first: Child, second: Child) -> rx.Component:
    """A large line and a small one beneath: a price per day and per month."""
    return rx.el.div(
        rx.el.span(first, class_name="line-large"),
        rx.el.span(second, class_name="line-small"),
        class_name="two-lines",
    )


def name_link(name: Any, href: Any) -> rx.Component:
    """A name that leads on; of a very long one two lines are shown, all of it where one points."""
    return rx.el.a(name, href=href, title=name, class_name="name-link")


def or_dash(value: Any) -> rx.Component:
    """A text, or a dash for none; on a phone a cell with the dash is left out."""
    return rx.cond(value != "", rx.fragment(value), rx.el.span("—", class_name="muted nothing"))


def _sorting(
    orders: Orders, sort: Text | None, direction: Text | None, on_sort: Choose | None
) -> list[rx.Component]:
    if sort is None or direction is None or on_sort is None:
        return []
    return [sort_control(orders, sort=sort, direction=direction, on_sort=on_sort)]


def _listed(
    columns: Rows, sort: Text | None, direction: Text | None, on_sort: Choose | None
) -> rx.Component:
    def header(column: Any) -> rx.Component:
        shared = _shared(column["key"], column["align"])
        plain = rx.el.th(column["title"], **shared)
        if sort is None or direction is None or on_sort is None:
            return plain
        button = _sort_button(column["title"], on_sort(column["sort"]))
        order = _order(column["sort"], sort, direction)
        return rx.cond(column["sort"] != "", rx.el.th(button, aria_sort=order, **shared), plain)

    return rx.foreach(columns, header)


def _header(
    column: Column,
    sort: Text | None,
    direction: Text | None,
    on_sort: Choose | None,
) -> rx.Component:
    shared = _shared(column.key, column.align)
    shared["style"] = {"width": column.width} if column.width else {}
    if not column.is_sortable or sort is None or direction is None or on_sort is None:
        return rx.el.th(column.control or column.title, **shared)
    return rx.el.th(
        _sort_button(column.title, on_sort(column.key)),
        aria_sort=_order(column.key, sort, direction),
        **shared,
    )


def _shared(key: Text, align: Text) -> dict[str, Any]:
    return {"scope": "col", "role": "columnheader", "data_align": align, "data_key": key}


def _order(key: Text, sort: Text, direction: Text) -> rx.Var[Any]:
    return rx.cond(
        rx.Var.create(sort) == key,
        rx.cond(rx.Var.create(direction) == "asc", "ascending", "descending"),
        "none",
    )


def _sort_button(title: Text, on_click: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(title),
        icon("arrow-up", size=14, class_name="sort-mark"),
        type="button",
        class_name="sort",
        title=t("table.sort"),
        on_click=on_click,
    )
