"""Form fields: a label, a control, help and the error, tied together for screen readers.

Controls are uncontrolled: a form is read when it is submitted, so that typing never
waits for the server. Give a prefilled one ``default_value``.
"""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Child, Flag, Handler, Text

Options = Sequence[tuple[str, Text]]


def text_field(
    label: Text,
    *,
    name: str,
    help: Text | None = None,
    error: Text = "",
    is_required: Flag = False,
    prefix: str = "",
    **attributes: Any,
) -> rx.Component:
    """A line of text; ``prefix`` keeps ids apart where two forms share a page."""
    control_id = f"{prefix}{name}"
    attributes.setdefault("type", "text")
    control = rx.el.input(
        **_control(control_id, name, error=error, help=help, is_required=is_required),
        class_name="input",
        **attributes,
    )
    return field(
        label, control, control_id=control_id, help=help, error=error, is_required=is_required
    )


def password_field(
    label: Text,
    *,
    name: str,
    help: Text | None = None,
    error: Text = "",
    is_required: Flag = False,
    prefix: str = "",
    **attributes: Any,
) -> rx.Component:
    """A secret, with a button that shows what was typed."""
    control_id = f"{prefix}{name}"
    control = rx.el.div(
        rx.el.input(
            **_control(control_id, name, error=error, help=help, is_required=is_required),
            type="password",
            class_name="input input-with-action",
            **attributes,
        ),
        rx.el.button(
            icon("eye", class_name="reveal-off"),
            icon("eye-off", class_name="reveal-on"),
            type="button",
            class_name="icon-button icon-button-sm input-action",
            aria_label=t("form.show_password"),
            aria_pressed="false",
            data_reveal=control_id,
        ),
        class_name="input-group",
    )
    return field(
        label, control, control_id=control_id, help=help, error=error, is_required=is_required
    )


def number_field(
    label: Text,
    *,
    name: str,
    unit: Text | None = None,
    help: Text | None = None,
    error: Text = "",
    is_required: Flag = False,
    prefix: str = "",
    **attributes: Any,
) -> rx.Component:
    """A number with its unit beside it."""
    control_id = f"{prefix}{name}"
    control = rx.el.div(
        rx.el.input(
            **_control(control_id, name, error=error, help=help, is_required=is_required),
            type="text",
            input_mode="decimal",
            class_name="input figures",
            **attributes,
        ),
        *([rx.el.span(unit, class_name="input-unit")] if unit is not None else []),
        class_name="input-group",
    )
    return field(
        label, control, control_id=control_id, help=help, error=error, is_required=is_required
    )


def text_area(
    label: Text,
    *,
    name: str,
    help: Text | None = None,
    error: Text = "",
    is_required: Flag = False,
    prefix: str = "",
    **attributes: Any,
) -> rx.Component:
    """Several lines of text."""
    control_id = f"{prefix}{name}"
    control = rx.el.textarea(
        **_control(control_id, name, error=error, help=help, is_required=is_required),
        class_name="input text-area",
        **attributes,
    )
    return field(
        label, control, control_id=control_id, help=help, error=error, is_required=is_required
    )


def select_field(
    label: Text,
    *,
    name: str,
    options: Options | rx.Component,
    help: Text | None = None,
    error: Text = "",
    prefix: str = "",
    **attributes: Any,
) -> rx.Component:
    """One of several, always; ``options`` may be an ``rx.foreach`` over ``option``."""
    control_id = f"{prefix}{name}"
    control = select(
        *_options(options),
        **_control(control_id, name, error=error, help=help, is_required=True),
        **attributes,
    )
    return field(label, control, control_id=control_id, help=help, error=error, is_required=True)


def select(*options: Child, size: Literal["md", "sm"] = "md", **attributes: Any) -> rx.Component:
    """The bare control, for toolbars: give it an ``aria_label``."""
    return rx.el.div(
        rx.el.select(*options, class_name=f"input select select-{size}", **attributes),
        icon("chevron-down", class_name="select-chevron"),
        class_name="select-wrap",
    )


def option(value: Text, label: Text) -> rx.Component:
    """One choice of a ``select_field``."""
    return rx.el.option(label, value=value)


def switch(
    label: Text,
    *,
    is_on: Flag,
    on_change: Handler,
    help: Text | None = None,
    **attributes: Any,
) -> rx.Component:
    """Something that is on or off, at once and without a form."""
    return rx.el.label(
        rx.el.button(
            rx.el.span(class_name="switch-knob"),
            type="button",
            role="switch",
            aria_checked=is_on,
            on_click=on_change,
            class_name="switch",
            **attributes,
        ),
        rx.el.span(
            rx.el.span(label, class_name="switch-label"),
            *([rx.el.span(help, class_name="field-help")] if help is not None else []),
        ),
        class_name="switch-row",
    )


def checkbox(label: Text, *, name: str, prefix: str = "", **attributes: Any) -> rx.Component:
    """A box to tick in a form."""
    control_id = f"{prefix}{name}"
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, id=control_id, class_name="checkbox", **attributes),
        rx.el.span(label),
        class_name="checkbox-row",
    )


def field(
    label: Text,
    control: rx.Component,
    *,
    control_id: str,
    help: Text | None = None,
    error: Text = "",
    is_required: Flag = False,
) -> rx.Component:
    """A label above ``control``, help and error beneath."""
    return rx.el.div(
        rx.el.label(
            label,
            *_optional_mark(is_required),
            html_for=control_id,
            class_name="field-label",
        ),
        control,
        *(
            [rx.el.p(help, id=f"{control_id}-help", class_name="field-help")]
            if help is not None
            else []
        ),
        rx.el.p(
            error,
            id=f"{control_id}-error",
            class_name="field-error",
            custom_attrs={"aria-live": "polite"},
        ),
        class_name="field",
    )


def _optional_mark(is_required: Flag) -> list[rx.Component]:
    mark = rx.el.span(t("form.optional"), class_name="optional")
    if isinstance(is_required, rx.Var):
        return [rx.cond(is_required, rx.fragment(), mark)]
    return [] if is_required else [mark]


def form_actions(*buttons: rx.Component) -> rx.Component:
    """The foot of a form: the main button last in sight, first on phones."""
    return rx.el.div(*buttons, class_name="form-actions")


def _control(
    control_id: str, name: str, *, error: Text, help: Text | None, is_required: Flag
) -> dict[str, Any]:
    described = f"{control_id}-error" if help is None else f"{control_id}-help {control_id}-error"
    is_wrong = error != "" if isinstance(error, rx.Var) else bool(error)
    return {
        "id": control_id,
        "name": name,
        "required": is_required,
        "aria_describedby": described,
        "aria_invalid": is_wrong,
    }


def _options(options: Options | rx.Component) -> list[Child]:
    if isinstance(options, rx.Component):
        return [options]
    return [option(value, label) for value, label in options]
