"""Switching between views of the same thing: tabs, segments, pages."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import icon_button
from infrazen_ui.components.forms import option, select
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Child, Choose, Flag, Handler, Text, flag


def segmented(
    label: Text,
    options: Sequence[tuple[str, Text]],
    *,
    chosen: Text,
    on_choose: Choose,
) -> rx.Component:
    """A few exclusive choices side by side; ``on_choose`` gets the value."""
    return _segments(
        label,
        *[_segment(value, title, chosen=chosen, on_choose=on_choose) for value, title in options],
    )


def segmented_values(label: Text, values: Any, *, chosen: Text, on_choose: Choose) -> rx.Component:
    """The same for values that a State lists and that name themselves, such as currencies."""
    return _segments(
        label,
        rx.foreach(
            values, lambda value: _segment(value, value, chosen=chosen, on_choose=on_choose)
        ),
    )


def _segment(value: Text, title: Text, *, chosen: Text, on_choose: Choose) -> rx.Component:
    return rx.el.button(
        title,
        type="button",
        class_name="segment",
        aria_pressed=chosen == value,
        on_click=on_choose(value),
    )


def _segments(label: Text, *segments: Child) -> rx.Component:
    return rx.el.div(*segments, class_name="segmented", role="group", aria_label=label)


def tabs(
    label: Text,
    options: Sequence[tuple[str, Text, Child]],
    *,
    chosen: Text,
    on_choose: Choose,
    prefix: str = "tab",
) -> rx.Component:
    """Panels of which one shows, as (value, title, panel); arrows move between titles."""
    return rx.el.div(
        rx.el.div(
            *[
                rx.el.button(
                    title,
                    type="button",
                    role="tab",
                    id=f"{prefix}-{value}",
                    aria_selected=chosen == value,
                    aria_controls=f"{prefix}-{value}-panel",
                    tab_index=rx.cond(chosen == value, 0, -1),
                    class_name="tab",
                    on_click=on_choose(value),
                )
                for value, title, _ in options
            ],
            class_name="tab-list",
            role="tablist",
            aria_label=label,
        ),
        *[
            rx.el.div(
                rx.cond(chosen == value, panel, rx.fragment()),
                role="tabpanel",
                id=f"{prefix}-{value}-panel",
                aria_labelledby=f"{prefix}-{value}",
                hidden=chosen != value,
                tab_index=0,
                class_name="tab-panel",
            )
            for value, _, panel in options
        ],
        class_name="tabs",
    )


def pagination(
    *,
    shown: Text,
    has_previous: Flag,
    has_next: Flag,
    on_previous: Handler,
    on_next: Handler,
    page_size: Text | None = None,
    on_page_size: Choose | None = None,
    page_sizes: Sequence[str] = ("25", "50", "100"),
) -> rx.Component:
    """``shown`` says which rows of how many (``1–50 из 312``)."""
    sizes = (
        [
            select(
                *[option(size, t("pages.size", n=size)) for size in page_sizes],
                size="sm",
                aria_label=t("pages.size_label"),
                value=page_size,
                on_change=on_page_size,
            )
        ]
        if page_size is not None
        else []
    )
    return rx.el.nav(
        rx.el.p(shown, class_name="pages-shown figures", role="status"),
        rx.el.div(
            *sizes,
            icon_button(
                t("pages.previous"),
                "chevron-left",
                on_click=on_previous,
                disabled=~flag(has_previous),
            ),
            icon_button(
                t("pages.next"), "chevron-right", on_click=on_next, disabled=~flag(has_next)
            ),
            class_name="pages-controls",
        ),
        class_name="pages",
        aria_label=t("pages.label"),
    )


def breadcrumbs(*steps: tuple[Text, str | None]) -> rx.Component:
    """The way here, as (title, address); the last one is this page and has none."""
    items: list[rx.Component] = []
    for title, href in steps:
        if items:
            items.append(icon("chevron-right", size=14, class_name="crumb-next"))
        if href is None:
            items.append(rx.el.span(title, aria_current="page"))
        else:
            back = icon("chevron-left", size=18, class_name="crumb-back")
            items.append(rx.el.a(back, rx.el.span(title, class_name="crumb-word"), href=href))
    return rx.el.nav(*items, class_name="crumbs", aria_label=t("crumbs.label"))
