"""Every section of the settings with a word on what is in it."""

from collections.abc import Sequence

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import loading_region, skeleton
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.layout.page import page
from infrazen_ui.pages.settings.frame import PERSONAL, ROUTE, SHARED, Section, lock_in_demo


def _waiting() -> rx.Component:
    groups = (len(PERSONAL), len(SHARED))
    return loading_region(
        *[
            rx.el.div(
                skeleton(width="8rem", height="1.25rem"),
                rx.el.div(
                    *[skeleton(height="4.5rem", radius="12px") for _ in range(count)],
                    class_name="settings-tiles",
                ),
                class_name="stack",
            )
            for count in groups
        ],
        class_name="settings-overview",
    )


@page(ROUTE, "settings.page", icon="settings", order=90, waiting=_waiting)
def settings_overview() -> rx.Component:
    """One's own first, then the organization's."""
    return rx.el.nav(
        _group(t("settings.personal"), PERSONAL),
        _group(t("settings.shared"), SHARED),
        class_name="settings-overview",
        aria_label=t("settings.sections"),
    )


def _group(title: Text, sections: Sequence[Section]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="settings-group"),
        rx.el.ul(*[rx.el.li(_tile(one)) for one in sections], class_name="settings-tiles"),
    )


def _tile(section: Section) -> rx.Component:
    return rx.el.a(
        rx.el.span(icon(section.icon, size=20), class_name="settings-tile-icon"),
        rx.el.span(
            rx.el.span(t(section.title_key), class_name="settings-tile-title"),
            rx.el.span(t(section.note_key), class_name="settings-tile-note"),
            class_name="settings-tile-text",
        ),
        lock_in_demo(section, icon("chevron-right", size=16, class_name="settings-tile-next")),
        href=section.href,
        class_name="settings-tile",
    )
