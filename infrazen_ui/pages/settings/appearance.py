"""How the interface looks in this browser: theme and density of tables."""

from typing import Any

import reflex as rx
from reflex.style import LiteralColorMode, color_mode, set_color_mode

from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import card_skeleton, loading_region
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.pages.settings.frame import settings_page


def _waiting() -> rx.Component:
    return loading_region(card_skeleton(height="9rem"), card_skeleton(height="6rem"))


@settings_page("appearance", waiting=_waiting)
def appearance() -> rx.Component:
    """Both are kept in the browser; the server is not asked."""
    return rx.fragment(_theme(), _density())


def _theme() -> rx.Component:
    return card(
        section_header(t("appearance.theme"), note=t("appearance.theme_note")),
        rx.el.div(
            _theme_tile("light", t("appearance.light")),
            _theme_tile("dark", t("appearance.dark")),
            _theme_tile("system", t("appearance.system")),
            class_name="looks",
            role="group",
            aria_label=t("appearance.theme"),
        ),
    )


def _theme_tile(mode: LiteralColorMode, title: Text) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.el.span(class_name="look-side"),
            rx.el.span(
                rx.el.span(class_name="look-line"),
                rx.el.span(class_name="look-line look-line-short"),
                rx.el.span(class_name="look-mark"),
                class_name="look-main",
            ),
            class_name="look-picture",
            data_look=mode,
            aria_hidden="true",
        ),
        rx.el.span(title, icon("check", class_name="look-check"), class_name="look-title"),
        type="button",
        class_name="look",
        aria_pressed=color_mode == mode,
        on_click=set_color_mode(mode),
    )


def _density() -> rx.Component:
    return card(
        section_header(t("appearance.density"), note=t("appearance.density_note")),
        rx.el.fieldset(
            rx.el.legend(t("appearance.density"), class_name="sr-only"),
            _density_tile("airy", t("appearance.airy"), lines=3),
            _density_tile("dense", t("appearance.dense"), lines=5),
            class_name="looks",
            on_mount=_SHOW_DENSITY,
        ),
    )


_SHOW_DENSITY: Any = rx.call_function(rx.Var("(() => window.infrazen.showDensity())"))


def _density_tile(value: str, title: Text, *, lines: int) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio", name="density", value=value, class_name="sr-only", data_density="true"
        ),
        rx.el.span(
            rx.el.span(
                *[rx.el.span(class_name="look-line") for _ in range(lines)],
                class_name="look-main",
            ),
            class_name="look-picture",
            data_look=value,
            aria_hidden="true",
        ),
        rx.el.span(title, icon("check", class_name="look-check"), class_name="look-title"),
        class_name="look",
    )
