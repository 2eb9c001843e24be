"""Of one resource's page: the forms for its name and price, and all that was ever said."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.buttons import button, icon_button
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import may
from infrazen_ui.components.forms import number_field, select_field, text_field
from infrazen_ui.components.icons import icon
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.present.resource_overrides import LONGEST_AMOUNT, Word
from infrazen_ui.states.resource_overrides import (
    NAME_FORM,
    PRICE_FORM,
    ResourceOverridesState,
)
from infrazen_ui.states.resource_page import ResourceState

_SAID = ResourceState.said
_ERRORS: Any = ResourceOverridesState.errors


def edit_name() -> rx.Component:
    """A pencil beside the name."""
    return rx.cond(
        may(Permission.RESOURCE_WRITE),
        icon_button(
            t("overrides.rename"),
            "pencil",
            size="sm",
            on_click=ResourceOverridesState.ask("name"),
        ),
    )


def provided_name() -> rx.Component:
    """What the provider calls it, where people call it otherwise."""
    return rx.cond(
        _SAID["is_named"],
        rx.el.p(icon("cloud", size=14), _SAID["provided_name"], class_name="override-provided"),
    )


def edit_price() -> rx.Component:
    """The provider's price beside the people's, why, and the way to change it."""
    label = rx.cond(_SAID["is_priced"], t("overrides.change_price"), t("overrides.state_price"))
    return rx.fragment(
        rx.cond(
            _SAID["is_priced"],
            rx.el.p(
                icon("cloud", size=14), _SAID["provided_price"], class_name="override-provided"
            ),
        ),
        rx.cond(
            _SAID["is_priced"],
            rx.el.p(_SAID["price_reason"], class_name="override-reason"),
        ),
        rx.cond(_SAID["waits"] != "", rx.el.p(_SAID["waits"], class_name="override-waits")),
        rx.cond(
            may(Permission.RESOURCE_WRITE) & (ResourceState.face["deleted"] == ""),
            rx.el.button(
                icon("pencil", size=14),
                label,
                type="button",
                class_name="override-edit",
                on_click=ResourceOverridesState.ask("price"),
            ),
        ),
    )


def override_dialogs() -> rx.Component:
    """Both forms; one is open at most."""
    return rx.fragment(_name_dialog(), _price_dialog())


def _name_dialog() -> rx.Component:
    return _dialog(
        "name",
        text_field(
            t("overrides.name"),
            name="name",
            prefix="override-",
            is_required=True,
            error=_ERRORS["name"],
            default_value=_SAID["name"],
            max_length=200,
            auto_complete="off",
        ),
        text_field(
            t("overrides.reason"),
            name="reason",
            prefix="override-name-",
            default_value=_SAID["name_reason"],
            max_length=500,
            auto_complete="off",
        ),
        form=NAME_FORM,
        on_save=ResourceOverridesState.save_name,
        is_set=_SAID["is_named"],
        provided=_SAID["provided_name"],
    )


def _price_dialog() -> rx.Component:
    return _dialog(
        "price",
        rx.el.div(
            number_field(
                t("overrides.price"),
                name="amount",
                prefix="override-",
                unit=_SAID["sign"],
                is_required=True,
                error=_ERRORS["amount"],
                default_value=_SAID["amount"],
                max_length=LONGEST_AMOUNT,
                auto_complete="off",
            ),
            select_field(
                t("overrides.period"),
                name="period",
                prefix="override-",
                options=[("month", t("overrides.month")), ("day", t("overrides.day"))],
                default_value=_SAID["period"],
            ),
            class_name="override-amount",
        ),
        text_field(
            t("overrides.reason"),
            name="reason",
            prefix="override-price-",
            help=t("overrides.reason_help"),
            is_required=True,
            error=_ERRORS["reason"],
            default_value=_SAID["price_reason"],
            max_length=500,
            auto_complete="off",
        ),
        form=PRICE_FORM,
        on_save=ResourceOverridesState.save_price,
        is_set=_SAID["is_priced"],
        provided=_SAID["provided_price"],
    )


def _dialog(
    field: str,
    *inputs: rx.Component,
    form: str,
    on_save: Any,
    is_set: Any,
    provided: Text,
) -> rx.Component:
    return dialog(
        t(f"overrides.title.{field}"),
        rx.el.form(
            *inputs,
            rx.cond(is_set, rx.el.p(provided, class_name="field-help")),
            id=form,
            no_validate=True,
            class_name="form",
            on_submit=rx.call_script(
                f"window.infrazen.inputs('{form}')", callback=on_save
            ).prevent_default,
        ),
        is_open=ResourceOverridesState.asked == field,
        on_open_change=ResourceOverridesState.set_open,
        description=t(f"overrides.text.{field}", provider=_SAID["provider"]),
        size="sm",
        footer=[
            rx.cond(
                is_set,
                button(
                    t("overrides.reset", provider=_SAID["provider"]),
                    kind="ghost",
                    icon_name="undo-2",
                    class_name="override-reset",
                    on_click=ResourceOverridesState.take_back(field),
                ),
            ),
            button(t("action.cancel"), on_click=ResourceOverridesState.set_open(False)),
            button(
                t("overrides.save"),
                kind="primary",
                type="submit",
                form=form,
                is_loading=ResourceOverridesState.is_saving,
            ),
        ],
    )


def override_history() -> rx.Component:
    """All that people ever said of it; nothing where nobody has."""
    found: Any = ResourceState.words
    return rx.cond(
        found.length() > 0,
        card(
            section_header(t("overrides.history"), note=t("overrides.history_note")),
            rx.el.ul(rx.foreach(found, _word), class_name="override-words"),
        ),
    )


def _word(word: Word) -> rx.Component:
    return rx.el.li(
        rx.el.p(word["what"], class_name="override-what"),
        rx.cond(word["reason"] != "", rx.el.p(word["reason"], class_name="override-why")),
        rx.el.p(word["who"], title=word["at"], class_name="override-who"),
        rx.cond(word["ended"] != "", rx.el.p(word["ended"], class_name="override-who")),
        class_name="override-word",
        data_ended=word["ended"] != "",
    )
