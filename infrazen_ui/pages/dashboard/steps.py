"""What a new organization begins with."""

from typing import Any

import reflex as rx

from infrazen_ui.components.buttons import icon_button
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.icons import icon
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.pages.dashboard.clouds import ADD
from infrazen_ui.states.first_steps import FirstStepsState


def first_steps() -> rx.Component:
    """The checklist; putting it away is remembered by the browser."""
    return rx.cond(
        FirstStepsState.is_open,
        card(
            section_header(
                t("first_steps.title"),
                note=FirstStepsState.said,
                actions=[icon_button(t("first_steps.hide"), "x", data_toggle="steps")],
            ),
            rx.el.ol(
                _step(
                    "connected",
                    t("first_steps.connected"),
                    t("first_steps.connected_note"),
                    href=ADD,
                ),
                _step(
                    "read", t("first_steps.read"), t("first_steps.read_note"), href="/connections"
                ),
                _step(
                    "joined",
                    t("first_steps.joined"),
                    t("first_steps.joined_note"),
                    href="/settings/people?new=1",
                ),
                class_name="steps",
            ),
            class_name="first-steps",
        ),
    )


def _step(name: str, title: Text, note: Text, *, href: str) -> rx.Component:
    done: Any = FirstStepsState.done
    is_done = done.contains(name)
    return rx.el.li(
        rx.el.span(
            rx.cond(is_done, icon("check", size=14), rx.fragment()),
            class_name="step-mark",
            aria_hidden="true",
        ),
        rx.el.div(
            rx.cond(
                is_done,
                rx.el.p(
                    title,
                    rx.el.span(t("first_steps.done"), class_name="sr-only"),
                    class_name="step-title",
                ),
                rx.el.p(rx.el.a(title, href=href), class_name="step-title"),
            ),
            rx.el.p(note, class_name="step-note"),
        ),
        class_name="step",
        data_done=is_done,
    )
