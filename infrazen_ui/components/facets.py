"""Choosing among facts with counts: a button, and a list that stays open while one chooses."""

from typing import Any

import reflex as rx

from infrazen_ui.components.icons import icon
from infrazen_ui.components.menus import menu, opener
from infrazen_ui.components.values import Child, Choose, Rows, Text


def facet(label: Text, choices: Rows, *, id: str, chosen: Rows, on_toggle: Choose) -> rx.Component:
    """A list of ``choices`` (facet, value, label, count, is_chosen).

    ``on_toggle`` gets facet and value. The button says how many of ``chosen`` chips are
    this facet's by a mark.
    """
    name = id.removeprefix("facet-")
    is_used = rx.Var.create(chosen).to(list[dict[str, Any]])
    marks = rx.foreach(
        is_used,
        lambda chip: rx.cond(chip["facet"] == name, rx.el.span(class_name="facet-mark")),
    )
    return facet_frame(
        label,
        rx.foreach(choices, lambda choice: _choice(choice, on_toggle)),
        id=id,
        marks=marks,
    )


def facet_frame(label: Text, *body: Child, id: str, marks: Child = "") -> rx.Component:
    """The button and the panel, whatever is in it."""
    return rx.el.div(
        rx.el.button(
            rx.el.span(label),
            rx.el.span(marks, class_name="facet-marks", aria_hidden="true"),
            icon("chevron-down", size=14, class_name="facet-chevron"),
            type="button",
            class_name="button button-secondary button-md facet-button",
            **opener(id),
        ),
        menu(*body, id=id, label=label, class_name="facet-menu"),
        class_name="facet",
    )


def _choice(choice: dict[str, Any], on_toggle: Choose) -> rx.Component:
    return rx.el.button(
        rx.el.span(icon("check", size=14), class_name="facet-box", aria_hidden="true"),
        rx.el.span(choice["label"], class_name="menu-label"),
        rx.el.span(choice["count"], class_name="facet-count figures"),
        type="button",
        class_name="menu-item facet-choice",
        aria_pressed=choice["is_chosen"],
        on_click=on_toggle(choice["facet"], choice["value"]),
    )
