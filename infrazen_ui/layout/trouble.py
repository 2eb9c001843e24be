"""What hangs over every page: notices, the lost connection, the page that broke."""

from collections.abc import Callable

import reflex as rx
from reflex_components_core.base.error_boundary import error_boundary
from reflex_components_core.core.banner import has_too_many_connection_errors

from infrazen_ui.components.buttons import button
from infrazen_ui.components.icons import icon, logo
from infrazen_ui.components.links import plain_link
from infrazen_ui.components.texts import t


def connection_notice() -> rx.Component:
    """Says that the server is out of reach, until it is back."""
    return rx.el.div(
        rx.cond(
            has_too_many_connection_errors,
            rx.el.div(
                icon("cloud-off", size=18),
                rx.el.div(
                    rx.el.strong(t("connection_lost.title")),
                    rx.el.p(t("connection_lost.text")),
                ),
                class_name="connection-notice",
            ),
        ),
        role="status",
    )


def safe_ground(*children: rx.Component) -> rx.Component:
    """Shows a way on where a page broke in the browser."""
    return error_boundary(
        *children,
        fallback_render=rx.el.div(
            logo(size=44),
            rx.el.h1(t("broken.title"), class_name="empty-title"),
            rx.el.p(t("broken.text"), class_name="empty-text"),
            rx.el.div(
                button(
                    t("broken.reload"),
                    kind="primary",
                    icon_name="rotate-cw",
                    on_click=rx.call_function(rx.Var("(() => window.location.reload())")),
                ),
                plain_link(
                    t("not_found.home"), href="/", class_name="button button-secondary button-md"
                ),
                class_name="empty-actions",
            ),
            class_name="empty broken lost",
            role="alert",
        ),
    )


def toaster() -> rx.Component:
    """Where ``states.notices`` shows up."""
    return rx.toast.provider(
        position="bottom-right",
        rich_colors=False,
        expand=False,
        close_button=True,
        custom_attrs={
            "containerAriaLabel": t("toasts.label"),
            "toastOptions": {"closeButtonAriaLabel": t("action.close")},
        },
    )


def app_wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """What Reflex wraps all pages in, in place of its own English parts."""
    return {
        (55, "ErrorBoundary"): lambda _stateful: safe_ground(),
        (5, "Overlay"): lambda _stateful: rx.fragment(_connection_notice()),
    }


@rx.memo
def _connection_notice() -> rx.Component:
    return connection_notice()
