"""An address that leads nowhere."""

import reflex as rx

from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import public_page


@public_page("404", "not_found.page")
def not_found() -> rx.Component:
    """Says so, and leads home."""
    return rx.el.div(
        rx.el.div(icon("cloud-off", size=26), class_name="empty-icon", data_tone="neutral"),
        rx.el.h1(t("not_found.title"), class_name="empty-title"),
        rx.el.p(t("not_found.text"), class_name="empty-text"),
        rx.el.div(
            button_link(t("not_found.home"), href="/", kind="primary"), class_name="empty-actions"
        ),
        class_name="empty not-found",
    )
