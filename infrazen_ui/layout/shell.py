"""Sidebar, header and content; or the content alone."""

from collections.abc import Callable, Sequence

import reflex as rx

from infrazen_ui.components.links import plain_link
from infrazen_ui.components.loading import card_skeleton, kpi_skeleton, loading_region
from infrazen_ui.components.texts import t
from infrazen_ui.layout.demo_banner import demo_banner
from infrazen_ui.layout.document import document_words
from infrazen_ui.layout.palette import palette
from infrazen_ui.layout.shortcuts import shortcuts
from infrazen_ui.layout.sidebar import phone_menu, phone_menu_button, sidebar
from infrazen_ui.states.session import SessionState

CONTENT = "content"


def shell(
    route: str,
    title_key: str,
    view: Callable[[], rx.Component],
    *,
    actions: Callable[[], Sequence[rx.Component]] | None = None,
    trail: Callable[[], rx.Component] | None = None,
    waiting: Callable[[], rx.Component] | None = None,
) -> rx.Component:
    """A page of the product; ``waiting`` is its shape before the server has answered."""
    return rx.el.div(
        document_words(title_key),
        plain_link(t("menu.skip"), href=f"#{CONTENT}", class_name="skip-link"),
        sidebar(route),
        phone_menu(route),
        palette(),
        shortcuts(),
        rx.el.div(
            demo_banner(),
            rx.el.header(
                phone_menu_button(),
                rx.el.h1(t(title_key), class_name="page-title") if trail is None else trail(),
                rx.el.div(*(actions() if actions else ()), class_name="page-actions"),
                rx.el.p("InfraZen · ", SessionState.organization, class_name="print-mark"),
                class_name="topbar",
            ),
            rx.el.main(
                rx.cond(SessionState.is_ready, view(), (waiting or _waiting)()),
                id=CONTENT,
                class_name="content",
                tab_index=-1,
            ),
            class_name="workspace",
        ),
        class_name="shell",
    )


def bare(title_key: str, view: Callable[[], rx.Component]) -> rx.Component:
    """A page without the product around it: signing in, setup, not found."""
    return rx.el.main(document_words(title_key), view(), id=CONTENT, class_name="bare")


def open_ground(title_key: str, view: Callable[[], rx.Component]) -> rx.Component:
    """A page that brings its own header, content and footer."""
    return rx.el.div(document_words(title_key), view(), class_name="bare")


def _waiting() -> rx.Component:
    return loading_region(
        rx.el.div(*[kpi_skeleton() for _ in range(4)], class_name="kpi-grid"),
        card_skeleton(height="16rem"),
    )
