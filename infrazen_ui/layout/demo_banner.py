"""What stands above every page of the demo."""

import reflex as rx

from infrazen_ui.components.buttons import button_link
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.states.session import SessionState

LEAVE_DEMO = rx.call_function(rx.Var("(() => window.infrazen.leave('/welcome'))"))


def demo_banner() -> rx.Component:
    """Says that this is the demo, and leads on to one's own cloud, or out."""
    return rx.cond(
        SessionState.is_demo,
        rx.el.aside(
            icon("sparkles", size=16, class_name="demo-banner-icon"),
            rx.el.p(
                rx.el.strong(t("demo.banner")),
                rx.el.span(t("demo.banner_note"), class_name="demo-banner-note"),
                class_name="demo-banner-words",
            ),
            button_link(t("demo.connect"), href="/login", kind="primary", size="sm"),
            rx.el.button(
                t("demo.leave"),
                type="button",
                class_name="button button-ghost button-sm",
                on_click=LEAVE_DEMO,
            ),
            class_name="demo-banner",
            aria_label=t("demo.label"),
        ),
    )
