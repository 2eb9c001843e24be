"""Buttons, and links that look like them."""

import functools
import operator
from typing import Any, Literal

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Flag, Text

Kind = Literal["primary", "secondary", "ghost", "danger"]
Size = Literal["md", "sm"]


def button(
    label: Text,
    *,
    kind: Kind = "secondary",
    size: Size = "md",
    icon_name: str | None = None,
    is_loading: Flag = False,
    is_disabled: Flag = False,
    **attributes: Any,
) -> rx.Component:
    """A button. While loading it keeps its width, spins, and takes no clicks."""
    attributes.setdefault("type", "button")
    return rx.el.button(
        rx.el.span(class_name="spinner", aria_hidden="true"),
        _face(label, icon_name),
        class_name=f"button button-{kind} button-{size} {attributes.pop('class_name', '')}".strip(),
        disabled=_either(is_loading, is_disabled),
        aria_busy=is_loading,
        **attributes,
    )


def icon_button(
    label: Text, icon_name: str, *, size: Size = "md", **attributes: Any
) -> rx.Component:
    """A button with nothing but an icon; ``label`` is its name and its tooltip."""
    attributes.setdefault("type", "button")
    extra = attributes.pop("class_name", "")
    return rx.el.button(
        icon(icon_name, size=18 if size == "md" else 16),
        class_name=f"icon-button icon-button-{size} {extra}".strip(),
        aria_label=label,
        title=label,
        **attributes,
    )


def button_link(
    label: Text,
    *,
    href: Text,
    kind: Kind = "secondary",
    size: Size = "md",
    icon_name: str | None = None,
    **attributes: Any,
) -> rx.Component:
    """A link to another page that looks like a button."""
    return rx.el.a(
        _face(label, icon_name),
        href=href,
        class_name=f"button button-{kind} button-{size} {attributes.pop('class_name', '')}".strip(),
        **attributes,
    )


def copy_button(value: Text, *, size: Size = "sm") -> rx.Component:
    """Copies ``value`` and says so for a moment."""
    return rx.el.button(
        icon("copy", size=14, class_name="copy-idle"),
        icon("check", size=14, class_name="copy-done"),
        rx.el.span(t("copy.done"), class_name="copy-note", role="status"),
        type="button",
        class_name=f"icon-button icon-button-{size} copy-button",
        aria_label=t("copy.action"),
        title=t("copy.action"),
        data_copy=value,
    )


def _face(label: Text, icon_name: str | None) -> rx.Component:
    return rx.el.span(
        *([icon(icon_name, size=16)] if icon_name else []),
        rx.el.span(label),
        class_name="button-face",
    )


def _either(*conditions: Flag) -> Flag:
    dynamic = [condition for condition in conditions if isinstance(condition, rx.Var)]
    if not dynamic or any(condition is True for condition in conditions):
        return any(condition is True for condition in conditions)
    return functools.reduce(operator.or_, dynamic)
