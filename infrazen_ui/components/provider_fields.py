"""Form fields out of what a provider says of its credentials and settings."""

from typing import Any

import reflex as rx

from infrazen.provider_kit.forms import FieldKind, FormField
from infrazen_ui.components.forms import (
    checkbox,
    number_field,
    password_field,
    select_field,
    text_field,
)
from infrazen_ui.components.texts import bilingual, t
from infrazen_ui.components.values import Flag, Text, flag


def provider_field(
    of: FormField,
    *,
    error: Text = "",
    value: Text | None = None,
    is_kept: Flag = False,
    kept_note: Text | None = None,
    prefix: str = "",
) -> rx.Component:
    """The control for ``of``, named like it.

    ``value`` fills it in, else the field's default does. ``is_kept`` says that a secret
    is stored already: leaving it blank keeps it, so it is not required then; ``kept_note``
    says more of the one that is stored.
    """
    title = bilingual(of.title)
    shared: dict[str, Any] = {"name": of.name, "prefix": prefix}
    if of.kind is FieldKind.BOOL:
        return checkbox(title, default_checked=value if value is not None else _is_on(of), **shared)
    shared |= {"help": _help(of, is_kept, kept_note), "error": error}
    filled = of.default if value is None else value
    if of.kind is FieldKind.SELECT:
        options = [(choice, choice) for choice in of.options]
        return select_field(title, options=options, default_value=filled, **shared)
    if of.kind is FieldKind.PASSWORD:
        is_needed: Flag = of.required and (True if is_kept is False else ~flag(is_kept))
        return password_field(title, auto_complete="off", is_required=is_needed, **shared)
    shared["is_required"] = of.required
    build = number_field if of.kind is FieldKind.NUMBER else text_field
    return build(
        title, placeholder=of.placeholder, default_value=filled, auto_complete="off", **shared
    )


def _is_on(of: FormField) -> bool:
    return of.default == "true"


def _help(of: FormField, is_kept: Flag, kept_note: Text | None) -> Text | None:
    own = None if of.help is None else bilingual(of.help)
    if not of.secret or is_kept is False:
        return own
    note = t("form.secret_kept") if kept_note is None else kept_note
    return rx.cond(flag(is_kept), note, "" if own is None else own)
