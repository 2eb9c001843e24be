"""The dialog that makes an API token."""

from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.forms import select_field, text_field
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.states.tokens import LASTS, USUAL, ScopeChoice, TokensState

FORM = "token-form"


def token_dialog() -> rx.Component:
    """Name, rights and how long it lasts."""
    errors: Any = TokensState.errors
    return dialog(
        t("tokens.create"),
        rx.el.form(
            rx.cond(
                TokensState.form_problem != "",
                callout(
                    TokensState.form_problem,
                    TokensState.form_advice,
                    tone="danger",
                    is_urgent=True,
                ),
            ),
            text_field(
                t("tokens.name"),
                name="name",
                help=t("tokens.name_help"),
                error=errors.get("name", ""),
                prefix="token-",
                is_required=True,
                auto_complete="off",
                auto_focus=True,
                max_length=100,
            ),
            select_field(
                t("tokens.days"),
                name="days",
                options=[(days, t(f"tokens.lasts.d{days}")) for days in LASTS],
                prefix="token-",
                default_value=USUAL,
            ),
            rx.el.fieldset(
                rx.el.legend(t("tokens.scopes"), class_name="field-label"),
                rx.el.div(rx.foreach(TokensState.scopes, _scope), class_name="scope-choices"),
                rx.el.p(
                    errors.get("scopes", ""),
                    class_name="field-error",
                    custom_attrs={"aria-live": "polite"},
                ),
            ),
            id=FORM,
            class_name="form",
            on_submit=TokensState.create,
        ),
        is_open=TokensState.is_open,
        on_open_change=TokensState.set_open,
        description=t("tokens.create_note"),
        footer=[
            button(t("action.cancel"), on_click=TokensState.set_open(False)),
            button(
                t("tokens.create"),
                kind="primary",
                type="submit",
                form=FORM,
                is_loading=TokensState.is_saving,
            ),
        ],
    )


def _scope(choice: ScopeChoice) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=choice["name"],
            default_checked=choice["is_usual"],
            class_name="checkbox",
        ),
        rx.el.span(choice["label"], rx.el.code(choice["value"], class_name="scope-word")),
        key=choice["value"],
        class_name="checkbox-row scope-choice",
    )
