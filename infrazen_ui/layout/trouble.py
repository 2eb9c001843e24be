"""What hangs over every page: notices, the lost connection, the page that broke."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex_base.vars import VarData
from reflex_components_core.base.error_boundary import error_boundary
from reflex_components_core.core.banner import has_too_many_connection_errors

from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.icons import icon, logo
from infrazen_ui.components.links import plain_link
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.states.session import SessionState


class Line(rx.Fragment):
    """Renders nothing; tells the page what has reached the server (``assets/infrazen.js``)."""

    def add_imports(self) -> Any:
        """What the effect uses."""
        return {"react": "useEffect"}

    def add_hooks(self) -> Any:
        """The effect."""
        parts = (rx.Var.create(SessionState.turn), rx.Var.create(SessionState.wire))
        told = ", ".join(str(part) for part in parts)
        effect = f"useEffect(() => window.infrazen?.heard({told}), [{told}]);"
        data = VarData.merge(*[part._get_all_var_data() for part in parts])  # noqa: SLF001
        return [rx.Var(effect, _var_data=data)]


def connection_notice() -> rx.Component:
    """Says that the server is out of reach, until it is back; slow; or what that has cost.

    The browser alone knows of the last two: it shows them by a class of the document.
    """
    return rx.el.div(
        Line.create(),
        rx.cond(
            has_too_many_connection_errors,
            _notice("cloud-off", t("connection_lost.title"), t("connection_lost.text")),
        ),
        _notice(
            "hourglass",
            t("connection_slow.title"),
            t("connection_slow.text"),
            class_name="slow-notice",
        ),
        _notice(
            "unplug",
            t("connection_interrupted.title"),
            t("connection_interrupted.text"),
            icon_button(t("action.close"), "x", size="sm", data_dismiss="interrupted"),
            class_name="interrupted-notice",
        ),
        role="status",
    )


def _notice(
    icon_name: str, title: Text, note: Text, *actions: rx.Component, class_name: str = ""
) -> rx.Component:
    return rx.el.div(
        icon(icon_name, size=18),
        rx.el.div(rx.el.strong(title), rx.el.p(note)),
        *actions,
        class_name=f"connection-notice {class_name}".strip(),
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
