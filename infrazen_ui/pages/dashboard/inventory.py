"""The dearest resources, a search among all of them, and how many there are of each type."""

from typing import Any

import reflex as rx

from infrazen_ui.components.badges import provider_badge, status
from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import some
from infrazen_ui.components.empty_states import nothing_matches
from infrazen_ui.components.filters import search_box
from infrazen_ui.components.tables import (
    Column,
    cell,
    data_table,
    name_link,
    or_dash,
    row,
    two_lines,
)
from infrazen_ui.components.texts import t
from infrazen_ui.states.dashboard import DashboardState


def inventory() -> rx.Component:
    """The table."""
    return card(
        section_header(
            t("dashboard.inventory.title"),
            note=t("dashboard.inventory.note"),
            actions=[
                search_box(
                    t("dashboard.inventory.search"),
                    value=DashboardState.query,
                    on_change=DashboardState.search,
                ),
                button_link(t("dashboard.inventory.all"), href=DashboardState.all_href),
            ],
        ),
        rx.cond(some(DashboardState.rows), _table(), _nothing()),
        rx.cond(
            DashboardState.more != "",
            rx.el.p(
                rx.el.a(DashboardState.more, href=DashboardState.all_href),
                class_name="dearest-more",
            ),
        ),
        class_name="card-flush dearest",
        data_columns="usual",
    )


def types() -> rx.Component:
    """How many there are of each type; each leads to its list."""
    return card(
        section_header(t("dashboard.inventory.types")),
        rx.cond(
            some(DashboardState.types),
            rx.el.ul(rx.foreach(DashboardState.types, _type), class_name="types"),
            rx.el.p(t("dashboard.inventory.none"), class_name="muted"),
        ),
    )


def _columns() -> list[Column]:
    return [
        Column(key="name", title=t("dashboard.inventory.resource")),
        Column(key="type", title=t("dashboard.inventory.type")),
        Column(key="status", title=t("dashboard.inventory.status")),
        Column(key="region", title=t("dashboard.inventory.region")),
        Column(key="cost", title=t("dashboard.inventory.cost"), align="end"),
    ]


def _table() -> rx.Component:
    columns = _columns()
    return data_table(
        rx.foreach(DashboardState.rows, lambda item: _row(item, columns)),
        label=t("dashboard.inventory.title"),
        columns=columns,
    )


def _row(item: Any, columns: list[Column]) -> rx.Component:
    name, kind, state, region, cost = columns
    return row(
        cell(
            name,
            rx.el.span(
                provider_badge(item["provider"], size=32),
                two_lines(name_link(item["name"], item["href"]), item["connection"]),
                class_name="provider-line",
            ),
            is_main=True,
        ),
        cell(kind, item["type"]),
        cell(state, status(item["tone"], item["status"])),
        cell(region, or_dash(item["region"])),
        cell(cost, two_lines(item["day"], item["month"])),
        key=item["id"],
    )


def _nothing() -> rx.Component:
    return rx.cond(
        DashboardState.query != "",
        nothing_matches(on_reset=DashboardState.search("")),
        rx.el.p(t("dashboard.inventory.none"), class_name="dearest-none"),
    )


def _type(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(one["title"]),
            rx.el.span(one["count"], class_name="type-count figures"),
            rx.el.span(class_name="type-bar", style={"width": f"{one['percent']}%"}),
            href=one["href"],
            class_name="type",
        )
    )
