"""The dialogs that add a person and give one another role."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Role
from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.forms import text_field
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.states.people import PeopleState, PersonFormState

FORM, ROLE_FORM = "person-form", "role-form"


def add_person_dialog() -> rx.Component:
    """Address, name and role; the password is made up."""
    errors: Any = PersonFormState.errors
    return dialog(
        t("people.add"),
        rx.el.form(
            rx.cond(
                PersonFormState.problem != "",
                callout(
                    PersonFormState.problem,
                    PersonFormState.advice,
                    tone="danger",
                    is_urgent=True,
                ),
            ),
            text_field(
                t("people.email"),
                name="email",
                error=errors.get("email", ""),
                prefix="person-",
                type="email",
                is_required=True,
                auto_complete="off",
                input_mode="email",
                auto_focus=True,
                max_length=320,
            ),
            text_field(
                t("people.name"),
                name="name",
                error=errors.get("name", ""),
                prefix="person-",
                is_required=True,
                auto_complete="off",
                max_length=200,
            ),
            _role_choice(chosen=Role.VIEWER.value, error=errors.get("role", "")),
            id=FORM,
            class_name="form",
            on_submit=PersonFormState.add,
        ),
        is_open=PersonFormState.is_open,
        on_open_change=PersonFormState.set_open,
        description=t("people.add_note"),
        footer=_footer(FORM, t("people.add"), PersonFormState.is_saving, PersonFormState.set_open),
    )


def role_dialog() -> rx.Component:
    """What each role may, to choose from."""
    return dialog(
        PeopleState.title,
        rx.el.form(
            _role_choice(chosen=PeopleState.chosen_role),
            id=ROLE_FORM,
            class_name="form",
            on_submit=PeopleState.change_role,
        ),
        is_open=PeopleState.asked == "role",
        on_open_change=PeopleState.close_question,
        description=PeopleState.consequence,
        footer=_footer(
            ROLE_FORM, PeopleState.action, PeopleState.is_busy, PeopleState.close_question
        ),
    )


def _footer(form: str, action: Text, is_busy: Any, close: Any) -> list[rx.Component]:
    return [
        button(t("action.cancel"), on_click=close(False)),  # noqa: FBT003
        button(action, kind="primary", type="submit", form=form, is_loading=is_busy),
    ]


def _role_choice(*, chosen: Text, error: Text = "") -> rx.Component:
    roles: Any = PeopleState.roles
    return rx.el.fieldset(
        rx.el.legend(t("people.role"), class_name="field-label"),
        *[
            rx.cond(roles.contains(role.value), _role(role, is_chosen=chosen == role.value))
            for role in Role
        ],
        rx.el.p(error, class_name="field-error", custom_attrs={"aria-live": "polite"}),
        class_name="role-choices",
    )


def _role(role: Role, *, is_chosen: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="role",
            value=role.value,
            default_checked=is_chosen,
            class_name="radio",
        ),
        rx.el.span(
            rx.el.span(t(f"role.{role.value}.name"), class_name="choice-title"),
            rx.el.span(t(f"role.{role.value}.can"), class_name="field-help"),
        ),
        class_name="choice-row",
    )
