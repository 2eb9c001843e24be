"""The dialog that adds or changes a connection, made from the provider's own fields."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import reflex as rx

from infrazen.provider_kit.contract import ProviderSpec
from infrazen.provider_kit.forms import FieldKind, FormField, form_fields
from infrazen.providers import all_providers
from infrazen_ui.components.badges import provider_badge
from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.connection_answer import answer
from infrazen_ui.components.connection_inputs import error_of, text_of
from infrazen_ui.components.connection_schedule import schedule_fields
from infrazen_ui.components.disclosure import collapsible
from infrazen_ui.components.forms import text_field
from infrazen_ui.components.icons import icon
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.provider_fields import provider_field
from infrazen_ui.components.texts import bilingual, t
from infrazen_ui.states.connection_form import FORM, ConnectionFormState

_INPUTS = f"window.infrazen.inputs('{FORM}')"


def connection_dialog() -> rx.Component:
    """The form over the page, or the choice of a provider where there are several."""
    return dialog(
        rx.cond(
            ConnectionFormState.editing != "",
            t("connections.form.edit", name=ConnectionFormState.title),
            _new(),
        ),
        rx.cond(
            ConnectionFormState.provider == "",
            provider_tiles(),
            _form(),
        ),
        is_open=ConnectionFormState.is_open,
        on_open_change=ConnectionFormState.set_open,
        description=t("connections.form.safety"),
        size="lg",
        footer=[_footer()],
    )


def _new() -> Any:
    """What a new one will be, once its provider is chosen."""
    titles = [
        (slug, t("connections.form.add_to", provider=spec.title))
        for slug, spec in all_providers().items()
    ]
    return rx.match(ConnectionFormState.provider, *titles, t("connections.form.add"))


def provider_tiles() -> rx.Component:
    """A tile for each provider there is."""
    return rx.el.div(
        *[
            rx.el.button(
                provider_badge(spec.slug, size=40),
                rx.el.span(
                    rx.el.span(spec.title, class_name="tile-name"),
                    rx.el.span(bilingual(spec.description), class_name="tile-note"),
                    class_name="tile-text",
                ),
                icon("plus", size=18, class_name="tile-plus"),
                type="button",
                class_name="provider-tile",
                on_click=ConnectionFormState.add(spec.slug),
            )
            for spec in all_providers().values()
        ],
        class_name="provider-tiles",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.cond(
            ConnectionFormState.problem != "",
            callout(
                ConnectionFormState.problem,
                ConnectionFormState.advice,
                tone="danger",
                is_urgent=True,
            ),
        ),
        answer(),
        rx.match(
            ConnectionFormState.provider,
            *[(slug, _fields_of(spec)) for slug, spec in all_providers().items()],
            rx.fragment(),
        ),
        id=FORM,
        no_validate=True,
        auto_complete="off",
        class_name="form connection-form",
        on_submit=rx.call_script(_INPUTS, callback=ConnectionFormState.save).prevent_default,
    )


def _fields_of(spec: ProviderSpec) -> rx.Component:
    """Name and credentials first; what most leave alone is folded away."""
    return rx.el.div(
        _trial(spec),
        rx.el.div(
            text_field(
                t("connections.form.name"),
                name="display_name",
                is_required=True,
                max_length=200,
                default_value=text_of("display_name"),
                error=error_of("display_name"),
                auto_complete="off",
            ),
            *[_credential(field) for field in _sorted(form_fields(spec.credentials))],
            class_name="form-grid",
        ),
        schedule_fields(),
        collapsible(
            t("connections.form.advanced"),
            rx.el.div(
                *[_setting(field) for field in form_fields(spec.settings)],
                text_field(
                    t("connections.form.endpoint"),
                    name="endpoint",
                    placeholder=spec.base_url,
                    help=t("connections.form.endpoint_help"),
                    default_value=text_of("endpoint"),
                    error=error_of("endpoint"),
                    auto_complete="off",
                    input_mode="url",
                ),
                class_name="form-grid form-advanced",
            ),
        ),
        class_name="form",
    )


def _trial(spec: ProviderSpec) -> rx.Component:
    return rx.cond(
        ConnectionFormState.has_trial & (ConnectionFormState.editing == ""),
        callout(
            t("connections.form.trial", provider=spec.title),
            t("connections.form.trial_text"),
            actions=[
                button(
                    t("connections.form.fill_trial"),
                    size="sm",
                    icon_name="flask-conical",
                    on_click=ConnectionFormState.fill_trial,
                )
            ],
        ),
    )


def _sorted(fields: Iterable[FormField]) -> Sequence[FormField]:
    """What must be entered first, in the provider's order otherwise."""
    return sorted(fields, key=lambda field: not field.required)


def _credential(field: FormField) -> rx.Component:
    name = f"credential.{field.name}"
    named = replace(field, name=name)
    if not field.secret:
        return provider_field(named, value=text_of(name), error=error_of(name))
    kept: Any = ConnectionFormState.kept
    is_kept = kept.contains(name)
    control = provider_field(named, error=error_of(name), is_kept=is_kept, kept_note=kept[name])
    if field.required:
        return control
    return rx.el.div(
        control,
        rx.cond(
            is_kept,
            rx.el.label(
                rx.el.input(type="checkbox", name=f"forget.{field.name}", class_name="checkbox"),
                rx.el.span(t("connections.form.forget")),
                class_name="checkbox-row form-forget",
            ),
        ),
    )


def _setting(field: FormField) -> rx.Component:
    name = f"setting.{field.name}"
    named = replace(field, name=name)
    if field.kind is FieldKind.BOOL:
        boxes: Any = ConnectionFormState.boxes
        box = provider_field(named, value=boxes[name])
        if field.help is None:
            return box
        return rx.el.div(box, rx.el.p(bilingual(field.help), class_name="field-help form-box-help"))
    return provider_field(named, value=text_of(name), error=error_of(name))


def _footer() -> rx.Component:
    return rx.cond(
        ConnectionFormState.provider == "",
        button(
            t("action.cancel"),
            on_click=ConnectionFormState.set_open(False),
        ),
        rx.fragment(
            button(
                t("connections.form.test"),
                icon_name="plug-zap",
                is_loading=ConnectionFormState.is_testing,
                on_click=rx.call_script(_INPUTS, callback=ConnectionFormState.test),
            ),
            button(
                rx.cond(
                    ConnectionFormState.editing != "",
                    t("connections.form.save"),
                    t("connections.form.submit"),
                ),
                kind="primary",
                type="submit",
                form=FORM,
                is_loading=ConnectionFormState.is_saving,
            ),
        ),
    )
