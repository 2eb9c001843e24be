"""The first start: the organization and its owner, once, with the code that was printed."""

from typing import Any

import reflex as rx

from infrazen_ui.components.forms import password_field, text_field
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.layout.page import public_page
from infrazen_ui.pages.entry_form import entry_form, entry_panel
from infrazen_ui.states.entry import EntryState


@public_page("/setup", "setup.page", on_load=[EntryState.look])
def setup() -> rx.Component:
    """Organization, name, e-mail, password; the code comes from the address."""
    return entry_panel(
        t("setup.title"),
        t("setup.note"),
        entry_form(
            text_field(
                t("setup.organization_name"),
                name="organization_name",
                error=_error("organization_name", t("setup.organization_name_error")),
                is_required=True,
                auto_complete="organization",
                auto_focus=True,
                max_length=200,
            ),
            text_field(
                t("setup.name"),
                name="name",
                error=_error("name", t("setup.name_error")),
                is_required=True,
                auto_complete="name",
                max_length=200,
            ),
            text_field(
                t("setup.email"),
                name="email",
                error=_error("email", t("setup.email_error")),
                type="email",
                is_required=True,
                auto_complete="username",
            ),
            password_field(
                t("setup.password"),
                name="password",
                help=t("setup.password_help"),
                error=_error("password", t("setup.password_error")),
                is_required=True,
                auto_complete="new-password",
                min_length=10,
            ),
            id="setup",
            address="/api/auth/setup",
            submit=t("setup.submit"),
            query="code",
        ),
    )


def _error(field: str, words: Text) -> rx.Var[Any]:
    return rx.cond(EntryState.field == field, words, "")
