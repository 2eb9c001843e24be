"""What the pages of the settings share: the list of sections beside them, and the way back."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from infrazen_ui.components.empty_states import closed_in_demo
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import card_skeleton, loading_region
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.layout.page import page
from infrazen_ui.states.session import SessionState

ROUTE = "/settings"

View = Callable[[], rx.Component]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the settings; its texts are named by ``slug``."""

    slug: str
    icon: str

    @property
    def href(self) -> str:
        """Where its page is."""
        return f"{ROUTE}/{self.slug}"

    @property
    def title_key(self) -> str:
        """What it is called."""
        return f"settings.section.{self.slug}.title"

    @property
    def note_key(self) -> str:
        """What is in it."""
        return f"settings.section.{self.slug}.note"


PERSONAL = (
    Section("profile", "user-round"),
    Section("appearance", "palette"),
    Section("sessions", "monitor-smartphone"),
    Section("tokens", "key-round"),
)
OPEN_IN_DEMO = frozenset({"appearance"})
"""What is the browser's own; all else belongs to people, or to an organization of theirs."""
SHARED = (
    Section("organization", "building-2"),
    Section("people", "users"),
    Section("audit", "scroll-text"),
)


def settings_page(
    slug: str,
    *,
    waiting: View | None = None,
    on_load: Sequence[Any] = (),
    actions: Callable[[], Sequence[rx.Component]] | None = None,
    is_wide: bool = False,
) -> Callable[[View], View]:
    """Register a view as the page of a section; a wide one takes all the room for a table.

    ``waiting`` has its shape before the data are there.
    """
    section = next(one for one in (*PERSONAL, *SHARED) if one.slug == slug)

    def register(view: View) -> View:
        @functools.wraps(view)
        def framed() -> rx.Component:
            shown = view() if slug in OPEN_IN_DEMO else _unless_demo(view())
            return _framed(section, shown, is_wide=is_wide)

        page(
            section.href,
            section.title_key,
            on_load=on_load,
            actions=actions,
            trail=lambda: _trail(section),
            waiting=lambda: _framed(section, (waiting or _waiting)(), is_wide=is_wide),
        )(framed)
        return view

    return register


def lock_in_demo(section: Section, otherwise: rx.Component | None = None) -> rx.Component:
    """A lock for what the demo is closed to, else what stands there."""
    usual = rx.fragment() if otherwise is None else otherwise
    if section.slug in OPEN_IN_DEMO:
        return usual
    lock = rx.el.span(
        icon("lock", size=14),
        rx.el.span(t("demo.shut_mark"), class_name="sr-only"),
        class_name="settings-lock",
        title=t("demo.shut_mark"),
    )
    return rx.cond(SessionState.is_demo, lock, usual)


def _unless_demo(view: rx.Component) -> rx.Component:
    return rx.cond(SessionState.is_demo, closed_in_demo(), view)


def _framed(section: Section, content: rx.Component, *, is_wide: bool) -> rx.Component:
    return rx.el.div(
        _side_list(section),
        rx.el.div(content, class_name="settings-body", data_wide=is_wide),
        class_name="settings",
    )


def _waiting() -> rx.Component:
    return loading_region(card_skeleton(height="16rem"))


def _trail(section: Section) -> rx.Component:
    return rx.el.div(
        rx.el.a(
            icon("chevron-left", size=18, class_name="settings-back-icon"),
            rx.el.span(t("settings.page"), class_name="settings-back-word"),
            href=ROUTE,
            class_name="settings-back",
            aria_label=t("settings.all"),
        ),
        icon("chevron-right", size=14, class_name="crumb-next settings-crumb"),
        rx.el.h1(t(section.title_key), class_name="page-title"),
        class_name="settings-trail",
    )


def _side_list(current: Section) -> rx.Component:
    return rx.el.nav(
        _group(t("settings.personal"), PERSONAL, current),
        _group(t("settings.shared"), SHARED, current),
        class_name="settings-list",
        aria_label=t("settings.sections"),
    )


def _group(title: Text, sections: Sequence[Section], current: Section) -> rx.Component:
    return rx.el.div(
        rx.el.p(title, class_name="settings-group"),
        rx.el.ul(*[rx.el.li(_link(one, is_current=one == current)) for one in sections]),
    )


def _link(section: Section, *, is_current: bool) -> rx.Component:
    here: dict[str, Any] = {"aria_current": "page"} if is_current else {}
    return rx.el.a(
        icon(section.icon, size=16),
        rx.el.span(t(section.title_key)),
        lock_in_demo(section),
        href=section.href,
        class_name="settings-link",
        **here,
    )
