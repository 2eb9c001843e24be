"""How a page becomes one: ``@page(route, title_key, icon=..., order=...)``."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from infrazen_ui.layout.menu import MenuEntry, add
from infrazen_ui.layout.shell import bare, shell
from infrazen_ui.locales import Language, text
from infrazen_ui.states.session import SessionState

View = Callable[[], rx.Component]

PUBLIC_ROUTES: set[str] = set()
"""Pages for people who are not signed in."""


def page(
    route: str,
    title_key: str,
    *,
    icon: str = "",
    order: int | None = None,
    on_load: Sequence[Any] = (),
    actions: Callable[[], Sequence[rx.Component]] | None = None,
    trail: Callable[[], rx.Component] | None = None,
    waiting: Callable[[], rx.Component] | None = None,
) -> Callable[[View], View]:
    """Register a view at ``route``, in the shell, for people who are signed in.

    With ``order`` it is in the menu. ``actions`` stand in the header; ``trail`` takes the
    title's place there (breadcrumbs of a detail page). ``waiting`` is the page's shape before
    the server has said anything; without it a dashboard's.
    """
    if order is not None:
        add(MenuEntry(route=route, title_key=title_key, icon=icon, order=order))

    def register(view: View) -> View:
        # The wrapper keeps the view's module: the compiler makes one script per module,
        # and a shared one would bring every page's libraries to every page.
        @functools.wraps(view)
        def framed() -> rx.Component:
            return shell(route, title_key, view, actions=actions, trail=trail, waiting=waiting)

        rx.page(route=route, title=_built_title(title_key), on_load=[SessionState.load, *on_load])(
            framed
        )
        return view

    return register


def public_page(
    route: str,
    title_key: str,
    *,
    on_load: Sequence[Any] = (),
    ground: Callable[[str, View], rx.Component] = bare,
) -> Callable[[View], View]:
    """Register a view at ``route`` that needs no sign-in and stands without the shell."""
    PUBLIC_ROUTES.add(route)

    def register(view: View) -> View:
        @functools.wraps(view)
        def framed() -> rx.Component:
            return ground(title_key, view)

        rx.page(route=route, title=_built_title(title_key), on_load=list(on_load) or None)(framed)
        return view

    return register


def _built_title(title_key: str) -> str:
    return text("document.title", Language.RU, page=text(title_key, Language.RU))
