"""An address that leads nowhere."""

import reflex as rx

from infrazen_ui.components.buttons import button, button_link
from infrazen_ui.components.icons import logo
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import public_page


@public_page("404", "not_found.page")
def not_found() -> rx.Component:
    """Says so, and leads back, home, or on."""
    return rx.el.div(
        logo(size=44),
        rx.el.p("404", class_name="lost-code figures", aria_hidden="true"),
        rx.el.h1(t("not_found.title"), class_name="empty-title"),
        rx.el.p(t("not_found.text"), class_name="empty-text"),
        rx.el.div(
            button(
                t("not_found.back"),
                icon_name="arrow-left",
                on_click=rx.call_function(rx.Var("(() => window.history.back())")),
            ),
            button_link(t("not_found.home"), href="/", kind="primary"),
            class_name="empty-actions",
        ),
        rx.el.nav(
            *[
                rx.el.a(t(key), href=href)
                for key, href in (
                    ("connections.page", "/connections"),
                    ("resources.page", "/resources"),
                    ("settings.page", "/settings"),
                )
            ],
            class_name="lost-links",
            aria_label=t("menu.label"),
        ),
        class_name="empty not-found lost",
    )
