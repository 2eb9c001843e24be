"""The menu: a column on a desktop, a panel on a phone."""

from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import icon_button
from infrazen_ui.components.icons import icon, logo
from infrazen_ui.components.texts import t
from infrazen_ui.layout.account import profile, profile_inline
from infrazen_ui.layout.menu import MenuEntry, entries, is_within
from infrazen_ui.layout.palette import palette_opener

PHONE_MENU = "phone-menu"


def sidebar(route: str) -> rx.Component:
    """The column; the button at its head folds it to icons, and stays as it was left."""
    return rx.el.aside(
        rx.el.div(
            brand(),
            icon_button(
                t("menu.fold"),
                "panel-left",
                size="sm",
                class_name="sidebar-fold",
                data_toggle="sidebar",
            ),
            class_name="sidebar-head",
        ),
        palette_opener(),
        _navigation(route),
        profile(),
        class_name="sidebar",
        aria_label=t("menu.sidebar"),
    )


def phone_menu(route: str) -> rx.Component:
    """The panel, in the browser's own dialog: it opens at once and keeps the focus."""
    return rx.el.dialog(
        rx.el.div(
            rx.el.div(
                brand(),
                icon_button(t("action.close"), "x", data_closes="true"),
                class_name="sidebar-head",
            ),
            palette_opener(),
            _navigation(route),
            profile_inline(),
            class_name="phone-menu-panel",
        ),
        id=PHONE_MENU,
        class_name="phone-menu",
        aria_label=t("menu.label"),
    )


def phone_menu_button() -> rx.Component:
    """Opens the panel; only on small screens."""
    return icon_button(
        t("menu.open"),
        "menu",
        class_name="phone-menu-button",
        data_opens=PHONE_MENU,
        aria_haspopup="dialog",
    )


def brand() -> rx.Component:
    """Logo and name, which lead home."""
    return rx.el.a(
        logo(),
        rx.el.span("InfraZen", class_name="brand-name"),
        href="/",
        class_name="brand",
        aria_label="InfraZen",
    )


def _navigation(route: str) -> rx.Component:
    return rx.el.nav(
        rx.el.ul(
            *[rx.el.li(_link(entry, is_current=is_within(route, entry))) for entry in entries()]
        ),
        class_name="navigation",
        aria_label=t("menu.label"),
    )


def _link(entry: MenuEntry, *, is_current: bool) -> rx.Component:
    current: dict[str, Any] = {"aria_current": "page"} if is_current else {}
    return rx.el.a(
        icon(entry.icon, size=18),
        rx.el.span(t(entry.title_key), class_name="navigation-label"),
        href=entry.route,
        title=t(entry.title_key),
        class_name="navigation-link",
        data_closes="true",
        **current,
    )
