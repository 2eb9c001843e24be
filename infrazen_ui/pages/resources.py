"""The inventory: every resource of every cloud, what it costs, and who owns it."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.badges import tag
from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card
from infrazen_ui.components.choices import pagination, segmented
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.empty_states import (
    failed,
    first_sync_running,
    no_connection_yet,
    no_data_yet,
    not_permitted,
    nothing_matches,
    nothing_there,
)
from infrazen_ui.components.facets import facet, facet_frame
from infrazen_ui.components.filters import chosen_chips, search_box, toolbar
from infrazen_ui.components.links import download_button
from infrazen_ui.components.loading import loading_region, skeleton, table_skeleton
from infrazen_ui.components.menus import menu, opener
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import page
from infrazen_ui.pages.resource_changes import bulk_bar, bulk_dialogs
from infrazen_ui.pages.resource_columns import column_chooser
from infrazen_ui.pages.resource_table import resource_table
from infrazen_ui.pages.resource_views import view_dialogs, view_menu, view_notices
from infrazen_ui.present.resource_table import Total
from infrazen_ui.states.resources import ResourcesState

_SOURCE_TONES = {
    "billed": "success",
    "priced": "neutral",
    "estimated": "warning",
    "manual": "info",
}


def _actions() -> list[rx.Component]:
    return [
        rx.cond(
            may(Permission.EXPORT),
            download_button(t("resources.export"), href=ResourcesState.export_href),
        ),
    ]


def _waiting() -> rx.Component:
    return loading_region(
        rx.el.div(
            skeleton(width="8rem", height="1.75rem"),
            skeleton(height="2.5rem"),
            skeleton(width="80%", height="2.25rem"),
            table_skeleton(rows=10),
            class_name="card",
        ),
    )


@page(
    "/resources",
    "resources.page",
    icon="server",
    order=30,
    on_load=[ResourcesState.load],
    waiting=_waiting,
    actions=_actions,
)
def resources() -> rx.Component:
    """Filter, totals, table."""
    return rx.fragment(
        rx.match(
            ResourcesState.phase,
            ("loading", _waiting()),
            ("failed", _failed()),
            ("forbidden", card(not_permitted(level=2))),
            ("empty", card(no_connection_yet(href="/connections", level=2))),
            ("first_sync", card(first_sync_running(level=2))),
            ("unread", card(no_data_yet(level=2))),
            ("nothing_there", card(nothing_there(level=2))),
            _inventory(),
        )
    )


def _inventory() -> rx.Component:
    return card(
        rx.cond(ResourcesState.odd != "", callout(ResourcesState.odd, tone="warning")),
        view_notices(),
        _head(),
        _filters(),
        rx.cond(some(ResourcesState.chips), _chips()),
        rx.cond(
            ResourcesState.phase == "nothing",
            nothing_matches(on_reset=ResourcesState.clear, level=2),
            rx.fragment(resource_table(), _pages()),
        ),
        bulk_bar(),
        bulk_dialogs(),
        view_dialogs(),
        class_name="card-flush inventory",
        data_columns=rx.cond(ResourcesState.is_usual, "usual", "chosen"),
        aria_busy=ResourcesState.is_busy,
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.p(ResourcesState.count, class_name="inventory-count figures", role="status"),
        rx.el.div(
            rx.foreach(ResourcesState.totals, _total),
            class_name="inventory-totals",
            role="group",
            aria_label=t("resources.total"),
        ),
        rx.el.div(
            icon_button(t("resources.how"), "circle-help", **opener("cost-help")),
            menu(
                rx.el.h2(t("resources.how"), class_name="cost-help-title"),
                *[_source_line(name) for name in _SOURCE_TONES],
                rx.el.p(t("resources.how_contained"), class_name="cost-help-foot"),
                rx.el.p(t("resources.how_payable"), class_name="cost-help-foot"),
                id="cost-help",
                label=t("resources.how"),
                class_name="cost-help",
            ),
            *column_chooser(),
            icon_button(t("resources.density"), "rows-3", data_toggle="density"),
            class_name="inventory-tools",
        ),
        class_name="inventory-head",
    )


def _total(total: Total) -> rx.Component:
    return rx.el.div(
        rx.el.span(total["per_day"], class_name="inventory-day figures"),
        rx.el.span(total["per_month"], class_name="inventory-month figures"),
        rx.cond(total["note"] != "", rx.el.span(total["note"], class_name="inventory-note")),
        rx.cond(
            total["payable"] != "",
            rx.el.a(
                total["payable"],
                href="/",
                title=t("resources.payable_link"),
                class_name="inventory-payable figures",
            ),
        ),
        class_name="inventory-total",
    )


def _source_line(name: str) -> rx.Component:
    return rx.el.p(
        tag(t(f"resource_word.source.{name}"), tone=_SOURCE_TONES[name]),
        rx.el.span(t(f"resource_word.source_hint.{name}")),
        class_name="cost-help-line",
    )


def _filters() -> rx.Component:
    return toolbar(
        view_menu(),
        search_box(
            t("resources.search"),
            value=ResourcesState.query,
            on_change=ResourcesState.search,
            max_length=200,
        ),
        segmented(
            t("resources.presence_label"),
            [
                ("active", t("resources.presence.active")),
                ("deleted", t("resources.presence.deleted")),
                ("all", t("resources.presence.all")),
            ],
            chosen=ResourcesState.presence,
            on_choose=ResourcesState.choose_presence,
        ),
        rx.el.div(
            _facet("connection", ResourcesState.connections),
            _facet("provider", ResourcesState.providers),
            _facet("type", ResourcesState.types),
            _facet("status", ResourcesState.statuses),
            _facet("region", ResourcesState.regions),
            _facet("owner", ResourcesState.owners),
            _facet("environment", ResourcesState.environments),
            _facet("project", ResourcesState.projects),
            _tag_facet(),
            class_name="facets",
        ),
    )


def _facet(name: str, choices: Any) -> rx.Component:
    return facet(
        t(f"resources.facet.{name}"),
        choices,
        id=f"facet-{name}",
        chosen=ResourcesState.chips,
        on_toggle=ResourcesState.toggle,
    )


def _tag_facet() -> rx.Component:
    return facet_frame(
        t("resources.facet.tag"),
        rx.el.form(
            rx.el.label(t("resources.tag_help"), html_for="tag-filter", class_name="field-help"),
            rx.el.div(
                rx.el.input(
                    id="tag-filter",
                    name="tag",
                    class_name="input",
                    placeholder=t("resources.tag_placeholder"),
                    max_length=385,
                    required=True,
                    auto_complete="off",
                ),
                button(t("resources.tag_add"), type="submit"),
                class_name="tag-filter-line",
            ),
            class_name="tag-filter",
            on_submit=ResourcesState.add_tag,
            reset_on_submit=True,
        ),
        id="facet-tag",
    )


def _chips() -> rx.Component:
    return chosen_chips(
        ResourcesState.chips, on_remove=ResourcesState.toggle, on_clear=ResourcesState.clear
    )


def _pages() -> rx.Component:
    return pagination(
        shown=ResourcesState.shown,
        has_previous=ResourcesState.has_previous,
        has_next=ResourcesState.has_next,
        on_previous=ResourcesState.go(-1),
        on_next=ResourcesState.go(1),
        page_size=ResourcesState.size,
        on_page_size=ResourcesState.choose_size,
    )


def _failed() -> rx.Component:
    return card(
        failed(
            ResourcesState.failure_title,
            ResourcesState.failure_action,
            on_retry=ResourcesState.load,
        )
    )
