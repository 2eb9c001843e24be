"""The organization's name, time zone and main currency, and what changing them means."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import card, fact, section_header
from infrazen_ui.components.conditions import may
from infrazen_ui.components.empty_states import failed
from infrazen_ui.components.forms import form_actions, option, select_field, text_field
from infrazen_ui.components.loading import card_skeleton, loading_region
from infrazen_ui.components.texts import t
from infrazen_ui.pages.settings.frame import settings_page
from infrazen_ui.states.organization import OrganizationState


def _waiting() -> rx.Component:
    return loading_region(card_skeleton(height="18rem"))


@settings_page("organization", waiting=_waiting, on_load=[OrganizationState.load])
def organization() -> rx.Component:
    """The form for an owner, the facts for others."""
    return rx.fragment(
        rx.match(
            OrganizationState.phase,
            ("ready", _organization()),
            (
                "failed",
                card(
                    failed(
                        OrganizationState.problem,
                        OrganizationState.advice,
                        on_retry=OrganizationState.load,
                    )
                ),
            ),
            _waiting(),
        )
    )


def _organization() -> rx.Component:
    return card(
        section_header(t("organization.title"), note=t("organization.note")),
        rx.cond(may(Permission.ORGANIZATION_WRITE), _form(), _facts()),
    )


def _facts() -> rx.Component:
    return rx.fragment(
        callout(t("organization.owner_only"), tone="info"),
        rx.el.dl(
            fact(t("organization.name"), OrganizationState.name),
            fact(t("organization.zone"), OrganizationState.zone_name),
            fact(t("organization.currency"), OrganizationState.currency_name),
            fact(t("organization.slug"), OrganizationState.slug),
            class_name="facts",
        ),
    )


def _named(one: Any) -> rx.Component:
    return option(one["value"], one["label"])


def _form() -> rx.Component:
    version: Any = OrganizationState.version
    errors: Any = OrganizationState.errors
    return rx.el.form(
        text_field(
            t("organization.name"),
            name="name",
            help=t("organization.name_help"),
            error=errors.get("name", ""),
            is_required=True,
            default_value=OrganizationState.name,
            auto_complete="organization",
            max_length=200,
        ),
        select_field(
            t("organization.zone"),
            name="time_zone",
            options=rx.foreach(OrganizationState.zones, _named),
            help=t("organization.zone_help"),
            error=errors.get("time_zone", ""),
            default_value=OrganizationState.zone,
        ),
        select_field(
            t("organization.currency"),
            name="currency",
            options=rx.foreach(OrganizationState.currencies, _named),
            help=t("organization.currency_help"),
            error=errors.get("currency", ""),
            default_value=OrganizationState.currency,
        ),
        rx.el.dl(fact(t("organization.slug"), OrganizationState.slug), class_name="facts"),
        form_actions(
            rx.cond(
                OrganizationState.is_undoable,
                button(
                    t("settings.undo"),
                    kind="ghost",
                    icon_name="undo-2",
                    on_click=OrganizationState.undo,
                ),
            ),
            button(t("settings.save"), kind="primary", type="submit"),
        ),
        key=version.to_string(),
        class_name="form",
        on_submit=OrganizationState.save,
    )
