"""Of the inventory: the table, with the columns that somebody chose."""

from typing import Any

import reflex as rx

from infrazen_ui.components import tables
from infrazen_ui.components.badges import provider_badge, status
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.pages.resource_changes import PICK, pick
from infrazen_ui.present.resource_rows import ResourceRow
from infrazen_ui.states.resources import ResourcesState

_NAME = tables.Column(key="name", title=t("resources.column.name"), is_sortable=True)


def resource_table() -> rx.Component:
    """A row for each resource of the page."""
    return tables.data_table(
        rx.foreach(ResourcesState.rows, _row),
        label=t("resources.table"),
        columns=[PICK, _NAME],
        more=ResourcesState.columns,
        sort=ResourcesState.sort,
        direction=ResourcesState.direction,
        on_sort=ResourcesState.sort_by,
        orders=ResourcesState.orders,
    )


def _row(item: ResourceRow) -> rx.Component:
    return tables.row(
        pick(item),
        tables.cell(
            _NAME,
            rx.el.span(
                provider_badge(item["provider"], size=32),
                tables.two_lines(
                    rx.fragment(tables.name_link(item["name"], item["href"]), _renamed(item)),
                    item["connection"],
                ),
                class_name="provider-line",
            ),
            is_main=True,
        ),
        rx.foreach(
            ResourcesState.columns,
            lambda column, place: _cell(column, item["cells"][place]),
        ),
        key=item["id"],
    )


def _renamed(item: ResourceRow) -> rx.Component:
    """A mark on a name that people gave."""
    return rx.cond(
        item["provided_name"] != "",
        rx.el.span(
            icon("pencil", size=12),
            rx.el.span(item["provided_name"], class_name="sr-only"),
            title=item["provided_name"],
            class_name="renamed",
        ),
    )


def _cell(column: Any, cell: Any) -> rx.Component:
    return tables.listed_cell(
        column,
        rx.match(
            column["kind"],
            ("status", status(cell["tone"], cell["text"])),
            ("lines", tables.two_lines(tables.or_dash(cell["text"]), cell["small"])),
            ("moment", _moment(cell)),
            ("cost", _cost(cell)),
            tables.or_dash(cell["text"]),
        ),
    )


def _moment(cell: Any) -> rx.Component:
    return rx.cond(
        cell["text"] != "",
        rx.el.span(cell["text"], title=cell["hint"], class_name="inventory-when"),
        tables.or_dash(cell["text"]),
    )


def _cost(cell: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(cell["text"], class_name=rx.cond(cell["mark"], "line-large", "muted")),
        rx.el.span(
            rx.cond(
                cell["mark"],
                rx.el.span(
                    cell["mark"],
                    class_name="cost-source",
                    data_tone=cell["tone"],
                    title=cell["hint"],
                ),
            ),
            cell["small"],
            class_name="line-small",
        ),
        class_name="two-lines",
    )
