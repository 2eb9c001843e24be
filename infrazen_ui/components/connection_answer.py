"""What a test of a connection that succeeded found."""

from typing import Any

import reflex as rx

from infrazen_ui.components.callouts import callout
from infrazen_ui.components.cards import fact
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.present.connection_forms import CheckedPart
from infrazen_ui.states.connection_form import ConnectionFormState


def answer() -> rx.Component:
    """The account that the provider opened, and which parts of it."""
    facts: Any = ConnectionFormState.found_facts
    return rx.cond(
        ConnectionFormState.is_tested,
        rx.el.div(
            rx.cond(
                ConnectionFormState.is_partly_open,
                callout(t("connections.form.partly_open"), _what_was_found(facts), tone="warning"),
                callout(t("connections.form.open"), _what_was_found(facts), tone="success"),
            ),
            role="status",
            data_answer="true",
        ),
    )


def _what_was_found(facts: Any) -> rx.Component:
    parts: Any = ConnectionFormState.found_parts
    return rx.el.div(
        rx.el.ul(rx.foreach(parts, _part), class_name="found-parts"),
        rx.el.dl(
            rx.foreach(facts, lambda one: fact(one["name"], one["value"])),
            class_name="facts found-facts",
        ),
    )


def _part(part: CheckedPart) -> rx.Component:
    return rx.el.li(
        rx.cond(
            part["is_open"],
            icon("check", class_name="part-open"),
            icon("x", class_name="part-closed"),
        ),
        rx.el.span(part["title"]),
        rx.cond(part["note"] != "", rx.el.span(part["note"], class_name="field-help")),
    )
