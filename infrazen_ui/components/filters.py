"""Narrowing a list down: search and filters."""

from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import button
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Child, Choose, Handler, Rows, Text

_TYPING_PAUSE_MS = 250


def toolbar(*controls: Child) -> rx.Component:
    """The line of controls above a list."""
    return rx.el.div(*controls, class_name="toolbar", role="search")


def search_box(label: Text, *, value: Text, on_change: Handler, **attributes: Any) -> rx.Component:
    """Searches when typing pauses; ``/`` goes there from anywhere on the page."""
    return rx.el.div(
        icon("search", class_name="search-icon"),
        rx.debounce_input(
            rx.el.input(
                type="search",
                class_name="input search-input",
                placeholder=label,
                aria_label=label,
                value=value,
                on_change=on_change,
                data_search="true",
                auto_complete="off",
                spell_check=False,
                **attributes,
            ),
            debounce_timeout=_TYPING_PAUSE_MS,
        ),
        rx.el.kbd("/", class_name="search-key", aria_hidden="true"),
        class_name="search",
    )


def filter_chips(*chips: Child, on_clear: Handler) -> rx.Component:
    """The filters in force, each with a way out, and one for all."""
    return rx.el.div(
        *chips,
        button(t("filter.clear"), kind="ghost", size="sm", on_click=on_clear),
        class_name="chips",
        role="group",
        aria_label=t("filter.label"),
    )


def filter_chip(name: Text, value: Text, *, on_remove: Handler) -> rx.Component:
    """One filter in force."""
    return rx.el.span(
        rx.el.span(name, class_name="chip-name"),
        rx.el.span(value, class_name="chip-value"),
        rx.el.button(
            icon("x", size=14),
            type="button",
            class_name="chip-remove",
            aria_label=t("filter.remove", name=name),
            on_click=on_remove,
        ),
        class_name="chip",
    )


def chosen_chips(chips: Rows, *, on_remove: Choose, on_clear: Handler) -> rx.Component:
    """The choices of facets in force; ``on_remove`` gets facet and value of one."""
    return filter_chips(
        rx.foreach(
            chips,
            lambda chip: filter_chip(
                chip["name"], chip["label"], on_remove=on_remove(chip["facet"], chip["value"])
            ),
        ),
        on_clear=on_clear,
    )
