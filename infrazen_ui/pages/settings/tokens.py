"""API tokens: what they may, how long, when they were used."""

from typing import Any

import reflex as rx

from infrazen.domain.roles import Permission
from infrazen_ui.components import tables
from infrazen_ui.components.badges import status
from infrazen_ui.components.buttons import button
from infrazen_ui.components.cards import card, section_header
from infrazen_ui.components.conditions import may, some
from infrazen_ui.components.empty_states import failed, none_made, not_permitted
from infrazen_ui.components.links import plain_link
from infrazen_ui.components.loading import loading_region, table_skeleton
from infrazen_ui.components.overlays import confirm_dialog
from infrazen_ui.components.secret_panel import shown_once
from infrazen_ui.components.tables import Column
from infrazen_ui.components.texts import t
from infrazen_ui.components.token_form import token_dialog
from infrazen_ui.pages.settings.frame import settings_page
from infrazen_ui.present.tokens import TokenRow
from infrazen_ui.states.tokens import TokensState

_NAME = Column(key="name", title=t("tokens.name"))
_SCOPES = Column(key="scopes", title=t("tokens.scopes"))
_STATE = Column(key="state", title=t("tokens.state"))
_USED = Column(key="used", title=t("tokens.used"))
_EXPIRES = Column(key="expires", title=t("tokens.expires"))
_MORE = Column(key="more", title="", align="end")


def actions() -> list[rx.Component]:
    """What one can do from the page's head."""
    return [
        rx.cond(
            may(Permission.TOKEN_WRITE),
            button(
                t("tokens.create"),
                kind="primary",
                icon_name="plus",
                on_click=TokensState.set_open(True),
            ),
        )
    ]


def _waiting() -> rx.Component:
    return loading_region(table_skeleton(rows=4))


@settings_page(
    "tokens", waiting=_waiting, on_load=[TokensState.load], actions=actions, is_wide=True
)
def tokens() -> rx.Component:
    """The table, the form for a new one, and the panel that shows it once."""
    return rx.fragment(
        rx.match(
            TokensState.phase,
            ("ready", rx.cond(some(TokensState.rows), _table(), card(_none()))),
            ("forbidden", card(not_permitted(who=t("tokens.who_can"), level=2))),
            (
                "failed",
                card(failed(TokensState.problem, TokensState.advice, on_retry=TokensState.load)),
            ),
            _waiting(),
        ),
        token_dialog(),
        confirm_dialog(
            t("tokens.ask_title", name=TokensState.asked_name),
            t("tokens.ask_text"),
            is_open=TokensState.asked != "",
            on_open_change=TokensState.close_question,
            confirm_label=t("tokens.revoke"),
            on_confirm=TokensState.revoke,
        ),
        shown_once(t("tokens.title")),
    )


def _none() -> rx.Component:
    return none_made("key-round", t("tokens.none_title"), t("tokens.none_text"), actions=[_docs()])


def _docs() -> rx.Component:
    return plain_link(t("tokens.docs"), href="/api/docs", class_name="settings-docs")


def _table() -> rx.Component:
    return card(
        section_header(t("tokens.title"), note=t("tokens.note"), actions=[_docs()]),
        rx.cond(
            TokensState.has_others, rx.el.p(t("tokens.manager_note"), class_name="settings-hint")
        ),
        tables.data_table(
            rx.foreach(TokensState.rows, _row),
            label=t("tokens.table"),
            columns=[_NAME, _SCOPES, _STATE, _USED, _EXPIRES, _MORE],
        ),
        class_name="card-flush",
    )


def _row(token: TokenRow) -> rx.Component:
    owner: Any = rx.cond(token["is_mine"], "", rx.fragment(" · ", token["owner"]))
    return tables.row(
        tables.cell(
            _NAME,
            tables.two_lines(token["name"], rx.fragment(rx.el.code(token["prefix"]), owner)),
            is_main=True,
        ),
        tables.cell(_SCOPES, tables.two_lines(token["scopes"], token["scopes_list"])),
        tables.cell(_STATE, status(token["tone"], token["state"])),
        tables.cell(
            _USED, rx.el.span(token["used"], title=token["used_at"], class_name="settings-short")
        ),
        tables.cell(
            _EXPIRES,
            tables.two_lines(
                rx.el.span(token["expires"], class_name="settings-short"), token["expires_note"]
            ),
        ),
        tables.cell(
            _MORE,
            rx.cond(
                token["is_alive"],
                button(
                    t("tokens.revoke"),
                    size="sm",
                    aria_label=t("tokens.revoke_of", name=token["name"]),
                    on_click=TokensState.ask(token["id"]),
                ),
            ),
        ),
        key=token["id"],
        class_name=rx.cond(token["is_alive"], "token", "token token-over"),
    )
