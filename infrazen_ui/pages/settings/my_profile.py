"""One's own name, address, password and language."""

import json
from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, fact, section_header
from infrazen_ui.components.forms import form_actions, password_field, text_field
from infrazen_ui.components.loading import card_skeleton, loading_region
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.components.zones import zone_name
from infrazen_ui.layout.account import language_choice
from infrazen_ui.pages.settings.frame import settings_page
from infrazen_ui.states.my_profile import EMAIL_FORM, PASSWORD_FORM, ProfileState
from infrazen_ui.states.session import SessionState


def _waiting() -> rx.Component:
    heights = ("9rem", "5rem", "9rem", "14rem")
    return loading_region(*[card_skeleton(height=height) for height in heights])


@settings_page("profile", waiting=_waiting, on_load=[ProfileState.load])
def profile() -> rx.Component:
    """A card for each thing that is saved on its own."""
    return rx.fragment(_about(), _language(), _email(), _password())


def _about() -> rx.Component:
    version: Any = ProfileState.version
    return card(
        section_header(t("my_profile.about"), note=t("my_profile.about_note")),
        rx.el.form(
            text_field(
                t("my_profile.name"),
                name="name",
                error=ProfileState.name_error,
                is_required=True,
                default_value=SessionState.name,
                auto_complete="name",
                max_length=200,
            ),
            form_actions(button(t("settings.save"), kind="primary", type="submit")),
            key=version.to_string(),
            class_name="form",
            on_submit=ProfileState.rename,
        ),
        rx.el.dl(
            fact(t("my_profile.organization"), SessionState.organization),
            fact(t("my_profile.role"), ProfileState.role),
            class_name="facts",
        ),
        rx.el.p(
            t("my_profile.times", zone=zone_name(ProfileState.zone)), class_name="settings-hint"
        ),
    )


def _language() -> rx.Component:
    return card(
        section_header(t("my_profile.language_title"), note=t("my_profile.language_note")),
        rx.el.div(language_choice()),
    )


def _email() -> rx.Component:
    return card(
        section_header(t("my_profile.email_title"), note=t("my_profile.email_note")),
        rx.el.p(SessionState.email, class_name="settings-value"),
        _secret_form(
            text_field(
                t("my_profile.email"),
                name="email",
                error=_error(EMAIL_FORM, "email", t("my_profile.email_error")),
                prefix="email-form-",
                type="email",
                is_required=True,
                auto_complete="off",
                input_mode="email",
                max_length=320,
            ),
            password_field(
                t("my_profile.current"),
                name="current",
                error=_error(EMAIL_FORM, "current", t("my_profile.current_error")),
                prefix="email-form-",
                is_required=True,
                auto_complete="current-password",
            ),
            id=EMAIL_FORM,
            address="/api/v1/me/email",
            submit=t("my_profile.email_action"),
        ),
    )


def _password() -> rx.Component:
    return card(
        section_header(t("my_profile.password_title"), note=t("my_profile.password_note")),
        _secret_form(
            password_field(
                t("my_profile.current"),
                name="current",
                error=_error(PASSWORD_FORM, "current", t("my_profile.current_error")),
                prefix="password-form-",
                is_required=True,
                auto_complete="current-password",
            ),
            password_field(
                t("my_profile.new"),
                name="new",
                help=t("my_profile.new_help"),
                error=_error(PASSWORD_FORM, "new", t("my_profile.new_error")),
                prefix="password-form-",
                is_required=True,
                auto_complete="new-password",
                min_length=10,
                max_length=200,
            ),
            id=PASSWORD_FORM,
            address="/api/v1/me/password",
            submit=t("my_profile.password_action"),
        ),
    )


def _secret_form(*fields: rx.Component, id: str, address: str, submit: Text) -> rx.Component:
    """A form that the browser hands to the API itself, as a password is in it."""
    call = f"window.infrazen.save({json.dumps(id)}, {json.dumps(address)})"
    return rx.el.form(
        rx.cond(
            (ProfileState.failed == id) & (ProfileState.field == ""),
            callout(ProfileState.problem, ProfileState.advice, tone="danger", is_urgent=True),
        ),
        *fields,
        form_actions(button(submit, type="submit")),
        id=id,
        class_name="form",
        on_submit=[
            ProfileState.begin,
            rx.call_script(call, callback=ProfileState.answered).prevent_default,
        ],
    )


def _error(form: str, field: str, words: Text) -> rx.Var[Any]:
    return rx.cond((ProfileState.failed == form) & (ProfileState.field == field), words, "")
