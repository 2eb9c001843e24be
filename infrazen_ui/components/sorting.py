"""Putting a table in another order where its headers are hidden: on phones."""

from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx

from infrazen_ui.components.forms import option, select
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Child, Choose, Text

Orders = Sequence[tuple[str, Text]] | Sequence[Mapping[str, Any]] | rx.Var[Any]


def sort_control(
    orders: Orders,
    *,
    sort: Text,
    direction: Text,
    on_sort: Choose,
) -> rx.Component:
    """What to sort by, and which way round; only phones show it.

    ``orders`` are pairs of key and title, or a State's rows with both. ``on_sort`` gets a key as
    the headers give it: the one in force again turns the order round.
    """
    way = rx.cond(rx.Var.create(direction) == "asc", t("table.ascending"), t("table.descending"))
    return rx.el.div(
        rx.el.label(
            rx.el.span(t("table.sorted_by"), class_name="sorting-label"),
            select(*_options(orders), size="sm", value=sort, on_change=on_sort),
            class_name="sorting-field",
        ),
        rx.el.button(
            icon("arrow-up", size=16, class_name="sort-mark"),
            rx.el.span(way, " ", t("table.turn_round"), class_name="sr-only"),
            type="button",
            title=way,
            class_name="button button-secondary button-sm sorting-turn",
            data_direction=direction,
            on_click=on_sort(sort),
        ),
        class_name="sorting",
        role="group",
        aria_label=t("table.sort"),
    )


def _options(orders: Orders) -> list[Child]:
    if isinstance(orders, rx.Var):
        return [rx.foreach(orders, lambda one: option(one["key"], one["title"]))]
    return [option(*pair) for pair in orders]
