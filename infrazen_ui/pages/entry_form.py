"""What the sign-in and the setup page share: a panel with a form that asks the API."""

import json

import reflex as rx

from infrazen_ui.components.buttons import button
from infrazen_ui.components.callouts import callout
from infrazen_ui.components.icons import icon, logo
from infrazen_ui.components.links import plain_link
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.layout.account import language_choice, theme_choice
from infrazen_ui.states.entry import EntryState


def entry_panel(
    title: Text, note: Text, form: rx.Component, *, notice: rx.Component | None = None
) -> rx.Component:
    """The product's name, a form, and the choice of language and theme."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                logo(size=40),
                rx.el.div(
                    rx.el.p("InfraZen", class_name="entry-brand"),
                    rx.el.p("FinOps Platform", class_name="entry-tagline"),
                ),
                class_name="entry-head",
            ),
            rx.el.h1(title, class_name="entry-title"),
            rx.el.p(note, class_name="entry-note"),
            *([] if notice is None else [notice]),
            form,
            rx.cond(
                EntryState.has_demo,
                rx.el.div(
                    rx.el.span(t("entry.or"), class_name="entry-or"),
                    plain_link(
                        rx.el.span(icon("sparkles"), t("demo.open"), class_name="button-face"),
                        href="/demo",
                        class_name="button button-secondary button-md button-wide",
                    ),
                    class_name="entry-demo",
                ),
            ),
            class_name="card entry-card",
        ),
        rx.el.div(language_choice(), theme_choice(), class_name="entry-choices"),
        rx.el.p(
            t("entry.message"),
            "\u00a0· ",
            rx.el.a(t("demo.about"), href="/welcome"),
            class_name="entry-message",
        ),
        class_name="entry",
    )


def entry_form(
    *fields: rx.Component, id: str, address: str, submit: Text, query: str = ""
) -> rx.Component:
    """A form for the API at ``address``; its refusal is explained above the fields."""
    call = f"window.infrazen.enter({json.dumps(id)}, {json.dumps(address)})"
    return rx.el.form(
        rx.cond(
            EntryState.title != "",
            callout(EntryState.title, EntryState.action, tone="danger", is_urgent=True),
        ),
        *fields,
        button(submit, kind="primary", type="submit", class_name="button-wide"),
        id=id,
        data_query=query,
        class_name="form",
        on_submit=[
            EntryState.begin,
            rx.call_script(call, callback=EntryState.answered).prevent_default,
        ],
    )
