"""Every part of the interface on one page, for looking at and for accessibility checks.

Built only where ``INFRAZEN_UI_GALLERY`` is true. Its texts are samples, not translated.
"""

import reflex as rx

from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.icons import logo
from infrazen_ui.components.loading import card_skeleton, loading_region
from infrazen_ui.layout.account import language_choice, theme_choice
from infrazen_ui.layout.page import page, public_page
from infrazen_ui.pages.gallery.connections import connections
from infrazen_ui.pages.gallery.controls import controls, form, marks, provider_form
from infrazen_ui.pages.gallery.figures import charts, figures, table
from infrazen_ui.pages.gallery.messages import details, empty, loading, messages, overlays


@public_page("_components", "gallery.page")
def gallery() -> rx.Component:
    """All of it."""
    return rx.el.div(
        rx.el.header(
            rx.el.div(logo(), rx.el.h1("Компоненты InfraZen"), class_name="row"),
            rx.el.div(language_choice(), theme_choice(), class_name="toolbar"),
            class_name="section-header",
        ),
        figures(),
        controls(),
        marks(),
        form(),
        provider_form(),
        messages(),
        table(),
        charts(),
        connections(),
        details(),
        loading(),
        empty(),
        overlays(),
        class_name="gallery",
    )


@page(
    "/_components/shell",
    "gallery.shell",
    icon="component",
    order=90,
    waiting=lambda: loading_region(card_skeleton()),
    actions=lambda: [
        icon_button("Обновить", "refresh-cw"),
        button("Добавить", kind="primary", icon_name="plus"),
    ],
)
def shell_sample() -> rx.Component:
    """The frame around the product's pages, with something in it."""
    return rx.el.div(figures(), table(), charts(), class_name="stack")
