"""The way into the demo: seen only while it is being built, or where nobody is let in."""

import reflex as rx

from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.icons import logo
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.layout.page import public_page
from infrazen_ui.states.demo import DemoDoorState


@public_page("/demo", "demo.page", on_load=[DemoDoorState.look])
def demo() -> rx.Component:
    """Says what one waits for, and goes on by itself."""
    return rx.el.div(
        logo(size=44),
        rx.match(
            DemoDoorState.phase,
            ("closed", _words(t("demo.closed_title"), t("demo.closed_text"))),
            ("crowded", _words(t("demo.crowded_title"), t("demo.crowded_text"))),
            ("cookieless", _words(t("demo.cookieless_title"), t("demo.cookieless_text"))),
            rx.fragment(
                rx.el.span(class_name="demo-building", aria_hidden="true"),
                _words(t("demo.building_title"), t("demo.building_text")),
            ),
        ),
        rx.el.div(
            button_link(t("demo.about"), href="/welcome"),
            button_link(t("demo.sign_in"), href="/login"),
            class_name="empty-actions",
        ),
        class_name="empty lost demo-door",
        role="status",
    )


def _words(title: Text, note: Text) -> rx.Component:
    return rx.fragment(
        rx.el.h1(title, class_name="empty-title"), rx.el.p(note, class_name="empty-text")
    )
