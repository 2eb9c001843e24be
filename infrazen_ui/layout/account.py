"""Who is signed in, and the choices that are theirs: language, theme, leaving."""

import reflex as rx
from reflex.style import LiteralColorMode, color_mode, set_color_mode

from infrazen_ui.components.icons import icon
from infrazen_ui.components.menus import (
    menu,
    menu_heading,
    menu_item,
    menu_line,
    menu_link,
    opener,
)
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.layout.demo_banner import LEAVE_DEMO
from infrazen_ui.layout.shortcuts import DIALOG
from infrazen_ui.states.language import LanguageState
from infrazen_ui.states.session import SessionState

_MENU = "profile-menu"


def profile() -> rx.Component:
    """The button at the sidebar's foot, and its menu."""
    return rx.el.div(
        rx.el.button(
            _avatar(),
            _who(),
            icon("chevrons-up-down", class_name="profile-more"),
            type="button",
            class_name="profile-button",
            aria_label=t("profile.open", name=SessionState.name),
            **opener(_MENU),
        ),
        menu(
            rx.el.div(_avatar(), _who(), class_name="profile-card"),
            menu_line(),
            rx.cond(
                SessionState.is_demo,
                menu_link(t("demo.sign_in"), href="/login", icon_name="log-in"),
                menu_link(t("profile.settings"), href="/settings/profile", icon_name="user-round"),
            ),
            menu_line(),
            *preferences(),
            menu_line(),
            menu_item(t("shortcuts.title"), icon_name="keyboard", data_opens=DIALOG),
            sign_out_item(),
            id=_MENU,
            label=t("profile.label"),
            class_name="profile-menu",
        ),
        class_name="profile",
    )


def profile_inline() -> rx.Component:
    """The same, spread out, for the phone's menu."""
    return rx.el.div(
        rx.el.div(_avatar(), _who(), class_name="profile-card"),
        *preferences(),
        menu_line(),
        sign_out_item(),
        class_name="profile profile-inline",
    )


def preferences() -> list[rx.Component]:
    """Language and theme."""
    return [
        menu_heading(t("language.label")),
        language_choice(),
        menu_heading(t("theme.label")),
        theme_choice(),
    ]


def language_choice() -> rx.Component:
    """Русский or English, each in its own words."""
    return rx.el.div(
        *[
            rx.el.button(
                title,
                type="button",
                lang=code,
                class_name="segment",
                aria_pressed=LanguageState.language == code,
                on_click=LanguageState.choose(code),
            )
            for code, title in (("ru", "Русский"), ("en", "English"))
        ],
        class_name="segmented",
        role="group",
        aria_label=t("language.label"),
    )


def theme_choice() -> rx.Component:
    """Light, dark, or as the system has it. Kept in this browser."""
    return rx.el.div(
        *[
            rx.el.button(
                icon(icon_name),
                rx.el.span(title, class_name="sr-only"),
                type="button",
                class_name="segment",
                title=title,
                aria_pressed=color_mode == mode,
                on_click=set_color_mode(mode),
            )
            for mode, icon_name, title in _themes()
        ],
        class_name="segmented",
        role="group",
        aria_label=t("theme.label"),
    )


def _themes() -> list[tuple[LiteralColorMode, str, Text]]:
    return [
        ("light", "sun", t("theme.light")),
        ("dark", "moon", t("theme.dark")),
        ("system", "monitor", t("theme.system")),
    ]


def sign_out_item() -> rx.Component:
    """Ends the session and leaves; whoever looks at the demo leaves that."""
    return rx.cond(
        SessionState.is_demo,
        menu_item(t("demo.leave"), icon_name="log-out", on_click=LEAVE_DEMO),
        menu_item(
            t("profile.sign_out"),
            icon_name="log-out",
            on_click=rx.call_function(rx.Var("(() => window.infrazen.leave())")),
        ),
    )


def _avatar() -> rx.Component:
    return rx.el.span(SessionState.initials, class_name="avatar", aria_hidden="true")


def _who() -> rx.Component:
    return rx.el.span(
        rx.el.span(SessionState.name, class_name="profile-name"),
        rx.el.span(SessionState.organization, class_name="profile-organization"),
        class_name="profile-who",
    )
