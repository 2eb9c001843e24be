"""Where a secret in clear is shown: filled and emptied by the browser alone."""

import reflex as rx

from infrazen_ui.components.buttons import button
from infrazen_ui.components.texts import t
from infrazen_ui.components.values import Text

_ONCE_SECONDS = 300


def shown_once(label: Text) -> rx.Component:
    """For a made-up password or a new token, which nobody can show again."""
    return secret_panel(label, seconds=_ONCE_SECONDS, note=t("settings.once"), is_firm=True)


def secret_panel(
    label: Text, *, seconds: int, note: Text | None = None, is_firm: bool = False
) -> rx.Component:
    """The panel that ``states.revealing`` fills; it empties and closes after ``seconds``.

    A firm one stays open on a click beside it: what it shows cannot be had again.
    """
    return rx.el.dialog(
        rx.el.h2(class_name="dialog-title", data_clear="label"),
        *([rx.el.p(note, class_name="secret-note")] if note is not None else []),
        rx.el.pre(
            rx.el.code(data_clear="value"),
            class_name="secret-value",
            tab_index=0,
            role="region",
            aria_label=label,
        ),
        rx.el.div(
            rx.el.p(
                t("secret.left"),
                " ",
                rx.el.span(data_clear="left", class_name="figures"),
                " ",
                t("secret.seconds"),
                class_name="muted",
            ),
            rx.el.div(
                rx.el.button(
                    rx.el.span(t("secret.copy"), class_name="copy-idle"),
                    rx.el.span(t("secret.copied"), class_name="copy-done"),
                    type="button",
                    class_name="button button-secondary button-md secret-copy",
                    data_clear_copy="true",
                ),
                button(t("secret.close"), kind="primary", data_closes="true"),
                class_name="row",
            ),
            class_name="secret-foot",
        ),
        id="secret-panel",
        class_name="secret-panel",
        aria_label=label,
        data_seconds=str(seconds),
        data_firm="true" if is_firm else "",
    )
