"""The command palette, over every page: Ctrl K, a few letters, Enter."""

import reflex as rx

from infrazen_ui.components.buttons import icon_button
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.present.palette import Entry, Group
from infrazen_ui.states.palette import PaletteState

_LIST = "palette-list"
_PAUSE_MS = 120


def palette() -> rx.Component:
    """In the browser's own dialog; which line is chosen the browser keeps to itself."""
    return rx.el.dialog(
        rx.el.div(
            icon("search", size=18, class_name="palette-icon"),
            rx.el.input(
                type="text",
                class_name="palette-input",
                placeholder=t("palette.placeholder"),
                aria_label=t("palette.label"),
                role="combobox",
                aria_expanded="true",
                aria_controls=_LIST,
                aria_autocomplete="list",
                auto_complete="off",
                spell_check=False,
                max_length=200,
                on_focus=PaletteState.begin,
                on_change=PaletteState.search.debounce(_PAUSE_MS),  # pyright: ignore[reportFunctionMemberAccess]
            ),
            rx.el.kbd("Esc", class_name="palette-key", aria_hidden="true"),
            icon_button(t("action.close"), "x", class_name="palette-close", data_closes="true"),
            class_name="palette-head",
        ),
        rx.el.div(
            rx.foreach(PaletteState.groups, _group),
            id=_LIST,
            class_name="palette-list",
            role="listbox",
            aria_label=t("palette.found"),
        ),
        rx.cond(
            PaletteState.is_vain,
            rx.el.p(t("palette.nothing"), class_name="palette-nothing"),
        ),
        rx.el.p(PaletteState.said, class_name="sr-only", role="status"),
        id="palette",
        class_name="palette",
        aria_label=t("palette.label"),
    )


def palette_opener() -> rx.Component:
    """A button that looks like the field it opens."""
    return rx.el.button(
        icon("search", size=16),
        rx.el.span(t("palette.open"), class_name="palette-opener-label"),
        rx.el.kbd("Ctrl K", class_name="palette-key", aria_hidden="true"),
        type="button",
        class_name="palette-opener",
        aria_keyshortcuts="Control+K",
        aria_haspopup="dialog",
        title=t("palette.open"),
        data_palette="true",
    )


def _group(group: Group) -> rx.Component:
    return rx.el.div(
        rx.el.p(group["label"], class_name="palette-group", aria_hidden="true"),
        rx.foreach(group["entries"], _entry),
        role="group",
        aria_label=group["label"],
        key=group["label"],
    )


def _entry(entry: Entry) -> rx.Component:
    face = rx.fragment(
        rx.match(
            entry["kind"],
            ("page", icon("arrow-right")),
            ("view", icon("bookmark")),
            ("connection", icon("plug")),
            ("resource", icon("server")),
            icon("zap"),
        ),
        rx.el.span(entry["title"], class_name="palette-title"),
        rx.el.span(entry["note"], class_name="palette-note"),
    )
    return rx.cond(
        entry["href"] != "",
        rx.el.a(
            face,
            href=entry["href"],
            id=entry["id"],
            role="option",
            tab_index=-1,
            class_name="palette-entry",
            data_closes="true",
            key=entry["id"],
        ),
        rx.el.button(
            face,
            type="button",
            id=entry["id"],
            role="option",
            tab_index=-1,
            class_name="palette-entry",
            data_closes="true",
            key=entry["id"],
            on_click=PaletteState.act(entry["act"]),
        ),
    )
