"""What keys do, over every page: ``?`` opens it."""

import reflex as rx

from infrazen_ui.components.buttons import icon_button
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text

DIALOG = "shortcuts"


def shortcuts() -> rx.Component:
    """In the browser's own dialog, which knows how to give the focus back."""
    return rx.el.dialog(
        rx.el.header(
            rx.el.h2(t("shortcuts.title"), id="shortcuts-title", class_name="shortcuts-title"),
            icon_button(t("action.close"), "x", data_closes="true"),
            class_name="shortcuts-head",
        ),
        rx.el.div(
            _group(
                t("shortcuts.everywhere"),
                (("Ctrl K",), t("shortcuts.palette")),
                (("/",), t("shortcuts.search")),
                (("V",), t("shortcuts.views")),
                (("?",), t("shortcuts.help")),
                (("Esc",), t("shortcuts.escape")),
            ),
            _group(
                t("shortcuts.rows"),
                (("↓", "J"), t("shortcuts.next")),
                (("↑", "K"), t("shortcuts.previous")),
                (("Home", "End"), t("shortcuts.ends")),
                (("Enter",), t("shortcuts.open")),
                ((t("shortcuts.space"), "X"), t("shortcuts.pick")),
            ),
            class_name="shortcuts-groups",
        ),
        rx.el.footer(
            rx.el.p(t("shortcuts.off_note"), class_name="muted"),
            rx.el.button(
                rx.el.span(t("shortcuts.turn_off"), class_name="shortcuts-off"),
                rx.el.span(t("shortcuts.turn_on"), class_name="shortcuts-on"),
                type="button",
                class_name="button button-secondary button-sm",
                data_toggle="keys",
            ),
            class_name="shortcuts-foot",
        ),
        id=DIALOG,
        class_name="shortcuts",
        aria_labelledby="shortcuts-title",
    )


def _group(title: Text, *keys: tuple[tuple[Text, ...], Text]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="shortcuts-group"),
        rx.el.dl(*[_line(names, what) for names, what in keys], class_name="shortcuts-keys"),
    )


def _line(names: tuple[Text, ...], what: Text) -> rx.Component:
    return rx.el.div(
        rx.el.dt(what),
        rx.el.dd(*[rx.el.kbd(name, class_name="shortcuts-key") for name in names]),
        class_name="shortcuts-line",
    )
