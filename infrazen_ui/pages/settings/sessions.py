"""Where one is signed in, and the end of it."""

import reflex as rx

from infrazen_ui.components.badges import tag
from infrazen_ui.components.buttons import button
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import some
from infrazen_ui.components.empty_states import failed
from infrazen_ui.components.icons import icon
from infrazen_ui.components.loading import card_skeleton, loading_region
from infrazen_ui.components.overlays import confirm_dialog
from infrazen_ui.components.texts import t
from infrazen_ui.pages.settings.frame import settings_page
from infrazen_ui.present.sign_ins import SignInRow
from infrazen_ui.states.my_sign_ins import SignInsState


def _waiting() -> rx.Component:
    return loading_region(card_skeleton(height="10rem"))


@settings_page("sessions", waiting=_waiting, on_load=[SignInsState.load])
def sessions() -> rx.Component:
    """The list, or why there is none."""
    return rx.fragment(
        rx.match(
            SignInsState.phase,
            ("ready", _list()),
            (
                "failed",
                card(failed(SignInsState.problem, SignInsState.advice, on_retry=SignInsState.load)),
            ),
            _waiting(),
        ),
        confirm_dialog(
            t("my_sessions.ask_title"),
            t("my_sessions.ask_text"),
            is_open=SignInsState.is_asking,
            on_open_change=SignInsState.close_question,
            confirm_label=t("my_sessions.end_others"),
            on_confirm=SignInsState.end_others,
        ),
    )


def _list() -> rx.Component:
    has_others = some(SignInsState.rows, more_than=1)
    return card(
        section_header(
            t("my_sessions.title"),
            note=t("my_sessions.note"),
            actions=[
                rx.cond(
                    has_others,
                    button(t("my_sessions.end_others"), on_click=SignInsState.ask),
                )
            ],
        ),
        rx.el.ul(rx.foreach(SignInsState.rows, _sign_in), class_name="sign-ins"),
        rx.cond(has_others, "", rx.el.p(t("my_sessions.only_one"), class_name="settings-hint")),
    )


def _sign_in(row: SignInRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.cond(row["is_phone"], icon("smartphone", size=20), icon("monitor", size=20)),
            class_name="sign-in-icon",
        ),
        rx.el.div(
            rx.el.p(
                row["device"],
                rx.cond(row["is_current"], tag(t("my_sessions.current"), tone="success")),
                class_name="sign-in-device",
            ),
            rx.el.p(
                rx.el.span(row["address"], class_name="sign-in-address"),
                rx.el.span(row["seen"], title=row["seen_at"], data_active=row["is_active"]),
                rx.el.span(row["since"], title=row["since_at"]),
                class_name="sign-in-facts",
            ),
            class_name="sign-in-text",
        ),
        rx.cond(
            row["is_current"],
            rx.fragment(),
            button(
                t("my_sessions.end"),
                size="sm",
                aria_label=t("my_sessions.end_of", device=row["device"]),
                on_click=SignInsState.end(row["id"]),
            ),
        ),
        key=row["id"],
        class_name="sign-in",
    )
