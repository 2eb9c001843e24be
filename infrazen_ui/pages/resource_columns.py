"""Of the inventory: choosing its columns and their order."""

from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.conditions import some
from infrazen_ui.components.icons import icon
from infrazen_ui.components.menus import menu, menu_heading, opener
from infrazen_ui.components.texts import t
from infrazen_ui.states.resource_columns import ResourceColumnsState

_MENU = "columns-menu"
_TOGGLE: Any = ResourceColumnsState.toggle
_MOVE: Any = ResourceColumnsState.move


def column_chooser() -> tuple[rx.Component, rx.Component]:
    """The button, and the panel that it opens."""
    return (
        icon_button(t("resources.columns"), "columns-3", **opener(_MENU)),
        menu(
            menu_heading(t("resources.columns_shown")),
            rx.el.ul(
                rx.foreach(ResourceColumnsState.shown, _shown),
                class_name="column-list",
                aria_label=t("resources.columns_shown"),
            ),
            rx.cond(
                some(ResourceColumnsState.others) & ~ResourceColumnsState.is_full,
                rx.fragment(
                    menu_heading(t("resources.columns_left")),
                    rx.el.ul(
                        rx.foreach(ResourceColumnsState.others, _left),
                        class_name="column-list",
                        aria_label=t("resources.columns_left"),
                    ),
                ),
            ),
            rx.cond(~ResourceColumnsState.is_full, _tag_form()),
            rx.el.div(
                button(
                    t("resources.columns_reset"),
                    icon_name="undo-2",
                    size="sm",
                    kind="ghost",
                    on_click=ResourceColumnsState.reset_columns,
                    is_disabled=ResourceColumnsState.is_usual,
                ),
                class_name="column-foot",
            ),
            id=_MENU,
            label=t("resources.columns"),
            class_name="columns-menu",
        ),
    )


def _shown(column: Any) -> rx.Component:
    return rx.el.li(
        _box(column, is_shown=True),
        icon_button(
            t("resources.column_back", name=column["title"]),
            "chevron-up",
            size="sm",
            id=f"{column['id']}-back",
            on_click=_MOVE(column["key"], -1),
        ),
        icon_button(
            t("resources.column_on", name=column["title"]),
            "chevron-down",
            size="sm",
            id=f"{column['id']}-on",
            on_click=_MOVE(column["key"], 1),
        ),
        class_name="column-line",
        key=column["key"],
    )


def _left(column: Any) -> rx.Component:
    return rx.el.li(_box(column, is_shown=False), class_name="column-line", key=column["key"])


def _box(column: Any, *, is_shown: bool) -> rx.Component:
    return rx.el.button(
        rx.el.span(icon("check", size=14), class_name="facet-box", aria_hidden="true"),
        rx.el.span(column["title"], class_name="menu-label"),
        type="button",
        id=column["id"],
        class_name="menu-item facet-choice",
        aria_pressed="true" if is_shown else "false",
        on_click=_TOGGLE(column["key"]),
    )


def _tag_form() -> rx.Component:
    return rx.el.form(
        rx.el.label(
            t("resources.columns_tag"), html_for="column-of-tag", class_name="menu-heading"
        ),
        rx.el.div(
            rx.el.input(
                id="column-of-tag",
                name="key",
                class_name="input",
                placeholder=t("resources.columns_tag_key"),
                max_length=128,
                required=True,
                auto_complete="off",
            ),
            button(t("resources.columns_add"), type="submit"),
            class_name="tag-filter-line",
        ),
        class_name="column-tag",
        on_submit=ResourceColumnsState.add_tag,
        reset_on_submit=True,
    )
