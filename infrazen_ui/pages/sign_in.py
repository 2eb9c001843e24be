"""Signing in."""

import reflex as rx

from infrazen_ui.components.callouts import callout
from infrazen_ui.components.forms import password_field, text_field
from infrazen_ui.components.texts import t
from infrazen_ui.layout.page import public_page
from infrazen_ui.pages.entry_form import entry_form, entry_panel
from infrazen_ui.states.entry import EntryState


@public_page("/login", "sign_in.page", on_load=[EntryState.look])
def sign_in() -> rx.Component:
    """E-mail and password."""
    return entry_panel(
        t("sign_in.title"),
        t("sign_in.note"),
        entry_form(
            text_field(
                t("sign_in.email"),
                name="email",
                type="email",
                is_required=True,
                auto_complete="username",
                auto_focus=True,
                input_mode="email",
            ),
            password_field(
                t("sign_in.password"),
                name="password",
                is_required=True,
                auto_complete="current-password",
            ),
            id="sign-in",
            address="/api/auth/login",
            submit=t("sign_in.submit"),
        ),
        notice=rx.cond(
            EntryState.is_new,
            callout(t("sign_in.new_title"), t("sign_in.new_text"), tone="info"),
        ),
    )
