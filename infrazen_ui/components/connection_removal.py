"""The question before a connection is removed: what goes, what stays."""

import reflex as rx

from infrazen_ui.components.buttons import button
from infrazen_ui.components.forms import text_field
from infrazen_ui.components.overlays import dialog
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text
from infrazen_ui.states.connection_removal import ERASE, FORM, KEEP, ConnectionRemovalState


def removal_dialog() -> rx.Component:
    """Asks what to do with the history; erasing it wants the name typed."""
    return dialog(
        t("connections.remove.title", name=ConnectionRemovalState.name),
        rx.el.form(
            rx.el.fieldset(
                rx.el.legend(t("connections.remove.history"), class_name="field-label"),
                _choice(
                    KEEP,
                    t("connections.remove.keep"),
                    t("connections.remove.keep_text"),
                    is_first=True,
                ),
                _choice(ERASE, t("connections.remove.erase"), t("connections.remove.erase_text")),
                class_name="removal-choices",
            ),
            rx.el.div(
                text_field(
                    t("connections.remove.confirm", name=ConnectionRemovalState.name),
                    name="confirmation",
                    error=ConnectionRemovalState.error,
                    is_required=True,
                    auto_complete="off",
                    spell_check=False,
                ),
                class_name="removal-confirmation",
            ),
            id=FORM,
            no_validate=True,
            class_name="form",
            on_submit=rx.call_script(
                f"window.infrazen.inputs('{FORM}')", callback=ConnectionRemovalState.remove
            ).prevent_default,
        ),
        is_open=ConnectionRemovalState.is_open,
        on_open_change=ConnectionRemovalState.set_open,
        description=t("connections.remove.text"),
        size="md",
        footer=[
            button(
                t("action.cancel"),
                on_click=ConnectionRemovalState.set_open(False),
            ),
            button(
                t("connections.remove.action"),
                kind="danger",
                type="submit",
                form=FORM,
                is_loading=ConnectionRemovalState.is_removing,
            ),
        ],
    )


def _choice(value: str, title: Text, note: Text, *, is_first: bool = False) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio", name="history", value=value, default_checked=is_first, class_name="radio"
        ),
        rx.el.span(
            rx.el.span(title, class_name="choice-title"),
            rx.el.span(note, class_name="field-help"),
        ),
        class_name="choice-row",
    )
